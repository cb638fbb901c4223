"""The time now, in one place, so that a test can stand still at any moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The current moment in UTC; inside `at`, the moment given there."""
    return _held.get() or datetime.now(UTC)


def today(zone: ZoneInfo = SEOUL) -> date:
    """The calendar day of `now` at the hub, where deadlines and certificates are dated."""
    return now().astimezone(zone).date()


def day_start(day: date, zone: ZoneInfo = SEOUL) -> datetime:
    """Midnight at the beginning of `day`, as a moment in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def day_end(day: date, zone: ZoneInfo = SEOUL) -> datetime:
    """Midnight at the end of `day`: the first moment that no longer belongs to it."""
    return day_start(day + timedelta(days=1), zone)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at `moment` (with zone). Demo data and tests write history with it."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    token = _held.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _held.reset(token)
