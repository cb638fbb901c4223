"""Certificates that come by themselves, where a programme's rule says so."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from certificates import automatic, issuing_rules, names
from certificates.issuing_rules import Choice
from certificates.models import SerialCounter
from courses.gradebook import completions
from courses.learning.models import ActivityProgress
from lms.kit import jobs
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.pipeline.models import Stage
from tests import make
from tests.certificates.making import all_jobs, completed
from tests.certificates.test_issuing import all_certificates

AT_ONCE = Choice(needs_second_person=False, automatic=True)


def automatic_cohort(**more):
    cohort, admin = make.cohort(), make.admin()
    issuing_rules.change(cohort.programme, admin, Choice(**{**vars(AT_ONCE), **more}), reason="They wait long.", seen=0)
    return cohort, admin


def about_to_complete(cohort):
    """An enrolment whose one lesson is done, so that course and programme are completed with the next look."""
    version = make.course(lessons=1)
    enrolment = make.enrolment(make.offering(version, cohort), make.traineeship(cohort, stage=Stage.TRAINING))
    (lesson,) = (each for module in version.modules for each in module.activities)
    done = datetime(2026, 1, 1, tzinfo=UTC)
    make.add(ActivityProgress(enrolment_id=enrolment.id, activity_id=lesson.id, opened_at=done, done_at=done))
    return enrolment


def test_whoever_completes_has_the_certificate_at_once():
    cohort, admin = automatic_cohort()
    enrolment = about_to_complete(cohort)
    completions.decide(enrolment)
    all_jobs()
    (certificate,) = all_certificates()
    assert (certificate.person_id, certificate.serial) == (enrolment.person_id, 1)
    assert (certificate.issued_by_id, certificate.approved_by_id, certificate.issuing_version) == (admin.id, None, 1)
    told = select(func.count(Letter.id)).where(
        Letter.to_address == enrolment.person.email, Letter.text.contains("/verify/")
    )
    assert session.scalar(told) == 1


def test_nothing_comes_by_itself_where_the_rule_does_not_say_so():
    enrolment = about_to_complete(make.cohort())
    completions.decide(enrolment)
    all_jobs()
    assert all_certificates() == []
    assert enrolment.traineeship.stage is Stage.COMPLETED


def test_the_same_news_twice_issues_once():
    cohort, _admin = automatic_cohort()
    taking_part = completed(cohort)
    session.commit()
    for _time in range(3):
        automatic.issue_on_completion(str(taking_part.id))
    assert [each.serial for each in all_certificates()] == [1]
    assert session.scalar(select(SerialCounter.last)) == 1


def test_a_name_that_is_not_approved_waits_for_its_owner():
    cohort, _admin = automatic_cohort(needs_name_approval=True)
    taking_part = completed(cohort, name="문가온", latin_name="Moon Gaon")
    session.commit()
    automatic.issue_on_completion(str(taking_part.id))
    assert (all_certificates(), session.scalar(select(SerialCounter.last))) == ([], None)
    names.approve(taking_part.person, "문가온", "Moon Gaon")
    all_jobs()
    assert [each.facts["name"] for each in all_certificates()] == ["문가온"]


def test_without_a_key_it_is_tried_again(app, tmp_path, monkeypatch):
    cohort, _admin = automatic_cohort()
    taking_part = completed(cohort)
    asked = jobs.later(automatic.issue_on_completion, traineeship_id=str(taking_part.id))
    with monkeypatch.context() as lost:
        lost.setitem(app.config, "SIGNING_PKCS12", str(tmp_path / "lost.p12"))
        all_jobs()
    session.expire_all()
    assert (all_certificates(), asked.done_at) == ([], None)
    assert "lost.p12" in asked.error
    asked.due_at = make.LONG_AGO
    all_jobs()
    assert [each.serial for each in all_certificates()] == [1]


@pytest.mark.parametrize("way, issued", [("automatic", 2), ("one", 0)])
def test_those_who_completed_before_get_theirs_when_the_rule_changes(browser, way, issued):
    cohort = make.cohort()
    issuing_rules.change(cohort.programme, make.admin(), Choice(valid_months=12), reason="Skills age.", seen=0)
    people = [completed(cohort) for _number in range(2)]
    completed(make.cohort())
    said = {"way": way, "design": "programme", "languages": "both", "reason": "They wait long.", "seen": "1"}
    said |= {"for_courses": "none", "course_design": "one-course"}
    browser.sign_in(make.admin()).post("certificates.change_issuing_rule", said, slug=cohort.programme.slug)
    all_jobs()
    assert len(all_certificates()) == issued
    assert {each.person_id for each in all_certificates()} <= {each.person_id for each in people}
