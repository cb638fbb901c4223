"""Every page that somebody opens, in both languages: Korean by day, English in the dark, wide and narrow, held to axe-core."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask

from certificates import batches, designing, name_corrections, names, register_prints, revoking, sharing, transcripts
from certificates.designing import Look
from certificates.issue_models import BatchState
from courses.assignments import submissions
from courses.importing.models import CourseUpload
from courses.quizzes import attempts
from lms.attendance import corrections, keepers, timetables
from lms.attendance.models import CorrectionKind, Meeting, MeetingState, Stamp, TimetablePattern
from lms.attendance.terms import Way
from lms.bulk.models import Kind
from lms.kit import clock, files
from lms.kit.db import session
from lms.people import consents, merging
from lms.people.models import Person, Role
from lms.pipeline.models import Lead, Stage
from lms.placement import placements, rounds
from lms.placement.models import Employer, Opening
from lms.placement.placements import Told
from lms.placement.terms import Evidence, Outcome, RoleKind
from lms.reporting import packs
from lms.reporting.pack_files import make_report_files
from lms.reporting.pack_freezing import Period
from lms.surveys import answering, asking
from tests import make
from tests.browser.conftest import Visitor
from tests.browser.scene import PASSWORD, Scene, password_hash, set_scene, trainee
from tests.certificates import making
from tests.lms.bulk import making as bulk

# Who opens which pages: "endpoint argument=value …"; the values stand for rows of `world`.
STRANGER = [
    "pipeline.catalogue", "learning.cohort slug=spring", "catalogue.course slug=honest", "people.sign_in", "people.register",
    "people.forgotten", "people.privacy", "people.demo_mail", "people.look", "certificates.verify", "certificates.verified code=valid",
    "certificates.verified code=revoked", "certificates.shared token=shown", "certificates.transcript_verified code=transcript",
]  # fmt: skip
APPLICANT = [
    "pipeline.apply slug=spring", "pipeline.apply slug=spring check=yes", "pipeline.review slug=summer", "pipeline.mine",
    "pipeline.application application_id=mine", "home.home", "people.account", "certificates.mine",
]  # fmt: skip
TRAINEE = [
    "home.home", "learning.course enrolment_id=learning", "learning.lesson enrolment_id=learning activity_id=lesson",
    "quizzes.intro enrolment_id=learning activity_id=quiz", "quizzes.result attempt_id=ended", "quizzes.attempt attempt_id=begun",
    "assignments.read enrolment_id=learning activity_id=assignment", "assignments.receipt submission_id=submission",
    "gradebook.checklist enrolment_id=learning", "certificates.mine", "certificates.my_name", "pipeline.mine", "pipeline.profile", "people.account",
    "people.my_erasure",
    "attendance.mine", "attendance.ask meeting_id=meeting", "attendance.excuse cohort_id=cohort first=2020-01-01 last=2099-12-31",
]  # fmt: skip
HOLDER = [
    "home.home",
    "certificates.mine",
    "certificates.shares certificate_id=certificate",
    "certificates.transcripts_of_mine",
    "certificates.my_name",
    "certificates.name_correction",
    "placement.mine",
    "placement.ask traineeship_id=own",
    "surveys.mine",
    "surveys.ask survey_id=survey",
]
INSTRUCTOR = [
    "assignments.queue", "assignments.mark submission_id=submission", "assignments.receipt submission_id=submission",
    "assignments.releases offering_id=offering activity_id=assignment", "learning.offerings", "learning.offering offering_id=offering",
    "learning.deadlines offering_id=offering", "learning.survey offering_id=offering", "learning.learner offering_id=offering enrolment_id=learning",
    "gradebook.offering offering_id=offering",
    "gradebook.person offering_id=offering enrolment_id=learning", "catalogue.courses", "catalogue.course slug=honest",
    "catalogue.version slug=honest number=1", "catalogue.text slug=honest number=1 activity_id=lesson", "importing.new",
    "importing.upload upload_id=waiting", "importing.upload upload_id=brought_in", "importing.upload upload_id=broken",
    "attendance.waiting", "attendance.cohort cohort_id=cohort", "attendance.sessions cohort_id=cohort", "attendance.session meeting_id=meeting", "attendance.session meeting_id=called_off", "attendance.person cohort_id=cohort person_id=person", "attendance.code meeting_id=meeting", "attendance.requests", "attendance.ask_for meeting_id=meeting person_id=person", "attendance.excuse_for cohort_id=cohort person_id=person",
    "reporting.support", "reporting.support_of cohort_id=cohort person_id=person", "reporting.support_rules",
]  # fmt: skip
LEAD = [
    "reporting.board", "reporting.forecast", "reporting.forecast_method", "reporting.people", "reporting.person person_id=person", "reporting.cohort cohort_id=cohort",
    "reporting.reports", "reporting.new_report", "reporting.report pack_id=report",
    "reporting.targets", "reporting.target slug=programme of_year=this_year", "reporting.definition slug=programme", "reporting.breakdown", "reporting.breakdown by=age across=course", "pipeline.cohorts", "pipeline.new_cohort",
    "pipeline.edit_cohort cohort_id=cohort", "admissions.page cohort_id=cohort", "admissions.ask cohort_id=cohort deed=admit chosen=sent",
    "admissions.application cohort_id=cohort application_id=sent", "certificates.issue cohort_id=cohort", "certificates.issue_course offering_id=offering", "certificates.batch batch_id=theirs_asked", "certificates.batch batch_id=mine_asked",
    "certificates.batch batch_id=halted", "certificates.batch batch_id=running", "certificates.batch batch_id=finished", "certificates.register",
    "certificates.certificate certificate_id=certificate", "certificates.certificate certificate_id=withdrawn",
    "certificates.register_print print_id=paper", "certificates.transcripts_of person_id=holder",
    "certificates.name_corrections_queue", "certificates.name_corrections_queue state=answered", "certificates.correction correction_id=asked",
    "gradebook.rules slug=honest", "importing.deletion slug=honest", "gradebook.programme_rules slug=programme", "certificates.issuing_rule slug=programme", "certificates.designs slug=programme",
    "certificates.new_design slug=programme", "certificates.own_design slug=programme design_id=design", "learning.new_offering", "learning.teachers offering_id=offering",
    "learning.version offering_id=offering", "learning.offerings", "bulk.tables", "bulk.table table_id=table_checked",
    "bulk.table table_id=table_wrong", "bulk.table table_id=table_done",
    "attendance.timetable cohort_id=cohort", "attendance.rule cohort_id=cohort", "attendance.holidays", "attendance.waiting",
    "placement.work", "placement.cohorts", "placement.cohort cohort_id=past", "placement.cohort cohort_id=past on=2026-01-15", "placement.employers", "placement.new_employer", "placement.employer_list",
    "placement.employer employer_id=employer", "placement.person traineeship_id=placed", "placement.correction placement_id=placement",
    "surveys.cohorts", "surveys.new cohort_id=cohort", "surveys.survey survey_id=survey", "surveys.survey survey_id=survey_over", "surveys.edit",
]  # fmt: skip
ADMIN = [
    "people.accounts", "people.duplicates", "people.merge_page person_id=person", "people.merge_page person_id=person other=twin",
    "people.person person_id=twin", "people.person person_id=person", "people.erasure person_id=person", "people.invitation", "people.audit_trail", "pipeline.programmes",
    "pipeline.new_programme", "pipeline.edit_programme programme_id=programme_id", "certificates.issuer", "certificates.layouts", "people.demo_mail",
]  # fmt: skip
ROLES = {
    "applicant": APPLICANT, "trainee": TRAINEE, "holder": HOLDER, "instructor": INSTRUCTOR, "lead": LEAD, "admin": ADMIN,
}  # fmt: skip
# Addresses without a page of their own, and pages that a journey looks at.
ELSEWHERE = {
    "static": "files", "certificates.credential": "files", "certificates.transcript_credential": "files", "bulk.template": "files", "reporting.report_file": "files", "reporting.report_list": "leads on", "bulk.result": "files", "placement.file": "files", "catalogue.asset": "files", "pipeline.document": "files", "assignments.download": "files",
    "assignments.text": "files", "certificates.download": "files", "certificates.design_picture": "files", "certificates.picture_of_design": "files", "certificates.shared_document": "files", "certificates.printed_register": "files", "certificates.transcript_document": "files", "certificates.evidence": "files", "attendance.file": "files", "attendance.code_now": "a part of attendance.code", "certificates.public_keys": "files", "certificates.status_list_of": "files", "people.health": "for machines", "people.start": "leads on",
    "learning.activity": "leads on", "learning.here": "leads on", "certificates.to_choice": "leads on", "certificates.to_choice_of_course": "leads on", "certificates.by_hash": "leads on",
    "people.link": "test_the_whole_job", "people.held": "test_nothing_lost",
}  # fmt: skip


@pytest.fixture
def world(app: Flask) -> dict[str, Any]:
    """A row for each word that stands behind "=" above, and the people of `ROLES`."""
    scene = set_scene(attempts=3)
    person, learning = trainee(scene)
    kept = files.keep_bytes("모델,재현율\n가,0.91\n".encode(), name="평가 보고서.csv", media_type="text/csv")
    quiz, assignment = scene.quiz, scene.assignment
    ended = attempts.begin(learning, quiz.activity)
    session.flush()
    attempts.end(ended)
    begun = attempts.begin(learning, quiz.activity)
    submission = submissions.hand_in(learning, assignment.activity, text="첫째 줄.\n둘째 줄.", link="", files=[kept])
    applicant = make.person(Role.TRAINEE, name="지원한 사람", password_hash=password_hash())
    sent = make.application(scene.cohort, make.person(Role.TRAINEE, name="보낸 사람"))
    summer = make.cohort(scene.cohort.programme, slug="summer")
    draft = make.application(summer, applicant, stage=None, name="지원한 사람", latin_name="JI WON")
    draft.motivation = "배운 것으로 만들고 싶은 것을 적었어요. " * 10
    mine = make.application(make.cohort(scene.cohort.programme), applicant)
    valid, withdrawn = (
        making.issued(scene.cohort, scene.lead, name=name, latin_name="SU RYO") for name in ("수료 하나", "수료 둘")
    )
    admin = make.person(Role.ADMIN)
    paper = register_prints.ask(scene.lead, {}, "For the audit.")
    own_design = designing.begin(
        scene.cohort.programme, scene.lead, "야간반", Look(), reason="야간반 문구가 따로 있어요."
    )
    shown = sharing.token_of(sharing.share(valid, valid.person, "한빛 데이터"))
    for each in (admin, sent.person, valid.person):
        each.password_hash = password_hash()
    session.commit()
    for each in (valid, withdrawn):
        making.print_now(each.id)
    revoking.revoke(withdrawn, scene.lead, "Issued to the wrong person.")
    making.completed(scene.cohort)
    making.all_jobs()
    batches_asked = batches_in_every_state(scene)
    names.approve(valid.person, valid.person.name, "Su Ryo")
    asked = name_corrections.ask(valid.person, "수료 셋", "Su Ryo", reason="둘이 아니라 셋이에요.", evidence=[kept])
    names.approve(withdrawn.person, "수료 둘", "")
    other = name_corrections.ask(withdrawn.person, "수료 이", "", reason="숫자예요.", evidence=[kept])
    name_corrections.decline(other, scene.lead, "여권에는 둘이라고 적혀 있어요.")
    uploads = [
        make.add(CourseUpload(file_id=kept.id, by_id=scene.instructor.id, **told))
        for told in (
            {"state": "running", "done": 3, "total": 8},
            {"state": "done", "ended_at": clock.now(), "version_id": scene.offering.version_id, "changed": True},
            {
                "state": "failed",
                "ended_at": clock.now(),
                "failure": "The folder course holds no lesson that can be read.",
            },
        )
    ]
    of_valid = valid.completion.traineeship
    making.course_completed(make.enrolment(scene.offering, of_valid))
    transcript = transcripts.issue(valid.person, scene.lead, "both")
    attended = attendance_of(scene, person)
    session.commit()
    lesson = next(each for module in scene.offering.version.modules for each in module.activities)
    return {
        "people": {"applicant": applicant, "trainee": person, "holder": valid.person, "instructor": scene.instructor, "lead": scene.lead, "admin": admin},
        "spring": "spring", "summer": "summer", "honest": "honest", "programme": scene.cohort.programme.slug, "valid": valid.code,
        "revoked": withdrawn.code, "learning": learning.id, "lesson": lesson.id, "quiz": quiz.activity_id, "ended": ended.id,
        "begun": begun.id, "assignment": assignment.activity_id, "submission": submission.id, "offering": scene.offering.id,
        "person": person.id, "cohort": scene.cohort.id, "sent": sent.id, "mine": mine.id, "certificate": valid.id, "paper": paper.id, "design": own_design.design_id, "transcript": transcript.code, "holder": valid.person_id, "shown": shown, "asked": asked.id,
        "twin": twins(person, admin), "withdrawn": withdrawn.id, "report": handed_over(scene), **tables_in_every_state(scene), "this_year": clock.today().year, "programme_id": scene.cohort.programme_id, **batches_asked, **attended,
        **placed_and_asked(scene, valid.person),
        **dict(zip(("waiting", "brought_in", "broken"), (each.id for each in uploads), strict=True)),
    }  # fmt: skip


def placed_and_asked(scene: Scene, holder: Person) -> dict[str, Any]:
    """A cohort of half a year ago with people at work and people who answered, and surveys that are open and over."""
    today = clock.today()
    past = make.cohort(
        scene.cohort.programme, starts_on=today - timedelta(days=300), ends_on=today - timedelta(days=200)
    )
    make.add(Lead(person_id=scene.lead.id, cohort_id=past.id))
    own = make.traineeship(past, holder, stage=Stage.COMPLETED)
    employer = make.add(Employer(name="한빛 비전", in_hub=True, business="제조 비전 검사"))
    make.add(Opening(employer=employer, kind=RoleKind.INTERNSHIP, title="비전 엔지니어 인턴"))
    others = [make.traineeship(past, stage=Stage.COMPLETED) for _each in range(8)]
    for number, each in enumerate(others):
        consents.choose(each.person, consents.current(consents.OUTCOMES), True, "ko")
        if number < 3:
            work = Told(RoleKind.JOB, employer, "연구원", today - timedelta(days=150), None, Evidence.LETTER)
            placement = placements.record(each, scene.lead, work)
        elif number < 6:
            rounds.log(each, scene.lead, Outcome.SEEKING, Evidence.PHONE)
    survey, over = (asking.begin(of, scene.lead, opens_on=today, closes_on=today) for of in (scene.cohort, past))
    for each in others[:6]:
        answering.answer(over, each.person, {"overall": "4", "content": "5", "keep": "동료들과 함께한 과제"})
    asking.close(over, scene.lead)
    session.commit()
    rows = {"past": past, "own": own, "employer": employer, "placed": placement.traineeship, "placement": placement}
    return {word: row.id for word, row in (rows | {"survey": survey, "survey_over": over}).items()}


def twins(person: Person, by: Person) -> Any:
    """Somebody who may be the same person; a third account was joined with theirs."""
    person.latin_name = "BAE UM"
    other = make.person(Role.TRAINEE, name=person.name, latin_name="Um Bae")
    merging.merge(other, make.person(), by, "여권 사본")
    return other.id


def handed_over(scene: Scene) -> Any:
    """A report of the year to date."""
    today = clock.today()
    asked = Period("", date(today.year, 1, 1), today, clock.now())
    made = packs.hand_over(scene.lead, asked, explanation="하반기 기수가 아직 교육 중입니다.", seen=0)
    session.commit()
    make_report_files(str(made.id))
    return made.id


def tables_in_every_state(scene: Scene) -> dict[str, Any]:
    """Tables that were sent in, by the word for each state."""
    head, slug = ["cohort", "email", "name", "applied_on"], scene.cohort.slug
    row = [slug, "sent-in@example.org", "보낸 사람", "2026-01-05"]
    tables = {
        "table_done": bulk.brought_in(Kind.APPLICATIONS, bulk.csv(head, row), scene.lead, "지원자.csv"),
        "table_wrong": bulk.checked(
            Kind.APPLICATIONS, bulk.csv(head, [slug, "없음", "", ""]), scene.lead, "틀린 표.csv"
        ),
        "table_checked": bulk.checked(
            Kind.APPLICATIONS,
            bulk.csv(head, row, [slug, "next@example.org", "보낸 사람", "2026-01-06"]),
            scene.lead,
            "다음.csv",
        ),
    }
    return {word: table.id for word, table in tables.items()}


def attendance_of(scene: Scene, person: Person) -> dict[str, Any]:
    """Sessions of five days: two held, one open now, one cancelled, one ahead; somebody was late, and asks about it."""
    keepers.appoint(scene.cohort, scene.instructor, scene.lead)
    pattern = TimetablePattern(cohort_id=scene.cohort.id, weekday=0, starts=time(9), ends=time(18), place="302호")
    now, made = clock.now(), []
    for days in (-2, -1, 0, 1, 2):
        begin = now + timedelta(days=days, hours=-1)
        day = begin.astimezone(clock.SEOUL).date()
        made.append(
            make.add(Meeting(cohort_id=scene.cohort.id, day=day, starts_at=begin, ends_at=begin + timedelta(hours=3)))
        )
    for meeting, late in zip(made[:2], (0, 40), strict=True):
        for way, minutes in ((Way.IN, late), (Way.OUT, 180)):
            at = meeting.starts_at + timedelta(minutes=minutes)
            make.add(Stamp(meeting_id=meeting.id, person_id=person.id, way=way, at=at, how="code", by_id=person.id))
        meeting.state = MeetingState.HELD
    timetables.cancel(made[3], scene.lead, "태풍 특보")
    corrections.ask(made[1], person, person, CorrectionKind.EXCUSE, reason="지하철이 멈췄어요.")
    make.add(pattern)
    return {"meeting": made[2].id, "called_off": made[3].id}


def batches_in_every_state(scene: Scene) -> dict[str, Any]:
    """Certificates that were asked for, by the word for each state."""
    made = {}
    for state, asked_by in (
        ("theirs_asked", scene.second), ("mine_asked", scene.lead), ("halted", scene.second), ("running", scene.second), ("finished", scene.second),
    ):  # fmt: skip
        people = [making.completed(scene.cohort, name=f"함께 {number}", latin_name="HAMKKE") for number in (1, 2)]
        batch = batches.request(scene.cohort, people, asked_by)
        made[state] = batch.id
        if state in ("halted", "running", "finished"):
            batches.approve(batch, scene.lead)
            while batches.step(batch.id) and state != "running":
                pass
        if state == "halted":
            batch.state, batch.halt, batch.ended_at = BatchState.PAUSED, "서명 열쇠가 만료되었어요.", None
    session.commit()
    return made


def addresses(app: Flask, world: dict[str, Any], pages: list[str]) -> list[str]:
    """Paths of the pages, their words replaced by the rows of the world."""
    with app.test_request_context():
        found = []
        for page in pages:
            endpoint, *pairs = page.split()
            values = dict(pair.split("=") for pair in pairs)
            found.append(app.url_for(endpoint, **{name: world.get(value, value) for name, value in values.items()}))
    return found


@pytest.mark.parametrize("language, scheme, contrast_at", [("ko", "light", [1280]), ("en", "dark", [390])])
def test_every_page_is_open_to_all(app: Flask, visitor, world, language: str, scheme: str, contrast_at: list[int]):
    frame = {"language": language, "color_scheme": scheme, "contrast_at": contrast_at}
    for person in world["people"].values():
        person.language = language
    session.commit()
    stranger = visitor(**frame)
    faults = seen_wrong(stranger, addresses(app, world, STRANGER))
    faults += stranger.open("/verify/no-such-code", status=404).faults()
    faults += stranger.open("/no/such/page", status=404).faults()
    for role, pages in ROLES.items():
        window = visitor(**frame).enter(world["people"][role].email, PASSWORD)
        faults += seen_wrong(window, addresses(app, world, pages))
        if role == "trainee":
            faults += window.open("/accounts", status=403).faults()
    assert not faults, "\n".join(faults)


def seen_wrong(window: Visitor, paths: list[str]) -> list[str]:
    """What is wrong with these pages; each of them must open under its own address."""
    found = []
    for path in paths:
        if (status := window.status_of(path)) != 200 or window.path != path:
            found.append(f"{path} led to {window.path}: {status}")
        found += window.faults()
    return found


def test_no_page_is_left_out(app: Flask):
    looked_at = {page.split()[0] for page in [*STRANGER, *(each for pages in ROLES.values() for each in pages)]}
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert pages - looked_at - ELSEWHERE.keys() == set()
    assert looked_at - pages == set()
    assert looked_at & ELSEWHERE.keys() == set()
