"""The checklist, the grade book and the rules, as pages; and who may open them."""

from datetime import date

import pytest

from courses.gradebook import rules
from courses.gradebook.models import Completion, CompletionRule
from lms.kit import jobs
from lms.kit.db import session
from lms.people.models import Role
from tests import make
from tests.courses.gradebook import doing


def running_course():
    version = make.course(lessons=2)
    quiz, assignment = make.quiz(version, questions=False), make.assignment(version)
    return version, quiz, assignment


def test_checklist_shows_each_condition_with_its_number(browser):
    version, quiz, assignment = running_course()
    enrolment = make.enrolment(make.offering(version, closes_on=date(2099, 12, 1)))
    doing.take(enrolment, quiz, 5)
    doing.hand_in(enrolment, assignment)
    browser.sign_in(enrolment.person).open("gradebook.checklist", enrolment_id=enrolment.id)
    for words in (
        "3 conditions left until completion",
        "0 of 3 conditions met",
        "50%",
        "handed in, not marked yet",
        "You have until 1 Dec 2099",
    ):
        assert words in browser.text, words


def test_checklist_of_a_completed_course_names_day_and_version(browser):
    version, quiz, assignment = running_course()
    enrolment = make.enrolment(make.offering(version))
    doing.take(enrolment, quiz, 8)
    doing.mark(enrolment, assignment, 75)
    doing.finish_all(enrolment)
    doing.decide_all()
    browser.sign_in(enrolment.person).open("gradebook.checklist", enrolment_id=enrolment.id)
    assert "You have completed this course" in browser.text
    assert "By version 1 of the rule" in browser.text
    assert "/certificates" in browser.links()


def test_other_peoples_checklist_is_not_there(browser):
    enrolment = make.enrolment(offering := make.offering())
    other = make.enrolment(offering)
    browser.sign_in(enrolment.person).open("gradebook.checklist", enrolment_id=enrolment.id)
    browser.sign_in(other.person).open("gradebook.checklist", enrolment_id=enrolment.id, status=404)


def test_grade_book_is_for_those_who_teach_or_lead_it(browser):
    enrolment = make.enrolment(offering := make.offering())
    other = make.offering()
    for person in (make.instructor(offering), make.lead(offering.cohort), make.admin()):
        browser.sign_in(person).open("gradebook.offering", offering_id=offering.id)
        browser.open("gradebook.person", offering_id=offering.id, enrolment_id=enrolment.id)
    for person in (make.instructor(other), make.lead(other.cohort)):
        browser.sign_in(person).open("gradebook.offering", offering_id=offering.id, status=404)
        browser.open("gradebook.person", offering_id=offering.id, enrolment_id=enrolment.id, status=404)
        browser.open("gradebook.person", offering_id=other.id, enrolment_id=enrolment.id, status=404)
    browser.sign_in(enrolment.person).open("gradebook.offering", offering_id=offering.id, status=403)


def test_grade_book_shows_results_and_hides_marks_that_are_not_released(browser):
    version, quiz, assignment = running_course()
    offering = make.offering(version)
    shown, hidden = make.enrolment(offering), make.enrolment(offering)
    doing.take(shown, quiz, 4)
    doing.mark(shown, assignment, 87)
    doing.mark(hidden, assignment, 33, released=False)
    browser.sign_in(make.instructor(offering)).open("gradebook.offering", offering_id=offering.id)
    rows = [" ".join("".join(row.itertext()).split()) for row in browser.find("tr")[1:]]
    assert "▾ 40%1 / 1 ▾ 40% 87%" in rows[0]
    assert browser.find("span", aria_label="40% below the minimum")
    assert "33%" not in browser.text
    assert f"/offerings/{offering.id}/grades/{hidden.id}" in browser.links()


def test_grade_book_sorts_by_name_and_progress(browser):
    offering = make.offering()
    for name, progress in (("B", 10), ("A", 90), ("C", 50)):
        one = make.enrolment(offering, make.traineeship(offering.cohort, make.person(Role.TRAINEE, name=name)))
        one.progress = progress
    browser.sign_in(make.instructor(offering))
    seen = {}
    for sort in ("name", "-name", "progress", "-progress"):
        browser.open("gradebook.offering", offering_id=offering.id, query={"sort": sort})
        seen[sort] = "".join("".join(head.itertext()).strip() for head in browser.find("th", scope="row"))
    assert seen == {"name": "ABC", "-name": "CBA", "progress": "BCA", "-progress": "ACB"}


def test_course_with_many_quizzes_is_looked_at_module_by_module(browser):
    version = make.course(lessons=0)
    for _each in range(9):
        make.quiz(version, questions=False)
    make.enrolment(offering := make.offering(version))
    browser.sign_in(make.instructor(offering)).open("gradebook.offering", offering_id=offering.id)
    assert len(browser.find("th", scope="col")) == 4
    browser.open("gradebook.offering", offering_id=offering.id, query={"module": "1"})
    assert len(browser.find("th", scope="col")) == 12


def test_grade_book_costs_the_same_for_two_and_sixty(browser, queries):
    version, quiz, assignment = running_course()
    offering = make.offering(version)
    teacher = make.instructor(offering)
    counts = []
    for people in (2, 58):
        for _each in range(people):
            one = make.enrolment(offering)
            doing.take(one, quiz, 8)
        doing.mark(one, assignment, 80)
        browser.sign_in(teacher)
        with queries() as seen:
            browser.open("gradebook.offering", offering_id=offering.id, inspect=False)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= 18


def test_leads_decide_again_and_instructors_do_not(browser):
    enrolment = make.enrolment(offering := make.offering())
    doing.finish_all(enrolment)
    session.query(jobs.Job).delete()
    browser.sign_in(make.instructor(offering)).post("gradebook.decide_again", offering_id=offering.id, status=403)
    browser.sign_in(make.lead(make.cohort())).post("gradebook.decide_again", offering_id=offering.id, status=404)
    assert session.query(jobs.Job).count() == 0
    browser.sign_in(make.lead(offering.cohort)).post("gradebook.decide_again", offering_id=offering.id)
    doing.decide_all()
    assert session.query(Completion).count() == 2


@pytest.mark.parametrize("kind", ["course", "programme"])
def test_rule_is_changed_with_a_reason_by_those_who_lead(browser, kind):
    offering = make.offering()
    course, programme = offering.course, offering.cohort.programme
    read, change, subject = {
        "course": ("gradebook.rules", "gradebook.change", course),
        "programme": ("gradebook.programme_rules", "gradebook.change_programme", programme),
    }[kind]
    form = {"activities_percent": "80", "quiz_minimum": "70", "assignment_minimum": "65", "seen": "1"}
    browser.sign_in(make.lead(make.cohort())).open(read, slug=subject.slug, status=200 if kind == "course" else 404)
    assert not browser.find("textarea"), "who leads no cohort of a course reads its rule and does not change it"
    browser.post(change, {**form, "reason": "Mine."}, slug=subject.slug, status=404)
    browser.sign_in(make.instructor(offering)).open(read, slug=subject.slug, status=403)
    browser.sign_in(lead := make.lead(offering.cohort)).open(read, slug=subject.slug)
    browser.post(change, {**form, "reason": " "}, slug=subject.slug, status=422)
    browser.post(change, {**form, "activities_percent": "101", "reason": "x"}, slug=subject.slug, status=422)
    assert session.query(CompletionRule).filter(CompletionRule.version > 1).count() == 0
    browser.post(change, {**form, "reason": "As agreed with the city."}, slug=subject.slug)
    rule = rules.newest_or_default(subject)
    assert (rule.version, rule.activities_percent, rule.set_by_id) == (2, 80, lead.id)
    assert "As agreed with the city." in browser.follow().text
    browser.post(change, {**form, "activities_percent": "70", "reason": "Late."}, slug=subject.slug, status=409)
    assert rules.newest_or_default(subject).version == 2


def test_rule_page_says_what_a_change_would_do_before_it_is_made(browser):
    version, quiz, assignment = running_course()
    offering = make.offering(version)
    for points in (5, 4, 9):
        one = make.enrolment(offering)
        doing.take(one, quiz, points)
        doing.mark(one, assignment, 75)
        doing.finish_all(one)
    doing.decide_all()
    wanted = {"activities_percent": "100", "quiz_minimum": "50", "assignment_minimum": "60"}
    browser.sign_in(make.lead(offering.cohort)).open("gradebook.rules", slug=offering.course.slug, query=wanted)
    assert "1 person in training would meet the rule at once; today it is 0." in browser.text
    assert "1 completion stays as it is." in browser.text
    assert session.query(CompletionRule).filter_by(version=2).count() == 0


def test_rule_page_decides_again_in_own_cohorts_only(browser):
    version = make.course(lessons=1)
    one, other = make.enrolment(make.offering(version)), make.enrolment(make.offering(version))
    for each in (one, other):
        doing.finish_all(each)
    session.query(jobs.Job).delete()
    lead = make.lead(one.offering.cohort)
    browser.sign_in(lead).post("gradebook.decide", slug=version.course.slug)
    doing.decide_all()
    assert {each.person_id for each in session.query(Completion)} == {one.person_id}


def test_rules_are_found_from_the_pages_of_their_course_programme_and_cohort(browser):
    offering = make.offering()
    cohort, programme = offering.cohort, offering.cohort.programme
    of_course, of_programme = f"/courses/{offering.course.slug}/rule", f"/programmes/{programme.slug}/rule"
    pages = {
        "lead": [
            ("catalogue.course", {"slug": offering.course.slug}, of_course),
            ("pipeline.edit_cohort", {"cohort_id": cohort.id}, of_programme),
            ("reporting.cohort", {"cohort_id": cohort.id}, of_programme),
        ],
        "admin": [
            ("catalogue.course", {"slug": offering.course.slug}, of_course),
            ("pipeline.programmes", {}, of_programme),
            ("pipeline.edit_programme", {"programme_id": programme.id}, of_programme),
        ],
    }
    for who, person in (("lead", make.lead(cohort)), ("admin", make.person(Role.ADMIN))):
        browser.sign_in(person)
        for endpoint, values, rule in pages[who]:
            assert rule in browser.open(endpoint, **values).links(), (who, endpoint)
            browser.open(rule)
    for other in (make.instructor(offering), make.trainee(cohort)):
        browser.sign_in(other).open("catalogue.course", slug=offering.course.slug)
        assert of_course not in browser.links()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages_open_in_both_languages(browser, language):
    version, _quiz, assignment = running_course()
    enrolment = make.enrolment(offering := make.offering(version))
    doing.mark(enrolment, assignment, 40)
    enrolment.person.language = language
    browser.sign_in(enrolment.person).open("gradebook.checklist", enrolment_id=enrolment.id)
    lead = make.lead(offering.cohort)
    lead.language = language
    browser.sign_in(lead).open("gradebook.offering", offering_id=offering.id)
    browser.open("gradebook.person", offering_id=offering.id, enrolment_id=enrolment.id)
    browser.open("gradebook.rules", slug=offering.course.slug)
    browser.open("gradebook.programme_rules", slug=offering.cohort.programme.slug)
    assert browser.find("html")[0].get("lang") == language
