"""What is left of an erased person's attendance: days without a name, no reasons, no files."""

from sqlalchemy import select

from lms.attendance import corrections
from lms.attendance.models import AttendanceCorrection, CorrectionKind, Keeper, Stamp
from lms.kit import files, jobs
from lms.kit.db import session
from lms.people import erasing
from tests import make
from tests.lms.attendance import making


def test_reasons_and_evidence_go_and_stamps_stay(app):
    cohort = making.cohort()
    meeting, person, other, admin = making.meeting(cohort), making.trainee(cohort), making.trainee(cohort), make.admin()
    making.there(meeting, person)
    kept = files.keep_bytes(b"%PDF-1.7 a diagnosis", name="diagnosis.pdf", media_type="application/pdf", by=person.id)
    corrections.ask(meeting, person, person, CorrectionKind.EXCUSE, reason="A diagnosis", file=kept)
    corrections.ask(meeting, other, other, CorrectionKind.EXCUSE, reason="Of somebody else")
    make.add(Keeper(person_id=person.id, cohort_id=cohort.id))
    with app.test_request_context():
        erasing.order(person, admin, person.email)
    session.commit()
    jobs.perform_all()
    session.expire_all()
    assert {each.reason for each in session.scalars(select(AttendanceCorrection))} == {"", "Of somebody else"}
    assert kept.forgotten_at is not None
    assert not files.path_of(kept).exists()
    assert session.scalars(select(Keeper)).all() == []
    assert len(session.scalars(select(Stamp).where(Stamp.person_id == person.id)).all()) == 2
