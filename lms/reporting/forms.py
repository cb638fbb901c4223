"""Shapes of what is typed in this room."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SearchField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp

from lms.kit import i18n
from lms.pipeline.forms import keepable, strip
from lms.pipeline.models import LeavingReason
from lms.reporting.intakes import Intake
from lms.reporting.roster import Filters
from lms.reporting.year import Year

MOST = 1_000_000
STAGES = {
    "": _l("Any stage"),
    "undecided": _l("Applied or on the waiting list"),
    "learning": _l("Admitted or in training"),
    "awarded": _l("Certified or placed"),
    "uncertified": _l("Completed, without a certificate"),
    "applied": _l("Applied"),
    "waiting": _l("On the waiting list"),
    "declined": _l("Declined"),
    "withdrawn": _l("Withdrawn"),
    "admitted": _l("Admitted"),
    "training": _l("In training"),
    "completed": _l("Completed"),
    "certified": _l("Certified"),
    "placed": _l("Placed"),
    "left": _l("Left"),
}
WHATS = {
    "": _l("Everybody in a cohort"),
    "people": _l("People, each once"),
    "traineeships": _l("Traineeships"),
    "applicants": _l("Applicants, each once"),
    "applications": _l("Applications"),
}

REASONS = {
    LeavingReason.EMPLOYED: _l("Found work"),
    LeavingReason.HEALTH: _l("Health"),
    LeavingReason.TIME: _l("Not enough time"),
    LeavingReason.LEVEL: _l("The level did not suit"),
    LeavingReason.MOVED: _l("Moved away"),
    LeavingReason.RULES: _l("Rules were not kept"),
    LeavingReason.OTHER: _l("Another reason"),
}


class YearForm(FlaskForm):
    """Which year, and which programme."""

    class Meta:
        csrf = False

    year = SelectField(_l("Year"))
    programme = SelectField(_l("Programme"))

    @classmethod
    def showing(cls, year: Year) -> "YearForm":
        form = cls(formdata=None, data={"year": str(year.year), "programme": year.programme})
        form.year.choices = [SelectChoice(str(each), str(each)) for each in year.years]
        titles = [SelectChoice(each.slug, i18n.best(each.title)) for each in year.promises]
        form.programme.choices = [SelectChoice("", _("All programmes")), *titles]
        return form


class RosterForm(FlaskForm):
    """What to look for in a list of people."""

    class Meta:
        csrf = False

    q = SearchField(_l("Name or e-mail address"))
    what = SelectField(_l("Show"), choices=[SelectChoice(value, label) for value, label in WHATS.items()])
    cohort = SelectField(_l("Cohort"))
    stage = SelectField(_l("Stage"), choices=[SelectChoice(value, label) for value, label in STAGES.items()])

    @classmethod
    def showing(cls, asked: Filters, intakes: list[Intake]) -> "RosterForm":
        values = {"q": asked.q, "what": asked.what, "cohort": str(asked.cohort or ""), "stage": asked.stage}
        form = cls(formdata=None, data=values)
        titles = [SelectChoice(str(each.id), i18n.best(each.title)) for each in intakes]
        form.cohort.choices = [SelectChoice("", _("All cohorts")), *titles]
        return form


class TargetForm(FlaskForm):
    """A number with its reason. `seen` is the version that the writer looked at."""

    number = IntegerField(
        _l("Target"),
        validators=[
            InputRequired(_l("Give a whole number of people.")),
            NumberRange(0, MOST, _l("Give a whole number of people, from 0 to 1,000,000.")),
        ],
    )
    reason = TextAreaField(
        _l("Reason"),
        filters=[strip],
        validators=[
            DataRequired(_l("Say why: whoever reads the report will ask.")),
            Length(max=500, message=_l("Say it in at most 500 characters.")),
            keepable,
        ],
    )
    seen = HiddenField(validators=[Regexp(r"^\d{1,6}$")])
