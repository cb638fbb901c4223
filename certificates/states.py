"""What a certificate is worth today: one function for one certificate, and the same rule for the database."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_

from certificates.models import Certificate, Ground
from lms.kit import clock


class State(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


def last_day(issued_on: date, months: int | None) -> date | None:
    """The last day on which a certificate holds: the same day of the month, `months` later (31 August and 6: 28 February)."""
    if months is None:
        return None
    years, month = divmod(issued_on.month - 1 + months, 12)
    year, month = issued_on.year + years, month + 1
    return date(year, month, min(issued_on.day, monthrange(year, month)[1]))


def state(*, revoked: bool, replaced: bool, expires_on: date | None, today: date) -> State:
    """The first that holds of: revoked, replaced, expired, valid. `expires_on` is the last day on which it holds."""
    if revoked:
        return State.REVOKED
    if replaced:
        return State.REPLACED
    return State.EXPIRED if expires_on and expires_on < today else State.VALID


def of(certificate: Certificate) -> State:
    """The state of a certificate now. Its day ends at midnight at the hub, wherever the reader is."""
    return state(
        revoked=certificate.revocation is not None,
        replaced=certificate.replacement is not None,
        expires_on=certificate.expires_on,
        today=clock.today(),
    )


def being(wanted: State, today: date | None = None) -> ColumnElement[bool]:
    """The same rule as a condition: the certificates that are in this state."""
    today = today or clock.today()
    revoked, replaced = Certificate.revocation.has(), Certificate.replacement.has()
    expired, lasting = Certificate.expires_on < today, Certificate.expires_on.is_(None)
    holds = or_(lasting, Certificate.expires_on >= today)
    return {
        State.REVOKED: revoked,
        State.REPLACED: and_(~revoked, replaced),
        State.EXPIRED: and_(~revoked, ~replaced, expired),
        State.VALID: and_(~revoked, ~replaced, holds),
    }[wanted]


def named(value: State) -> str:
    """The word for a state."""
    return {
        State.VALID: _("Valid"),
        State.EXPIRED: _("Expired"),
        State.REVOKED: _("Revoked"),
        State.REPLACED: _("Replaced"),
    }[value]


def grounds() -> dict[Ground, str]:
    """Each ground of a revocation in words that anybody may read."""
    return {
        Ground.ERROR: _("It was issued in error."),
        Ground.WITHDRAWN_BY_HOLDER: _("Its holder asked for it to be withdrawn."),
        Ground.MISCONDUCT: _("The rules of the programme were broken."),
        Ground.SUPERSEDED: _("Another document stands in its place."),
        Ground.OTHER: _("The reason is not public."),
    }
