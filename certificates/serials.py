"""Numbers by year, without a gap and without a repeat."""

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from certificates.models import SerialCounter
from lms.kit.db import session


def locked(year: int) -> SerialCounter:
    """The counter of a year, held until this transaction ends: whoever comes second waits here and counts on.

    What is rolled back gives its number back, because the count is part of the same transaction.
    """
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
