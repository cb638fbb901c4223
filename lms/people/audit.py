"""The audit trail: one line for each deed that somebody may have to answer for."""

from typing import Any

from lms.kit.db import Keyed, session
from lms.people.models import AuditEntry, Person


def note(
    by: Person | None,
    deed: str,
    subject: Keyed,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    """Write down that `by` did `deed` ("certificate.revoked") to `subject`. Values are plain JSON; no secrets."""
    session.add(
        AuditEntry(
            person_id=by.id if by else None,
            deed=deed,
            subject_kind=type(subject).__name__,
            subject_id=subject.id,
            old=old,
            new=new,
        )
    )
