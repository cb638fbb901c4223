"""How a year will probably end, put together for its pages: the forecast, a week's change, and where a shortfall sits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select

from lms.kit import clock, db
from lms.pipeline.models import Cohort, StageEvent
from lms.reporting import forecasting, remembering
from lms.reporting.asof import AsOf
from lms.reporting.definitions import Definition
from lms.reporting.forecast import Forecast, Share
from lms.reporting.forecast_cohorts import Known
from lms.reporting.forecasting import Material
from lms.reporting.intakes import Intake
from lms.reporting.year import Year

USUAL_DAYS = 112  # length of a cohort that is only thought of, where there is none to go by
TRIED = UUID(int=0)  # the key of such a cohort
_STAMP: Select[Any] = select(
    select(func.max(StageEvent.recorded_at)).scalar_subquery(),
    select(func.count()).select_from(Cohort).scalar_subquery(),
    select(func.sum(Cohort.version)).scalar_subquery(),
)


@dataclass(frozen=True)
class Told:
    """A forecast as of a day, with who is counted already in which cohort."""

    forecast: Forecast
    already: Mapping[UUID, int]

    def share(self, cohort: UUID) -> Share | None:
        return next((each for each in self.forecast.shares if each.key == str(cohort)), None)

    def brings(self, cohort: UUID) -> float:
        """What a cohort brings to the year, as far as is known and expected."""
        share = self.share(cohort)
        return self.already.get(cohort, 0) + (share.expected if share else 0)


@dataclass(frozen=True)
class Line:
    """One cohort of the year: what it has brought, what it is expected to bring, and how far that is from its part of the target.

    Its part is the target by seats. `gap` is positive where it falls short; None without a target.
    """

    cohort: Intake
    already: int
    more: Share | None
    gap: float | None
    empty: int  # seats that nobody had
    left: int
    change: float  # since a week ago


@dataclass(frozen=True)
class Outlook:
    """Everything that the pages of the forecast show."""

    year: int
    at: AsOf
    target: int | None
    now: Told
    before: Told | None  # a week ago, as it was known then; None when nothing was
    lines: list[Line]
    state: tuple[Any, ...] = field(repr=False)  # of the ledger and the cohorts, from which it was worked out

    @property
    def forecast(self) -> Forecast:
        return self.now.forecast

    @property
    def chance(self) -> float | None:
        return None if self.target is None else self.forecast.chance(self.target)

    @property
    def short_by(self) -> int:
        """How far the median stays below the target; 0 where it does not."""
        return max(0, (self.target or 0) - self.forecast.median)

    @property
    def short_lines(self) -> list[Line]:
        """The cohorts that fall short by at least one person, the widest gap first."""
        short = [each for each in self.lines if each.gap is not None and each.gap >= 1]
        return sorted(short, key=lambda each: -(each.gap or 0))

    @property
    def moved(self) -> list[Line]:
        """The cohorts of which more or less is expected than a week ago, by at least half a person; the largest first."""
        return sorted((each for each in self.lines if abs(each.change) >= 0.5), key=lambda each: -abs(each.change))


@dataclass(frozen=True)
class WhatIf:
    """What would be otherwise: so many points more of a hundred arrive, or a cohort more begins."""

    points: int = 0
    seats: int = 0
    starts_on: date | None = None


def of(seen: Year) -> Outlook | None:
    """The outlook of a year that is not over; None where it is, or where there is nothing to tell of."""
    if seen.year < seen.at.on.year:
        return None
    led = seen.every
    (state,) = db.rows(_STAMP, {})
    now = _told(state, led, seen.definitions, seen.year, seen.at)
    if not now.forecast.shares and not now.forecast.floor:
        return None
    before = _told(state, led, seen.definitions, seen.year, forecasting.week_before(seen.at))
    known = bool(before.forecast.shares or before.forecast.floor)
    lines = _lines(seen, now, before if known else None)
    return Outlook(seen.year, seen.at, seen.pace.target, now, before if known else None, lines, tuple(state))


def material(seen: Year) -> Material:
    """What the forecast of the year is made from, to be asked otherwise or tried."""
    return forecasting.inputs(seen.every, seen.definitions, seen.year, seen.at)


def what_if(made_from: Material, asked: WhatIf) -> tuple[Forecast, date | None]:
    """The forecast if it were so, and the last day of the cohort that is added, if one is."""
    more = _thought_of(made_from, asked) if asked.seats and asked.starts_on else None
    return made_from.told(points=asked.points, more=[more] if more else []), more.ends_on if more else None


def _thought_of(made_from: Material, asked: WhatIf) -> Known:
    """A cohort like those that there are: as long, and of the programme that has most of them."""
    there = [*made_from.live, *made_from.earlier]
    assert asked.starts_on
    programmes = [each.programme for each in made_from.live] or [each.programme for each in there] or [TRIED]
    programme = max(programmes, key=lambda each: (programmes.count(each), each.int))
    days = [each.course.days for each in there if each.programme == programme]
    ends_on = asked.starts_on + timedelta(days=int(median(days) if days else USUAL_DAYS) - 1)
    return Known(TRIED, programme, asked.seats, asked.starts_on, ends_on, {})


def _lines(seen: Year, now: Told, before: Told | None) -> list[Line]:
    counted = {programme for each in seen.definitions.values() for programme, _what in each.clauses}
    cohorts = [each for each in seen.cohorts if each.programme_id in counted]
    seats = sum(each.seats for each in cohorts)
    lines = []
    for each in cohorts:
        brings, tally = now.brings(each.id), seen.tallies[each.id]
        part = None if seen.pace.target is None else seen.pace.target * each.seats / seats
        lines.append(
            Line(
                cohort=each,
                already=now.already.get(each.id, 0),
                more=now.share(each.id),
                gap=None if part is None else part - brings,
                empty=max(0, each.seats - tally.traineeships),
                left=tally.of("left"),
                change=brings - before.brings(each.id) if before else 0.0,
            )
        )
    return lines


def _told(state: Row[Any], led: Collection[Intake], defined: Mapping[UUID, Definition], year: int, at: AsOf) -> Told:
    """The forecast; worked out anew when the ledger or a cohort changed, and each hour, because people may be merged.

    What was known by a day that is over stays as it was, whatever comes into the ledger.
    """
    newest, count, versions = tuple(state)
    ids = tuple(sorted(each.id for each in led))
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    newest = newest if at.known is None or at.known >= clock.day_start(clock.today()) else None
    clauses = tuple(sorted((key, tuple(sorted(each.clauses))) for key, each in defined.items()))

    def tell() -> Told:
        made_from = forecasting.inputs(led, defined, year, at)
        return Told(made_from.told(), made_from.already)

    return remembering.answer((newest, count, versions, hour), ("forecast", ids, clauses, year, at), tell)
