"""Counting everything again from the sources, every night: the ledger, the rows that it moves, and the days that were added up.

Nothing is mended here. A difference means that something wrote past the ledger; it is named, with the person and the cohort.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from lms.kit import clock, db, jobs
from lms.kit.db import session
from lms.pipeline.models import Application, Stage, StageEvent, Traineeship
from lms.reporting import counting, periods
from lms.reporting.counting import Alike
from lms.reporting.models import CountedUntil, MoveCount, Recount

MOST = 100  # differences that are written down; the rest is a number
KEPT = 60  # recounts that are kept


class Kind(StrEnum):
    """What does not agree."""

    STAGE = "stage"  # the row stands elsewhere than its last move
    NO_ROW = "no_row"  # moves of somebody who has no application and no traineeship there
    NO_MOVE = "no_move"  # a row that no move led to
    GAP = "gap"  # a move that does not go on from where the one before it ended
    BACKWARDS = "backwards"  # a move that counts from before the one that it follows
    CERTIFIED = "certified"  # the day of the certificate is another one in the row than in the ledger
    DAYS = "days"  # a finished day was added up differently


@dataclass(frozen=True)
class Difference:
    """One thing that does not agree: what the row (or the sum) says, and what the ledger says."""

    kind: Kind
    cohort: str
    person: str
    said: str
    found: str


@jobs.nightly
def recount() -> None:
    """Count again and write down what came of it."""
    with db.looking() as reader:
        found = list(islice(differences(reader), MOST + 1))
        events = reader.scalar(select(func.count()).select_from(StageEvent)) or 0
    with db.transaction():
        session.add(
            Recount(made_at=clock.now(), events=events, differences={"found": [asdict(each) for each in found]})
        )
        old = session.scalars(select(Recount).order_by(Recount.made_at.desc()).offset(KEPT)).all()
        for each in old:
            session.delete(each)


def last() -> Recount | None:
    """The newest recount, if there was one."""
    return session.scalars(select(Recount).order_by(Recount.made_at.desc()).limit(1)).one_or_none()


def differences(reader: Session) -> Iterator[Difference]:
    """Everything that does not agree; nothing at all where everything was written through the ledger."""
    yield from _lines(reader)
    yield from _rows(reader)
    yield from _days(reader)


def _lines(reader: Session) -> Iterator[Difference]:
    """Each person's moves in a cohort go on from each other, and the last one leads to where the row stands."""
    line = _line()
    gap = or_(
        and_(line.c.previous.is_(None), line.c.before.is_not(None)),
        and_(line.c.previous.is_not(None), or_(line.c.before.is_(None), line.c.before != line.c.previous)),
    )
    pair = [line.c.cohort_id, line.c.person_id]
    for row in _all(reader, select(*pair, line.c.before, line.c.previous).where(gap)):
        yield Difference(Kind.GAP, *_keys(row), _said(row[2]), _said(row[3]))
    back = select(*pair, line.c.counts_from, line.c.previous_counts).where(line.c.previous_counts > line.c.counts_from)
    for row in _all(reader, back):
        yield Difference(Kind.BACKWARDS, *_keys(row), _said(row[2]), _said(row[3]))
    stands = case((Traineeship.id.is_not(None), Traineeship.stage), else_=Application.stage)
    query = select(*pair, line.c.stage, stands, line.c.happened_at, Traineeship.certified_at, Traineeship.id)
    query = query.select_from(line).outerjoin(Traineeship, _same(Traineeship, line))
    query = query.outerjoin(Application, _same(Application, line)).where(line.c.following.is_(None))
    wrong_day = and_(
        Traineeship.certified_at.is_not(None),
        line.c.stage == Stage.CERTIFIED,
        or_(
            line.c.before.is_(None), line.c.before != Stage.PLACED
        ),  # taken back from a wrong placement: certified before
        Traineeship.certified_at != line.c.happened_at,
    )
    for row in _all(reader, query.where(or_(stands.is_(None), stands != line.c.stage, wrong_day))):
        if row[3] is None:
            yield Difference(Kind.NO_ROW, *_keys(row), _said(None), _said(row[2]))
        elif row[3] != row[2]:
            yield Difference(Kind.STAGE, *_keys(row), _said(row[3]), _said(row[2]))
        else:
            yield Difference(Kind.CERTIFIED, *_keys(row), _said(row[5]), _said(row[4]))


def _rows(reader: Session) -> Iterator[Difference]:
    """Whoever has a row has a line in the ledger."""
    for table in (Traineeship, Application):
        moved = exists().where(StageEvent.cohort_id == table.cohort_id, StageEvent.person_id == table.person_id)
        columns: list[Any] = [table.cohort_id, table.person_id, table.stage]
        for row in _all(reader, select(*columns).where(table.stage.is_not(None), ~moved)):
            yield Difference(Kind.NO_MOVE, *_keys(row), _said(row[2]), _said(None))


def _days(reader: Session) -> Iterator[Difference]:
    """Finished days hold as many moves as the ledger."""
    until = reader.scalar(select(CountedUntil.day))
    if until is None:
        return
    columns: list[Any] = [getattr(MoveCount, name) for name in Alike._fields]
    counted = Counter[Alike]()
    for row in _all(reader, select(*columns, MoveCount.people)):
        counted[Alike(*row[:-1])] += row[-1]
    first = clock.day_start(date(periods.FIRST, 1, 1))
    for each, people in counting.alike(reader, first, clock.day_start(until)):
        if (said := counted.pop(each, 0)) != people:
            yield _of_day(each, said, people)
    for each, said in counted.items():
        yield _of_day(each, said, 0)


def _of_day(each: Alike, said: int, found: int) -> Difference:
    where = f"{each.day} {each.before or '-'} > {each.stage}"
    return Difference(Kind.DAYS, str(each.cohort_id), where, str(said), str(found))


def _line() -> Any:
    order: dict[str, Any] = {
        "partition_by": (StageEvent.cohort_id, StageEvent.person_id),
        "order_by": (StageEvent.recorded_at, StageEvent.id),
    }
    columns: list[Any] = [
        StageEvent.cohort_id,
        StageEvent.person_id,
        StageEvent.stage,
        StageEvent.before,
        StageEvent.happened_at,
        StageEvent.counts_from,
        func.lag(StageEvent.stage).over(**order).label("previous"),
        func.lag(StageEvent.counts_from).over(**order).label("previous_counts"),
        func.lead(StageEvent.stage).over(**order).label("following"),
    ]
    return select(*columns).cte("line")


def _same(table: Any, line: Any) -> Any:
    return and_(table.cohort_id == line.c.cohort_id, table.person_id == line.c.person_id)


def _all(reader: Session, query: Select[Any]) -> Iterator[Any]:
    yield from reader.connection().execute(query.execution_options(yield_per=1000))


def _keys(row: Any) -> tuple[str, str]:
    return str(row[0]), str(row[1])


def _said(value: object) -> str:
    return "" if value is None else str(value)
