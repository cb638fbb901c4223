"""Admitting: the list, the decision about one or many, and the enrolments that come with a seat."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from courses.learning import admitting
from courses.learning.admitting import Deed
from courses.learning.models import Enrolment
from lms.kit import clock, jobs
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.people.models import Person, Role
from lms.pipeline import admissions, cohorts
from lms.pipeline.models import Application, LeavingReason, Stage, StageEvent
from tests import make


def sent_in_order(cohort, *names):
    """Applications that came in one after the other."""
    made = []
    for number, name in enumerate(names):
        at = clock.now() - timedelta(hours=len(names) - number)
        made.append(make.application(cohort, make.person(Role.TRAINEE, name=name), sent_at=at))
    return made


def stages(*applications):
    session.expire_all()
    return [application.stage for application in applications]


def test_admitting_enrols_in_every_course_of_the_cohort_at_once():
    cohort = make.cohort()
    lead, sent = make.lead(cohort), make.application(cohort)
    offerings = {make.offering(make.course(), cohort).id for _ in range(2)}
    make.offering()
    admitting.admit(sent, lead)
    assert set(session.scalars(select(Enrolment.offering_id).where(Enrolment.person_id == sent.person_id))) == offerings
    session.commit()
    jobs.perform_all()
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 2


def test_who_moves_up_from_the_waiting_list_is_enrolled_too():
    cohort = make.cohort(seats=1)
    lead, offering = make.lead(cohort), make.offering(to=cohort)
    first, second = sent_in_order(cohort, "First", "Second")
    taking_part = admitting.admit(first, lead)
    admissions.wait(second, lead)
    admissions.leave(taking_part, lead, LeavingReason.TIME)
    session.commit()
    jobs.perform_all()
    enrolled = select(Enrolment.offering_id).where(Enrolment.person_id == second.person_id)
    assert session.scalars(enrolled).all() == [offering.id]


def test_when_seats_run_out_in_the_middle_none_of_the_rest_is_admitted():
    cohort = make.cohort(seats=2)
    lead = make.lead(cohort)
    applications = sent_in_order(cohort, "A", "B", "C", "D")
    outcome = admitting.decide(list(reversed(applications)), Deed.ADMIT, lead)
    assert [each.person.name for each in outcome.done] == ["A", "B"]
    assert [each.person.name for each, _why in outcome.refused] == ["C", "D"]
    assert {why for _each, why in outcome.refused} == {outcome.refused[0][1]}
    assert cohorts.seats_left(cohort) == 0


def test_what_was_decided_already_is_told_and_the_others_go_on():
    cohort = make.cohort()
    lead = make.lead(cohort)
    gone, fine = sent_in_order(cohort, "Gone", "Fine")
    admissions.withdraw(gone, gone.person, LeavingReason.OTHER)
    outcome = admitting.decide([gone, fine], Deed.ADMIT, lead)
    assert ([each.person.name for each in outcome.done], outcome.refused[0][0]) == (["Fine"], gone)


def test_one_or_many_are_decided_through_the_page(browser):
    cohort = make.cohort(seats=5)
    first, second, third = sent_in_order(cohort, "A", "B", "C")
    browser.sign_in(make.lead(cohort)).open("admissions.page", cohort_id=cohort.id)
    browser.open(
        "admissions.ask", cohort_id=cohort.id, query={"deed": "admit", "chosen": [str(first.id), str(second.id)]}
    )
    assert "Admit 2 people" in browser.text
    assert stages(first) == [Stage.APPLIED]
    browser.post(
        "admissions.decide",
        {"deed": "admit", "chosen": [str(first.id), str(second.id)], "message": "Welcome!"},
        cohort_id=cohort.id,
    ).follow()
    assert "2 people were admitted" in browser.text
    browser.post("admissions.decide", {"deed": "wait", "chosen": str(third.id), "message": ""}, cohort_id=cohort.id)
    assert stages(first, second, third) == [Stage.ADMITTED, Stage.ADMITTED, Stage.WAITING]
    assert session.scalar(select(func.count()).select_from(Letter).where(Letter.text.contains("Welcome!"))) == 2
    browser.post("admissions.decide", {"deed": "decline", "chosen": str(third.id), "message": ""}, cohort_id=cohort.id)
    assert stages(third) == [Stage.DECLINED]


def test_the_page_names_those_for_whom_no_seat_was_left(browser):
    cohort = make.cohort(seats=1)
    applications = sent_in_order(cohort, "Ada", "Grace", "Katherine")
    browser.sign_in(make.lead(cohort))
    keys = [str(each.id) for each in applications]
    assert (
        "fewer seats than people"
        in browser.open("admissions.ask", cohort_id=cohort.id, query={"deed": "admit", "chosen": keys}).text
    )
    browser.post("admissions.decide", {"deed": "admit", "chosen": keys, "message": ""}, cohort_id=cohort.id, status=200)
    assert "2 people were left as they are" in browser.text
    assert "No seat is left" in browser.text
    assert "Grace" in browser.text
    assert "Katherine" in browser.text
    assert stages(*applications) == [Stage.ADMITTED, Stage.APPLIED, Stage.APPLIED]


def test_a_second_press_decides_nothing_twice(browser):
    cohort = make.cohort(seats=5)
    (sent,) = sent_in_order(cohort, "A")
    browser.sign_in(make.lead(cohort))
    browser.post("admissions.decide", {"deed": "admit", "chosen": str(sent.id), "message": ""}, cohort_id=cohort.id)
    browser.post(
        "admissions.decide", {"deed": "admit", "chosen": str(sent.id), "message": ""}, cohort_id=cohort.id, status=200
    )
    assert "decided about already" in browser.text
    moves = select(func.count()).select_from(StageEvent).where(StageEvent.stage == Stage.ADMITTED)
    assert session.scalar(moves) == 1


@pytest.mark.parametrize(
    "fields", [{"deed": "promote"}, {"message": "x" * 2001}, {"message": "a\x00b"}, {"chosen": "nobody"}]
)
def test_a_wrong_request_decides_nothing(browser, fields):
    cohort = make.cohort()
    (sent,) = sent_in_order(cohort, "A")
    browser.sign_in(make.lead(cohort))
    form = {"deed": "admit", "chosen": str(sent.id), "message": "", **fields}
    browser.post("admissions.decide", form, cohort_id=cohort.id, status=422)
    assert stages(sent) == [Stage.APPLIED]


def test_choosing_nobody_is_told(browser):
    cohort = make.cohort()
    browser.sign_in(make.lead(cohort)).open("admissions.ask", cohort_id=cohort.id, query={"deed": "admit"}, status=303)
    assert "Choose at least one person" in browser.follow().text


def test_another_leads_cohort_is_not_there(browser):
    cohort = make.cohort()
    (sent,) = sent_in_order(cohort, "A")
    own_lead, other = make.lead(cohort), make.lead(make.cohort())
    where = {"cohort_id": cohort.id}
    one = {**where, "application_id": sent.id}
    browser.sign_in(other)
    for endpoint, values in (("admissions.page", where), ("admissions.ask", where), ("admissions.application", one)):
        browser.open(endpoint, status=404, **values)
    browser.post("admissions.decide", {"deed": "admit", "chosen": str(sent.id), "message": ""}, status=404, **where)
    browser.post("admissions.leave", {"reason": "time"}, status=404, **one)
    own = session.scalars(cohorts.led_by(session.get_one(Person, other.id))).one()
    browser.post(
        "admissions.decide", {"deed": "admit", "chosen": str(sent.id), "message": ""}, cohort_id=own.id, status=422
    )
    assert stages(sent) == [Stage.APPLIED]
    browser.sign_out().sign_in(own_lead).open("admissions.application", **one)
    browser.post("admissions.decide", {"deed": "admit", "chosen": str(sent.id), "message": ""}, **where)
    assert stages(sent) == [Stage.ADMITTED]
    browser.sign_out().sign_in(sent.person).open("admissions.page", status=403, **where)


def test_drafts_are_not_in_the_list(browser):
    cohort = make.cohort()
    draft = make.application(cohort, make.person(Role.TRAINEE, name="Still Writing"), stage=None)
    (sent,) = sent_in_order(cohort, "Done")
    browser.sign_in(make.lead(cohort)).open("admissions.page", cohort_id=cohort.id)
    assert sent.person.name in browser.text
    assert "Still Writing" not in browser.text
    browser.open("admissions.application", cohort_id=cohort.id, application_id=draft.id, status=404)


@pytest.mark.parametrize(
    "query,shown",
    [
        ({}, ["박서연", "Ada Lovelace", "100% Kim"]),
        ({"stage": "waiting"}, ["Ada Lovelace"]),
        ({"q": "서연"}, ["박서연"]),
        ({"q": "LOVE ada"}, ["Ada Lovelace"]),
        ({"q": "%"}, ["100% Kim"]),
        ({"q": "nobody"}, []),
        ({"stage": "nonsense"}, ["박서연", "Ada Lovelace", "100% Kim"]),
        ({"sort": "-sent"}, ["100% Kim", "Ada Lovelace", "박서연"]),
        ({"sort": "drop table"}, ["박서연", "Ada Lovelace", "100% Kim"]),
    ],
)
def test_the_list_is_filtered_searched_and_sorted_by_the_address(browser, query, shown):
    cohort = make.cohort()
    _first, second, _third = sent_in_order(cohort, "박서연", "Ada Lovelace", "100% Kim")
    second.stage = Stage.WAITING
    page = browser.sign_in(make.lead(cohort)).open("admissions.page", cohort_id=cohort.id, query=query)
    names = ["".join(node.itertext()) for node in page.find("th", scope="row")]
    assert [next(name for name in shown if text.startswith(name)) for text in names] == shown


def test_the_list_costs_the_same_for_two_and_forty(browser, queries):
    cohort = make.cohort()
    browser.sign_in(make.lead(cohort))
    seen = []
    for count in (2, 38):
        sent_in_order(cohort, *(f"Person {number}" for number in range(count)))
        with queries() as asked:
            browser.open("admissions.page", cohort_id=cohort.id)
        seen.append(len(asked))
    assert seen[0] == seen[1]


def test_a_drop_out_is_noted_with_its_reason_and_the_next_moves_up(browser):
    cohort = make.cohort(seats=1)
    lead = make.lead(cohort)
    first, second = sent_in_order(cohort, "First", "Second")
    admitting.admit(first, lead)
    admissions.wait(second, lead)
    where = {"cohort_id": cohort.id, "application_id": first.id}
    browser.sign_in(lead).open("admissions.application", **where)
    browser.post("admissions.leave", {"reason": ""}, status=422, **where)
    assert stages(second) == [Stage.WAITING]
    browser.post("admissions.leave", {"reason": "health", "note": "Ill."}, **where).follow()
    assert stages(second) == [Stage.ADMITTED]
    assert "Ill." in browser.text
    assert session.scalar(select(StageEvent.reason).where(StageEvent.stage == Stage.LEFT)) == LeavingReason.HEALTH


def test_one_application_shows_what_can_follow(browser):
    cohort = make.cohort()
    (sent,) = sent_in_order(cohort, "A")
    browser.sign_in(make.lead(cohort))
    for stage, deeds in ((Stage.APPLIED, ["admit", "wait", "decline"]), (Stage.WITHDRAWN, [])):
        session.get_one(Application, sent.id).stage = stage
        page = browser.open("admissions.application", cohort_id=cohort.id, application_id=sent.id)
        assert [node.get("value") for node in page.find("button", name="deed")] == deeds


def test_the_pages_speak_korean(browser):
    cohort = make.cohort(seats=1)
    applications = sent_in_order(cohort, "가", "나")
    lead = make.lead(cohort)
    lead.language = "ko"
    keys = [str(each.id) for each in applications]
    browser.sign_in(lead).open("admissions.page", cohort_id=cohort.id)
    browser.open("admissions.ask", cohort_id=cohort.id, query={"deed": "admit", "chosen": keys})
    assert "2명 선발하기" in browser.text
    browser.post("admissions.decide", {"deed": "admit", "chosen": keys, "message": ""}, cohort_id=cohort.id, status=200)
    assert "1명은 그대로 두었어요" in browser.text
