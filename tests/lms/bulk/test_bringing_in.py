"""Tables on their way into the database: checked first, then all or nothing, and the same as through the rules one by one."""

import threading
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from lms.bulk import uploads, work, writing
from lms.bulk.models import BulkUpload, Kind, UploadState
from lms.kit import clock, db, files, i18n, jobs
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people.models import AuditEntry, Person, Role
from lms.pipeline import admissions, receipts, traineeships
from lms.pipeline.models import (
    Application,
    Cohort,
    LeavingReason,
    Stage,
    StageEvent,
    Traineeship,
)
from tests import make
from tests.lms.bulk.making import PAST_HEAD, brought_in, checked, codes, csv, done, past, sent, xlsx

RESULT_HEAD = ["cohort", "email", "stage", "day", "reason", "note"]


@pytest.fixture(autouse=True)
def in_english(app):
    with i18n.speaking("en"):
        yield


@pytest.fixture
def admin():
    return make.admin()


def count(table: type[db.Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def everything() -> dict[str, int]:
    """Rows in every table but those of the upload itself."""
    own = {"bulk_upload", "stored_file", "job"}
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in db.Base.metadata.sorted_tables
        if table.name not in own
    }


def test_people_are_made_once_and_nobody_twice(admin):
    make.person(Role.TRAINEE, name="김하나", email="one@example.org")
    content = csv(
        ["이메일", "이름", "영문 이름"], ["one@example.org", "김하나", ""], ["TWO@example.org", "이둘", "LEE DUL"]
    )
    before = everything()
    upload = checked(Kind.PEOPLE, content, admin, "people.csv")
    assert (upload.made, upload.same, upload.errors) == (1, 1, 0)
    assert everything() == before

    uploads.confirm(upload, admin, upload.mark)
    session.commit()
    upload = done(upload)
    made = session.scalars(select(Person).where(Person.email == "two@example.org")).one()
    assert (made.name, made.latin_name, made.roles) == ("이둘", "LEE DUL", {Role.TRAINEE})
    assert upload.state is UploadState.DONE

    again = checked(Kind.PEOPLE, content, admin, "people.csv")
    assert (again.made, again.changed, again.same) == (0, 0, 2)
    assert session.scalar(uploads.twin(again)).id == upload.id
    with pytest.raises(Refused, match="here already"):
        uploads.confirm(again, admin, again.mark)


def test_an_administrator_corrects_names_of_those_who_have_no_account_yet(admin):
    make.person(name="김하나", email="one@example.org")
    make.person(name="이둘", email="two@example.org", password_hash="x")
    upload = brought_in(
        Kind.PEOPLE,
        csv(["email", "name"], ["one@example.org", "김한나"], ["two@example.org", "이두울"]),
        admin,
        "a.csv",
    )
    assert (upload.changed, upload.same) == (1, 1)
    assert codes(upload) == [(3, "name", "known_as")]
    assert set(session.scalars(select(Person.name).where(Person.email.startswith("one")))) == {"김한나"}
    assert set(session.scalars(select(Person.name).where(Person.email.startswith("two")))) == {"이둘"}


def test_the_same_person_twice_in_a_file_is_told_with_both_rows(admin):
    upload = checked(
        Kind.PEOPLE, csv(["email", "name"], ["a@example.org", "A"], ["Ａ@example.org", "A"]), admin, "a.csv"
    )
    assert codes(upload) == [(3, "email", "twice")]
    with pytest.raises(Refused, match="mended"):
        uploads.confirm(upload, admin, upload.mark)


def test_who_may_be_here_under_another_address_is_told(admin):
    make.person(name="김하늘", latin_name="KIM HANEUL", email="old@example.org")
    make.person(name="박가람", email="ga.ram@gmail.com")
    table = csv(
        ["email", "name", "latin_name"],
        ["new@example.org", "김하늘", "Haneul Kim"],
        ["garam+hub@gmail.com", "Garam", ""],
        ["other@example.org", "김하늘", ""],
    )
    assert codes(checked(Kind.PEOPLE, table, admin, "a.csv")) == [
        (2, "email", "likely_same"),
        (3, "email", "likely_same"),
    ]


def test_a_past_cohort_comes_in_with_its_people_and_their_stages(admin):
    make.programme(slug="programme")
    rows = [
        past(admitted=date(2024, 2, 20), training=date(2024, 3, 4), completed=date(2024, 6, 28), certified=date(2024, 7, 1)),
        past(email="two@example.org", name="이둘", admitted=date(2024, 2, 20), left=date(2024, 2, 21), reason="취업", note="먼저"),
        past(email="three@example.org", name="박셋", declined=date(2024, 2, 20)),
    ]  # fmt: skip
    upload = brought_in(Kind.COHORTS, xlsx(PAST_HEAD, *rows), admin)
    assert upload.state is UploadState.DONE
    cohort = session.scalars(select(Cohort)).one()
    assert (cohort.seats, cohort.starts_on, cohort.title["ko"]) == (30, date(2024, 3, 4), "1기")
    stages = dict(
        session.execute(select(Person.name, Traineeship.stage).join(Person, Person.id == Traineeship.person_id)).all()
    )
    assert stages == {"김하나": Stage.CERTIFIED, "이둘": Stage.LEFT}
    certified = session.scalars(select(Traineeship).where(Traineeship.stage == Stage.CERTIFIED)).one()
    assert certified.certified_at.astimezone(clock.SEOUL).date() == date(2024, 7, 1)
    left = session.scalars(select(StageEvent).where(StageEvent.stage == Stage.LEFT)).one()
    assert (left.reason, left.note, left.by_id) == (LeavingReason.EMPLOYED, "먼저", admin.id)
    assert left.recorded_at > left.happened_at
    assert count(Application) == 3
    assert session.scalar(select(func.count()).where(AuditEntry.deed == "bulk.brought_in")) == 1

    again = checked(Kind.COHORTS, xlsx(PAST_HEAD, *rows), admin)
    assert (again.made, again.changed, again.same, again.errors) == (0, 0, 3, 0)


def facts(cohort: Cohort) -> list[tuple[object, ...]]:
    """What the tables say about everybody in a cohort, without keys, receipts and moments of recording."""
    events = select(
        Person.email, StageEvent.stage, StageEvent.before, StageEvent.happened_at, StageEvent.reason, StageEvent.note
    ).join(Person, Person.id == StageEvent.person_id)
    places = select(
        Person.email, Traineeship.stage, Traineeship.certified_at, Traineeship.admitted_at, Traineeship.progress
    )
    asked = select(Person.email, Application.stage, Application.sent_at, Application.waiting_since)
    return [
        *map(tuple, session.execute(events.where(StageEvent.cohort_id == cohort.id).order_by(Person.email, StageEvent.id))),
        *map(tuple, session.execute(places.join(Person, Person.id == Traineeship.person_id).where(Traineeship.cohort_id == cohort.id).order_by(Person.email))),
        *map(tuple, session.execute(asked.join(Person, Person.id == Application.person_id).where(Application.cohort_id == cohort.id).order_by(Person.email))),
    ]  # fmt: skip


WAYS = {
    "a@example.org": [("applied", 1), ("admitted", 5), ("training", 9), ("completed", 20), ("certified", 21), ("placed", 25)],
    "b@example.org": [("applied", 1), ("waiting", 3), ("admitted", 6), ("left", 7)],
    "c@example.org": [("applied", 2), ("declined", 4)],
    "d@example.org": [("applied", 2), ("withdrawn", 4)],
    "e@example.org": [("applied", 2), ("waiting", 4)],
    "f@example.org": [("applied", 2), ("admitted", 5), ("training", 9), ("completed", 20), ("certified", 21), ("completed", 22)],
}  # fmt: skip


def through_the_rules(cohort: Cohort, by: Person) -> None:
    """The same ways, one deed after the other, each with the clock at its day."""
    for email, way in WAYS.items():
        person = session.scalars(select(Person).where(Person.email == email)).one()
        for stage, day in way:
            with clock.at(clock.day_start(date(2024, 3, day))):
                one_deed(cohort, person, Stage(stage), by)


def one_deed(cohort: Cohort, person: Person, stage: Stage, by: Person) -> None:
    own = select(Application).where(Application.cohort_id == cohort.id, Application.person_id == person.id)
    application = session.scalar(own)
    taking_part = session.scalar(
        select(Traineeship).where(Traineeship.cohort_id == cohort.id, Traineeship.person_id == person.id)
    )
    reason = LeavingReason.TIME if stage in (Stage.WITHDRAWN, Stage.LEFT) else None
    if stage is Stage.APPLIED:
        application = Application(cohort=cohort, person=person, stage=None)
        session.add(application)
        session.flush()
        with session.no_autoflush:
            application.sent_at, application.receipt = clock.now(), receipts.next_number()
            traineeships.advance(application, stage, by=by)
    elif stage is Stage.ADMITTED:
        admissions.admit(application, by)
    elif stage is Stage.WAITING:
        admissions.wait(application, by)
    else:
        traineeships.advance(taking_part or application, stage, by=by, reason=reason)


def test_rows_come_out_the_same_as_through_the_rules_one_by_one(admin):
    for email in WAYS:
        make.person(Role.TRAINEE, email=email)
    one_by_one, at_once = make.cohort(), make.cohort(slug="at-once")
    through_the_rules(one_by_one, admin)
    rows = [
        ["at-once", email, stage, date(2024, 3, day), "time" if stage in ("withdrawn", "left") else "", ""]
        for email, way in WAYS.items()
        for stage, day in way
    ]
    first = [row for row in rows if row[2] == "applied"]
    brought_in(
        Kind.APPLICATIONS, xlsx(["cohort", "email", "applied_on"], *([row[0], row[1], row[3]] for row in first)), admin
    )
    again = [row for row in rows if row[1] == "f@example.org" and row[3] == date(2024, 3, 22)]
    moves = [row for row in rows if row not in first and row not in again]
    brought_in(Kind.RESULTS, xlsx(RESULT_HEAD, *reversed(moves)), admin)
    brought_in(Kind.RESULTS, xlsx(RESULT_HEAD, *again), admin)
    assert facts(at_once) == facts(one_by_one)
    assert count(StageEvent) == 2 * sum(len(way) for way in WAYS.values())


def test_results_are_for_cohorts_that_one_leads(admin):
    cohort, other = make.cohort(slug="mine"), make.cohort(slug="theirs")
    lead = make.lead(cohort)
    for each in (cohort, other):
        make.application(each, make.person(email=f"{each.slug}@example.org"))
    today = clock.today()
    rows = [
        ["mine", "mine@example.org", "admitted", today, "", ""],
        ["theirs", "theirs@example.org", "admitted", today, "", ""],
    ]
    upload = checked(Kind.RESULTS, xlsx(RESULT_HEAD, *rows), lead)
    assert codes(upload) == [(3, "cohort", "unknown_cohort")]
    assert checked(Kind.RESULTS, xlsx(RESULT_HEAD, *rows), admin).errors == 0


def test_who_is_admitted_to_a_running_cohort_is_announced_and_to_a_past_one_is_not(admin):
    cohorts = {}
    for slug, ends in (("runs", date(2099, 1, 1)), ("over", date(2021, 1, 1))):
        cohort = cohorts[slug] = make.cohort(slug=slug, ends_on=ends)
        make.application(cohort, make.person(email=f"{slug}@example.org"))
        day = clock.today()
        brought_in(Kind.RESULTS, xlsx(RESULT_HEAD, [slug, f"{slug}@example.org", "admitted", day, "", ""]), admin)
    taking_part = {each.cohort_id: str(each.id) for each in session.scalars(select(Traineeship))}
    told = {job.arguments.get("traineeship_id") for job in session.scalars(select(jobs.Job))} - {None}
    assert told == {taking_part[cohorts["runs"].id]}
    assert len(taking_part) == 2


def test_nobody_is_seated_without_a_seat(admin):
    cohort = make.cohort(slug="small", seats=1)
    for name in ("a", "b"):
        make.application(cohort, make.person(email=f"{name}@example.org"))
    day = clock.today()
    rows = [["small", f"{name}@example.org", "admitted", day, "", ""] for name in ("a", "b")]
    upload = checked(Kind.RESULTS, xlsx(RESULT_HEAD, *rows), admin)
    assert codes(upload) == [(2, "happened_on", "full")]
    assert checked(Kind.RESULTS, xlsx(RESULT_HEAD, rows[0]), admin).errors == 0


def test_a_cohort_that_ends_before_it_starts_or_is_not_over_is_told(admin):
    make.programme(slug="programme")
    rows = [
        past("backwards", ends_on=date(2024, 3, 3)),
        past("ahead", ends_on=date(2099, 1, 1)),
        past("elsewhere", programme="nowhere"),
    ]
    upload = checked(Kind.COHORTS, xlsx(PAST_HEAD, *rows), admin)
    assert codes(upload) == [
        (2, "ends_on", "cohort_backwards"),
        (3, "ends_on", "cohort_not_over"),
        (4, "programme", "unknown_programme"),
    ]


def test_rows_that_describe_one_cohort_in_two_ways_are_told(admin):
    make.programme(slug="programme")
    rows = [past(), past(email="two@example.org", name="이둘", seats=20), past(email="one@example.org")]
    found = codes(checked(Kind.COHORTS, xlsx(PAST_HEAD, *rows), admin))
    assert found == [(3, "seats", "cohort_differs"), (4, "email", "twice")]


def test_what_changed_since_the_check_is_shown_and_nothing_is_written(admin):
    cohort = make.cohort(slug="runs")
    application = make.application(cohort, make.person(email="a@example.org"))
    make.application(cohort, make.person(email="b@example.org"))
    day = clock.today()
    rows = [["runs", f"{name}@example.org", "admitted", day, "", ""] for name in ("a", "b")]
    upload = checked(Kind.RESULTS, xlsx(RESULT_HEAD, *rows), admin)
    uploads.confirm(upload, admin, upload.mark)
    traineeships.advance(session.get_one(Application, application.id), Stage.DECLINED, by=admin)
    session.commit()
    upload = done(upload)
    assert upload.state is UploadState.CHECKED
    assert upload.differences == [["2", "m", "m"]]  # it would still be admitted, but from another stage
    assert count(Traineeship) == 0


def test_a_row_that_comes_out_otherwise_sends_the_table_back_to_be_looked_at(admin):
    cohort = make.cohort(slug="runs")
    application = make.application(cohort, make.person(email="a@example.org"))
    make.application(cohort, make.person(email="b@example.org"))
    day = clock.today()
    rows = [["runs", f"{name}@example.org", "admitted", day, "", ""] for name in ("a", "b")]
    upload = checked(Kind.RESULTS, xlsx(RESULT_HEAD, *rows), admin)
    uploads.confirm(upload, admin, upload.mark)
    seen = upload.mark
    admissions.admit(session.get_one(Application, application.id), admin)
    session.commit()
    upload = done(upload)
    assert (upload.state, upload.confirmed_at) == (UploadState.CHECKED, None)
    assert upload.differences == [["2", "m", "s"]]
    assert count(Traineeship) == 1

    with pytest.raises(Conflict, match="checked anew"):
        uploads.confirm(upload, admin, seen)
    session.rollback()
    uploads.confirm(upload, admin, upload.mark)
    session.commit()
    assert done(upload).state is UploadState.DONE
    assert count(Traineeship) == 2


def test_only_the_first_of_two_confirms_and_a_job_that_runs_twice_writes_once(admin):
    upload = checked(Kind.PEOPLE, csv(["email", "name"], ["a@example.org", "A"]), admin, "a.csv")
    uploads.confirm(upload, admin, upload.mark)
    session.commit()
    with pytest.raises(Conflict, match="a moment ago"):
        uploads.confirm(upload, make.admin(), upload.mark)
    session.rollback()
    upload = done(upload)
    people = count(Person)
    work.bring_table_in(str(upload.id))
    work.check_table(str(upload.id))
    assert count(Person) == people


def test_two_files_that_make_the_same_person_make_one(admin):
    first, second = (
        checked(Kind.PEOPLE, csv(["email", "name"], ["a@example.org", "A"], [f"{n}@example.org", "B"]), admin, "a.csv")
        for n in (1, 2)
    )
    for each in (first, second):
        uploads.confirm(each, admin, each.mark)
    session.commit()
    assert [done(each).state for each in (first, second)] == [UploadState.DONE, UploadState.CHECKED]
    assert done(second).differences == [["2", "m", "s"]]


def test_two_jobs_at_the_same_moment_make_each_person_once(app, admin):
    head, rows = ["email", "name"], [[f"p{number}@example.org", "A"] for number in range(200)]
    both = [checked(Kind.PEOPLE, csv(head, *rows, [f"own{n}@example.org", "B"]), admin, "a.csv") for n in (1, 2)]
    for each in both:
        uploads.confirm(each, admin, each.mark)
    session.commit()
    together = threading.Barrier(2)

    def bring_in(key: str) -> None:
        with app.app_context():
            together.wait()
            work.bring_table_in(key)
            session.remove()

    threads = [threading.Thread(target=bring_in, args=(str(each.id),)) for each in both]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    session.expire_all()
    states = sorted(session.get_one(BulkUpload, each.id).state.value for each in both)
    assert states == ["checked", "done"]
    assert session.scalar(select(func.count()).where(Person.email.startswith("p"), Person.name == "A")) == 200
    assert session.scalar(select(func.count()).where(Person.name == "B")) == 1


def test_all_or_nothing(admin, monkeypatch):
    make.programme(slug="programme")
    upload = checked(Kind.COHORTS, xlsx(PAST_HEAD, past(admitted=date(2024, 2, 20))), admin)
    uploads.confirm(upload, admin, upload.mark)
    session.commit()
    before = everything()

    def break_off(*_given: object) -> None:
        raise RuntimeError("the last step fails")

    monkeypatch.setattr(writing, "_announce", break_off)
    upload = done(upload)
    assert upload.state is UploadState.FAILED
    assert everything() == before


def test_a_table_that_cannot_be_read_says_so_in_both_languages(admin):
    upload = checked(Kind.PEOPLE, b"PK\x03\x04 broken", admin)
    assert upload.state is UploadState.FAILED
    assert upload.failure["en"].startswith("This is no spreadsheet")
    assert upload.failure["ko"] != upload.failure["en"]


def test_the_result_holds_each_row_and_nothing_in_it_runs(admin):
    upload = brought_in(
        Kind.PEOPLE, csv(["email", "name"], ["a@example.org", "=SUM(A1)"], ["b@example.org", "@cmd|x"]), admin, "a.csv"
    )
    book = CalamineWorkbook.from_path(str(files.path_of(upload.result)))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [2, 3]
    assert [row[-1] for row in rows[1:]] == ["=SUM(A1)", "@cmd|x"]
    with zipfile.ZipFile(files.path_of(upload.result)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_old_tables_are_let_go(admin):
    upload = brought_in(Kind.PEOPLE, csv(["email", "name"], ["a@example.org", "A"]), admin, "a.csv")
    with clock.at(clock.now() + uploads.KEPT_FOR * 1.1):
        work.forget_old_tables()
    upload = done(upload)
    assert upload.file.forgotten_at
    assert upload.result.forgotten_at
    assert upload.findings == []
    assert upload.made == 1


def test_another_lead_does_not_see_the_table(admin):
    lead, other = make.lead(make.cohort()), make.lead(make.cohort())
    upload = sent(Kind.APPLICATIONS, csv(["cohort"], ["x"]), lead, "a.csv")
    assert session.scalar(uploads.visible_to(lead).where(BulkUpload.id == upload.id))
    assert session.scalar(uploads.visible_to(admin).where(BulkUpload.id == upload.id))
    assert not session.scalar(uploads.visible_to(other).where(BulkUpload.id == upload.id))
