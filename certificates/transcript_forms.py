"""What is chosen when a transcript is made."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from certificates.batch_forms import LANGUAGES


class TranscriptForm(FlaskForm):
    languages = RadioField(
        _l("Languages of the transcript"),
        choices=[SelectChoice(value, label) for value, label in LANGUAGES.items()],
        default="both",
        validators=[InputRequired(_l("Choose the languages."))],
    )
