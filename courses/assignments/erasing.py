"""What this room forgets when a person was erased: what they handed in and what was said about it.

That something was handed in, when, with which SHA-256, and the points stay: results can be counted, and receipts checked.
"""

from sqlalchemy import delete, select, update

from courses.assignments.models import Draft, Mark, Marking, Submission, SubmittedFile
from courses.learning.models import Enrolment
from lms.kit import db, files, jobs
from lms.kit.db import session
from lms.kit.stored_file import StoredFile
from lms.people import audit
from lms.people.erasing import erased

APART = {"synchronize_session": False}


@jobs.on("person_erased")
def erase_in_assignments(person_id: str) -> None:
    """Let drafts, texts, links, files and comments go."""
    with db.transaction():
        person = erased(person_id)
        enrolments = select(Enrolment.id).where(Enrolment.person_id == person.id)
        submissions = select(Submission.id).where(Submission.enrolment_id.in_(enrolments))
        markings = select(Marking.id).where(Marking.submission_id.in_(submissions))
        handed_in = select(SubmittedFile.file_id).where(SubmittedFile.submission_id.in_(submissions))
        kept = session.scalars(select(StoredFile).where(StoredFile.id.in_(handed_in))).all()
        for each in kept:
            files.forget(each)
        session.flush()
        for statement in (
            delete(Draft).where(Draft.enrolment_id.in_(enrolments)),
            update(Submission).where(Submission.enrolment_id.in_(enrolments)).values(text="", link=""),
            update(Marking).where(Marking.submission_id.in_(submissions)).values(comment=""),
            update(Mark).where(Mark.marking_id.in_(markings)).values(comment=""),
        ):
            session.execute(statement, execution_options=APART)
        audit.note(None, "person.erased_in_assignments", person, new={"files": len(kept)})
    jobs.committed()
