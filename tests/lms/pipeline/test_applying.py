"""From the first letter typed to the receipt: nothing is lost, nothing is sent twice, each mistake is told at its place."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.kit import clock
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.people import consents
from lms.people.models import ConsentChoice, Role
from lms.pipeline import applications
from lms.pipeline.models import Application, Stage, StageEvent
from tests import make

LONG = "I want to build tools that read hand-written return slips and tell why each was sorted as it was. " * 2
GOOD = {"name": "오하람", "latin_name": "OH HARAM", "background": "Back-end developer.", "motivation": LONG}
PDF = b"%PDF-1.7\n%%EOF\n"


def consent(**more):
    return {"privacy": "y", "privacy_version": "1", "outcomes_version": "1", **more}


def files(*named):
    return {"documents": [(io.BytesIO(content), name) for content, name in named]}


@pytest.fixture
def cohort():
    return make.cohort(slug="llm-7")


@pytest.fixture
def applicant(browser, cohort):
    person = make.person(Role.TRAINEE, name="Haram", latin_name="")
    browser.sign_in(person)
    return person


def only(person):
    return session.scalar(
        select(Application).where(Application.person_id == person.id).options(*applications.WITH_DOCUMENTS)
    )


def test_a_stranger_is_sent_to_sign_in_and_comes_back(browser, cohort):
    browser.open("pipeline.apply", slug="llm-7", status=303)
    assert "/sign-in?next=/cohorts/llm-7/application" in browser.response.location.replace("%2F", "/")


def test_looking_at_the_form_begins_nothing(browser, applicant):
    page = browser.open("pipeline.apply", slug="llm-7")
    assert page.find("input", name="name")[0].get("value") == "Haram"
    assert only(applicant) is None


def test_the_whole_way_to_the_receipt(browser, applicant, cohort):
    browser.post("pipeline.write", {**GOOD, "deed": "continue"}, slug="llm-7").follow()
    assert "OH HARAM" in browser.text
    browser.post("pipeline.send", consent(outcomes="y"), slug="llm-7").follow()
    sent = only(applicant)
    assert sent.stage == Stage.APPLIED
    assert sent.receipt in browser.text
    assert sent.receipt == f"{clock.today().year}-A-000001"
    session.refresh(applicant)
    assert (applicant.name, applicant.latin_name) == ("오하람", "OH HARAM")
    assert session.scalars(select(StageEvent.stage)).all() == [Stage.APPLIED]
    letter = session.scalars(select(Letter)).one()
    assert (letter.to_address, sent.receipt in letter.subject) == (applicant.email, True)
    assert consents.missing(applicant, ["privacy", "outcomes"]) == []


def test_the_draft_survives_sign_out(browser, applicant, cohort):
    browser.post("pipeline.autosave", {"motivation": "half a thou"}, slug="llm-7", status=200)
    browser.sign_out().sign_in(applicant).open("pipeline.apply", slug="llm-7")
    assert "half a thou" in browser.text
    assert only(applicant).stage is None


def test_autosave_keeps_fields_that_were_not_sent(browser, applicant):
    browser.post("pipeline.autosave", {"motivation": "one", "background": "two"}, slug="llm-7", status=200)
    browser.post("pipeline.autosave", {"motivation": "three"}, slug="llm-7", status=200)
    draft = only(applicant)
    assert (draft.motivation, draft.background, draft.name) == ("three", "two", "Haram")


def test_mistakes_are_told_at_their_fields_and_what_was_typed_stays(browser, applicant):
    browser.post(
        "pipeline.write", {**GOOD, "latin_name": "하람", "motivation": "short", "deed": "continue"}, slug="llm-7"
    ).follow()
    assert browser.find("section", class_="summary")
    assert {node.get("id") for node in browser.find("p", class_="field-error")} == {
        "latin_name-error",
        "motivation-error",
    }
    assert "There are 5 so far." in browser.text
    assert only(applicant).motivation == "short"
    browser.open("pipeline.review", slug="llm-7", status=303)


@pytest.mark.parametrize(
    "field,text,sentence",
    [
        ("motivation", "a\x00b", "invisible character"),
        ("name", "a\x00b", "invisible character"),
        ("motivation", "x" * 20_001, "20000"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_the_field(browser, applicant, field, text, sentence):
    browser.post("pipeline.write", {**GOOD, field: text, "deed": "continue"}, slug="llm-7", status=422)
    assert browser.find("p", id=f"{field}-error")
    assert sentence in browser.text
    assert only(applicant) is None


def test_too_long_a_motivation_is_kept_and_told(browser, applicant):
    browser.post("pipeline.write", {**GOOD, "motivation": "가" * 2001, "deed": "continue"}, slug="llm-7").follow()
    assert "Shorten it to 2000 characters. There are 2001 now." in browser.text
    assert len(only(applicant).motivation) == 2001


@pytest.mark.parametrize("name", ["Nguyễn Thị Minh Khai", "عبد الله", "𠮷野家", "José", "남궁민수 🙂"])
def test_names_of_the_world_come_through(browser, applicant, name):
    browser.post("pipeline.write", {**GOOD, "name": name, "deed": "continue"}, slug="llm-7").follow()
    assert only(applicant).name == name.replace("é", "é")
    assert not browser.find("p", class_="field-error")


def test_documents_are_kept_told_and_removed(browser, applicant):
    browser.post(
        "pipeline.write",
        {
            **GOOD,
            "deed": "upload",
            **files((PDF, "졸업증명서.pdf"), (b"", "empty.pdf"), (b"MZ..", "virus.exe"), (b"hello", "fake.png")),
        },
        slug="llm-7",
    ).follow()
    assert {"empty.pdf", "virus.exe", "fake.png"} <= {word.strip(".:") for word in browser.text.split()}
    assert browser.find("p", id="documents-error")
    draft = only(applicant)
    assert [each.file.name for each in draft.documents] == ["졸업증명서.pdf"]
    assert draft.motivation == LONG.strip()
    browser.open("pipeline.apply", slug="llm-7")
    assert not browser.find("p", id="documents-error")
    browser.open("pipeline.document", document_id=draft.documents[0].id)
    assert browser.response.data == PDF
    assert browser.response.headers["Content-Disposition"].startswith("attachment")
    browser.post("pipeline.write", {**GOOD, "remove": str(draft.documents[0].id)}, slug="llm-7").follow()
    session.expire_all()
    assert only(applicant).documents == []


def test_no_more_than_five_documents_and_the_same_one_once(browser, applicant):
    many = [(PDF + bytes([number]), f"{number}.pdf") for number in range(6)]
    browser.post("pipeline.write", {**GOOD, "deed": "upload", **files(*many)}, slug="llm-7").follow()
    assert "5.pdf was not added" in browser.text
    session.expire_all()
    assert len(only(applicant).documents) == 5


def test_the_same_document_twice_is_kept_once(browser, applicant):
    for _ in range(2):
        browser.post("pipeline.write", {**GOOD, "deed": "upload", **files((PDF, "a.pdf"))}, slug="llm-7")
    session.expire_all()
    assert len(only(applicant).documents) == 1


def test_consent_is_asked_required_and_optional_apart(browser, applicant):
    browser.post("pipeline.write", {**GOOD, "deed": "continue"}, slug="llm-7").follow()
    assert not browser.find("input", id="privacy", checked="")
    browser.post(
        "pipeline.send", {"outcomes": "y", "privacy_version": "1", "outcomes_version": "1"}, slug="llm-7", status=422
    )
    assert browser.find("p", id="privacy-error")
    assert only(applicant).stage is None
    assert session.scalar(select(func.count()).select_from(ConsentChoice)) == 0
    browser.post("pipeline.send", consent(), slug="llm-7")
    choices = {choice.text.kind: (choice.text.version, choice.agreed) for choice in consents.history(applicant)}
    assert choices == {"privacy": (1, True), "outcomes": (1, False)}


def test_a_text_that_changed_while_reading_is_read_again(browser, applicant):
    browser.post("pipeline.write", {**GOOD, "deed": "continue"}, slug="llm-7")
    browser.post("pipeline.send", consent(privacy_version="0"), slug="llm-7", status=422)
    assert "This text changed while you were reading" in browser.text
    assert browser.find("input", name="privacy_version")[0].get("value") == "1"


def test_a_double_click_sends_once(browser, applicant):
    browser.post("pipeline.write", {**GOOD, "deed": "continue"}, slug="llm-7")
    for _ in range(2):
        browser.post("pipeline.send", consent(), slug="llm-7")
    assert session.scalar(select(func.count()).select_from(StageEvent)) == 1
    assert session.scalar(select(func.count()).select_from(Letter)) == 1


def test_what_was_sent_is_not_changed_any_more(browser, applicant):
    browser.post("pipeline.write", {**GOOD, "deed": "continue"}, slug="llm-7")
    browser.post("pipeline.send", consent(), slug="llm-7")
    browser.post("pipeline.write", {**GOOD, "motivation": "later", "deed": "continue"}, slug="llm-7", status=409)
    assert only(applicant).motivation == LONG.strip()
    browser.open("pipeline.apply", slug="llm-7", status=303)


def test_a_closed_window_is_refused_with_a_sentence_and_the_draft_stays(browser, applicant, cohort):
    browser.post("pipeline.write", {**GOOD, "deed": "continue"}, slug="llm-7")
    cohort.closes_at = clock.now() - timedelta(minutes=1)
    session.commit()
    browser.post("pipeline.send", consent(), slug="llm-7", status=409)
    assert "time for applications to this cohort is over" in browser.text
    browser.post("pipeline.autosave", {"motivation": "too late"}, slug="llm-7", status=409)
    browser.open("pipeline.apply", slug="llm-7", status=303).follow()
    assert "Your draft was not sent in time" in browser.text
    assert (only(applicant).stage, only(applicant).motivation) == (None, LONG.strip())


def test_nobody_begins_outside_the_window(browser, applicant):
    early = make.cohort(opens_at=clock.now() + timedelta(days=1), slug="early")
    browser.post("pipeline.autosave", {"motivation": "x"}, slug=early.slug, status=409)
    assert only(applicant) is None


def test_a_draft_can_be_thrown_away_but_not_what_was_sent(browser, applicant):
    browser.post("pipeline.autosave", {"motivation": "x"}, slug="llm-7", status=200)
    browser.open("pipeline.mine")
    browser.post("pipeline.discard", application_id=only(applicant).id)
    assert only(applicant) is None
    sent = make.application(make.cohort(), applicant)
    browser.post("pipeline.discard", application_id=sent.id, status=409)
    assert only(applicant) == sent


def test_the_pages_are_whole_in_korean(browser, cohort):
    browser.sign_in(make.person(Role.TRAINEE, language="ko", latin_name="HONG GILDONG"))
    browser.post("pipeline.write", {"motivation": "짧아요", "deed": "continue"}, slug="llm-7").follow()
    assert "100자 이상 적어 주세요. 지금 3자예요." in browser.text
    browser.post("pipeline.write", {"motivation": "가" * 120, "deed": "continue"}, slug="llm-7").follow()
    assert "수집과 이용" in browser.text
