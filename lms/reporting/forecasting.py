"""Reads from the ledger what the forecast is made from, as of a day and as known then: four queries, however many cohorts."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, String, and_, bindparam, case, func, or_, select, type_coerce

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
    already: Mapping[UUID, int]  # cohort → who became one in it
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
        *_experts(counting, year, at),
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


def _experts(
    counting: Mapping[Achievement, Collection[UUID]], year: int, at: AsOf
) -> tuple[frozenset[Hashable], dict[UUID, int]]:
    """Who is an expert of the year, and how many became one in each cohort."""
    some = {what: ids for what, ids in counting.items() if ids}
    pairs = set(map(tuple, db.rows(_pairs(frozenset(some)), experts.given(some, year, at)))) if some else set()
    in_cohort = Counter(cohort for cohort, _person in pairs)
    return frozenset(person for _cohort, person in pairs), {_key(stored): count for stored, count in in_cohort.items()}


def _paths(
    cohorts: Collection[Known], teachers: Collection[UUID], wanted: Mapping[Achievement, frozenset[UUID]], at: AsOf
) -> dict[UUID, Known]:
    """The cohorts with the path of everybody in them. Programmes that no definition names count their certificates."""
    starts = {each.stored: _stored(clock.day_start(each.starts_on)) for each in cohorts}
    fifths: dict[Hashable, dict[Hashable, list[tuple[int, int]]]] = {each.stored: {} for each in cohorts}
    working = [each.key for each in cohorts if each.ends_on >= at.on or each.key in teachers]
    for cohort, person, fifth, moment in db.rows(_marks(), at.given(ids=working)):
        fifths[cohort].setdefault(person, []).append(((moment - starts[cohort]).days, fifth))
    kinds = {
        each.stored: frozenset(what for what, where in wanted.items() if each.programme in where) or _USUAL
        for each in cohorts
    }
    paths: dict[Hashable, dict[Hashable, Path]] = {each.stored: {} for each in cohorts}
    for cohort, person, *firsts in db.rows(_firsts(), at.given(ids=[each.key for each in cohorts])):
        work = fifths[cohort].get(person)
        paths[cohort][person] = _path(starts[cohort], kinds[cohort], firsts, tuple(sorted(work)) if work else ())
    return {each.key: replace(each, paths=paths[each.stored]) for each in cohorts}


def _stored(moment: datetime) -> datetime:
    """A moment as the driver gives it: SQLite keeps those of UTC without a zone."""
    return moment.replace(tzinfo=None) if db.engine().dialect.name == "sqlite" else moment


_USUAL = frozenset({Achievement.CERTIFIED})


def _path(
    start: datetime, kinds: Collection[Achievement], firsts: Sequence[Any], fifths: tuple[tuple[int, int], ...]
) -> Path:
    """The way of one person in one cohort that began at `start`; `firsts` as in `_firsts`."""
    days = [NEVER if moment is None else (moment - start).days for moment in firsts[:7]]
    admitted, trained, completed, left, first_certified, certified, placed = days
    employed, certificates, placements = firsts[7:]
    held = certificates > 0
    arrived = min(
        certified if held and Achievement.CERTIFIED in kinds else NEVER,
        placed if held and placements > 0 and Achievement.PLACED in kinds else NEVER,
        completed if Achievement.COMPLETED in kinds else NEVER,
        left if employed and Achievement.EMPLOYED in kinds else NEVER,
    )
    completed = min(completed, first_certified)
    trained = min(trained, completed)
    return Path(min(admitted, trained, left), trained, completed, left, arrived, fifths)


def _as_stored(key: Any) -> ColumnElement[str]:
    """A key as the driver gives it. Here it is only compared, and to make a UUID of each costs more than to read the row."""
    return type_coerce(key, String())


def _key(stored: Any) -> UUID:
    """The key that `_as_stored` gave: PostgreSQL's driver makes a UUID of it all the same."""
    return stored if isinstance(stored, UUID) else UUID(stored)


@cache
def _cohorts() -> Select[Any]:
    columns: list[Any] = [Cohort.id, Cohort.programme_id, Cohort.seats, Cohort.starts_on, Cohort.ends_on]
    return select(*columns, _as_stored(Cohort.id)).where(
        Cohort.made_at <= bindparam("known"), Cohort.ends_on >= bindparam("since")
    )


@cache
def _firsts() -> Select[Any]:
    """A row for each person in each cohort who ever had a seat.

    When they were admitted, began, completed, left and were certified first, certified last and placed; whether they left
    for work; their certificates less those revoked, and their placements less those withdrawn.
    """
    stage, before = StageEvent.stage, StageEvent.before
    back = and_(stage == Stage.COMPLETED, before.in_(_BACK))
    again = and_(stage == Stage.CERTIFIED, before == Stage.PLACED)  # the placement was withdrawn
    completed = and_(stage == Stage.COMPLETED, or_(before.is_(None), before.not_in(_BACK)))
    certified = and_(stage == Stage.CERTIFIED, or_(before.is_(None), before != Stage.PLACED))
    found = [stage == Stage.ADMITTED, stage == Stage.TRAINING, completed, stage == Stage.LEFT, certified]
    moments: list[Any] = [func.min(_when(each)) for each in found]
    moments += [func.max(_when(certified)), func.min(_when(stage == Stage.PLACED))]
    employed = and_(stage == Stage.LEFT, StageEvent.reason == LeavingReason.EMPLOYED)
    numbers = [experts.count_if(employed)]
    numbers.append(experts.count_if(certified) - experts.count_if(back))
    numbers.append(experts.count_if(stage == Stage.PLACED) - experts.count_if(again))
    whose: list[Any] = [_as_stored(StageEvent.cohort_id), _as_stored(StageEvent.person_id)]
    query = select(*whose, *(type_coerce(each, DateTime()) for each in moments), *numbers)
    return query.where(
        StageEvent.cohort_id.in_(bindparam("ids", expanding=True)), stage.not_in(_SEATLESS), experts.seen(StageEvent)
    ).group_by(StageEvent.cohort_id, StageEvent.person_id)


def _when(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return case((condition, StageEvent.counts_from))


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
def _pairs(kinds: frozenset[Achievement]) -> Select[Any]:
    found = experts.pairs(kinds).subquery().c
    columns: list[Any] = [_as_stored(found.cohort_id), _as_stored(found.person_id)]
    return select(*columns)
