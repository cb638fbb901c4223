"""One year of one lead: everything that the board shows, in a fixed number of queries."""

from dataclasses import dataclass
from uuid import UUID

from lms.kit import clock
from lms.people.models import Person
from lms.reporting import awaiting, counts, intakes, needs, pace, targets
from lms.reporting.counts import Certified, Heads, Tally
from lms.reporting.intakes import Intake
from lms.reporting.needs import Need
from lms.reporting.pace import Month, Pace
from lms.reporting.targets import Promise


@dataclass(frozen=True)
class Year:
    """The figures of a year, over the cohorts of the reader and (if asked for) one programme."""

    year: int
    programme: str  # its address, "" for all
    promises: list[Promise]  # all programmes of the reader
    years: list[int]  # that the reader may choose
    led: int  # cohorts of these programmes that the reader leads
    cohorts: list[Intake]  # of the year
    tallies: dict[UUID, Tally]
    certified: Certified
    pace: Pace
    months: list[Month]
    traineeships: Heads
    applications: Heads
    needs: list[Need]

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


def of(person: Person, year: int | None, programme: str = "") -> Year:
    """The year (None: this one) as it stands now. A programme that the reader does not lead counts as none chosen."""
    today = clock.today()
    year = year or today.year
    every = intakes.led_by(person)
    promises = targets.promises(person, year)
    programme = programme if programme in {each.slug for each in promises} else ""
    mine = [each for each in every if programme in ("", each.programme_slug)]
    ids = [each.id for each in mine]
    certified = counts.certified(ids, year)
    late = counts.certified_by_cohort(ids, year)
    tallies = counts.tallies(ids, clock.day_start(needs.late_before(today)))
    shown = [each for each in mine if each.touches(year) or each.id in late]
    traineeships, applications = counts.heads([each.id for each in shown])
    promised = targets.total([each for each in promises if programme in ("", each.slug)])
    standing = Pace(year, today, certified.people, promised)
    return Year(
        year=year,
        programme=programme,
        promises=promises,
        years=_years(every, today.year, year),
        led=len(mine),
        cohorts=shown,
        tallies=tallies,
        certified=certified,
        pace=standing,
        months=pace.months(standing, certified.by_month),
        traineeships=traineeships,
        applications=applications,
        needs=needs.of(mine, tallies, awaiting.of_others(person, ids)) if year == today.year else [],
    )


def _years(every: list[Intake], now: int, asked: int) -> list[int]:
    touched = {year for each in every for year in range(each.starts_on.year, each.ends_on.year + 1)}
    return sorted({now, asked, *(year for year in touched if abs(year - now) <= 10)}, reverse=True)
