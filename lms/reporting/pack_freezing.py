"""The figures of a report as plain values: everything that it says, in both languages, so that nothing is looked up again.

Names of programmes and cohorts, definitions and the sentences that explain each figure are written down as they are now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.kit import i18n
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Programme
from lms.reporting import adjustments, definitions, experts, figures, intakes, ledger, outlook, periods, targets, year
from lms.reporting.asof import AsOf
from lms.reporting.definitions import Definition
from lms.reporting.figures import KEYS, Figures
from lms.reporting.intakes import Intake
from lms.reporting.pack_models import ReportPack
from lms.reporting.targets import Promise

FORM = 1  # of what is written; whoever changes it keeps reading the old one
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """What a report is asked for: days of one year, of one programme or all, as known at a moment."""

    programme: str
    first: date
    last: date
    known: datetime

    @property
    def year(self) -> int:
        return self.last.year

    @property
    def at(self) -> AsOf:
        return AsOf(self.last, self.known)


@dataclass(frozen=True)
class Frozen:
    """The values, and the cohorts that are counted in them."""

    values: dict[str, Any]
    cohorts: frozenset[UUID]


def freeze(person: Person, asked: Period, previous: ReportPack | None) -> Frozen:
    """Everything that a report of the period says over the cohorts that the person leads."""
    found = ledger.figures(person, asked.year, asked.at, asked.programme)
    before = ledger.figures(person, asked.year, AsOf(asked.first - DAY, asked.known), asked.programme)
    led = intakes.led_by(person)
    counted = {each.id for each in found.cohorts} | _in_other_programmes(led, found)
    promises = [each for each in targets.promises(person, asked.year, asked.at) if asked.programme in ("", each.slug)]
    values = {
        "form": FORM,
        "programmes": [_promised(each) for each in promises],
        "target": targets.total(promises),
        "values": {key: [before.values.get(key, 0), found.values[key]] for key in KEYS},
        "by_month": list(found.by_month),
        "cohorts": [_cohort(each, found, asked.last) for each in found.cohorts],
        "definitions": _definitions(found.definitions.values()),
        "last": _last(previous) if previous else None,
        "changes": _changes(counted, asked, previous) if previous else [],
        "forecast": _forecast(person, asked),
        "keys": {key: _key(key, asked.year) for key in KEYS},
    }
    return Frozen(values, frozenset(counted))


def _in_other_programmes(led: Iterable[Intake], found: Figures) -> set[UUID]:
    """Cohorts of other programmes in which somebody reached what a definition counts."""
    return set(experts.by_cohort(definitions.counting(led, found.definitions.values()), found.year, found.at))


def _promised(promise: Promise) -> dict[str, Any]:
    return {"title": dict(promise.title), "slug": promise.slug, "number": promise.number}


def _cohort(each: Intake, found: Figures, day: date) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "title": dict(each.title),
        "starts_on": each.starts_on.isoformat(),
        "ends_on": each.ends_on.isoformat(),
        "state": each.state_on(day).value,
        "values": {key: number for key, number in found.by_cohort[each.id].items() if key in KEYS},
    }


def _definitions(several: Iterable[Definition]) -> list[dict[str, Any]]:
    """Each definition that was counted by, with its version."""
    held = list(several)
    named = {key for each in held for key in (each.programme_id, *(of for of, _what in each.clauses))}
    titles = {
        key: dict(title)
        for key, title in session.execute(select(Programme.id, Programme.title).where(Programme.id.in_(named)))
    }
    return [
        {
            "programme": titles[each.programme_id],
            "version": each.version,
            "from_year": each.from_year,
            "set_at": each.set_at.isoformat() if each.set_at else None,
            "reason": each.reason,
            "counts": [{"programme": titles[key], "what": what.value} for key, what in sorted(each.clauses)],
        }
        for each in held
    ]


def _last(previous: ReportPack) -> dict[str, Any]:
    """What the report before this one said."""
    return {
        "id": str(previous.id),
        "number": previous.number,
        "first_day": previous.first_day.isoformat(),
        "last_day": previous.last_day.isoformat(),
        "known_at": previous.known_at.isoformat(),
        "target": previous.figures["target"],
        "values": {key: pair[1] for key, pair in previous.figures["values"].items()},
    }


def _changes(counted: Iterable[UUID], asked: Period, previous: ReportPack) -> list[dict[str, Any]]:
    told = AsOf(previous.last_day, previous.known_at)
    found = adjustments.between(list(counted), told, AsOf(max(previous.last_day, asked.last), asked.known))
    return [{"kind": str(each.kind), "people": each.people, "filters": dict(each.filters)} for each in found]


def _forecast(person: Person, asked: Period) -> dict[str, Any] | None:
    """How the year would end, seen from the last day; nothing for a whole year."""
    if (asked.last.month, asked.last.day) == (12, 31):
        return None
    told = outlook.of(year.of(person, asked.year, asked.programme, asked.at))
    if told is None:
        return None
    end = told.forecast
    numbers = {"median": end.median, "low": end.low, "high": end.high, "history": end.history}
    return {**numbers, "chance": None if told.chance is None else round(told.chance, 4)}


def _key(key: str, of_year: int) -> dict[str, Any]:
    known = KEYS[key]
    filters: Mapping[str, str] | None = figures.filters(key, of_year)
    if filters is not None:  # the cohorts are those of the report, whatever year their dates say later
        filters = {name: value for name, value in filters.items() if name != "year"}
    return {"words": both(known.words), "sentence": both(known.sentence), "filters": filters}


def both(text: Any) -> dict[str, str]:
    """A text of the product in each of its languages."""
    found = {}
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            found[language] = str(text)
    return found


def sane(day: date) -> bool:
    """Whether a report may tell of the year of this day."""
    return periods.FIRST < day.year <= periods.LAST
