"""What this room forgets when a person was erased: why a deadline was moved for them, and that they taught."""

from sqlalchemy import delete, select, update

from courses.learning.models import Deadline, Teaching
from lms.kit import db, jobs
from lms.kit.db import session
from lms.people.erasing import erased
from lms.people.models import AuditEntry


@jobs.on("person_erased")
def erase_in_learning(person_id: str) -> None:
    """Reasons of extensions may tell of illness: they go, with what the audit trail says of them."""
    with db.transaction():
        person = erased(person_id)
        theirs = select(Deadline.id).where(Deadline.person_id == person.id)
        session.execute(update(AuditEntry).where(AuditEntry.subject_id.in_(theirs)).values(old=None, new=None))
        session.execute(update(Deadline).where(Deadline.person_id == person.id).values(reason=""))
        session.execute(delete(Teaching).where(Teaching.person_id == person.id))
