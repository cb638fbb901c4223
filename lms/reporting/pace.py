"""How a year goes: arithmetic on a count, a target and a calendar. No session, no web.

"At this pace" is a straight line through the start of the year and today, and is called so wherever it is shown. It knows
nothing of cohorts that are about to end.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

EARLY_DAYS = 31  # before that many days have passed a straight line says nothing


class Outlook(StrEnum):
    """What can be said about a year in one sentence."""

    NOT_BEGUN = "not_begun"
    NO_TARGET = "no_target"
    MET = "met"
    MISSED = "missed"
    REACHED = "reached"
    EARLY = "early"
    ON_TRACK = "on_track"
    SHORT = "short"


@dataclass(frozen=True)
class Pace:
    """A year as seen on `today`: `reached` people so far, of `target` (None: no target is set)."""

    year: int
    today: date
    reached: int
    target: int | None

    @property
    def days(self) -> int:
        return 366 if calendar.isleap(self.year) else 365

    @property
    def passed(self) -> int:
        """Days of the year so far, today included; 0 before it, all of them after it."""
        return max(0, min(self.days, (self.today - date(self.year, 1, 1)).days + 1))

    @property
    def left(self) -> int:
        """Days that are still to come after today."""
        return self.days - self.passed

    @property
    def missing(self) -> int:
        return max(0, (self.target or 0) - self.reached)

    @property
    def even(self) -> int | None:
        """Where an even pace through the year would stand today."""
        return None if self.target is None else self.even_on(self.passed)

    @property
    def projected(self) -> int | None:
        """The year's end on a straight line; None before the year has begun."""
        return self.line_on(self.days) if self.passed else None

    @property
    def needed(self) -> int | None:
        """People a month from tomorrow to the year's end; None without a target or when less than a month is left."""
        if self.target is None or self.left * 12 < self.days:
            return None
        return -(-self.missing * self.days // (self.left * 12))

    @property
    def short_by(self) -> int:
        """How many people a straight line (for a year that is over: the year itself) stays below the target."""
        return max(0, (self.target or 0) - (self.projected or 0))

    @property
    def outlook(self) -> Outlook:
        if not self.passed:
            return Outlook.NOT_BEGUN
        if self.target is None:
            return Outlook.NO_TARGET
        if self.today.year > self.year:
            return Outlook.MISSED if self.missing else Outlook.MET
        if not self.missing:
            return Outlook.REACHED
        if self.passed < EARLY_DAYS:
            return Outlook.EARLY
        return Outlook.SHORT if self.short_by else Outlook.ON_TRACK

    def even_on(self, passed: int) -> int:
        """Where an even pace stands after so many days, rounded half up."""
        return (2 * (self.target or 0) * passed + self.days) // (2 * self.days)

    def line_on(self, passed: int) -> int:
        """Where today's pace leads after so many days, rounded half up. Only in a year that has begun."""
        return (2 * self.reached * passed + self.passed) // (2 * self.passed)


@dataclass(frozen=True)
class Month:
    """The end of a month, or today within it. `people`: certified by then, on the straight line when `ahead`."""

    number: int
    day: date
    people: int
    even: int | None
    ahead: bool = False
    current: bool = False


def months(pace: Pace, reached: Sequence[int]) -> list[Month]:
    """The year by month. `reached` holds the people certified by the end of each of the twelve months, as known now.

    The month of today appears twice, as it stands now and where the straight line leads; before the year there is nothing.
    """
    found: list[Month] = []
    for number in range(1, 13) if pace.passed else ():
        last = date(pace.year, number, calendar.monthrange(pace.year, number)[1])
        passed = (last - date(pace.year, 1, 1)).days + 1
        even = None if pace.target is None else pace.even_on(passed)
        if last <= pace.today:
            found.append(Month(number, last, reached[number - 1], even))
            continue
        if passed - last.day < pace.passed:
            found.append(Month(number, pace.today, pace.reached, pace.even, current=True))
        if pace.passed >= EARLY_DAYS:
            found.append(Month(number, last, pace.line_on(passed), even, ahead=True))
    return found


def begins(year: int) -> date:
    """The day before the year, where its curve starts from zero."""
    return date(year, 1, 1) - timedelta(days=1)
