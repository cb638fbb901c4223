"""Calendar years at the hub: a year begins and ends at midnight in Seoul."""

import calendar
from datetime import date, datetime

from lms.kit import clock

FIRST, LAST = 2000, 2200  # the years that a target may be set for


def year_start(year: int) -> datetime:
    """The moment at which `year` begins."""
    return clock.day_start(date(year, 1, 1))


def month_end(year: int, month: int) -> datetime:
    """The first moment that no longer belongs to the month (1 to 12)."""
    return clock.day_start(date(year + month // 12, month % 12 + 1, 1))


def year_end(year: int) -> datetime:
    """The first moment that no longer belongs to `year`."""
    return month_end(year, 12)


def year_of(text: str | None) -> int | None:
    """The year that an address names, or None when it names none that can be."""
    return int(text) if text and text.isascii() and text.isdecimal() and FIRST <= int(text[:5]) <= LAST else None


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it is shorter (29 February: 28 in other years)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
