"""Numbers by year, without a gap and without a repeat, and days that never go back."""

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from certificates.models import SerialCounter
from lms.kit import clock
from lms.kit.db import session


def locked(now: datetime) -> tuple[SerialCounter, datetime]:
    """The counter of this year, held until this transaction ends, and the moment of the next certificate.

    Whoever comes second waits here and counts on. What is rolled back gives its number back, because the count is part of
    the same transaction. The moment is `now`, or that of the last number where a clock was set back since: a higher number
    never bears an earlier day.
    """
    moment = max(now, session.scalar(select(func.max(SerialCounter.last_at))) or now)
    counter = _held(moment.astimezone(clock.SEOUL).year)
    return counter, max(moment, counter.last_at or moment)


def take(counter: SerialCounter, moment: datetime) -> int:
    """The next number of a counter that is held."""
    counter.last += 1
    counter.last_at = moment
    return counter.last


def _held(year: int) -> SerialCounter:
    if session.scalar(select(SerialCounter.year).where(SerialCounter.year == year)) is None:
        _begin(year)
    held = select(SerialCounter).where(SerialCounter.year == year).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).one()


def _begin(year: int) -> None:
    try:
        with session.begin_nested():
            session.execute(insert(SerialCounter).values(year=year, last=0))
    except IntegrityError:
        return  # the first two of a year met: the row is there
