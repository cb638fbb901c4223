"""What this room forgets when a person was erased: reasons, evidence, keeping. Stamps stay, of a nameless row."""

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from lms.attendance.models import AttendanceCorrection, Keeper
from lms.kit import db, files, jobs
from lms.kit.db import session
from lms.people import audit
from lms.people.erasing import erased


@jobs.on("person_erased")
def erase_in_attendance(person_id: str) -> None:
    """Empty what was written about corrections, let the files go, end what the person kept."""
    with db.transaction():
        person = erased(person_id)
        mine = select(AttendanceCorrection).where(AttendanceCorrection.person_id == person.id)
        found = session.scalars(mine.options(joinedload(AttendanceCorrection.file))).all()
        for each in found:
            each.reason = each.answer = ""
            if each.file:
                files.forget(each.file)
        session.execute(delete(Keeper).where(Keeper.person_id == person.id))
        audit.note(None, "person.erased_in_attendance", person, new={"corrections": len(found)})
    jobs.committed()
