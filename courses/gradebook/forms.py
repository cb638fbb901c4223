"""Shapes of what is typed in this room."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

LONGEST_REASON = 500
NUMBERS = ("activities_percent", "quiz_minimum", "assignment_minimum")


def strip(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def keepable(_form: FlaskForm, field: Field) -> None:
    """Refuse the one character that no database keeps."""
    if "\x00" in (field.data or ""):
        raise ValidationError(
            _l("This text holds an invisible character that cannot be kept. Delete it and type it anew.")
        )


def _percent(label: object) -> IntegerField:
    between = NumberRange(0, 100, _l("Give a whole number from 0 to 100."))
    return IntegerField(label, validators=[InputRequired(_l("Give a whole number from 0 to 100.")), between])


def _reason() -> TextAreaField:
    needed = DataRequired(_l("Say why the rule changes. Everybody who reads the rule sees the reason."))
    validators = [needed, Length(max=LONGEST_REASON), keepable]
    return TextAreaField(_l("Why it changes"), filters=[strip], validators=validators)


class RuleForm(FlaskForm):
    """The next version of a rule. `seen` is the version that it was made from."""

    activities_percent = _percent(_l("Required activities done"))
    quiz_minimum = _percent(_l("Quizzes on average"))
    assignment_minimum = _percent(_l("Each assignment"))
    reason = _reason()
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, 1_000_000)])


class ProgrammeRuleForm(FlaskForm):
    """The same for a programme: it counts completed courses and has no quizzes or assignments of its own."""

    activities_percent = _percent(_l("Required courses completed"))
    reason = _reason()
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, 1_000_000)])


def numbers(form: FlaskForm) -> dict[str, int]:
    """What was typed, by name of the column; what a programme has not is 0."""
    return {name: form[name].data if name in form else 0 for name in NUMBERS}


def numbers_are_good(form: FlaskForm) -> bool:
    """Whether the numbers alone could be a rule: enough to show what they would do."""
    bad = [name for name in NUMBERS if name in form and not form[name].validate(form)]
    return not bad
