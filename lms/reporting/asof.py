"""As of which day, and as known when: the two dates that every figure of this room takes.

A move is seen when it counts by the end of the day (in Seoul) and was recorded by the moment of knowing. `on` alone gives the
figures of that day as they are known now; with `known` they are those that were told then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lms.kit import clock
from lms.reporting import periods

ENDLESS = periods.year_start(periods.LAST + 1)


@dataclass(frozen=True)
class AsOf:
    """The end of the day `on`, as known at `known` (None: now)."""

    on: date
    known: datetime | None = None

    @classmethod
    def now(cls) -> "AsOf":
        return cls(clock.today())

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "AsOf":
        """Read from an address: ``on=2026-06-30``, ``known=2026-07-01`` (the end of that day) or a whole moment.

        What cannot be understood, or lies ahead, is today and now.
        """
        today = clock.today()
        on = _day(arguments.get("on", "")) or today
        known = _moment(arguments.get("known", ""))
        return cls(min(on, today), known if known and known <= clock.now() else None)

    @property
    def is_now(self) -> bool:
        return self.known is None and self.on >= clock.today()

    @property
    def end(self) -> datetime:
        """The first moment that no longer counts."""
        return clock.day_end(self.on)

    @property
    def known_by(self) -> datetime:
        """The last moment whose records are known."""
        return self.known or ENDLESS

    @property
    def known_on(self) -> date:
        return self.known_by.astimezone(clock.SEOUL).date()

    def pairs(self) -> dict[str, str]:
        """As it stands in an address; nothing for today and now."""
        found = {} if self.on >= clock.today() else {"on": self.on.isoformat()}
        return found | ({"known": self.known.isoformat()} if self.known else {})

    def given(self, **more: Any) -> dict[str, Any]:
        """The parameters `end` and `known` of a statement, with more."""
        return {"end": self.end, "known": self.known_by, **more}


def _day(text: str) -> date | None:
    """A day of the years that this room knows; 29 February only where there is one."""
    try:
        found = date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
    return found if periods.FIRST <= found.year <= periods.LAST else None


def _moment(text: str) -> datetime | None:
    text = text.strip().replace(" ", "+")  # a plus of a time zone that an address has turned into a space
    if len(text) <= 10:
        day = _day(text)
        return clock.day_end(day) - timedelta(microseconds=1) if day else None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=clock.SEOUL)
    return aware if _day(text) else None
