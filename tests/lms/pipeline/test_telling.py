"""Five optional questions within the application: kept with the draft, used only with a consent, lost by no mistake."""

import pytest
from sqlalchemy import func, select

from lms.kit import clock, i18n
from lms.kit.db import session
from lms.people import consents
from lms.people.models import AuditEntry, ConsentChoice, ConsentText, Role
from lms.pipeline import applications, profiles
from lms.pipeline.models import Application, Employment, Profile, Region, Sex
from lms.pipeline.profile_models import ProfileDraft
from tests import make
from tests.lms.pipeline.test_applying import GOOD, consent

ANSWERS = {
    "sex": "female",
    "birth_year": "1998",
    "region": "seoul",
    "field": "",
    "employment": "seeking",
    "version": "1",
}


@pytest.fixture
def cohort():
    return make.cohort(slug="llm-7")


@pytest.fixture
def applicant(browser, cohort):
    person = make.person(Role.TRAINEE)
    browser.sign_in(person)
    return person


def write(browser, **more):
    return browser.post("pipeline.write", {**GOOD, "deed": "continue", **more}, slug="llm-7")


def kept(person):
    session.expire_all()
    return session.get(Profile, person.id)


def chosen(browser, name):
    (select_,) = browser.find("select", name=name)
    return [each.get("value") for each in select_ if each.get("selected") is not None]


def test_answers_go_along_with_the_application_and_leave_its_draft(browser, applicant):
    write(browser, **ANSWERS, agreed="y").follow()
    assert "1998" in browser.text
    assert kept(applicant) is None, "nothing is used before it is sent"
    browser.post("pipeline.send", consent(), slug="llm-7").follow()
    profile = kept(applicant)
    assert (profile.sex, profile.birth_year, profile.region) == (Sex.FEMALE, 1998, Region.SEOUL)
    assert (profile.field, profile.employment) == (None, Employment.SEEKING)
    assert session.scalar(select(func.count()).select_from(ProfileDraft)) == 0
    choice = session.scalars(select(ConsentChoice).join(ConsentText).where(ConsentText.kind == "statistics")).one()
    assert (choice.person_id, choice.agreed, choice.language) == (applicant.id, True, "en")


def test_without_an_answer_nothing_is_kept_and_nothing_held_against_it(browser, applicant):
    write(browser, **dict.fromkeys(profiles.FIELDS, ""), version="1").follow()
    assert "Nothing answered." in browser.text
    browser.post("pipeline.send", consent(), slug="llm-7").follow()
    assert kept(applicant) is None
    assert session.scalars(select(Application.sent_at)).one() is not None
    assert not consents.agreed_to(applicant, consents.STATISTICS)
    assert session.scalars(select(AuditEntry).where(AuditEntry.deed == "profile.forgotten")).all() == []


def test_who_sends_a_form_without_the_questions_is_not_asked(browser, applicant):
    write(browser).follow()
    browser.post("pipeline.send", consent(), slug="llm-7").follow()
    assert session.scalars(select(ConsentText).where(ConsentText.kind == "statistics")).all() == []


def test_the_draft_keeps_them_over_sign_out_finished_or_not(browser, applicant):
    browser.post("pipeline.autosave", {**ANSWERS, "birth_year": "19"}, slug="llm-7", status=200)
    browser.sign_out().sign_in(applicant).open("pipeline.apply", slug="llm-7")
    assert (chosen(browser, "sex"), chosen(browser, "field")) == (["female"], [""])
    assert browser.find("input", name="birth_year")[0].get("value") == "19"
    browser.post("pipeline.autosave", {"motivation": "a little"}, slug="llm-7", status=200)
    assert session.scalars(select(ProfileDraft)).one().answers["sex"] == "female", "what was not sent stays"


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"birth_year": "1066", "agreed": "y"}, "birth_year", "Give a year from"),
        ({"birth_year": "ninety-eight", "agreed": "y"}, "birth_year", "Give a year from"),
        ({"birth_year": "²⁰⁰⁰", "agreed": "y"}, "birth_year", "Give a year from"),
        ({}, "agreed", "Agree that your answers are used"),
        ({"version": "0", "agreed": "y"}, "agreed", "This text changed while you were reading"),
    ],
)
def test_mistakes_are_told_at_their_fields_and_everything_typed_stays(browser, applicant, wrong, field, said):
    typed = {**ANSWERS, **wrong}
    write(browser, **typed).follow()
    assert [node.get("id") for node in browser.find("p", class_="field-error")] == [f"{field}-error"]
    assert said in browser.text
    assert browser.find("input", name="birth_year")[0].get("value") == typed["birth_year"]
    assert chosen(browser, "region") == ["seoul"]
    assert "OH HARAM" in browser.html
    browser.open("pipeline.review", slug="llm-7", status=303)
    browser.post("pipeline.send", consent(), slug="llm-7", status=409)
    assert kept(applicant) is None


def test_a_choice_that_there_is_not_is_refused(browser, applicant):
    browser.post("pipeline.write", {**GOOD, **ANSWERS, "sex": "x", "deed": "continue"}, slug="llm-7", status=422)
    browser.post("pipeline.autosave", {**ANSWERS, "birth_year": "9" * 21}, slug="llm-7", status=422)
    assert session.scalars(select(ProfileDraft)).all() == []


def test_what_was_answered_before_is_there_again_and_can_be_taken_back(browser, applicant):
    make.add(Profile(person_id=applicant.id, sex=Sex.MALE, birth_year=1990))
    browser.open("pipeline.apply", slug="llm-7")
    assert chosen(browser, "sex") == ["male"]
    assert browser.find("input", name="birth_year")[0].get("value") == "1990"
    assert browser.find("input", name="agreed")[0].get("checked") is not None
    write(browser, **dict.fromkeys(profiles.FIELDS, ""), version="1").follow()
    assert kept(applicant) is not None, "a draft changes nothing yet"
    browser.post("pipeline.send", consent(), slug="llm-7").follow()
    assert kept(applicant) is None


def test_nobody_who_decides_sees_the_answers(browser, applicant, cohort):
    write(browser, **ANSWERS, agreed="y")
    browser.post("pipeline.send", consent(), slug="llm-7")
    sent = session.scalars(select(Application)).one()
    browser.sign_in(make.lead(cohort)).open("admissions.application", cohort_id=cohort.id, application_id=sent.id)
    assert "OH HARAM" in browser.text
    assert "1998" not in browser.text
    assert "Elsewhere in Seoul" not in browser.text


def test_answers_go_with_the_draft_that_is_thrown_away(browser, applicant):
    write(browser, **ANSWERS, agreed="y")
    browser.post("pipeline.discard", application_id=session.scalars(select(Application.id)).one())
    assert session.scalars(select(ProfileDraft)).all() == []
    assert kept(applicant) is None


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_questions_say_that_they_are_optional(browser, applicant, language):
    applicant.language = language
    browser.open("pipeline.apply", slug="llm-7")
    (legend,) = browser.find("legend")
    assert {"en": "(optional)", "ko": "(선택)"}[language] in "".join(legend.itertext())


def test_a_leap_year_and_the_borders_of_the_years(applicant, cohort):
    year = clock.today().year
    for born, fine in ((year - 100, True), (year - 101, False), (year - 14, True), (year - 13, False), (2000, True)):
        told = {"birth_year": str(born), "agreed": True, "version": "1"}
        assert (profiles.problems(told) == {}) is fine, born
    assert applications.problems(make.application(cohort, applicant, stage=None))
