"""One year of one lead: everything that the board shows, in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lms.kit import clock
from lms.people.models import Person
from lms.reporting import awaiting, counts, definitions, experts, intakes, needs, pace, remembering, targets
from lms.reporting.asof import AsOf
from lms.reporting.counts import Heads, Tally
from lms.reporting.definitions import Definition
from lms.reporting.experts import Experts
from lms.reporting.intakes import Intake
from lms.reporting.needs import Need
from lms.reporting.pace import Month, Pace
from lms.reporting.targets import Promise


@dataclass(frozen=True)
class Year:
    """The figures of a year, over the cohorts of the reader and (if asked for) one programme."""

    year: int
    at: AsOf
    programme: str  # its address, "" for all
    promises: list[Promise]  # all programmes of the reader
    definitions: dict[UUID, Definition]  # of the chosen ones
    years: list[int]  # that the reader may choose
    every: list[Intake]  # cohorts that the reader leads, of any programme and year
    cohorts: list[Intake]  # of the year
    tallies: dict[UUID, Tally]
    experts: Experts
    pace: Pace
    months: list[Month]
    traineeships: Heads
    applications: Heads
    needs: list[Need]
    state: tuple[Any, ...]  # of the ledger, from which all this was counted

    def told_by(self) -> str:
        """What tells this year from one with other figures: what was counted follows from the cohorts and the ledger's state."""
        given = (self.year, self.at, self.programme, self.promises, self.definitions, self.years, self.led)
        return repr((*given, self.cohorts, self.needs, self.state))

    @property
    def led(self) -> int:
        """Cohorts of the chosen programmes that the reader leads."""
        return sum(self.programme in ("", each.programme_slug) for each in self.every)

    @property
    def altogether(self) -> Tally:
        return counts.together([self.tallies[each.id] for each in self.cohorts])

    @property
    def chosen(self) -> list[Promise]:
        return [each for each in self.promises if self.programme in ("", each.slug)]

    @property
    def led_by_others(self) -> int:
        """Cohorts of the programmes that are promised for, but not the reader's to count."""
        return sum(each.cohorts for each in self.chosen) - self.led


def of(person: Person, year: int | None, programme: str = "", at: AsOf | None = None) -> Year:
    """The year (None: the one of the day) as of a day. A programme that the reader does not lead counts as none chosen."""
    at = at or AsOf.now()
    year = year or at.on.year
    every = intakes.led_by(person)
    promises = targets.promises(person, year, at)
    programme = programme if programme in {each.slug for each in promises} else ""
    mine = [each for each in every if programme in ("", each.programme_slug)]
    chosen = [each for each in promises if programme in ("", each.slug)]
    defined = definitions.of_all([each.id for each in chosen], at, year)
    counting, state = definitions.counting(every, defined.values()), remembering.stamp()
    asked = (tuple((kind, tuple(among)) for kind, among in counting.items()), year, at)
    reached_in = remembering.answer(state, ("cohorts", *asked), lambda: experts.cohorts_of(counting, year, at))
    shown = intakes.of_year(mine, year, reached_in)
    of_today = year == at.on.year and at.is_now
    open_ones = [each for each in mine if of_today and each.ends_on >= at.on]
    counted = frozenset(each.id for each in (*shown, *open_ones))
    tallies = remembering.answer(state, ("tallies", counted, at), lambda: counts.tallies(counted, at))
    # What counts each person once, from memory until the ledger goes on.
    ids = tuple(each.id for each in shown)
    traineeships, applications = remembering.answer(state, ("heads", ids, at), lambda: counts.heads(ids, at))
    reached = remembering.answer(state, ("experts", *asked), lambda: experts.of(counting, year, at))
    standing = Pace(year, at.on, reached.people, targets.total(chosen))
    return Year(
        year=year,
        at=at,
        programme=programme,
        promises=promises,
        definitions=defined,
        years=_years(every, at.on.year, year),
        every=every,
        cohorts=shown,
        tallies=tallies,
        experts=reached,
        pace=standing,
        months=pace.months(standing, reached.by_month),
        traineeships=traineeships,
        applications=applications,
        needs=_needs(person, mine, tallies, state) if of_today else [],
        state=state,
    )


def _needs(person: Person, mine: list[Intake], tallies: Mapping[UUID, Tally], state: tuple[Any, ...]) -> list[Need]:
    ids = [each.id for each in mine]
    about = (clock.today(), tuple(ids))
    undecided, uncertified = remembering.answer(state, ("waiting", *about), lambda: needs.waiting(ids))
    return needs.of(mine, tallies, undecided, uncertified, awaiting.of_others(person, ids))


def _years(every: list[Intake], now: int, asked: int) -> list[int]:
    touched = {year for each in every for year in range(each.starts_on.year, each.ends_on.year + 1)}
    return sorted({now, asked, *(year for year in touched if abs(year - now) <= 10)}, reverse=True)
