"""The conditions behind the filters of a list, over the last move that is seen of each person in each cohort."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, bindparam, exists, false, or_, select
from sqlalchemy.orm import aliased

from lms.kit import clock
from lms.people.merge_models import PersonMerge
from lms.people.models import Person
from lms.pipeline.models import LeavingReason, Stage, StageEvent
from lms.reporting import counts, experts, periods
from lms.reporting.filters import Change, Filters, Question
from lms.reporting.moves import ASKING, BEFORE_COMPLETION, BEFORE_TRAINING

AWARDED = (Stage.CERTIFIED, Stage.PLACED)
# What brings somebody to a line: from a stage before it to one behind it.
LINES: Mapping[str, tuple[frozenset[Stage | None], tuple[Stage, ...]]] = {
    "admitted": (ASKING, counts.TAKING_PART),
    "trained": (BEFORE_TRAINING, (Stage.TRAINING, Stage.COMPLETED, *AWARDED)),
    "completed": (BEFORE_COMPLETION, (Stage.COMPLETED, *AWARDED)),
}


def conditions(last: type[StageEvent], wanted: Question) -> list[ColumnElement[bool]]:
    """What a row must fulfil; the parameters are those of `given`."""
    asked = wanted.asked
    found = [*_of_stages(last, asked), *_of_kinds(last, asked)]
    if asked.experts is not None and not any(wanted.counting.values()):
        found.append(false())
    if asked.within is not None:
        found.append(_placed_within(last, asked.within, wanted))
    if asked.change:
        found.append(_moved(last, changed(asked.change)))
    if asked.q:
        columns = (Person.name, Person.latin_name, Person.email)
        found.append(or_(*(column.icontains(asked.q, autoescape=True) for column in columns)))
    return found


def only(wanted: Question) -> Subquery | None:
    """Cohort and person, each pair once, of those that alone are looked at; None: everybody.

    Something to join with rather than a condition: there are far fewer experts than people who ever had a seat.
    """
    kinds = frozenset(kind for kind, ids in wanted.counting.items() if ids)
    if wanted.asked.experts is None or not kinds:
        return None
    pairs = experts.pairs(kinds).subquery()
    return select(pairs.c.cohort_id, pairs.c.person_id).distinct().subquery("reached")


def given(wanted: Question) -> dict[str, Any]:
    """The parameters of the conditions."""
    asked, at = wanted.asked, wanted.at
    values = at.given()
    if asked.experts is not None:
        counting = {kind: ids for kind, ids in wanted.counting.items() if ids}
        if counting:
            values |= experts.given(counting, asked.experts, at)
            values["year_end"] = periods.month_end(asked.experts, asked.until or 12)
    if asked.since and asked.told:
        values |= {"told_at": asked.since, "told_end": clock.day_end(asked.told)}
    return values


def changed(kind: str) -> ColumnElement[bool]:
    """A condition over a move: that it is such a change to the figures of a day (before `told_end`) that were known at `told_at`."""
    recorded = and_(StageEvent.recorded_at > bindparam("told_at"), experts.seen(StageEvent))
    back = and_(StageEvent.before.in_(AWARDED), StageEvent.stage == Stage.COMPLETED)
    if kind == Change.REVOKED:
        return and_(recorded, back, _was_told(Stage.CERTIFIED))
    wrong = and_(StageEvent.before == Stage.PLACED, StageEvent.stage == Stage.CERTIFIED)
    if kind == Change.UNPLACED:
        return and_(recorded, wrong, _was_told(Stage.PLACED))
    if kind == Change.REOPENED:
        return and_(recorded, StageEvent.before == Stage.DECLINED, _was_told(Stage.DECLINED))
    if kind == Change.MERGED:
        return and_(experts.seen(StageEvent), StageEvent.person_id.in_(merged()))
    ordinary = or_(StageEvent.before.is_(None), and_(~back, ~wrong, StageEvent.before != Stage.DECLINED))
    return and_(recorded, StageEvent.counts_from < bindparam("told_end"), ordinary)


def merged() -> Select[UUID]:
    """Who was joined with another account since, and is still."""
    since = and_(PersonMerge.at > bindparam("told_at"), PersonMerge.at <= bindparam("known"))
    together = or_(PersonMerge.undone_at.is_(None), PersonMerge.undone_at > bindparam("known"))
    return select(PersonMerge.kept_id).where(since, together)


def _was_told(stage: Stage) -> ColumnElement[bool]:
    earlier = aliased(StageEvent)
    return exists().where(
        earlier.cohort_id == StageEvent.cohort_id,
        earlier.person_id == StageEvent.person_id,
        earlier.stage == stage,
        earlier.recorded_at <= bindparam("told_at"),
        earlier.counts_from < bindparam("told_end"),
    )


def placed_by(ends: Mapping[UUID, date], months: int) -> ColumnElement[bool]:
    """A condition over a move: into a placement that holds, by so many months after the last day of its cohort."""
    by_end: dict[date, list[UUID]] = {}
    for key, day in ends.items():
        by_end.setdefault(periods.months_after(day, months), []).append(key)
    in_time = [
        and_(StageEvent.cohort_id.in_(keys), StageEvent.counts_from < clock.day_end(day))
        for day, keys in by_end.items()
    ]
    return and_(
        StageEvent.stage == Stage.PLACED,
        experts.seen(StageEvent),
        ~experts.undone(StageEvent),
        ~experts.unplaced(StageEvent),
        or_(false(), *in_time),
    )


def _of_stages(last: type[StageEvent], asked: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.stage:
        found.append(last.stage.in_(counts.GROUPS[asked.stage]))
    if asked.stage == "uncertified":
        found.append(or_(last.before.is_(None), last.before.not_in(AWARDED)))
    if asked.stage == "revoked":
        found.append(last.before.in_(AWARDED))
    if asked.reason:
        found.append(_for_reason(last, asked.reason))
    if asked.reached in LINES:
        before, stages = LINES[asked.reached]
        came = or_(StageEvent.before.is_(None), StageEvent.before.in_(before - {None}))
        found.append(_moved(last, and_(came, StageEvent.stage.in_(stages))))
    if asked.older is not None:
        found.append(last.counts_from < clock.day_start(clock.today() - timedelta(days=asked.older)))
    return found


def _for_reason(last: type[StageEvent], reason: str) -> ColumnElement[bool]:
    if reason == "unsaid":
        return last.reason.is_(None)
    if reason == "dropped":
        return or_(last.reason.is_(None), last.reason != LeavingReason.EMPLOYED)
    return last.reason == reason


def _of_kinds(last: type[StageEvent], asked: Filters) -> list[ColumnElement[bool]]:
    if asked.what in ("people", "traineeships"):
        return [last.stage.in_(counts.TAKING_PART)]
    if asked.what in ("applications", "applicants"):
        return [_moved(last, and_(StageEvent.stage == Stage.APPLIED, StageEvent.before.is_(None)))]
    return []


def _placed_within(last: type[StageEvent], months: int, wanted: Question) -> ColumnElement[bool]:
    return _moved(last, placed_by(wanted.ends, months))


def _moved(last: type[StageEvent], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the person of a row made such a move in its cohort, as far as it is seen."""
    same = and_(StageEvent.cohort_id == last.cohort_id, StageEvent.person_id == last.person_id)
    return exists().where(same, experts.seen(StageEvent), condition)
