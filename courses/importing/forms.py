"""What is asked of somebody who sends a course in."""

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

LONGEST_SLUG = 80
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class UploadForm(FlaskForm):
    """A zip file and, if wanted, another name in addresses than the folder's own."""

    file = FileField(_l("Course folder as a zip file"), [FileRequired(_l("Choose the zip file."))])
    slug = StringField(
        _l("Name in addresses"),
        [
            Optional(),
            Length(max=LONGEST_SLUG, message=_l("Use at most %(max)d characters.")),
            Regexp(SLUG, message=_l("Use small Latin letters, digits and hyphens, for example deep-learning.")),
        ],
        filters=[lambda text: (text or "").strip()],
    )


class DeletionForm(FlaskForm):
    """Typed out to confirm what cannot be undone."""

    typed = StringField(_l("The course's name in addresses, written out"), [InputRequired(), Length(max=LONGEST_SLUG)])
