"""One's own applications: where they stand, withdrawing, and documents only for those with the right."""

import pytest
from sqlalchemy import select

from lms.kit import files
from lms.kit.db import session
from lms.people.models import Role
from lms.pipeline import admissions
from lms.pipeline.models import ApplicationDocument, LeavingReason, Stage, StageEvent, Traineeship
from tests import make


def with_document(sent):
    stored = files.keep_bytes(b"%PDF-1.7", name="proof.pdf", media_type="application/pdf")
    return make.add(ApplicationDocument(application=sent, file=stored))


@pytest.mark.parametrize(
    "stage,words",
    [
        (Stage.APPLIED, "Your application came in"),
        (Stage.WAITING, "next in line"),
        (Stage.DECLINED, "could not offer you a seat"),
        (Stage.WITHDRAWN, "You withdrew"),
    ],
)
def test_the_page_says_where_it_stands(browser, stage, words):
    sent = make.application(make.cohort(), stage=stage)
    page = browser.sign_in(sent.person).open("pipeline.application", application_id=sent.id)
    assert words in page.text
    assert sent.receipt in page.text


@pytest.mark.parametrize(
    "stage,words",
    [
        (Stage.ADMITTED, "You have a seat"),
        (Stage.TRAINING, "in training"),
        (Stage.CERTIFIED, "completed this cohort"),
        (Stage.LEFT, "has ended"),
    ],
)
def test_the_page_follows_the_traineeship(browser, stage, words):
    cohort = make.cohort()
    sent = make.application(cohort)
    taking_part = admissions.admit(sent, make.lead(cohort), "Welcome aboard.")
    taking_part.stage = stage
    taking_part.certified_at = make.LONG_AGO if stage is Stage.CERTIFIED else None
    page = browser.sign_in(sent.person).open("pipeline.application", application_id=sent.id)
    assert words in page.text
    assert "Welcome aboard." in page.text


def test_other_peoples_applications_are_not_there(browser):
    cohort = make.cohort()
    sent = make.application(cohort)
    document = with_document(sent)
    other = make.person(Role.TRAINEE)
    browser.sign_in(other).open("pipeline.application", application_id=sent.id, status=404)
    browser.open("pipeline.document", document_id=document.id, status=404)
    browser.post("pipeline.withdraw", {"reason": "time"}, application_id=sent.id, status=404)
    browser.sign_out().sign_in(make.lead(make.cohort())).open("pipeline.document", document_id=document.id, status=404)
    browser.sign_out().sign_in(make.lead(cohort)).open("pipeline.document", document_id=document.id)
    browser.sign_out().sign_in(sent.person).open("pipeline.document", document_id=document.id)
    assert browser.response.data == b"%PDF-1.7"


def test_the_documents_of_a_draft_are_its_writers_own(browser):
    cohort = make.cohort()
    draft = make.application(cohort, stage=None)
    document = with_document(draft)
    browser.sign_in(make.lead(cohort)).open("pipeline.document", document_id=document.id, status=404)
    browser.sign_out().sign_in(draft.person).open("pipeline.document", document_id=document.id)


def test_withdrawing_needs_a_reason_and_is_told(browser):
    sent = make.application(make.cohort())
    browser.sign_in(sent.person).post("pipeline.withdraw", {"reason": ""}, application_id=sent.id, status=422)
    assert browser.find("p", id="reason-error")
    assert session.scalar(select(StageEvent.id).where(StageEvent.stage == Stage.WITHDRAWN)) is None
    browser.post("pipeline.withdraw", {"reason": "employed", "note": "A job!"}, application_id=sent.id).follow()
    event = session.scalars(select(StageEvent).where(StageEvent.stage == Stage.WITHDRAWN)).one()
    assert (event.reason, event.note, event.by_id) == (LeavingReason.EMPLOYED, "A job!", sent.person_id)
    browser.post("pipeline.withdraw", {"reason": "employed"}, application_id=sent.id, status=409)


def test_a_seat_that_is_given_back_goes_on(browser):
    cohort = make.cohort(seats=1)
    lead, sent, next_one = make.lead(cohort), make.application(cohort), make.application(cohort)
    admissions.admit(sent, lead)
    admissions.wait(next_one, lead)
    browser.sign_in(sent.person).post("pipeline.withdraw", {"reason": "health"}, application_id=sent.id)
    assert (
        session.scalar(select(Traineeship.stage).where(Traineeship.person_id == next_one.person_id)) == Stage.ADMITTED
    )


def test_a_draft_leads_back_to_writing(browser):
    draft = make.application(make.cohort(slug="vision"), stage=None)
    browser.sign_in(draft.person).open("pipeline.application", application_id=draft.id, status=303)
    assert browser.response.location.endswith("/cohorts/vision/application")


def test_my_applications_cost_the_same_for_two_and_forty(browser, queries):
    person = make.person(Role.TRAINEE)
    browser.sign_in(person)
    seen = []
    for count in (2, 38):
        for number in range(count):
            make.application(make.cohort(), person, stage=None if number % 2 else Stage.APPLIED)
        with queries() as asked:
            browser.open("pipeline.mine")
        seen.append(len(asked))
    assert seen[0] == seen[1]


def test_without_applications_the_page_says_what_it_will_show(browser):
    assert "No applications yet" in browser.sign_in(make.person(Role.TRAINEE)).open("pipeline.mine").text
