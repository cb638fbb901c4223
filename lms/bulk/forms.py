"""What is asked of somebody who sends a table in."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms.bulk.columns import title
from lms.bulk.models import Kind


class TableForm(FlaskForm):
    """A file, and what its rows are."""

    kind = RadioField(_l("What is in the table"), [InputRequired(_l("Say what is in the table."))])
    file = FileField(_l("Table"), [FileRequired(_l("Choose the file."))])

    @classmethod
    def offering(cls, kinds: Iterable[Kind], **more: object) -> "TableForm":
        form = cls(**more)
        form.kind.choices = [SelectChoice(kind.value, title(kind)) for kind in kinds]
        return form
