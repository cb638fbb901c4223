"""How a programme issues: in versions, by whom, and never two at once."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from certificates import issuing_rules
from certificates.issue_models import IssuingRule
from certificates.issuing_rules import Choice
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people.models import AuditEntry, Person
from lms.pipeline.models import Programme
from tests import make
from tests.certificates.test_issuing import at_once

ALONE = Choice(needs_second_person=False)


def test_a_programme_begins_with_two_people():
    cohort = make.cohort()
    rule = issuing_rules.of_cohort(cohort.id)
    assert (rule.version, rule.needs_second_person, rule.automatic) == (0, True, False)
    assert session.scalar(select(func.count(IssuingRule.id))) == 0


def test_versions_are_added_and_the_newest_holds():
    cohort, admin = make.cohort(), make.admin()
    first = issuing_rules.change(cohort.programme, admin, ALONE, reason="A small programme.", seen=0)
    second = issuing_rules.change(
        cohort.programme, admin, replace(ALONE, valid_months=24), reason="Skills age.", seen=1
    )
    other = make.cohort()
    assert [each.version for each in session.scalars(issuing_rules.history(cohort.programme))] == [2, 1]
    assert issuing_rules.of_cohort(cohort.id).id == issuing_rules.current(cohort.programme_id).id == second.id
    assert (first.valid_months, second.valid_months) == (None, 24)
    assert issuing_rules.of_cohort(other.id).version == 0
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == second.id)).one()
    assert (entry.old["valid_months"], entry.new["valid_months"]) == (None, 24)


def test_what_cannot_be_is_refused():
    programme, admin = make.programme(), make.admin()
    for wanted, reason, seen in (
        (Choice(), "Nothing.", 0),
        (ALONE, "  ", 0),
        (Choice(automatic=True), "Both.", 0),
        (replace(ALONE, design="no-such-design"), "Pretty.", 0),
        (replace(ALONE, course_design="programme"), "Not of a course.", 0),
        (ALONE, "Too late.", 1),
    ):
        with pytest.raises(Refused):
            issuing_rules.change(programme, admin, wanted, reason=reason, seen=seen)
    assert session.scalar(select(func.count(IssuingRule.id))) == 0


@pytest.mark.parametrize("wanted", [ALONE, replace(ALONE, automatic=True)])
def test_a_lead_does_not_do_away_with_the_second_person(wanted):
    cohort = make.cohort()
    lead = make.lead(cohort)
    with pytest.raises(Refused, match="관리자"):
        issuing_rules.change(cohort.programme, lead, wanted, reason="Quicker.", seen=0)
    issuing_rules.change(cohort.programme, lead, Choice(valid_months=12), reason="Skills age.", seen=0)
    issuing_rules.change(cohort.programme, make.admin(), ALONE, reason="A small programme.", seen=1)
    with pytest.raises(Refused, match="관리자"):
        issuing_rules.change(cohort.programme, lead, replace(ALONE, automatic=True), reason="Quicker.", seen=2)


def test_of_eight_who_change_it_at_once_one_does(app):
    programme, admin = make.programme(), make.admin()
    keys = programme.id, admin.id
    session.commit()

    def change(number):
        given = session.get_one(Programme, keys[0]), session.get_one(Person, keys[1])
        return issuing_rules.change(*given, Choice(valid_months=number + 1), reason="Skills age.", seen=0).version

    answers = at_once(app, 8, change)
    assert sorted(isinstance(each, Conflict) for each in answers) == [False] + [True] * 7
    assert [each.version for each in session.scalars(select(IssuingRule))] == [1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": 0},
        {"valid_months": 0},
        {"automatic": True, "needs_second_person": True},
        {"automatic": True, "needs_second_person": False, "set_by_id": None},
        {"languages": "fr"},
        {"for_courses": "automatic", "set_by_id": None},
    ],
)
def test_the_database_refuses_what_cannot_be(wrong):
    programme, admin = make.programme(), make.admin()
    with pytest.raises(IntegrityError):
        make.add(IssuingRule(**{"programme_id": programme.id, "version": 1, "set_by_id": admin.id, **wrong}))
    session.rollback()


def test_the_database_keeps_one_rule_a_version():
    programme = make.programme()
    make.add(IssuingRule(programme_id=programme.id, version=1))
    with pytest.raises(IntegrityError):
        make.add(IssuingRule(programme_id=programme.id, version=1))
    session.rollback()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_changes_it_and_shows_who_did(browser, language):
    cohort, admin = make.cohort(), make.admin()
    admin.language, admin.name = language, "Ada Admin"
    slug = cohort.programme.slug
    said = {"way": "one", "valid_months": "24", "design": "course", "reason": "Skills age."}
    said |= {"languages": "ko", "for_courses": "asked", "course_design": "one-course-portrait", "seen": "0"}
    browser.sign_in(admin).open("certificates.issuing_rule", slug=slug)
    assert [box.get("value") for box in browser.find("input", name="way") if box.get("checked") is not None] == ["two"]
    browser.post(
        "certificates.change_issuing_rule", {**said, "reason": " ", "valid_months": "x"}, slug=slug, status=422
    )
    assert browser.find("input", name="valid_months")[0].get("aria-invalid") == "true"
    browser.post("certificates.change_issuing_rule", said, slug=slug).follow()
    assert all(words in browser.text for words in ("Ada Admin", "Skills age."))
    rule = issuing_rules.of_cohort(cohort.id)
    assert (rule.version, rule.needs_second_person, rule.valid_months) == (1, False, 24)
    assert (rule.design, rule.languages) == ("course", "ko")
    assert (rule.for_courses, rule.course_design) == ("asked", "one-course-portrait")
    browser.post("certificates.change_issuing_rule", said, slug=slug, status=409)


def test_the_page_is_for_those_who_lead_the_programme(browser):
    cohort = make.cohort()
    lead, other = make.lead(cohort), make.lead(make.cohort())
    said = {"way": "two", "valid_months": "24", "design": "programme", "reason": "Mine now."}
    said |= {"languages": "both", "for_courses": "none", "course_design": "one-course", "seen": "0"}
    slug = cohort.programme.slug
    browser.sign_in(other).open("certificates.issuing_rule", slug=slug, status=404)
    browser.post("certificates.change_issuing_rule", said, slug=slug, status=404)
    assert issuing_rules.of_cohort(cohort.id).version == 0
    browser.sign_in(lead).open("certificates.issuing_rule", slug=slug)
    browser.post("certificates.change_issuing_rule", said, slug=slug)
    assert issuing_rules.of_cohort(cohort.id).version == 1
