"""Shapes of what is typed in this room."""

from collections.abc import Sequence
from itertools import pairwise

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SearchField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from lms.kit import clock, i18n
from lms.pipeline.forms import keepable, strip
from lms.pipeline.models import LeavingReason, Programme
from lms.pipeline.words import STAGES
from lms.reporting.asof import AsOf
from lms.reporting.breakdowns import By
from lms.reporting.definitions import REACH
from lms.reporting.figures import GROUP_WORDS, REASON_WORDS
from lms.reporting.filters import Filters
from lms.reporting.groupings import Across
from lms.reporting.intakes import Intake
from lms.reporting.models import Achievement
from lms.reporting.year import Year

MOST = 1_000_000
ANY_STAGE = {"": _l("Any stage"), **GROUP_WORDS, **STAGES}
WHATS = {
    "": _l("Everybody in a cohort"),
    "anyone": _l("Everybody, each once"),
    "people": _l("People, each once"),
    "traineeships": _l("Traineeships"),
    "applicants": _l("Applicants, each once"),
    "applications": _l("Applications"),
}

REASONS = {reason: REASON_WORDS[reason.value] for reason in LeavingReason}

ACHIEVEMENTS = {
    Achievement.CERTIFIED: _l("certificate issued"),
    Achievement.COMPLETED: _l("completed"),
    Achievement.PLACED: _l("placed"),
    Achievement.EMPLOYED: _l("left early for work"),
}

BREAKDOWNS = {
    By.SEX: _l("Sex"),
    By.AGE: _l("Age"),
    By.REGION: _l("Region"),
    By.FIELD: _l("Field of study"),
    By.EMPLOYMENT: _l("Employment when applying"),
}
ACROSS = {
    Across.COHORT: _l("By cohort"),
    Across.TRACK: _l("By track"),
    Across.COURSE: _l("By course"),
    Across.PROGRAMME: _l("By programme"),
}


def age_words(bands: Sequence[int]) -> dict[str, object]:
    """The words of each band of ages, by the age at which it begins."""
    words: dict[str, object] = {
        "0": _l("under %(age)s", age=bands[0]),
        str(bands[-1]): _l("%(age)s and over", age=bands[-1]),
    }
    for first, following in pairwise(bands):
        words[str(first)] = _l("%(first)s to %(last)s", first=first, last=following - 1)
    return words


class YearForm(FlaskForm):
    """Which year, and which programme."""

    class Meta:
        csrf = False

    year = SelectField(_l("Year"))
    programme = SelectField(_l("Programme"))
    on = DateField(_l("As of the end of"))

    @classmethod
    def showing(cls, year: Year) -> "YearForm":
        form = cls(
            formdata=None,
            data={"year": str(year.year), "programme": year.programme, "on": None if year.at.is_now else year.at.on},
        )
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
    stage = SelectField(_l("Stage"), choices=[SelectChoice(value, label) for value, label in ANY_STAGE.items()])
    on = DateField(_l("As of the end of"))

    @classmethod
    def showing(cls, asked: Filters, at: AsOf, intakes: list[Intake]) -> "RosterForm":
        values = {
            "q": asked.q,
            "what": asked.what,
            "cohort": str(asked.cohort or ""),
            "stage": asked.stage,
            "on": None if at.is_now else at.on,
        }
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


class DefinitionForm(FlaskForm):
    """What makes an expert, from which year on, and why. `seen` is the version that the writer looked at."""

    from_year = IntegerField(
        _l("Holds from the year"), validators=[InputRequired(_l("Give a year, for example 2026."))]
    )
    counts = SelectMultipleField(
        _l("What counts"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
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

    def validate_from_year(self, field: IntegerField) -> None:
        now = clock.today().year
        if not now - REACH <= (field.data or 0) <= now + REACH:
            raise ValidationError(_("Give a year from %(first)s to %(last)s.", first=now - REACH, last=now + REACH))

    def offer(self, programmes: Sequence[Programme]) -> "DefinitionForm":
        """Fill in what may be chosen: each achievement in each programme."""
        self.counts.choices = [
            SelectChoice(f"{each.slug} {what.value}", f"{i18n.best(each.title)}: {label}")
            for each in programmes
            for what, label in ACHIEVEMENTS.items()
        ]
        return self
