"""The code on the projector: new every few seconds, made from the server's secret, the session and its clock."""

import hmac
import unicodedata
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from flask import current_app

from lms.kit import clock

SECONDS = 20  # how long a code is shown
GRACE = 1  # how many codes before it are still taken, for those who are typing
LENGTH = 6


def shown(meeting_id: UUID) -> str:
    """The code of this moment: six digits, quick to type on a phone."""
    return _code(meeting_id, _window(clock.now()))


def changes_at() -> datetime:
    """When the code of this moment gives way to the next."""
    return datetime.fromtimestamp((_window(clock.now()) + 1) * SECONDS, UTC)


def until_change() -> timedelta:
    return changes_at() - clock.now()


def is_taken(meeting_id: UUID, typed: str) -> bool:
    """Whether what was typed is the code of this moment or of one just before."""
    digits = "".join(str(unicodedata.decimal(letter)) for letter in typed if letter.isdecimal()).encode()
    now = _window(clock.now())
    right = [hmac.compare_digest(_code(meeting_id, now - back).encode(), digits) for back in range(GRACE + 1)]
    return any(right)


def _window(moment: datetime) -> int:
    return int(moment.timestamp()) // SECONDS


def _code(meeting_id: UUID, window: int) -> str:
    secret: str = current_app.config["SECRET_KEY"]
    told = hmac.digest(secret.encode(), b"attendance\0" + meeting_id.bytes + window.to_bytes(8, "big"), sha256)
    return f"{int.from_bytes(told[:8], 'big') % 10**LENGTH:0{LENGTH}}"
