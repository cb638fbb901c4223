"""A small world with one row of each kind, all of one cohort, and a value for every argument that an address of ours takes."""

import uuid
from datetime import date, timedelta
from typing import Any

from certificates import codes, designing, name_corrections, names
from certificates.designing import Look
from certificates.issue_models import IssueBatch, IssueItem
from certificates.models import Certificate, CertificateDocument, CertificateShare, RegisterPrint
from certificates.transcript_models import Transcript
from courses.assignments.models import Submission, SubmittedFile
from courses.catalogue.models import Asset, CourseVersion
from courses.importing.models import CourseUpload
from courses.learning.models import Teaching
from courses.quizzes.models import Attempt
from lms.attendance.models import AttendanceCorrection, Holiday, Keeper, Meeting
from lms.bulk.models import BulkUpload, Kind
from lms.kit import clock, files
from lms.kit.db import session
from lms.kit.words import Words
from lms.people import merging
from lms.people.models import Device, Person
from lms.pipeline.models import ApplicationDocument, Cohort, Lead, Stage, Traineeship
from lms.placement import placements, withdrawing
from lms.placement.models import Employer, Opening
from lms.placement.placements import Told
from lms.placement.terms import Evidence, RoleKind
from lms.reporting import packs
from lms.reporting.pack_freezing import Period
from lms.surveys import asking
from tests import make
from tests.certificates.make_facts import facts

SLUG = "everything"


def make_world() -> dict[str, Any]:
    """Argument of an address → the value that leads to this world's row. Everything belongs to people made here."""
    version = make.course(slug=SLUG)
    quiz, assignment = make.quiz(version), make.assignment(version)
    programme = make.programme(slug=SLUG)
    cohort = make.cohort(programme, slug=SLUG)
    offering = make.offering(version, cohort)
    make.lead(cohort)
    make.instructor(offering)
    kept = files.keep_bytes(b"%PDF-1.7 kept", name="kept.pdf", media_type="application/pdf")
    application = make.application(cohort, stage=Stage.ADMITTED)
    traineeship = make.traineeship(cohort, application.person, stage=Stage.COMPLETED)
    enrolment = make.enrolment(offering, traineeship)
    document = make.add(ApplicationDocument(application=application, file=kept))
    attempt = make.add(
        Attempt(enrolment=enrolment, quiz=quiz, number=1, order={"questions": [], "options": {}}, most=4)
    )
    submission = make.add(
        Submission(enrolment=enrolment, assignment=assignment, number=1, text="Work.", receipt="W0RLD")
    )
    make.add(SubmittedFile(submission=submission, position=1, file=kept))
    make.add(Asset(version_id=version.id, name="picture.png", file=kept))
    device = make.add(Device(person_id=application.person_id, expires_at=clock.now() + timedelta(days=1)))
    certificate = _certificate(make.completion(traineeship), kept)
    batch = make.add(IssueBatch(cohort_id=cohort.id, rule_version=0, requested_by_id=make.admin().id))
    make.add(IssueItem(batch_id=batch.id, traineeship_id=traineeship.id, position=1))
    names.approve(application.person, "김하늘", "Kim Haneul")
    correction = name_corrections.ask(application.person, "김하늬", "Kim Hanui", reason="A letter.", evidence=[kept])
    on_paper = make.add(RegisterPrint(by_id=make.admin().id, filters={}, language="ko", rows=1, file_id=kept.id))
    share = make.add(CertificateShare(certificate_id=certificate.id, token_sha256="0" * 64, label=""))
    upload = make.add(CourseUpload(file_id=kept.id, by_id=make.admin().id))
    merge = merging.merge(make.person(), make.person(), make.admin())
    table = make.add(BulkUpload(kind=Kind.PEOPLE, file_id=kept.id, by_id=make.admin().id))
    transcript = _transcript(application.person, kept)
    _draft(version)
    attended = _attendance(cohort, application.person_id)
    session.commit()
    return {
        "device_id": device.id,
        "person_id": application.person_id,
        "token": "no-such-token",
        "slug": SLUG,
        "application_id": application.id,
        "document_id": document.id,
        "cohort_id": cohort.id,
        "lead_id": session.query(Lead.id).scalar(),
        "programme_id": programme.id,
        "of_year": 2026,
        "number": 2,
        "activity_id": assignment.activity_id,
        "name": "picture.png",
        "version_id": version.id,
        "offering_id": offering.id,
        "enrolment_id": enrolment.id,
        "teaching_id": session.query(Teaching.id).scalar(),
        "attempt_id": attempt.id,
        "submission_id": submission.id,
        "position": 1,
        "certificate_id": certificate.id,
        "correction_id": correction.id,
        "code": certificate.code,
        "batch_id": batch.id,
        "design_id": designing.begin(cohort.programme, None, "Evening classes", Look(), reason="Asked for.").design_id,
        "sha256": kept.sha256,
        "share_id": share.id,
        "transcript_id": transcript.id,
        "print_id": on_paper.id,
        "upload_id": upload.id,
        "table_id": table.id,
        "merge_id": merge.id,
        "pack_id": _report(cohort),
        "language": "ko",
        "ending": "pdf",
        "key": "experts",
        "kind": "course",
        **attended,
        **_placed(traineeship, kept),
    }


def _transcript(person: Person, kept: files.StoredFile) -> Transcript:
    transcript = Transcript(
        person=person,
        issued_by=person,
        year=2026,
        serial=1,
        code=codes.new(),
        facts={},
        languages="both",
        design_version="1",
        issued_on=clock.today(),
        file=kept,
        sha256=kept.sha256,
    )
    return make.add(transcript)


def _placed(traineeship: Traineeship, kept: files.StoredFile) -> dict[str, Any]:
    """Work with its evidence, an employer that offers more, and a survey."""
    today = clock.today()
    employer = make.add(Employer(name="Everything", in_hub=True))
    opening = make.add(Opening(employer=employer, kind=RoleKind.JOB, title="Engineer"))
    told = Told(RoleKind.JOB, employer, "", today, None, Evidence.LETTER, kept)
    placement = placements.record(traineeship, traineeship.person, told)
    withdrawal = withdrawing.withdraw(placement, traineeship.person, "Wrong")
    survey = asking.begin(traineeship.cohort, None, opens_on=today, closes_on=today)
    session.commit()
    return {
        "traineeship_id": traineeship.id,
        "employer_id": employer.id,
        "opening_id": opening.id,
        "placement_id": placement.id,
        "withdrawal_id": withdrawal.id,
        "survey_id": survey.id,
    }


def _attendance(cohort: Cohort, person_id: uuid.UUID) -> dict[str, Any]:
    """A session, a request about it, somebody who keeps the attendance, and a day that the hub declared."""
    by = make.admin()
    now = clock.now()
    meeting = make.add(
        Meeting(cohort_id=cohort.id, day=clock.today(), starts_at=now, ends_at=now + timedelta(hours=1), state="held")
    )
    asked = AttendanceCorrection(
        meeting=meeting, person_id=person_id, kind="excuse", reason="Why.", asked_by_id=person_id
    )
    keeper = make.add(Keeper(person_id=by.id, cohort_id=cohort.id))
    holiday = make.add(Holiday(day=clock.today(), name=Words(en="Off"), declared_by_id=by.id))
    return {
        "meeting_id": meeting.id,
        "request_id": make.add(asked).id,
        "keeper_id": keeper.id,
        "holiday_id": holiday.id,
    }


def _report(of: Cohort) -> uuid.UUID:
    """A report of somebody who leads the cohort."""
    today = clock.today()
    asked = Period("", date(today.year, 1, 1), today, clock.now())
    return packs.hand_over(make.lead(of), asked, explanation="Why.", seen=0).id


def _draft(of: CourseVersion) -> None:
    """A second version that is not published: for staff only."""
    draft = CourseVersion(
        course_id=of.course_id, number=2, title=Words(en="Draft"), summary=Words(), hours=1, digest=uuid.uuid4().hex
    )
    make.add(draft)


def _certificate(completion: Any, kept: files.StoredFile) -> Certificate:
    printed = facts()
    made = make.add(
        Certificate(
            completion=completion,
            person_id=completion.person_id,
            cohort_id=completion.traineeship.cohort_id,
            year=printed.year,
            serial=printed.serial,
            code=codes.new(),
            facts=printed.as_json(),
            design="programme",
            design_version="1",
            rule_version=1,
            issued_on=printed.issued_on,
            issued_by_id=completion.person_id,
        )
    )
    make.add(CertificateDocument(certificate_id=made.id, file_id=kept.id, sha256=kept.sha256))
    return made
