"""What stamps mean, and how far somebody is from the rule. Pure: no session, no web, no clock.

A day is judged from its hours, its stamps and the rule of that day (`judge`); the days of a person are then added up
(`rates`). Everything is counted in half days and whole minutes, so that no rounding decides about anybody.
"""

import calendar
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.attendance.terms import Alone, Excused, Marks, Terms, Unit, Way

MINUTE = timedelta(minutes=1)


class State(StrEnum):
    """What a day was for one person. Late, early and out can come together: see `Outcome.marks`."""

    PRESENT = "present"
    LATE = "late"
    EARLY = "early"
    OUT = "out"
    EXCUSED = "excused"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when a day is taught, with one pause at most."""

    starts_at: datetime
    ends_at: datetime
    pause_from: datetime | None = None
    pause_until: datetime | None = None

    @property
    def minutes(self) -> int:
        """How many are taught."""
        return self.between(self.starts_at, self.ends_at)

    def between(self, first: datetime, last: datetime) -> int:
        """Taught minutes between two moments; never below 0."""
        taught = _overlap(first, last, self.starts_at, self.ends_at)
        if self.pause_from and self.pause_until:
            taught -= _overlap(first, last, self.pause_from, self.pause_until)
        return max(0, taught)


Stamp = tuple[datetime, Way]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a day was: its marks in the order in which they happened, and the taught minutes that were attended."""

    state: State
    marks: tuple[State, ...] = ()
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """One session as it counts for one person. No outcome: still ahead, or not recorded yet."""

    on: date
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One unit of a rule, from its first to its last day, as far as it was held."""

    first: date
    last: date
    held: int
    lost: int  # half days
    marks: int

    @property
    def rate(self) -> float | None:
        return 1 - self.lost / (2 * self.held) if self.held else None


@dataclass(frozen=True, slots=True)
class Rates:
    """How somebody stands. Shares are from 0 to 1, None where nothing was held or planned."""

    so_far: float | None  # of what was held
    at_best: float | None  # of everything, when nothing more is missed
    final: float | None  # of everything, when nothing is ahead any more
    absences_left: int  # sessions that may still be missed
    cannot_reach: bool  # not even by missing nothing more
    total: int = 0
    held: int = 0
    present: int = 0  # days without any fault
    excused: int = 0
    absent: int = 0
    marks: int = 0
    lost: float = 0  # days, with what marks cost
    spare: int = 0  # absences that the rule would still allow, were there sessions enough; below 0 when past it
    until_absence: int = 0  # marks that are left until they make one absence more; 0 where marks do not add up
    parts: tuple[Part, ...] = ()

    @property
    def ahead(self) -> int:
        return self.total - self.held


NOTHING = Rates(None, None, None, 0, False)


class Danger(StrEnum):
    """How near somebody is to failing the rule, the nearest last."""

    CLOSE = "close"  # few absences are left
    LAST = "last"  # none is left
    LOST = "lost"  # it cannot be reached any more


def judge(hours: Hours, stamps: Iterable[Stamp], terms: Terms, *, excused: bool = False) -> Outcome:
    """What these stamps make of a day. Seconds do not count: 9:10:59 is ten minutes past nine."""
    if excused:
        return Outcome(State.EXCUSED, minutes=hours.minutes)
    there, alone = _presence(hours, stamps)
    if not there or (alone and terms.alone is Alone.ABSENT):
        return Outcome(State.ABSENT)
    minutes, taught = sum(hours.between(first, last) for first, last in there), hours.minutes
    missing = taught - minutes
    if missing > 0 and missing * 100 >= terms.absent_share * taught:
        return Outcome(State.ABSENT, minutes=minutes)
    marks: list[State] = []
    if alone is Way.OUT or there[0][0] - hours.starts_at > terms.late_after * MINUTE:
        marks.append(State.LATE)
    gaps = [hours.between(left, back) for (_in, left), (back, _out) in itertools.pairwise(there)]
    marks += [State.OUT for gap in gaps if gap > terms.out_over]
    if alone is Way.IN or hours.ends_at - there[-1][1] > terms.early_before * MINUTE:
        marks.append(State.EARLY)
    return Outcome(marks[0] if marks else State.PRESENT, tuple(marks), minutes)


def rates(days: Sequence[Day], terms: Terms, begins: date | None = None) -> Rates:
    """Add up the days of one person. `begins`: the first day of the cohort, from which units are counted."""
    if terms.excused is Excused.LEFT_OUT:
        days = [day for day in days if day.outcome is None or day.outcome.state is not State.EXCUSED]
    if not days:
        return NOTHING
    held = [(day.on, day.outcome) for day in days if day.outcome is not None]
    parts = tuple(_parts(held, terms, begins or min(day.on for day in days)))
    total, lost = len(days), sum(part.lost for part in parts)
    spare = (2 * total * (100 - terms.threshold) - 100 * lost) // 200
    states = [outcome.state for _on, outcome in held]
    at_best = 1 - lost / (2 * total)
    return Rates(
        so_far=1 - lost / (2 * len(held)) if held else None,
        at_best=at_best,
        final=at_best if len(held) == total else None,
        absences_left=max(0, min(spare, total - len(held))),
        cannot_reach=(2 * total - lost) * 100 < terms.threshold * 2 * total,
        total=total,
        held=len(held),
        present=states.count(State.PRESENT),
        excused=states.count(State.EXCUSED),
        absent=states.count(State.ABSENT),
        marks=sum(part.marks for part in parts),
        lost=lost / 2,
        spare=spare,
        until_absence=_until_absence(parts, terms),
        parts=parts,
    )


def danger(of: Rates, terms: Terms) -> Danger | None:
    """Whether to warn. Nobody is warned who has missed nothing, or whom nothing can hurt any more."""
    if of.cannot_reach:
        return Danger.LOST
    if not of.lost or not of.ahead or of.spare >= of.ahead:
        return None
    if of.spare == 0:
        return Danger.LAST
    return Danger.CLOSE if of.spare <= terms.warn_at else None


def told(share: float) -> float:
    """A rate as it is told: to a tenth of a per cent, downwards, so that nobody reads 80 % who has not reached it."""
    return math.floor(share * 1000 + 1e-9) / 1000


def unit_of(day: date, begins: date, unit: Unit) -> int:
    """Which unit a day lies in, from 0. A month that begins on the 31st begins on the last day of shorter months."""
    if unit is Unit.WHOLE:
        return 0
    months = (day.year - begins.year) * 12 + day.month - begins.month
    return months if day >= months_after(begins, months) else months - 1


def months_after(day: date, count: int) -> date:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _parts(held: Sequence[tuple[date, Outcome]], terms: Terms, begins: date) -> Iterable[Part]:
    found: dict[int, list[Outcome]] = {}
    last = begins
    for on, outcome in held:
        found.setdefault(unit_of(on, begins, terms.unit), []).append(outcome)
        last = max(last, on)
    for number, outcomes in sorted(found.items()):
        monthly = terms.unit is Unit.MONTH
        first = months_after(begins, number) if monthly else begins
        until = months_after(begins, number + 1) - timedelta(days=1) if monthly else last
        yield Part(first, until, len(outcomes), _lost(outcomes, terms), _marks(outcomes, terms))


def _lost(outcomes: Sequence[Outcome], terms: Terms) -> int:
    """Half days that these days cost. A day costs one day at most, however many marks it has."""
    absences = 2 * sum(outcome.state is State.ABSENT for outcome in outcomes)
    if terms.marks is Marks.HALF:
        return absences + _marks(outcomes, terms)
    return absences + 2 * (_marks(outcomes, terms) // terms.per_absence)


def _marks(outcomes: Sequence[Outcome], terms: Terms) -> int:
    most = 2 if terms.marks is Marks.HALF else terms.per_absence
    return sum(min(most, len(outcome.marks)) for outcome in outcomes)


def _until_absence(parts: Sequence[Part], terms: Terms) -> int:
    if terms.marks is Marks.HALF:
        return 0
    return terms.per_absence - (parts[-1].marks if parts else 0) % terms.per_absence


def _presence(hours: Hours, stamps: Iterable[Stamp]) -> tuple[list[tuple[datetime, datetime]], Way | None]:
    """From when to when somebody was there; and the one way that they were stamped, where the other is missing.

    Who has no stamp out is taken to have stayed, who has none in to have been there from the beginning: the rule says
    what that is worth.
    """
    there: list[tuple[datetime, datetime]] = []
    came: datetime | None = None
    alone: Way | None = None
    for exact, way in sorted(stamps, key=lambda stamp: stamp[0]):
        at = exact.replace(second=0, microsecond=0)
        if way is Way.IN:
            came = came or at
        elif came is not None:
            there.append((came, at))
            came = None
        elif not there:
            there.append((min(hours.starts_at, at), at))
            alone = Way.OUT
    if came is not None:
        there.append((came, max(hours.ends_at, came)))
        alone = Way.IN
    return there, alone


def _overlap(first: datetime, last: datetime, begin: datetime, end: datetime) -> int:
    return max(0, (min(last, end) - max(first, begin)) // MINUTE)
