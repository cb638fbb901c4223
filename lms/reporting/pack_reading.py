"""What a frozen report says, ready to be shown: read from its own values alone, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import current_app, url_for

from lms.kit import i18n
from lms.reporting import figures, pace
from lms.reporting.pace import Month, Pace
from lms.reporting.pack_freezing import Frozen, Period
from lms.reporting.pack_models import ReportPack

# The figures of each table, by key.
PEOPLE = ("experts", "experts.traineeships", "experts.several", "people", "people.several", "traineeships")
WAY = ("applicants", "applications", "entered", "admitted", "trained", "completed", "placed.3", "placed.6", "placed.12")
MAIN = (*PEOPLE, *WAY)
STANDING = tuple(
    f"standing.{each}"
    for each in (
        *("undecided", "admitted", "training", "completed", "certified", "placed"),
        *("left", "declined", "withdrawn"),
    )
)
HRD_NET = ("seats", "entered", "trained", "completed", "placed.3", "placed.6")
FUNNEL = ("entered", "admitted", "trained", "completed", "standing.awarded", "standing.placed")
REASONS = ("employed", "health", "time", "level", "moved", "rules", "other", "unsaid")


@dataclass(frozen=True)
class Row:
    """A figure of the whole: before the period, at its end, and in the report before."""

    key: str
    before: int
    end: int
    told: int | None

    @property
    def gained(self) -> int:
        return self.end - self.before

    @property
    def differs(self) -> int | None:
        return None if self.told is None else self.end - self.told


@dataclass(frozen=True)
class Last:
    """The report before: its number, days and knowing."""

    id: UUID
    number: int
    first_day: date
    last_day: date
    known_at: datetime
    target: int | None


@dataclass(frozen=True)
class Told:
    """One report, frozen or only looked at (`id` None)."""

    id: UUID | None
    number: int
    programme: str
    first_day: date
    last_day: date
    known_at: datetime
    made_at: datetime | None
    made_by: str
    explanation: str
    values: Mapping[str, Any]
    hidden: frozenset[tuple[str, str]] = frozenset()  # figures that are not told, by key and cohort ("": of all)

    @classmethod
    def of(cls, pack: ReportPack) -> "Told":
        return cls(
            pack.id,
            pack.number,
            pack.programme,
            pack.first_day,
            pack.last_day,
            pack.known_at,
            pack.made_at,
            pack.asked_by.name,
            pack.explanation,
            pack.figures,
        )

    @classmethod
    def preview(cls, frozen: Frozen, asked: Period) -> "Told":
        days = (asked.first, asked.last, asked.known)
        return cls(None, 0, asked.programme, *days, None, "", "", frozen.values)

    @property
    def year(self) -> int:
        return self.last_day.year

    @property
    def standing(self) -> Pace:
        return Pace(self.year, self.last_day, self.at_end("experts"), self.values["target"])

    @property
    def months(self) -> list[Month]:
        """The year by month up to the last day."""
        return [each for each in pace.months(self.standing, self.values["by_month"]) if not each.ahead]

    @property
    def titles(self) -> list[str]:
        return [i18n.best(each["title"]) for each in self.values["programmes"]]

    @property
    def last(self) -> Last | None:
        found = self.values["last"]
        if found is None:
            return None
        days = date.fromisoformat(found["first_day"]), date.fromisoformat(found["last_day"])
        known = datetime.fromisoformat(found["known_at"])
        return Last(UUID(found["id"]), found["number"], *days, known, found["target"])

    @property
    def rows(self) -> list[Row]:
        told = (self.values["last"] or {}).get("values", {})
        pairs = self.values["values"]
        return [Row(key, pairs[key][0], pairs[key][1], told.get(key)) for key in MAIN if key in pairs]

    @property
    def reasons(self) -> list[str]:
        """The reasons for leaving or withdrawing that somebody had."""
        return [each for each in REASONS if self.at_end(f"left.{each}") or self.at_end(f"withdrawn.{each}")]

    def at_end(self, key: str) -> int:
        number: int = self.values["values"][key][1]
        return number

    def cell(self, key: str, cohort: str = "") -> int | None:
        """A figure of the tables, of one cohort or of all; None where it is hidden."""
        if (key, cohort) in self.hidden:
            return None
        if not cohort:
            return self.at_end(key)
        return next((int(each["values"].get(key, 0)) for each in self.values["cohorts"] if each["id"] == cohort), 0)

    def words(self, key: str) -> str:
        return i18n.best(self.values["keys"][key]["words"])

    def sentence(self, key: str) -> str:
        return i18n.best(self.values["keys"][key]["sentence"])

    def filters(self, key: str, cohort: str = "") -> dict[str, str] | None:
        """The filters of the list behind a figure; None where it counts no people."""
        found = self.values["keys"][key]["filters"]
        if found is None:
            return None
        if self.id is None and not cohort:  # no report keeps its cohorts yet: they are those of the year
            found = figures.filters(key, self.year)
        more = {"programme": self.programme} if self.programme and not cohort else {}
        more |= {"cohort": cohort} if cohort else {}
        more |= {"pack": str(self.id)} if self.id else {}
        return {**found, **more, "on": self.last_day.isoformat(), "known": self.known_at.isoformat()}

    def address(self, key: str, cohort: str = "") -> str | None:
        """The address of the list behind a figure, on this site."""
        found = self.filters(key, cohort)
        return f"{url_for('reporting.people')}?{urlencode(found)}" if found else None

    def printed_address(self, key: str, cohort: str = "") -> str | None:
        """The short address of the same list, whole, as it stands on paper; None where the figure counts no people."""
        if self.filters(key) is None:
            return None
        values = {"pack_id": self.id, "key": key} | ({"cohort_id": cohort} if cohort else {})
        built = current_app.url_map.bind("").build("reporting.report_list", values)
        return f"{current_app.config['PUBLIC_URL']}{built}"

    @property
    def shown_keys(self) -> list[str]:
        """Every figure that stands somewhere in the report, each once."""
        kinds = ("left", "withdrawn")
        reasons = [f"{kind}.{each}" for each in self.reasons for kind in kinds]
        return list(dict.fromkeys([*MAIN, *STANDING, *HRD_NET, *FUNNEL, "left.dropped", *reasons]))
