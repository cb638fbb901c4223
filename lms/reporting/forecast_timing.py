"""The same point in another cohort's course, so that like is compared with like: days counted from the start, no dates.

Two courses of one programme differ in length and in when work is due. A day in one is matched with the day in the other at
which about the same share of the work was due; where nothing is known of work, with the same share of the course; before
the start and after the end, with the same number of days from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lms.reporting.forecast_learning import Level, pace

GRACE = 7  # days after its date from which work counts as due: until then it is only a little late
LIKENESS = 0.5  # how much a difference in the share of the course matters beside one in the share of due work


@dataclass(frozen=True)
class Work:
    """One piece of work: its name, the day that it is to be handed in by, and how much it counts."""

    name: str
    day: float
    weight: float = 1.0


@dataclass(frozen=True)
class Course:
    """How many days a course lasts, and the work in it."""

    days: int
    work: Sequence[Work] = field(default=())

    def due(self, day: float) -> list[Work]:
        return [each for each in self.work if each.weight > 0 and each.day + GRACE <= day]

    def share_due(self, day: float) -> float:
        """Which share of all its work is due by `day`; 0 where there is none."""
        whole = sum(each.weight for each in self.work)
        return sum(each.weight for each in self.due(day)) / whole if whole else 0.0


def level(due: Sequence[Work], done: Sequence[str] | set[str] | frozenset[str]) -> Level:
    """How far somebody is who has `done` these pieces of work (by name) of those that are due."""
    return pace(sum(each.weight for each in due if each.name in done), sum(each.weight for each in due))


def same_day(here: Course, day: float, there: Course) -> float:
    """The day of the course `there` that is like `day` in the course `here`."""
    if day < 0:
        return day
    if day >= here.days:
        return there.days + day - here.days
    share = day / max(here.days, 1)
    if not here.work or not there.work:
        return share * there.days
    wanted = here.share_due(day)
    steps = sorted({0.0, *(each.day + GRACE for each in there.work if 0 <= each.day + GRACE <= there.days)})
    found = []
    for first, after in zip(steps, [*steps[1:], float(there.days)], strict=True):
        nearest = min(max(share * there.days, first), max(after - 1, first))
        off = abs(there.share_due(first) - wanted) + LIKENESS * abs(nearest / max(there.days, 1) - share)
        found.append((off, nearest))
    return min(found)[1]
