"""What is forgotten of support when a person was erased: what was agreed with them. That it was done stays, of a nameless row."""

from typing import Any, cast

from sqlalchemy import CursorResult, update

from lms.kit import db, jobs
from lms.kit.db import session
from lms.people import audit
from lms.people.erasing import erased
from lms.reporting.support_models import SupportContact


@jobs.on("person_erased")
def erase_in_support(person_id: str) -> None:
    """Empty the words."""
    with db.transaction():
        person = erased(person_id)
        words = update(SupportContact).where(SupportContact.person_id == person.id, SupportContact.agreed != "")
        emptied = cast(CursorResult[Any], session.execute(words.values(agreed="")))
        audit.note(None, "person.erased_in_support", person, new={"contacts": emptied.rowcount})
    jobs.committed()
