"""Answers that stay right until the ledger goes on: counting each person once is the dearest question of the board.

What is remembered is asked for again when a move was recorded, when accounts were joined or taken apart, and each hour.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, select

from lms.kit import clock, db
from lms.people.merge_models import PersonMerge
from lms.pipeline.models import StageEvent

Answer = TypeVar("Answer")
KEPT = 512
# A transaction that began earlier may end after one that began later. So that its moves are noticed, those of the last
# while before the newest are counted; what takes longer than that to end is noticed in the next hour.
WHILE = timedelta(minutes=10)
_NEWEST = (
    select(
        StageEvent.id,
        StageEvent.recorded_at,
        select(func.max(PersonMerge.at)).scalar_subquery(),
        select(func.max(PersonMerge.undone_at)).scalar_subquery(),
    )
    .order_by(StageEvent.recorded_at.desc(), StageEvent.id.desc())
    .limit(1)
)
_LATELY = select(func.count()).select_from(StageEvent).where(StageEvent.recorded_at >= bindparam("since"))


def stamp() -> tuple[Any, ...]:
    """What tells one state of the ledger from another. Two queries that read a few lines."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    newest = next(iter(db.rows(_NEWEST, {})), None)
    if newest is None:
        return db.engine(), hour
    ((lately,),) = db.rows(_LATELY, {"since": newest.recorded_at - WHILE})
    return db.engine(), hour, *newest, lately


class _Question:
    """What is asked of which state; equal when both are."""

    def __init__(self, key: tuple[Any, ...], ask: Callable[[], Any]) -> None:
        self.key, self.ask = key, ask

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def answer(state: tuple[Any, ...], about: tuple[Any, ...], ask: Callable[[], Answer]) -> Answer:
    """What `ask` gives, from memory where the same was asked `about` the same state."""
    found: Answer = _answered(_Question((state, about), ask))
    return found


@lru_cache(maxsize=KEPT)
def _answered(question: _Question) -> Any:
    return question.ask()
