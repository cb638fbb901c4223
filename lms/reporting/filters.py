"""What a list of people is asked for in its address, and which cohorts that is about."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from lms.kit import clock
from lms.pipeline.models import LeavingReason
from lms.reporting import counts, definitions, experts, intakes, periods
from lms.reporting.asof import AsOf
from lms.reporting.definitions import Definition
from lms.reporting.experts import Counting
from lms.reporting.intakes import Intake

# What a row is: a person, or a person in a cohort.
PEOPLE = ("people", "applicants", "anyone")
WHATS = ("", "anyone", "people", "traineeships", "applications", "applicants")
MOST_DAYS = 3650
WITHIN = (3, 6, 12)  # months after a cohort's last day


class Change(StrEnum):
    """How figures that were told before differ from what is known now."""

    LATE = "late"  # recorded afterwards, but counts on a day that was told
    REVOKED = "revoked"  # a certificate that counted then
    UNPLACED = "unplaced"  # a placement that was withdrawn as wrong
    REOPENED = "reopened"  # somebody who had been declined
    MERGED = "merged"  # two accounts that were found to be one person


@dataclass(frozen=True)
class Filters:
    """What the address asks for. An empty field asks for nothing."""

    what: str = ""
    cohort: UUID | None = None
    programme: str = ""
    stage: str = ""  # a stage or a group of stages
    reason: str = ""  # of those who left or withdrew; "unsaid": none was given; "dropped": any but early employment
    reached: str = ""  # at some time, wherever they stand
    year: int | None = None  # cohorts of that year
    experts: int | None = None  # of that year, by the definition that holds for it
    until: int | None = None  # and by the end of that month
    within: int | None = None  # placed by so many months after the cohort's last day
    older: int | None = None  # in their stage for more than so many days
    several: bool = False  # people with more than one row
    change: str = ""  # an adjustment to the figures of `told` that were known at `since`
    since: datetime | None = None
    told: date | None = None
    pack: UUID | None = None  # only the cohorts that this report counted
    q: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Filters":
        """Read from an address; what cannot be understood is left out."""
        given = {name: value.replace("\x00", "").strip() for name, value in arguments.items()}
        older, since = given.get("older", ""), AsOf.of({"known": given.get("since", "")}).known
        return cls(
            what=_one_of(WHATS, given.get("what")),
            cohort=_uuid(given.get("cohort", "")),
            programme=given.get("programme", "")[:80],
            stage=_one_of(counts.GROUPS, given.get("stage")),
            reason=_one_of((*LeavingReason, "unsaid", "dropped"), given.get("reason")),
            reached=_one_of(counts.REACHED, given.get("reached")),
            year=periods.year_of(given.get("year")),
            experts=periods.year_of(given.get("experts") or given.get("certified")),
            until=_number(range(1, 13), given.get("until")),
            within=_number(WITHIN, given.get("within")),
            older=min(int(older), MOST_DAYS) if older.isascii() and older.isdecimal() and len(older) < 6 else None,
            several=bool(given.get("several")),
            change=_one_of(Change, given.get("change")) if since else "",
            since=since,
            told=_told(given.get("told", ""), since),
            pack=_uuid(given.get("pack", "")),
            q=given.get("q", "")[:100],
        )

    @property
    def by_person(self) -> bool:
        return self.what in PEOPLE

    def pairs(self) -> dict[str, str]:
        """As they stand in an address."""
        return {each.name: str(getattr(self, each.name)) for each in fields(self) if getattr(self, each.name)}


@dataclass(frozen=True)
class Question:
    """A list that is asked for: the cohorts, the filters, the day, and what counts as an expert in these cohorts."""

    ids: Collection[UUID]
    asked: Filters
    at: AsOf
    counting: Counting
    ends: Mapping[UUID, date]  # the last course day of each of these cohorts


def question(led: Collection[Intake], asked: Filters, at: AsOf) -> Question:
    """Which cohorts the filters look among. Experts are looked for wherever the chosen programmes' definitions count them."""
    kept = [each for each in led if asked.programme in ("", each.programme_slug)]
    year = asked.experts or asked.year
    counting = definitions.counting(led, _definitions(kept, at, year)) if year else {}
    if asked.experts:
        found = {key for ids in counting.values() for key in ids}
        kept = [each for each in led if each.id in found]
    if asked.year is not None:
        kept = intakes.of_year(kept, asked.year, experts.cohorts_of(counting, asked.year, at))
    kept = [each for each in kept if asked.cohort in (None, each.id)]
    return Question([each.id for each in kept], asked, at, counting, {each.id: each.ends_on for each in kept})


def _definitions(kept: Iterable[Intake], at: AsOf, year: int | None) -> Collection[Definition]:
    return definitions.of_all({each.programme_id for each in kept}, at, year).values()


def _one_of(words: Iterable[str], given: str | None) -> str:
    return given if given and given in {str(each) for each in words} else ""


def _told(text: str, since: datetime | None) -> date | None:
    return AsOf.of({"on": text}).on if since and text else since.astimezone(clock.SEOUL).date() if since else None


def _number(among: Iterable[int], given: str | None) -> int | None:
    return int(given) if given and given in {str(each) for each in among} else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)  # nothing has this key: an address that names no cohort finds nobody
