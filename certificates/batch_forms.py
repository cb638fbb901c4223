"""Shapes of what is typed about issuing: the programme's rule, and why a batch is declined."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from certificates import design
from certificates.forms import LONGEST_REASON, strip
from certificates.issue_models import ForCourses, IssuingRule
from certificates.issuing_rules import LONGEST_VALIDITY, Choice
from lms.kit import i18n
from lms.kit.words import Words

WAYS = {
    "two": _l("One person asks, a second one approves"),
    "one": _l("One person issues alone"),
    "automatic": _l("At once when somebody completes the programme"),
}

FOR_COURSES = {
    "none": _l("None: only the whole programme has a certificate"),
    "asked": _l("When somebody asks for them, decided as above"),
    "automatic": _l("At once when somebody completes the course"),
}
LANGUAGES = {"both": _l("Korean and English"), "ko": _l("Korean"), "en": _l("English")}
OWN = "own "  # before the key of a design of the programme's own


class IssuingRuleForm(FlaskForm):
    """The next version of how a programme issues. `seen` is the version that it was made from."""

    way = RadioField(
        _l("Who decides"),
        choices=[SelectChoice(value, label) for value, label in WAYS.items()],
        validators=[InputRequired(_l("Choose who decides."))],
    )
    needs_name_approval = BooleanField(_l("Each name is approved by its owner before it is printed"))
    valid_months = IntegerField(
        _l("Valid for so many months"),
        validators=[
            Optional(),
            NumberRange(1, LONGEST_VALIDITY, _l("Give a whole number of months, or leave it empty.")),
        ],
    )
    design = SelectField(_l("Design"))
    languages = RadioField(
        _l("Languages of the certificate"),
        choices=[SelectChoice(value, label) for value, label in LANGUAGES.items()],
        validators=[InputRequired(_l("Choose the languages."))],
    )
    for_courses = RadioField(
        _l("Certificates for single courses"),
        choices=[SelectChoice(value, label) for value, label in FOR_COURSES.items()],
        validators=[InputRequired(_l("Choose whether single courses have certificates."))],
    )
    course_design = SelectField(_l("Design for single courses"))
    reason = TextAreaField(
        _l("Why it changes"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say why this changes. Everybody who reads the rule sees the reason.")),
            Length(max=LONGEST_REASON),
        ],
    )
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, 1_000_000)])

    @classmethod
    def of(cls, rule: IssuingRule, own: Mapping[UUID, str], *, sent: bool) -> "IssuingRuleForm":
        """The form as it was sent, or (not `sent`) with the rule that holds now; `own` are the names of the programme's designs."""
        form = cls() if sent else cls(formdata=None, obj=rule, data={"way": way(rule), "seen": rule.version})
        layouts = _layouts(design.PROGRAMME)
        form.course_design.choices = _layouts(design.COURSE)
        form.design.choices = [*(SelectChoice(f"{OWN}{key}", name) for key, name in own.items()), *layouts]
        if not sent and rule.own_design_id:
            form.design.data = f"{OWN}{rule.own_design_id}"
        return form

    def choice(self, rule: IssuingRule) -> Choice:
        """What was chosen; the layout of `rule` stays where a design of the programme's own was chosen."""
        chosen = self.design.data
        own = UUID(chosen.removeprefix(OWN)) if chosen.startswith(OWN) else None
        return Choice(
            needs_name_approval=self.needs_name_approval.data,
            needs_second_person=self.way.data == "two",
            automatic=self.way.data == "automatic",
            valid_months=self.valid_months.data,
            design=rule.design if own else chosen,
            languages=self.languages.data,
            own_design_id=own,
            for_courses=ForCourses(self.for_courses.data),
            course_design=self.course_design.data,
        )


def _layouts(kind: str) -> list[SelectChoice]:
    return [SelectChoice(each.name, i18n.best(Words(each.title))) for each in design.designs(kind)]


class DeclineForm(FlaskForm):
    """Why a batch is not issued."""

    reason = TextAreaField(
        _l("Reason"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say why nothing is issued. Whoever asked for it reads the reason.")),
            Length(max=LONGEST_REASON),
        ],
    )


def way(rule: IssuingRule) -> str:
    """Which of `WAYS` a rule goes."""
    return "automatic" if rule.automatic else "two" if rule.needs_second_person else "one"
