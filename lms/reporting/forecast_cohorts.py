"""From what the ledger tells of cohorts to what the forecast asks for: days and counts, no session, no web.

Everything about a cohort is told in days from its start, so that an earlier cohort can be looked at on "the same day" of its
course (see `forecast_timing`). People in training are told apart by the work that they have done where enough earlier cohorts
tell of theirs; for cohorts from before that was kept the stages alone are known.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from lms.reporting import forecast_timing
from lms.reporting.forecast import Running
from lms.reporting.forecast_learning import Level, Past, is_autumn, pace
from lms.reporting.forecast_timing import GRACE, Course

NEVER = 10**6  # days: it did not happen
OWN, ALL = 8, 12  # earlier cohorts to learn from: at most so many of the same programme, and in all
FIFTHS = 5  # in which work is kept
ENOUGH = 3  # earlier cohorts that must tell of their work before it is compared
LONG_OVER = 120  # days after its end in which a cohort may still bring somebody
BEYOND = 60  # days that its end may lie behind the year's, for somebody to arrive before it


class Path(NamedTuple):
    """The days on which one person was admitted, began, completed, left and became an expert."""

    admitted: int = NEVER
    trained: int = NEVER
    completed: int = NEVER
    left: int = NEVER
    arrived: int = NEVER
    fifths: tuple[tuple[int, int], ...] = ()  # on which day so many fifths of the work were done

    def level(self, day: float, due: int | None = None) -> Level | None:
        """Where the person stood at the end of a day; None: not there yet, gone, or counted already.

        `due`: how many fifths of the work should have been done; None: nothing is known of the work.
        """
        if self.arrived <= day or self.left <= day:
            return None
        if self.completed <= day:
            return Level.COMPLETED
        if self.trained > day:
            return Level.ADMITTED if self.admitted <= day else None
        return pace(max((fifth for on, fifth in self.fifths if on <= day), default=0), due) if due else Level.BEGUN


@dataclass(frozen=True)
class Known:
    """One cohort as it was known on a day: its facts, and the path of each person that ever had a seat."""

    key: UUID
    programme: UUID
    seats: int
    starts_on: date
    ends_on: date
    paths: Mapping[Hashable, Path]  # by person, whose key is only compared
    stored: Hashable = None  # its own key in the same form

    @property
    def course(self) -> Course:
        return Course((self.ends_on - self.starts_on).days + 1)

    @cached_property
    def kinds(self) -> Counter[Path]:
        """How many people went the same way on the same days: there are far fewer ways than people."""
        return Counter(self.paths.values())

    @property
    def fill(self) -> float:
        """Which share of its seats was taken; more people than seats is full."""
        return min(len(self.paths) / self.seats, 1.0)

    @cached_property
    def tells_of_work(self) -> bool:
        return any(path.fifths for path in self.paths.values())

    def due(self, day: float) -> int:
        """How many fifths of the work are due on a day of the course, at an even pace and with some days of grace."""
        return max(0, min(FIFTHS, int(FIFTHS * (day - GRACE) / self.course.days)))

    def on(self, day: date) -> int:
        """A calendar day as a day of the course; its first day is 0."""
        return (day - self.starts_on).days

    def past(self, day: float, until: float, *, by_work: bool) -> Past:
        """How it stood on a day of its course, and who had arrived by another. Before the start: everybody who ever had a seat."""
        people: Counter[Level] = Counter()
        arrived: Counter[Level] = Counter()
        due = self.due(day) if by_work else None
        for path, count in self.kinds.items():
            level = Level.ADMITTED if day < 0 else path.level(day, due)
            if level is not None:
                people[level] += count
                arrived[level] += count if path.arrived <= until else 0
        return Past(str(self.programme), is_autumn(self.starts_on), people, arrived)


class Earlier:
    """Earlier cohorts, sorted once, to look among them for whom to learn from."""

    def __init__(self, cohorts: Iterable[Known]) -> None:
        self._all = sorted(cohorts, key=lambda each: each.ends_on, reverse=True)
        self._own: dict[UUID, list[Known]] = {}
        for each in self._all:
            self._own.setdefault(each.programme, []).append(each)
        self._others: dict[UUID, list[Known]] = {}

    def like(self, cohort: Known) -> list[Known]:
        """Whom a cohort learns from: the latest besides itself, those of the same programme first."""
        among = self._own.get(cohort.programme, ())[: OWN + 1]  # one more: itself may be among them
        own = [each for each in among if each.key != cohort.key][:OWN]
        return [*own, *self._of_others(cohort.programme)[: ALL - len(own)]]

    def latest(self) -> list[Known]:
        """The latest of all programmes: a forecast for a programme that has none learns from them, and so does its trial."""
        return self._all[:ALL]

    def _of_others(self, programme: UUID) -> list[Known]:
        if programme not in self._others:
            found = (each for each in self._all if each.programme != programme)
            self._others[programme] = list(islice(found, ALL)) if len(self._own) > 1 else []
        return self._others[programme]


def concerned(cohorts: Iterable[Known], today: date, last: date) -> list[Known]:
    """Cohorts that may bring somebody after `today` and within the year that ends on `last`, the first to end first.

    Of a year that has not begun, those that end in it: who arrives late from the year before counts there or here, and is
    left to the forecast of that day.
    """
    begins = date(last.year, 1, 1)
    since = today - timedelta(days=LONG_OVER) if begins <= today else begins
    until = last + timedelta(days=BEYOND)
    found = [each for each in cohorts if each.starts_on <= last and since <= each.ends_on <= until]
    return sorted(found, key=lambda each: (each.ends_on, each.starts_on, each.key))


def running(
    cohorts: Sequence[Known], earlier: Sequence[Known], today: date, last: date, counted: Collection[Hashable] = ()
) -> list[Running]:
    """The cohorts as the forecast asks for them. A person counts once: not if `counted`, and only where they are furthest."""
    taken = set(counted)
    standing: dict[UUID, Counter[Level]] = {each.key: Counter() for each in cohorts}
    best: dict[Hashable, tuple[int, int, UUID]] = {}
    there = Earlier(earlier)
    teachers = {each.key: _teachers(each, there, today, last) for each in cohorts}
    for place, each in enumerate(cohorts):
        day = each.on(today)
        due = each.due(day) if teachers[each.key].by_work else None
        for person, path in each.paths.items():
            level = path.level(day, due)
            if level is not None and person not in taken:
                best[person] = max(best.get(person, (-1, 0, each.key)), (int(level), -place, each.key))
    for level_found, _place, key in best.values():
        standing[key][Level(level_found)] += 1
    return [_running(each, standing[each.key], teachers[each.key], today, last) for each in cohorts]


@dataclass(frozen=True)
class _Teachers:
    """Earlier cohorts of which is known how it went by the like of the last day. `by_work`: their work may be compared, too."""

    cohorts: list[Known]
    fills: list[float]
    by_work: bool


def _teachers(cohort: Known, earlier: Earlier, today: date, last: date) -> _Teachers:
    alike = earlier.like(cohort)
    until = cohort.on(last)
    settled = [each for each in alike if each.on(today) >= forecast_timing.same_day(cohort.course, until, each.course)]
    working = [each for each in settled if each.tells_of_work]
    by_work = cohort.tells_of_work and len(working) >= ENOUGH
    own = [each.fill for each in alike if each.programme == cohort.programme]
    return _Teachers(working if by_work else settled, own or [each.fill for each in alike], by_work)


def _running(cohort: Known, people: Mapping[Level, int], teachers: _Teachers, today: date, last: date) -> Running:
    day, until = cohort.on(today), cohort.on(last)
    free = max(0, cohort.seats - sum(path.left > day for path in cohort.paths.values())) if day < 0 else 0
    pasts = []
    for each in teachers.cohorts:
        then, end = (forecast_timing.same_day(cohort.course, on, each.course) for on in (day, until))
        pasts.append(each.past(then, end, by_work=teachers.by_work))
    return Running(
        key=str(cohort.key),
        programme=str(cohort.programme),
        autumn=is_autumn(cohort.starts_on),
        people=people,
        pasts=pasts,
        days_after=(last - cohort.ends_on).days,
        free=free,
        fills=teachers.fills,
    )
