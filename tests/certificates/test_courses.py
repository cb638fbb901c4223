"""Certificates for single courses: the same register and the same guarantees, and nobody's stage moves."""

import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from certificates import (
    approving,
    automatic,
    batches,
    checking,
    eligibility,
    issuing,
    issuing_rules,
    replacing,
    revoking,
)
from certificates.cli import known
from certificates.eligibility import Verdict
from certificates.facts import Facts
from certificates.issue_models import ForCourses, IssueItem
from certificates.issuing_rules import Choice
from certificates.models import SerialCounter
from courses.gradebook import completions
from courses.learning.models import Enrolment
from lms.kit import clock, files
from lms.kit.db import new_key, session
from lms.kit.mail import Letter
from lms.kit.refusal import Conflict, Refused
from lms.people.models import Person
from lms.pipeline.models import Stage, StageEvent
from tests import make
from tests.certificates.making import all_jobs, completed, issued
from tests.certificates.making_courses import course_issued, course_printed, taken, with_courses
from tests.certificates.test_automatic import about_to_complete
from tests.certificates.test_issuing import all_certificates, at_once


def moves():
    return session.scalar(select(func.count()).select_from(StageEvent))


def test_it_says_the_course_with_its_days_and_hours_and_stands_in_the_same_register():
    offering = with_courses()
    whole = issued(offering.cohort)
    enrolment = taken(offering, name="김하늘", latin_name="Kim Haneul")
    before = moves()
    certificate = issuing.issue(enrolment, make.lead(offering.cohort))
    facts = Facts.from_json(certificate.facts)
    assert (whole.serial, certificate.serial, certificate.year) == (1, 2, whole.year)
    assert facts.course == dict(offering.version.title)
    assert (facts.hours, facts.courses) == (offering.version.hours, ())
    assert (facts.starts_on, facts.ends_on) == (offering.opens_on, offering.closes_on)
    assert facts.programme == dict(offering.cohort.programme.title)
    assert Facts.from_json(json.loads(json.dumps(facts.as_json()))) == facts
    assert (certificate.design, certificate.cohort_id) == ("one-course", offering.cohort_id)
    assert certificate.rule_version == certificate.completion.rule.version
    assert moves() == before
    assert enrolment.traineeship.stage is Stage.TRAINING


def test_course_and_programme_each_have_their_own_and_each_only_once():
    offering = with_courses()
    enrolment = taken(offering, done=False, stage=Stage.COMPLETED)
    make.completion(enrolment.traineeship)
    lead = make.lead(offering.cohort)
    first, second = issuing.issue(enrolment, lead), issuing.issue(enrolment.traineeship, lead)
    assert issuing.issue(enrolment, lead) is first
    assert issuing.issue(enrolment.traineeship, lead) is second
    assert {each.serial for each in all_certificates()} == {1, 2}
    assert enrolment.traineeship.stage is Stage.CERTIFIED


def test_where_the_rule_has_none_nothing_is_issued():
    offering = make.offering(to=issued().cohort)  # a rule from before there were any
    enrolment, lead = taken(offering), make.lead(offering.cohort)
    with pytest.raises(Refused, match="강좌"):
        issuing.issue(enrolment, lead)
    assert [each.verdict for each in eligibility.examine(offering)] == [Verdict.SWITCHED_OFF]
    assert len(all_certificates()) == 1


def test_the_dry_run_says_of_each_why_not():
    offering = with_courses()
    ready = taken(offering, name="가 ready")
    taken(offering, done=False, name="나 learning")
    left_before = taken(offering, done=False, stage=Stage.LEFT, name="다 left")
    left_after = taken(offering, stage=Stage.LEFT, name="라 left after")
    taken(offering, name="마 😀")
    held = course_issued(offering, name="바 held")
    make.enrolment(make.offering(to=offering.cohort))  # of another course
    found = {each.traineeship.person.name[0]: each for each in eligibility.examine(offering)}
    verdicts = ["ready", "not_completed", "left", "ready", "unprintable", "issued"]
    assert [found[each].verdict for each in "가나다라마바"] == verdicts
    assert found["바"].certificate is held
    assert "0%" in found["나"].why_not
    assert {each.earned for each in eligibility.ready(offering)} == {ready, left_after}
    assert left_before.traineeship.stage is Stage.LEFT
    assert all(each.certificate is None for each in eligibility.examine(offering.cohort))


def test_two_people_issue_it_as_they_do_for_a_programme():
    offering = with_courses(needs_second_person=True)
    first, second = make.lead(offering.cohort), make.lead(offering.cohort)
    people = [taken(offering) for _number in range(2)]
    with pytest.raises(Refused, match="다른 사람이 승인"):
        issuing.issue(people[0], first)
    batch = batches.request(offering, people, first)
    assert {each.verdict for each in eligibility.examine(offering)} == {Verdict.ASKED}
    with pytest.raises(Conflict):
        batches.request(offering, people[:1], second)
    with pytest.raises(Refused):
        approving.approve(batch, first)
    batches.approve(batch, second)
    all_jobs()
    assert [each.approved_by_id for each in all_certificates()] == [second.id, second.id]
    assert {each.completion.enrolment_id for each in all_certificates()} == {each.id for each in people}
    asked = session.scalars(select(Letter).where(Letter.to_address == second.email)).first()
    assert offering.version.title["en"] in asked.text + asked.subject or offering.version.title["ko"] in asked.text


def test_somebody_may_be_asked_for_with_programme_and_course_at_once_but_not_twice_with_one():
    offering = with_courses(needs_second_person=True)
    lead, enrolment = make.lead(offering.cohort), taken(offering, done=False, stage=Stage.COMPLETED)
    make.completion(enrolment.traineeship)
    other = taken(make.offering(to=offering.cohort))
    mine = batches.request(offering, [enrolment], lead)
    batches.request(offering.cohort, [enrolment.traineeship], lead)
    with pytest.raises(ValueError, match="one cohort or offering"):
        batches.request(offering, [other], lead)
    assert [each.id for each in session.scalars(batches.of(offering))] == [mine.id]
    again = IssueItem(
        batch_id=mine.id, traineeship_id=other.traineeship_id, enrolment_id=enrolment.id, position=9, id=new_key()
    )
    with pytest.raises(IntegrityError):
        make.add(again)
    session.rollback()


def test_fifty_writers_at_once_get_the_same_certificate_of_a_course(app):
    enrolment = taken(with_courses())
    lead = make.lead(enrolment.offering.cohort)
    keys = enrolment.id, lead.id
    assert eligibility.ready(enrolment.offering)
    session.commit()

    def issue(_number):
        return issuing.issue(session.get_one(Enrolment, keys[0]), session.get_one(Person, keys[1])).id

    answers = at_once(app, 50, issue)
    (only,) = all_certificates()
    assert set(answers) == {only.id}
    assert (len(answers), only.serial, session.scalar(select(SerialCounter.last))) == (50, 1, 1)
    assert session.scalar(select(func.count(Letter.id)).where(Letter.to_address == only.person.email)) == 1


def test_courses_and_programmes_at_once_are_numbered_without_a_gap(app):
    offering = with_courses()
    lead_id = make.lead(offering.cohort).id
    of_courses = [taken(offering).id for _number in range(10)]
    of_programme = [completed(offering.cohort).id for _number in range(10)]
    assert eligibility.ready(offering)
    session.commit()

    def issue(number):
        kind, keys = (Enrolment, of_courses) if number % 2 else (type(completed_of), of_programme)
        return issuing.issue(session.get_one(kind, keys[number // 2]), session.get_one(Person, lead_id)).serial

    completed_of = session.get_one(Enrolment, of_courses[0]).traineeship
    session.rollback()
    assert sorted(at_once(app, 20, issue)) == list(range(1, 21))


def by_itself(cohort, **more):
    admin = make.admin()
    given = {"needs_second_person": True, "for_courses": ForCourses.AUTOMATIC, **more}
    issuing_rules.change(cohort.programme, admin, Choice(**given), reason="They wait long.", seen=0)
    return admin


def test_whoever_completes_the_course_has_its_certificate_at_once_where_the_rule_says_so():
    """Also where those of the programme need a second person: nobody is asked about these."""
    cohort = make.cohort()
    admin = by_itself(cohort)
    enrolment = about_to_complete(cohort)
    completions.decide(enrolment)
    completions.decide(enrolment)
    all_jobs()
    automatic.issue_on_course_completion(str(enrolment.id))
    (certificate,) = all_certificates()
    assert certificate.completion.enrolment_id == enrolment.id
    assert (certificate.issued_by_id, certificate.approved_by_id, certificate.issuing_version) == (admin.id, None, 1)
    assert enrolment.traineeship.stage is Stage.COMPLETED


def test_nobody_but_the_rule_does_without_the_second_person():
    offering = make.offering()
    admin = by_itself(offering.cohort)
    with pytest.raises(Refused, match="다른 사람이 승인"):
        issuing.issue(taken(offering), admin)
    other = with_courses(needs_second_person=True)
    with pytest.raises(Refused, match="다른 사람이 승인"):
        issuing.issue_by_rule(taken(other), admin)
    automatic.issue_on_course_completion(str(taken(other).id))
    assert all_certificates() == []


def test_only_an_administrator_switches_it_on_and_those_from_before_get_theirs():
    offering = make.offering()
    lead, done = make.lead(offering.cohort), taken(offering)
    taken(make.offering())
    wanted = Choice(for_courses=ForCourses.AUTOMATIC)
    with pytest.raises(Refused, match="관리자"):
        issuing_rules.change(offering.cohort.programme, lead, wanted, reason="Now.", seen=0)
    by_itself(offering.cohort)
    assert automatic.catch_up(offering.cohort.programme) == 1
    all_jobs()
    (certificate,) = all_certificates()
    assert certificate.completion.enrolment_id == done.id
    assert automatic.catch_up(offering.cohort.programme) == 0


def test_it_is_revoked_and_nobody_moves():
    offering = with_courses()
    enrolment = taken(offering, done=False, stage=Stage.COMPLETED)
    make.completion(enrolment.traineeship)
    lead = make.lead(offering.cohort)
    certificate = issuing.issue(enrolment, lead)
    issuing.issue(enrolment.traineeship, lead)
    before = moves()
    revoking.revoke(certificate, lead, "The work was somebody else's.")
    session.commit()
    assert (moves(), enrolment.traineeship.stage) == (before, Stage.CERTIFIED)
    with pytest.raises(Refused, match="취소"):
        issuing.issue(enrolment, lead)
    assert [each.verdict for each in eligibility.examine(offering)] == [Verdict.REVOKED]


def test_a_correction_says_the_course_again():
    old = course_printed(name="Ada Lovelaec")
    old.person.name = "Ada Lovelace"
    session.commit()
    newer = replacing.correct(old, old.issued_by, "The name was misspelt.")
    facts, before = Facts.from_json(newer.facts), Facts.from_json(old.facts)
    assert (facts.course, facts.hours, facts.starts_on) == (before.course, before.hours, before.starts_on)
    assert (facts.name, newer.design) == ("Ada Lovelace", old.design)


def test_the_pdf_and_its_credential_hold_and_name_the_course(app):
    certificate = course_printed(name="김하늘", latin_name="Kim Haneul")
    content = files.path_of(certificate.document.file).read_bytes()
    checks = list(checking.examine(content, known()))
    assert [each for each in checks if not each.good] == []
    said = json.loads(checking.attached(content))
    title = certificate.completion.enrolment.version.title
    achievement = said["credentialSubject"]["achievement"]
    assert achievement["achievementType"] == "Course"
    assert achievement["name"] == f"{title['ko']} / {title['en']}"
    assert certificate.cohort.programme.title["en"] in achievement["description"]
    assert "(10 h)" in achievement["description"]


def test_renaming_the_course_changes_nothing_that_was_issued():
    certificate = course_printed()
    kept = dict(certificate.facts), certificate.document.sha256
    version = certificate.completion.enrolment.version
    version.title = type(version.title)(ko="다른 이름", en="Another name")
    session.commit()
    session.expire_all()
    assert (dict(certificate.facts), certificate.document.sha256) == kept
    assert [change.label for change in replacing.changes(certificate)] == ["강좌"]
    assert clock.today() == certificate.issued_on
