"""Shapes of what is typed in this room. Times are Seoul's."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.attendance.models import CorrectionKind, TimetablePattern
from lms.attendance.register import Rule
from lms.attendance.terms import Alone, Before, Excused, Marks, Terms, Unit
from lms.attendance.timetables import Planned
from lms.kit.words import Words
from lms.pipeline.forms import keepable, strip

WEEKDAYS = (_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"))


def _text(label: object, longest: int = 120, *, needed: bool = True, **more: Any) -> StringField:
    first = InputRequired() if needed else Optional()
    return StringField(label, filters=[strip], validators=[first, Length(max=longest), keepable], **more)


def _long(label: object, longest: int = 1000, *, needed: bool = True, **more: Any) -> TextAreaField:
    first = InputRequired() if needed else Optional()
    return TextAreaField(label, filters=[strip], validators=[first, Length(max=longest), keepable], **more)


def _time(label: object) -> TimeField:
    return TimeField(label, validators=[Optional()])


class CodeForm(FlaskForm):
    """What somebody types who comes or goes."""

    code = StringField(_l("Code on the screen"), filters=[strip], validators=[InputRequired(), Length(max=20)])
    way = HiddenField()


class CorrectionForm(FlaskForm):
    kind = RadioField(
        _l("What do you ask for?"),
        choices=[
            SelectChoice(CorrectionKind.EXCUSE.value, _l("Excuse the day")),
            SelectChoice(CorrectionKind.TIMES.value, _l("Correct the times")),
        ],
        validators=[InputRequired(_l("Choose what you ask for."))],
    )
    came = _time(_l("Came at"))
    went = _time(_l("Left at"))
    reason = _long(_l("Reason"))
    file = FileField(_l("Evidence"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Times are checked here, because a field that may be empty asks no further when it is."""
        good = super().validate(extra_validators)
        if self.kind.data == CorrectionKind.TIMES and not self.came.data and not self.went.data and not self.errors:
            return _mend(self.came, _("Give the time at which you came, or left, or both."))
        if self.came.data and self.went.data and self.went.data <= self.came.data:
            return _mend(self.went, _("Leaving comes after coming. Give a later time."))
        return bool(good)

    def upload(self) -> FileStorage | None:
        found = self.file.data
        return found if isinstance(found, FileStorage) and found.filename else None


class ExcuseForm(FlaskForm):
    """Several sessions that should be excused, by their keys: those of `choices` alone can be chosen."""

    sessions = SelectMultipleField(_l("Sessions"), choices=[])
    reason = _long(_l("Reason"))
    file = FileField(_l("Evidence"))

    upload = CorrectionForm.upload


class DaysForm(Form):
    """From the first to the last day that somebody asks for; it stands in the address."""

    first = DateField(_l("First day"), validators=[InputRequired()])
    last = DateField(_l("Last day"), validators=[InputRequired()])

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if self.first.data and self.last.data and self.last.data < self.first.data:
            return _mend(self.last, _("The last day comes before the first. Give a later day."))
        return bool(good)


class AnswerForm(FlaskForm):
    answer = _long(_l("Answer"), needed=False)


class ReasonForm(FlaskForm):
    reason = _text(_l("Reason"), 200)


class KeeperForm(FlaskForm):
    email = _text(_l("E-mail address"), 254)


class HolidayForm(FlaskForm):
    day = DateField(_l("Day"), validators=[InputRequired()])
    name_ko = _text(_l("Name in Korean"), 80)
    name_en = _text(_l("Name in English"), 80)
    closed = RadioField(
        _l("On this day the hub is"),
        choices=[
            SelectChoice("closed", _l("Closed: no sessions")),
            SelectChoice("open", _l("Open, although it is a public holiday")),
        ],
        default="closed",
        validators=[InputRequired()],
    )

    @property
    def name(self) -> Words:
        return Words(ko=self.name_ko.data, en=self.name_en.data)


def _mend(field: Field, sentence: str) -> bool:
    """Say at a field what is to be mended."""
    field.errors = [*field.errors, sentence]
    return False


def _hours_are_right(form: "SessionForm | DayForm") -> bool:
    """An end after the beginning, and a pause inside; says at the fields what is not."""
    begins, ends = form.starts.data, form.ends.data
    first, last = form.pause_from.data, form.pause_until.data
    if begins is None or ends is None:
        return _mend(form.ends if begins else form.starts, _("Give the time at which the session begins and ends."))
    if ends <= begins:
        return _mend(form.ends, _("A session ends after it begins. Give a later time."))
    if (first is None) != (last is None):
        return _mend(form.pause_until, _("A pause has a beginning and an end. Give both times, or none."))
    if first and last and not begins < first < last < ends:
        return _mend(form.pause_until, _("The pause lies between the beginning and the end of the session."))
    return True


class SessionForm(FlaskForm):
    """One session beside the timetable."""

    day = DateField(_l("Day"), validators=[InputRequired()])
    starts = _time(_l("Begins"))
    ends = _time(_l("Ends"))
    pause_from = _time(_l("Pause from"))
    pause_until = _time(_l("Pause until"))
    place = _text(_l("Room"), needed=False)

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        return _hours_are_right(self) and bool(good)

    def planned(self) -> Planned:
        return Planned.on(self.day.data, _pattern(self, self.day.data.weekday()))


class DayForm(Form):
    """One day of the week; not taught on without its tick."""

    taught = BooleanField(_l("Taught"))
    starts = _time(_l("Begins"))
    ends = _time(_l("Ends"))
    pause_from = _time(_l("Pause from"))
    pause_until = _time(_l("Pause until"))
    place = _text(_l("Room"), needed=False)

    def check(self) -> bool:
        """Whether it can be kept; a day that is not taught on always can."""
        if not self.taught.data:
            return True
        good = self.validate()
        return _hours_are_right(self) and bool(good)


class WeekForm:
    """The days of the week of a cohort. `seen`: the digest of those that were shown."""

    def __init__(self, sent: Any, shown: Iterable[TimetablePattern] = ()) -> None:
        known = {each.weekday: each for each in shown}
        self.days = [DayForm(sent, prefix=f"d{number}-", data=_shown(known.get(number))) for number in range(7)]
        self.seen: str = sent.get("seen", "") if sent else ""

    def validate(self) -> bool:
        return sum(not each.check() for each in self.days) == 0  # every day says what is wrong, not only the first

    @property
    def errors(self) -> dict[str, Any]:
        return {str(number): each.errors for number, each in enumerate(self.days) if each.errors}

    def patterns(self) -> list[TimetablePattern]:
        return [_pattern(each, number) for number, each in enumerate(self.days) if each.taught.data]


def _shown(pattern: TimetablePattern | None) -> dict[str, Any]:
    if pattern is None:
        return {"starts": time(9), "ends": time(18), "pause_from": time(12), "pause_until": time(13)}
    names = ("starts", "ends", "pause_from", "pause_until", "place")
    return {"taught": True, **{name: getattr(pattern, name) for name in names}}


def _pattern(form: DayForm | SessionForm, weekday: int) -> TimetablePattern:
    return TimetablePattern(
        weekday=weekday,
        starts=form.starts.data,
        ends=form.ends.data,
        pause_from=form.pause_from.data,
        pause_until=form.pause_until.data,
        place=form.place.data or "",
    )


def _whole(label: object, least: int, most: int, **more: Any) -> IntegerField:
    return IntegerField(label, validators=[InputRequired(), NumberRange(least, most)], **more)


def _one_of(label: object, choices: Sequence[tuple[str, object]]) -> SelectField:
    found = [SelectChoice(value, said) for value, said in choices]
    return SelectField(label, choices=found, validators=[InputRequired()])


class RuleForm(FlaskForm):
    """A rule of attendance."""

    late_after = _whole(_l("Late after"), 0, 240)
    early_before = _whole(_l("Left early when more than this before the end"), 0, 240)
    out_over = _whole(_l("Out when away for longer than"), 0, 240)
    absent_share = _whole(_l("Absent when this share of the session is missing"), 1, 100)
    alone = _one_of(
        _l("Who is stamped only in, or only out"),
        [(Alone.MARK, _l("left early, or came late")), (Alone.ABSENT, _l("was absent"))],
    )
    marks = _one_of(
        _l("Being late, leaving early and being out"),
        [(Marks.TOGETHER, _l("add up to absences")), (Marks.HALF, _l("are half a day each"))],
    )
    per_absence = _whole(_l("So many of them are one absence"), 1, 20)
    unit = _one_of(
        _l("They are added up"), [(Unit.WHOLE, _l("over the whole cohort")), (Unit.MONTH, _l("month by month"))]
    )
    excused = _one_of(
        _l("Excused days"), [(Excused.PRESENT, _l("count as present")), (Excused.LEFT_OUT, _l("are left out"))]
    )
    before = _one_of(
        _l("Days before somebody joined"), [(Before.LEFT_OUT, _l("are left out")), (Before.ABSENT, _l("are absences"))]
    )
    threshold = _whole(_l("Attendance that completion asks for"), 0, 100)
    warn_at = _whole(_l("Warn when so many absences are left"), 0, 50)
    opens_before = _whole(_l("Checking in opens before the beginning"), 0, 240)
    closes_after = _whole(_l("Checking out closes after the end"), 0, 240)
    valid_from = DateField(_l("Holds from"), validators=[InputRequired()])
    reason = _text(_l("Why it changes"), 200)
    version = HiddenField()

    @classmethod
    def showing(cls, rule: Rule, begins: date) -> "RuleForm":
        terms = {name: getattr(rule.terms, name) for name in Terms.__dataclass_fields__}
        more = {"opens_before": rule.opens_before, "closes_after": rule.closes_after, "version": str(rule.version)}
        day = max(begins, rule.valid_from) if rule.version else begins
        return cls(formdata=None, data={**terms, **more, "valid_from": max(day, begins)})

    def rule(self) -> Rule:
        kinds: dict[str, Any] = {"alone": Alone, "marks": Marks, "unit": Unit, "excused": Excused, "before": Before}
        given = {name: self[name].data for name in Terms.__dataclass_fields__}
        terms = Terms(**{name: kinds[name](value) if name in kinds else value for name, value in given.items()})
        version = int(self.version.data) if (self.version.data or "").isdecimal() else -1
        return Rule(version, self.valid_from.data, terms, self.opens_before.data, self.closes_after.data)
