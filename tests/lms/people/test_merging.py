"""Two rows that are one person: joined without loss, refused where it may not be, and undone to the last byte."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from certificates import names
from certificates.models import Certificate
from certificates.name_models import NameApproval
from courses.assignments.models import Draft, Submission
from courses.importing.models import CourseUpload
from courses.learning.models import ActivityProgress, Enrolment, Teaching
from courses.quizzes import attempts
from courses.quizzes.models import Attempt
from lms.attendance.arithmetic import Danger
from lms.attendance.models import AttendanceWarning, Keeper
from lms.kit import clock, db, files, i18n, jobs
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import accounts, consents, erasing, merge_plans, merging
from lms.people.merge_models import PersonMerge
from lms.people.merge_plans import STAYS
from lms.people.merge_rows import pointing_at, table_of, unique_sets
from lms.people.models import AuditEntry, ConsentChoice, Device, Erasure, Person, Role, RoleGrant
from lms.pipeline.models import Application, Lead, Profile, Stage, StageEvent, Traineeship
from lms.pipeline.profile_models import ProfileDraft
from lms.reporting import recount
from tests import make
from tests.certificates import making

ITS_OWN = {"person_merge", "audit_entry", "job", "stored_file"}


@pytest.fixture(autouse=True)
def in_english(app):
    with i18n.speaking("en"):
        yield


@pytest.fixture
def admin() -> Person:
    return make.admin()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the database has it; what a joining itself writes is left out."""
    session.flush()
    found = {}
    for table in db.Base.metadata.sorted_tables:
        if table.name not in ITS_OWN:
            rows = session.connection().exec_driver_sql(f'SELECT * FROM "{table.name}"').all()
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def of(table: type[db.Base], person: Person) -> int:
    return session.scalar(select(func.count()).select_from(table).where(table.person_id == person.id)) or 0


def two(**more: object) -> tuple[Person, Person]:
    return make.person(Role.TRAINEE, name="김하늘", **more), make.person(Role.TRAINEE, name="김하늘")


def test_everything_of_the_one_becomes_the_others(admin):
    kept, gone = two()
    gone.grants.append(RoleGrant(role=Role.LEAD))
    taking_part = make.traineeship(make.cohort(), gone, stage=Stage.TRAINING)
    enrolment = make.enrolment(make.offering(to=taking_part.cohort), taking_part)
    consents.choose(gone, consents.current(consents.PRIVACY), True, "ko")
    done = merging.merge(kept, gone, admin, "같은 사람")
    assert (of(Traineeship, kept), of(Enrolment, kept), of(StageEvent, kept), of(ConsentChoice, kept)) == (1, 1, 1, 1)
    assert (of(Traineeship, gone), of(Enrolment, gone), of(StageEvent, gone), of(ConsentChoice, gone)) == (0, 0, 0, 0)
    assert session.get_one(Enrolment, enrolment.id).person_id == kept.id
    session.refresh(kept, ["grants"])
    assert kept.roles == {Role.TRAINEE, Role.LEAD}
    assert gone.closed_at
    assert (done.kept_id, done.gone_id, done.reason) == (kept.id, gone.id, "같은 사람")
    noted = session.scalars(select(AuditEntry.subject_id).where(AuditEntry.deed == "person.merged"))
    assert set(noted) == {kept.id, gone.id}


def test_devices_and_letters_of_the_account_that_goes_open_nothing(admin):
    kept, gone = two()
    make.add(Device(person_id=gone.id, expires_at=clock.now() + timedelta(days=1)))
    merging.merge(kept, gone, admin)
    assert (of(Device, kept), of(Device, gone)) == (0, 1)


def rich(admin: Person) -> tuple[Person, Person]:
    """Two rows of one person with all that can meet: roles, cohorts, enrolments, work, names, certificates, profiles."""
    kept, gone = two()
    version = make.course(lessons=2)
    quiz = make.quiz(version, attempts=9)
    assignment = make.assignment(version)
    shared, other = make.cohort(), make.cohort()
    offering = make.offering(version, shared)
    for person, stage in ((kept, Stage.ADMITTED), (gone, Stage.TRAINING)):
        application = make.application(shared, person, stage=Stage.ADMITTED)
        taking_part = make.traineeship(shared, person, stage=stage)
        taking_part.application_id = application.id
        enrolment = make.enrolment(offering, taking_part)
        make.add(ActivityProgress(enrolment_id=enrolment.id, activity_id=version.modules[0].activities[0].id))
        attempt = attempts.begin(enrolment, quiz.activity)
        session.flush()
        attempts.end(attempt)
        make.add(
            Submission(enrolment=enrolment, assignment=assignment, number=1, text=person.email, receipt=person.email)
        )
        make.add(Lead(person_id=person.id, cohort_id=other.id))
        make.add(Profile(person_id=person.id, birth_year=1999))
        make.add(ProfileDraft(application_id=application.id, answers={"birth_year": "1999"}))
        names.approve(person, "김하늘", "Kim Haneul")
    make.add(
        NameApproval(person_id=gone.id, number=2, name="김하늘", latin_name="Kim Ha-neul", approved_by_id=admin.id)
    )
    make.traineeship(other, gone, stage=Stage.CERTIFIED)
    session.flush()
    return kept, gone


def test_where_both_have_one_the_further_stays_and_no_work_is_lost(admin):
    kept, gone = rich(admin)
    shown = {total.label: (total.kept, total.gone, total.after) for total in merging.preview(kept, gone, admin).totals}
    merging.merge(kept, gone, admin)
    assert shown["Persons"] == (1, 1, 1)
    assert shown["Applications"] == (1, 1, of(Application, kept)) == (1, 1, 1)
    assert shown["Traineeships"] == (1, 2, of(Traineeship, kept)) == (1, 2, 2)
    assert shown["Enrolments"] == (1, 1, of(Enrolment, kept)) == (1, 1, 1)
    assert shown["Stages in the ledger"] == (2, 4, of(StageEvent, kept))
    assert shown["Experts of this year"] == (0, 1, 1)
    stages = set(session.scalars(select(Traineeship.stage).where(Traineeship.person_id == kept.id)))
    assert stages == {Stage.TRAINING, Stage.CERTIFIED}
    enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == kept.id)).one()
    of_it = {"enrolment_id": enrolment.id}
    assert sorted(row.number for row in session.query(Attempt).filter_by(**of_it)) == [1, 2]
    texts = [row.text for row in session.query(Submission).filter_by(**of_it).order_by(Submission.number)]
    assert texts == [gone.email, kept.email]
    approved = session.query(NameApproval).filter_by(person_id=kept.id).order_by(NameApproval.number).all()
    assert [row.number for row in approved] == [1, 2, 3]
    assert approved[-1].latin_name == "Kim Haneul"
    assert (of(Lead, kept), of(Profile, kept), of(RoleGrant, kept)) == (1, 1, 1)


def test_undone_every_table_is_as_it_was_to_the_last_byte(admin):
    kept, gone = rich(admin)
    before = everything()
    done = merging.merge(kept, gone, admin)
    between = everything()
    changed = {name for name in before if before[name] != between[name]}
    assert {"application", "traineeship", "stage_event", "enrolment", "attempt", "name_approval", "person"} <= changed
    merging.undo(session.get_one(PersonMerge, done.id), admin)
    after = everything()
    assert {name for name in before if before[name] != after[name]} == set()
    with pytest.raises(Refused, match="already"):
        merging.undo(done, admin)


def test_a_preview_changes_nothing(admin):
    kept, gone = rich(admin)
    before = everything()
    assert merging.preview(kept, gone, admin).rows > 20
    assert everything() == before


def counted_again() -> list[recount.Difference]:
    with db.looking() as reader:
        return list(recount.differences(reader))


def test_a_line_of_moves_is_left_that_the_recount_agrees_with(admin):
    cohort = make.cohort()
    kept, gone = two()
    for person in (kept, gone):
        make.application(cohort, person, stage=Stage.APPLIED)
    session.commit()
    assert counted_again() == []
    merging.merge(kept, gone, admin)
    session.commit()
    assert counted_again() == []


def test_two_certificates_of_one_cohort_are_refused_with_what_to_do(admin):
    cohort = make.cohort()
    kept, gone = two()
    for person in (kept, gone):
        make.traineeship(cohort, person, stage=Stage.CERTIFIED)
    before = everything()
    assert "Revoke the certificate" in merging.preview(kept, gone, admin).refusal
    with pytest.raises(Refused, match="Revoke the certificate"):
        merging.merge(kept, gone, admin)
    assert everything() == before


def test_a_certificate_goes_along_and_comes_back(admin):
    kept = make.person(Role.TRAINEE)
    certificate = making.issued(make.cohort(), admin)
    gone = certificate.person
    done = merging.merge(kept, gone, admin)
    assert session.get_one(Certificate, certificate.id).person_id == kept.id
    merging.undo(done, admin)
    assert session.get_one(Certificate, certificate.id).person_id == gone.id


def test_who_may_not_be_joined(admin):
    kept, gone = two()
    with pytest.raises(Refused, match="same person already"):
        merging.merge(kept, kept, admin)
    with pytest.raises(Refused, match="your own account"):
        merging.merge(kept, admin, admin)
    third = make.person()
    merging.merge(kept, third, admin)
    with pytest.raises(Refused, match="joined with somebody already"):
        merging.merge(gone, third, admin)
    accounts.close(gone, admin)
    with pytest.raises(Refused, match="is closed"):
        merging.merge(gone, kept, admin)
    fourth = make.person()
    soon = clock.now() + timedelta(days=7)
    make.add(Erasure(person_id=fourth.id, requested_by_id=fourth.id, due_at=soon))
    with pytest.raises(Refused, match="is to be erased"):
        merging.merge(kept, fourth, admin)


def test_what_was_changed_since_is_not_torn_away(admin):
    kept, gone = two()
    taking_part = make.traineeship(make.cohort(), gone)
    first = merging.merge(kept, gone, admin)
    later = make.person()
    second = merging.merge(later, kept, admin)
    with pytest.raises(Refused, match="later joining"):
        merging.undo(first, admin)
    assert session.get_one(Traineeship, taking_part.id).person_id == later.id
    merging.undo(second, admin)
    merging.undo(first, admin)
    assert session.get_one(Traineeship, taking_part.id, populate_existing=True).person_id == gone.id


def test_what_was_made_since_stays_with_the_one_who_stayed(admin):
    kept, gone = two()
    make.traineeship(make.cohort(), gone)
    done = merging.merge(kept, gone, admin)
    make.application(make.cohort(), kept)
    merging.undo(done, admin)
    assert (of(Application, kept), of(Traineeship, kept), of(Traineeship, gone)) == (1, 0, 1)


def test_an_account_that_was_joined_is_opened_by_undoing_alone(admin):
    kept, gone = two()
    done = merging.merge(kept, gone, admin)
    with pytest.raises(Refused, match="Undo that"):
        accounts.reopen(gone, admin)
    merging.undo(done, admin)
    assert gone.closed_at is None


def test_who_is_erased_is_erased_with_all_that_was_joined(app, admin):
    kept, gone = two()
    make.application(make.cohort(), gone)
    done = merging.merge(kept, gone, admin, "여권 사본")
    with app.test_request_context():
        erasing.order(kept, admin, kept.email)
    session.commit()
    jobs.perform_all()
    session.expire_all()
    assert (gone.name, bool(gone.erased_at)) == (erasing.NAMELESS, True)
    assert (done.moved, done.reason) == ({"ops": []}, "")
    with pytest.raises(Refused, match="was erased since"):
        merging.undo(done, admin)


def links(kept: Person, gone: Person) -> None:
    """The same link for both, in each table that only links, and what is told once about somebody."""
    offering = make.offering()
    for person in (kept, gone):
        make.add(Teaching(offering_id=offering.id, person_id=person.id))
        make.add(Keeper(cohort_id=offering.cohort_id, person_id=person.id))
        make.add(
            AttendanceWarning(cohort_id=offering.cohort_id, person_id=person.id, danger=Danger.CLOSE, absences_left=1)
        )


def test_what_both_have_alike_is_kept_once_and_comes_back(admin):
    kept, gone = two()
    links(kept, gone)
    before = everything()
    done = merging.merge(kept, gone, admin)
    assert (of(Teaching, kept), of(Keeper, kept), of(AttendanceWarning, kept), of(RoleGrant, kept)) == (1, 1, 1, 1)
    assert (of(Teaching, gone), of(Keeper, gone), of(AttendanceWarning, gone), of(RoleGrant, gone)) == (0, 0, 0, 0)
    merging.undo(done, admin)
    assert {name for name, rows in everything().items() if rows != before[name]} == set()


def test_a_draft_of_both_is_kept_once_and_two_completions_are_refused(admin):
    kept, gone = two()
    offering = make.offering()
    assignment = make.assignment(offering.version)
    for person in (kept, gone):
        enrolment = make.enrolment(offering, make.traineeship(make.cohort(), person))
        make.add(Draft(enrolment_id=enrolment.id, activity_id=assignment.activity_id, text=person.email))
    done = merging.merge(kept, gone, admin)
    assert session.scalars(select(Draft.text)).all() == [kept.email]
    merging.undo(done, admin)
    assert set(session.scalars(select(Draft.text))) == {kept.email, gone.email}
    for enrolment in session.scalars(select(Enrolment)).all():
        make.completion(session.scalars(select(Traineeship).where(Traineeship.id == enrolment.traineeship_id)).one())
    with pytest.raises(Refused, match="one person can have one only"):
        merging.merge(kept, gone, admin)


def test_two_open_attempts_and_two_open_uploads_are_refused(admin):
    kept, gone = two()
    offering = make.offering()
    quiz = make.quiz(offering.version)
    for person in (kept, gone):
        attempts.begin(make.enrolment(offering, make.traineeship(make.cohort(), person)), quiz.activity)
    session.flush()
    assert "taking the same quiz" in merging.preview(kept, gone, admin).refusal
    kept, gone = two()
    stored = files.keep_bytes(b"PK", name="a.zip", media_type="application/zip")
    for person in (kept, gone):
        make.add(CourseUpload(file_id=stored.id, by_id=person.id))
    assert "one person can have one only" in merging.preview(kept, gone, admin).refusal


# Where both have one of these, joining is refused with a sentence: they are open only for a while, or decided by somebody.
REFUSED = {"attendance_correction", "course_upload", "completion", "issue_item"}


def test_every_uniqueness_that_holds_a_person_is_decided():
    """A new table that holds one row a person says what becomes of it, or is refused on purpose."""
    undecided = set()
    for target in ("person", "traineeship", "enrolment", "application"):
        for column in pointing_at(table_of(target)):
            table = column.table
            if table.name in STAYS | REFUSED or not unique_sets(column):
                continue
            if table.name not in merge_plans._rules and not merge_plans._only_links(table):
                undecided.add(table.name)
    assert undecided == set()


def test_likely_ones_are_found_by_mailbox_and_by_both_spellings(admin):
    first = make.person(name="김하늘", latin_name="KIM HANEUL", email="ha.neul@gmail.com")
    by_mailbox = make.person(name="하늘", email="haneul+work@googlemail.com")
    by_names = make.person(name="김하늘", latin_name="Haneul Kim")
    make.person(name="김하늘", latin_name="KIM HANNEUL")
    found = {face.id: reason for reason, face in merging.likely(first)}
    assert found == {by_mailbox.id: "mailbox", by_names.id: "names"}
    pairs = {frozenset({one.id, other.id}) for _reason, one, other in merging.likely_pairs()}
    assert pairs == {frozenset({first.id, by_mailbox.id}), frozenset({first.id, by_names.id})}
    merging.merge(first, by_names, admin)
    assert [face.id for _reason, face in merging.likely(first)] == [by_mailbox.id]


def test_the_way_over_the_pages(browser, admin):
    kept, gone = two(latin_name="KIM HANEUL")
    gone.latin_name = "Kim Haneul"
    make.traineeship(make.cohort(), gone)
    session.commit()
    browser.sign_in(admin).open("people.duplicates")
    assert kept.email in browser.text
    assert "May be here twice" in browser.open("people.person", person_id=gone.id).text
    browser.open("people.merge_page", person_id=kept.id)
    browser.open("people.merge_page", person_id=kept.id, other="nobody@example.org")
    assert "Nobody has an account with this address" in browser.text
    browser.open("people.merge_page", person_id=kept.id, other=gone.email)
    assert "Before and after" in browser.text
    browser.post("people.merge", {"other": str(gone.id), "reason": ""}, person_id=kept.id, status=422)
    assert "Say how you know" in browser.text
    browser.post("people.merge", {"other": str(gone.id), "reason": "Passport"}, person_id=kept.id).follow()
    assert "They are one person now" in browser.text
    merge = session.scalars(select(PersonMerge)).one()
    assert "Joined with another account" in browser.open("people.person", person_id=gone.id).text
    browser.post("people.undo_merge", {}, merge_id=merge.id).follow()
    assert "They are two people again" in browser.text
    browser.post("people.undo_merge", {}, merge_id=merge.id, status=409)


@pytest.mark.parametrize("roles", [(Role.LEAD,), (Role.INSTRUCTOR,), (Role.TRAINEE,)])
def test_only_administrators_join(browser, roles):
    kept, gone = two()
    browser.sign_in(make.person(*roles)).open("people.duplicates", status=403)
    browser.open("people.merge_page", person_id=kept.id, status=403)
    browser.post("people.merge", {"other": str(gone.id), "reason": "x"}, person_id=kept.id, status=403)
    assert session.scalar(select(func.count()).select_from(PersonMerge)) == 0
