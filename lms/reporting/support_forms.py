"""Shapes of what is typed about support."""

from collections.abc import Callable, Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from lms.kit import i18n
from lms.kit.refusal import Refused
from lms.pipeline.forms import keepable, strip
from lms.pipeline.models import Cohort
from lms.reporting import support
from lms.reporting.risk_words import WAYS

STATES = {
    "": _l("Everybody"),
    "waiting": _l("Nobody has spoken with them, or the next look is due"),
    "touch": _l("Somebody is in touch"),
}


class ContactForm(FlaskForm):
    """That somebody was spoken with."""

    held_on = DateField(_l("Day"), validators=[InputRequired(_l("Give the day on which you spoke."))])
    how = RadioField(
        _l("How"),
        choices=[SelectChoice(way.value, words) for way, words in WAYS.items()],
        validators=[InputRequired(_l("Choose how you spoke."))],
    )
    agreed = TextAreaField(
        _l("What was agreed"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say in a sentence what you agreed, or that you reached nobody.")),
            Length(max=1000, message=_l("Say it in at most 1,000 characters.")),
            keepable,
        ],
    )
    next_on = DateField(_l("Look again on"), validators=[Optional()])

    def validate_held_on(self, field: DateField) -> None:
        _checked(support.check_held, field)

    def validate_next_on(self, field: DateField) -> None:
        _checked(support.check_next, field)


def _checked(rule: Callable[[date], None], field: DateField) -> None:
    if field.data is None:
        return
    try:
        rule(field.data)
    except Refused as no:
        raise ValidationError(no.sentence) from no


class SupportFilterForm(FlaskForm):
    """Which cohort, and who waits."""

    class Meta:
        csrf = False

    cohort = SelectField(_l("Cohort"))
    state = SelectField(_l("Contact"), choices=[SelectChoice(value, label) for value, label in STATES.items()])

    @classmethod
    def showing(cls, cohort: str, state: str, cohorts: Iterable[Cohort]) -> "SupportFilterForm":
        form = cls(formdata=None, data={"cohort": cohort, "state": state})
        titles = [SelectChoice(str(each.id), i18n.best(each.title)) for each in cohorts]
        form.cohort.choices = [SelectChoice("", _("All cohorts")), *titles]
        return form
