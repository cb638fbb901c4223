"""Reads from the ledger what the forecast is made from, as of a day and as known then: four queries, however many cohorts."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, String, bindparam, select, type_coerce

from lms.kit import clock, db
from lms.pipeline.models import Cohort, LeavingReason, Stage, StageEvent, Traineeship
from lms.pipeline.progress_marks import ProgressMark
from lms.reporting import definitions, experts, forecast, forecast_cohorts
from lms.reporting.asof import AsOf
from lms.reporting.definitions import Definition
from lms.reporting.forecast import Forecast
from lms.reporting.forecast_cohorts import NEVER, Known, Path
from lms.reporting.intakes import Intake
from lms.reporting.models import Achievement

MEMORY = 4 * 366  # days: what ended earlier teaches nothing any more
WEEK = timedelta(days=7)
# Told apart by what is not asked for, so that the moves of these cohorts are read by their index and not those of a stage.
_SEATLESS = (Stage.APPLIED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN)
_BACK = (Stage.CERTIFIED, Stage.PLACED)


@dataclass(frozen=True)
class Material:
    """What a forecast of a year is made from, as of a day."""

    year: int
    on: date
    counted: frozenset[Hashable]  # who is an expert of the year already
    live: tuple[Known, ...]  # cohorts of the reader that may still bring somebody
    earlier: tuple[Known, ...]  # cohorts of the whole installation that are over

    @property
    def last(self) -> date:
        return date(self.year, 12, 31)

    def told(self, *, points: float = 0, more: Iterable[Known] = ()) -> Forecast:
        """The year's end. `points` and `more` (cohorts besides those that there are): what if?"""
        live = [*self.live, *more]
        return forecast.year(
            len(self.counted),
            forecast_cohorts.running(live, self.earlier, self.on, self.last, self.counted),
            points=points,
        )


def inputs(led: Collection[Intake], defined: Mapping[UUID, Definition], year: int, at: AsOf) -> Material:
    """What was known at `at` for a forecast of `year` over the cohorts `led` that these definitions count.

    It learns from all cohorts of the installation, because rates tell of nobody. Four queries.
    """
    wanted = definitions.together(defined.values())
    counting = {what: [each.id for each in led if each.programme_id in where] for what, where in wanted.items()}
    mine = {key for ids in counting.values() for key in ids}
    facts = [
        _blank(row) for row in db.rows(_cohorts(), {"known": at.known_by, "since": at.on - timedelta(days=MEMORY)})
    ]
    live = forecast_cohorts.concerned([each for each in facts if each.key in mine], at.on, date(year, 12, 31))
    over = forecast_cohorts.Earlier(each for each in facts if each.ends_on < at.on and each.starts_on <= at.on)
    teachers = {found.key for each in live for found in over.like(each)} | {each.key for each in over.latest()}
    read_from = teachers | {each.key for each in live}
    read = _paths([each for each in facts if each.key in read_from], teachers, wanted, at)
    return Material(
        year,
        at.on,
        frozenset(_experts(counting, year, at)),
        tuple(read[each.key] for each in live),
        tuple(read[key] for key in sorted(teachers)),
    )


def week_before(at: AsOf) -> AsOf:
    """What was known a week earlier, at the end of that day."""
    day = at.on - WEEK
    return AsOf(day, min(clock.day_end(day) - timedelta(microseconds=1), at.known_by))


def _blank(row: Any) -> Known:
    key, programme, seats, starts_on, ends_on, stored = row
    return Known(key, programme, seats, starts_on, ends_on, {}, stored)


def _experts(counting: Mapping[Achievement, Collection[UUID]], year: int, at: AsOf) -> set[Hashable]:
    some = {what: ids for what, ids in counting.items() if ids}
    if not some:
        return set()
    return {row[0] for row in db.rows(_people(frozenset(some)), experts.given(some, year, at))}


def _paths(
    cohorts: Collection[Known], teachers: Collection[UUID], wanted: Mapping[Achievement, frozenset[UUID]], at: AsOf
) -> dict[UUID, Known]:
    """The cohorts with the path of everybody in them. Programmes that no definition names count their certificates."""
    lines: dict[Hashable, dict[Hashable, _Line]] = {each.stored: {} for each in cohorts}
    starts = {each.stored: _stored(clock.day_start(each.starts_on)) for each in cohorts}
    ids = [each.key for each in cohorts]
    idle = _SEATLESS if Achievement.PLACED in wanted else (*_SEATLESS, Stage.PLACED)
    for cohort, person, stage, before, moment, reason in db.rows(_moves(), at.given(ids=ids, idle=idle)):
        people = lines[cohort]
        line = people.get(person) or people.setdefault(person, _Line())
        line.take(stage, before, reason, (moment - starts[cohort]).days)
    working = [each.key for each in cohorts if each.ends_on >= at.on or each.key in teachers]
    for cohort, person, fifth, moment in db.rows(_marks(), at.given(ids=working)):
        if person in lines[cohort]:
            lines[cohort][person].fifths.append(((moment - starts[cohort]).days, fifth))
    found = {}
    for each in cohorts:
        kinds = frozenset(what for what, where in wanted.items() if each.programme in where)
        paths = {person: line.path(kinds or _USUAL) for person, line in lines[each.stored].items()}
        found[each.key] = replace(each, paths=paths)
    return found


def _stored(moment: datetime) -> datetime:
    """A moment as the driver gives it: SQLite keeps those of UTC without a zone."""
    return moment.replace(tzinfo=None) if db.engine().dialect.name == "sqlite" else moment


_USUAL = frozenset({Achievement.CERTIFIED})


class _Line:
    """The moves of one person in one cohort, in whatever order they are read."""

    __slots__ = ("back", "certified", "days", "employed", "fifths", "placed", "times")

    def __init__(self) -> None:
        self.fifths: list[tuple[int, int]] = []
        self.days: dict[str, int] = {}
        self.certified = NEVER  # the last time
        self.times = self.back = 0
        self.placed = 0  # how many placements were told and not taken back
        self.employed = False

    def take(self, stage: str, before: str | None, reason: str | None, day: int) -> None:
        if stage == Stage.COMPLETED and before in _BACK:
            self.back += 1
            return
        if stage == Stage.CERTIFIED and before == Stage.PLACED:
            self.placed -= 1
            return
        self.placed += stage == Stage.PLACED
        if stage == Stage.CERTIFIED:
            self.times += 1
            self.certified = day if self.times == 1 else max(self.certified, day)
        self.days[stage] = min(day, self.days.get(stage, NEVER))
        self.employed |= stage == Stage.LEFT and reason == LeavingReason.EMPLOYED

    def path(self, kinds: Collection[Achievement]) -> Path:
        days = self.days
        held = self.times > self.back
        certified = self.certified if held else NEVER
        arrived = min(
            certified if Achievement.CERTIFIED in kinds else NEVER,
            days.get(Stage.PLACED, NEVER) if Achievement.PLACED in kinds and held and self.placed > 0 else NEVER,
            days.get(Stage.COMPLETED, NEVER) if Achievement.COMPLETED in kinds else NEVER,
            days.get(Stage.LEFT, NEVER) if Achievement.EMPLOYED in kinds and self.employed else NEVER,
        )
        completed = min(days.get(Stage.COMPLETED, NEVER), days.get(Stage.CERTIFIED, NEVER))
        trained = min(days.get(Stage.TRAINING, NEVER), completed)
        left = days.get(Stage.LEFT, NEVER)
        admitted = min(days.get(Stage.ADMITTED, NEVER), trained, left)
        return Path(admitted, trained, completed, left, arrived, tuple(sorted(self.fifths)))


def _as_stored(key: Any) -> ColumnElement[str]:
    """A key as the driver gives it. Here it is only compared, and to make a UUID of each costs more than to read the row."""
    return type_coerce(key, String())


@cache
def _cohorts() -> Select[Any]:
    columns: list[Any] = [Cohort.id, Cohort.programme_id, Cohort.seats, Cohort.starts_on, Cohort.ends_on]
    return select(*columns, _as_stored(Cohort.id)).where(
        Cohort.made_at <= bindparam("known"), Cohort.ends_on >= bindparam("since")
    )


@cache
def _moves() -> Select[Any]:
    columns: list[Any] = [
        _as_stored(StageEvent.cohort_id),
        _as_stored(StageEvent.person_id),
        type_coerce(StageEvent.stage, String()),
        type_coerce(StageEvent.before, String()),
        type_coerce(StageEvent.counts_from, DateTime()),
        type_coerce(StageEvent.reason, String()),
    ]
    return select(*columns).where(
        StageEvent.cohort_id.in_(bindparam("ids", expanding=True)),
        StageEvent.stage.not_in(bindparam("idle", expanding=True)),
        experts.seen(StageEvent),
    )


@cache
def _marks() -> Select[Any]:
    whose: list[Any] = [_as_stored(Traineeship.cohort_id), _as_stored(Traineeship.person_id)]
    columns: list[Any] = [*whose, ProgressMark.fifth, type_coerce(ProgressMark.reached_at, DateTime())]
    return (
        select(*columns)
        .join(Traineeship, Traineeship.id == ProgressMark.traineeship_id)
        .where(
            Traineeship.cohort_id.in_(bindparam("ids", expanding=True)),
            ProgressMark.reached_at < bindparam("end"),
            ProgressMark.reached_at <= bindparam("known"),
        )
    )


@cache
def _people(kinds: frozenset[Achievement]) -> Select[Any]:
    return select(_as_stored(experts.pairs(kinds).subquery().c.person_id)).distinct()
