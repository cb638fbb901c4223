"""Worked examples of a rule. Each is found by asking the arithmetic itself, so that none can say what the rule does not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from lms.attendance.arithmetic import MINUTE, Day, Hours, Outcome, Rates, Stamp, State, judge, rates, told
from lms.attendance.terms import Before, Marks, Terms, Unit, Way
from lms.kit import clock, i18n

DAY = date(2026, 3, 2)
SESSIONS = 40


def ordinary_hours() -> Hours:
    """Nine to six with an hour's pause, where a cohort has no timetable yet."""
    nine, six, twelve, one = (datetime(2026, 3, 2, hour, tzinfo=clock.SEOUL) for hour in (9, 18, 12, 13))
    return Hours(nine, six, twelve, one)


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence: what somebody does, and what it counts as."""

    deed: str
    counts: str
    state: State | None = None


def of(terms: Terms, hours: Hours, total: int) -> list[Example]:
    """Examples for a rule, with the hours of a session and the number of sessions of the cohort."""
    return [
        *_coming(terms, hours),
        *_leaving(terms, hours),
        *_away(terms, hours),
        *_forgetting(terms, hours),
        *_adding(terms, total or SESSIONS),
        *_missing(terms, total or SESSIONS),
    ]


def _coming(terms: Terms, hours: Hours) -> Iterator[Example]:
    def outcome(minutes: int) -> Outcome:
        return judge(hours, [(hours.starts_at + minutes * MINUTE, Way.IN), (hours.ends_at, Way.OUT)], terms)

    late = _first(hours, lambda minutes: outcome(minutes).state is not State.PRESENT)
    absent = _first(hours, lambda minutes: outcome(minutes).state is State.ABSENT)
    if late:
        yield Example(
            _("You come at %(time)s.", time=_time(hours.starts_at, late - 1)), _state(State.PRESENT), State.PRESENT
        )
        if absent != late:
            yield Example(_("You come at %(time)s.", time=_time(hours.starts_at, late)), _state(State.LATE), State.LATE)
    if absent:
        counts = _("Absent: %(share)s of the session is missing", share=i18n.percent(terms.absent_share / 100))
        yield Example(_("You come at %(time)s.", time=_time(hours.starts_at, absent)), counts, State.ABSENT)


def _leaving(terms: Terms, hours: Hours) -> Iterator[Example]:
    def outcome(minutes: int) -> Outcome:
        return judge(hours, [(hours.starts_at, Way.IN), (hours.ends_at - minutes * MINUTE, Way.OUT)], terms)

    early = _first(hours, lambda minutes: outcome(minutes).state is not State.PRESENT)
    if early and outcome(early).state is State.EARLY:
        yield Example(
            _("You leave at %(time)s.", time=_time(hours.ends_at, 1 - early)), _state(State.PRESENT), State.PRESENT
        )
        yield Example(_("You leave at %(time)s.", time=_time(hours.ends_at, -early)), _state(State.EARLY), State.EARLY)


def _away(terms: Terms, hours: Hours) -> Iterator[Example]:
    begin = hours.starts_at + 10 * MINUTE

    def outcome(minutes: int) -> Outcome:
        stamps: list[Stamp] = [(hours.starts_at, Way.IN), (begin, Way.OUT)]
        return judge(hours, [*stamps, (begin + minutes * MINUTE, Way.IN), (hours.ends_at, Way.OUT)], terms)

    away = _first(hours, lambda minutes: outcome(minutes).state is not State.PRESENT)
    if away and outcome(away).state is State.OUT:
        deed = _("You are away for %(minutes)s in between, and check out and in again.", minutes=i18n.minutes(away))
        yield Example(deed, _state(State.OUT), State.OUT)


def _forgetting(terms: Terms, hours: Hours) -> Iterator[Example]:
    outcome = judge(hours, [(hours.starts_at, Way.IN)], terms)
    yield Example(_("You forget to check out."), _state(outcome.state), outcome.state)


def _adding(terms: Terms, total: int) -> Iterator[Example]:
    count = 3 if terms.marks is Marks.HALF else terms.per_absence
    found = _rates([Outcome(State.LATE, (State.LATE,))] * count, terms, total)
    lost = i18n.number(found.lost, 1)
    deed = ngettext(
        "You come late once, and are there for all of %(total)s sessions.",
        "You come late %(num)d times, and are there for all of %(total)s sessions.",
        count,
        total=total,
    )
    counts = _("As if you had missed %(lost)s: attendance %(rate)s", lost=lost, rate=_rate(found))
    yield Example(deed, counts)
    if terms.unit is Unit.MONTH:
        yield Example(_("You come late in two different months."), _("They are not added up: each month begins anew"))


def _missing(terms: Terms, total: int) -> Iterator[Example]:
    may = max(0, _rates([], terms, total).spare)
    absent = Outcome(State.ABSENT)
    for count in (may, may + 1):
        found = _rates([absent] * count, terms, total)
        if count > total:
            return
        deed = ngettext(
            "You miss %(num)d of %(total)s sessions.", "You miss %(num)d of %(total)s sessions.", count, total=total
        )
        rate = _rate(found)
        yield Example(
            deed,
            _("Attendance at most %(rate)s: it can no longer be reached", rate=rate)
            if found.cannot_reach
            else _("Attendance %(rate)s: just enough", rate=rate),
            State.ABSENT if found.cannot_reach else State.PRESENT,
        )
    excused = _rates([Outcome(State.EXCUSED)] * 2 + [absent], terms, total)
    deed = _("You are excused on 2 days and miss 1, of %(total)s sessions.", total=total)
    yield Example(deed, _("Attendance %(rate)s", rate=_rate(excused)), State.EXCUSED)
    yield Example(
        _("You join after 5 sessions were held."),
        _("They count as absences") if terms.before is Before.ABSENT else _("They are left out"),
    )


def _rates(first: list[Outcome], terms: Terms, total: int) -> Rates:
    """Somebody with these days first and nothing missed after them."""
    outcomes = [*first, *[Outcome(State.PRESENT)] * (total - len(first))]
    return rates([Day(DAY + timedelta(days=number % 25), each) for number, each in enumerate(outcomes)], terms, DAY)


def _first(hours: Hours, is_so: Callable[[int], bool]) -> int:
    """The first whole minute at which something is so; 0 when it never is, or from the beginning."""
    length = int((hours.ends_at - hours.starts_at) / MINUTE)
    return next((minutes for minutes in range(length + 1) if is_so(minutes)), 0)


def _rate(of: Rates) -> str:
    return i18n.percent(told(of.at_best or 0), 1)


def _time(moment: datetime, minutes: int) -> str:
    return i18n.time(moment + minutes * MINUTE)


def _state(state: State) -> str:
    return {
        State.PRESENT: _("Present"),
        State.LATE: _("Came late"),
        State.EARLY: _("Left early"),
        State.OUT: _("Was out"),
        State.EXCUSED: _("Excused"),
        State.ABSENT: _("Absent"),
    }[state]
