"""Adding up finished days of the ledger, at night, so that a question about any day costs as little as one about today.

Days that are over never get new records (`recorded_at` is the clock's), so what was counted stays right; the nightly recount
compares it with the ledger all the same, and `begin_anew` counts everything again.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from lms.kit import clock, db, jobs
from lms.kit.db import new_key, session
from lms.pipeline.models import LeavingReason, Stage, StageEvent
from lms.reporting import moves
from lms.reporting.models import CountedUntil, MoveCount

AT_ONCE = 20_000  # moves that are counted in one transaction
_LINES = (
    select(
        StageEvent.cohort_id,
        StageEvent.counts_from,
        StageEvent.recorded_at,
        StageEvent.stage,
        StageEvent.before,
        StageEvent.reason,
    )
    .where(StageEvent.recorded_at >= bindparam("start"), StageEvent.recorded_at < bindparam("end"))
    .order_by(StageEvent.recorded_at)
)


class Alike(NamedTuple):
    """What moves have in common that are counted together."""

    cohort_id: UUID
    day: date
    recorded_on: date
    stage: Stage
    before: Stage | None
    reason: LeavingReason | None


@jobs.nightly
def count_moves() -> None:
    """Count every day that is over and not counted yet."""
    while _count_some(clock.today()):
        db.session.remove()


def begin_anew() -> None:
    """Forget what was counted and count everything again."""
    with db.transaction():
        session.execute(delete(CountedUntil))
        session.execute(delete(MoveCount))
    count_moves()


def count_again(cohort_ids: Collection[UUID]) -> None:
    """Count the finished days of some cohorts anew, in the caller's transaction: lines of theirs were joined or taken apart."""
    session.flush()
    session.execute(delete(MoveCount).where(MoveCount.cohort_id.in_(cohort_ids)))
    found = alike(session(), clock.day_start(moves.NOTHING_YET), clock.day_start(moves.until()), cohort_ids)
    rows = [{"id": new_key(), **each._asdict(), "people": people} for each, people in found]
    if rows:
        session.execute(insert(MoveCount), rows)


def alike(
    reader: Session, start: datetime, end: datetime, cohort_ids: Collection[UUID] | None = None
) -> Iterator[tuple[Alike, int]]:
    """The moves recorded from `start` up to `end`, those alike together; a day of records at a time, in order."""
    wanted = _LINES if cohort_ids is None else _LINES.where(StageEvent.cohort_id.in_(cohort_ids))
    lines = reader.connection().execute(wanted.execution_options(yield_per=2000), {"start": start, "end": end})
    day, found = date.min, Counter[Alike]()
    for cohort_id, counts_from, recorded_at, stage, before, reason in lines:
        recorded_on = _day(recorded_at)
        if recorded_on != day:
            yield from found.items()
            day, found = recorded_on, Counter()
        found[Alike(cohort_id, _day(counts_from), recorded_on, stage, before, reason)] += 1
    yield from found.items()


def _count_some(today: date) -> bool:
    """Count some days more; whether there are more."""
    with db.looking() as reader:
        start = reader.scalar(select(CountedUntil.day)) or _first(reader)
        if start is None or start >= today:
            return False
        rows, until = _gathered(reader, start, today)
    with db.transaction():
        now = session.scalar(select(CountedUntil).with_for_update())
        if (now.day if now else start) != start:
            return True  # another process was quicker
        if rows:
            session.execute(insert(MoveCount), rows)
        if now:
            now.day = until
        else:
            session.add(CountedUntil(id=1, day=until))
    return until < today


def _gathered(reader: Session, start: date, today: date) -> tuple[list[dict[str, Any]], date]:
    """Rows for whole days from `start` on, and the first day that is not among them."""
    rows: list[dict[str, Any]] = []
    moved, last = 0, start
    for each, people in alike(reader, clock.day_start(start), clock.day_start(today)):
        if moved >= AT_ONCE and each.recorded_on > last:
            return rows, each.recorded_on
        last, moved = each.recorded_on, moved + people
        rows.append({"id": new_key(), **each._asdict(), "people": people})
    return rows, today


def _first(reader: Session) -> date | None:
    earliest = reader.scalar(select(func.min(StageEvent.recorded_at)))
    return _day(earliest) if earliest else None


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SEOUL).date()
