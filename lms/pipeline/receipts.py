"""Receipt numbers: one row of counting a year, without gaps."""

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.kit import clock
from lms.kit.db import session
from lms.pipeline.models import ReceiptCounter


def next_number() -> str:
    """The next receipt number of this year in Seoul, e.g. ``2026-A-000123``.

    The count is part of the transaction: what is rolled back leaves no gap, and a second sender waits for the first.
    """
    year = clock.today().year
    if session.scalar(select(ReceiptCounter.year).where(ReceiptCounter.year == year)) is None:
        _begin(year)
    counted = update(ReceiptCounter).where(ReceiptCounter.year == year).values(last=ReceiptCounter.last + 1)
    number = session.scalar(counted.returning(ReceiptCounter.last).execution_options(synchronize_session=False))
    return f"{year}-A-{number:06}"


def _begin(year: int) -> None:
    try:
        with session.begin_nested():
            session.execute(insert(ReceiptCounter).values(year=year, last=0))
    except IntegrityError:
        return  # the first two senders of a year met: the row is there
