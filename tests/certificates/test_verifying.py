"""What anybody sees: every printed fact, nothing else of the person, and one answer for all that is unknown."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from certificates import codes, issuing, replacing, revoking
from certificates.facts import Facts
from certificates.models import Ground
from certificates.states import State
from lms.kit import clock, throttle
from lms.kit.db import session
from lms.people.models import Role
from lms.pipeline.models import Stage
from tests import make
from tests.certificates.making import issued, one_is_enough, print_now, printed

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "docs" / "verification.schema.json").read_text()),
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)
HEADINGS = {
    State.VALID: ("This certificate is valid", "유효한 수료증입니다"),
    State.EXPIRED: ("This certificate has expired", "유효 기간이 지난 수료증입니다"),
    State.REVOKED: ("This certificate was revoked", "취소된 수료증입니다"),
    State.REPLACED: ("This certificate was replaced", "다시 발급된 수료증입니다"),
}


def in_state(state):
    """A printed certificate in a state; None for an unknown one."""
    if state == "unknown":
        return None
    with clock.at(clock.now() - timedelta(days=9)):
        certificate = printed(name="문가온", latin_name="Moon Gaon")
        if state == State.EXPIRED:
            certificate.expires_on = clock.today()
        if state == State.REVOKED:
            revoking.revoke(certificate, certificate.issued_by, "A private matter.", Ground.MISCONDUCT)
        if state == State.REPLACED:
            certificate.person.name = "문 가온"
            replacing.correct(certificate, certificate.issued_by, "A private matter.")
        session.commit()
    return certificate


def asked(browser, code, kind):
    """What is answered to a program that takes `kind`."""
    address = browser._address("certificates.verified", {"code": code})
    return browser._apart(browser.client.get, address, headers={"Accept": kind} if kind else {})


def whole_certificate(**person):
    cohort = make.cohort()
    taking_part = make.traineeship(cohort, make.person(Role.TRAINEE, **person), stage=Stage.COMPLETED)
    for _ in range(2):
        make.enrolment(make.offering(make.course(), cohort), taking_part)
    make.completion(taking_part)
    one_is_enough(cohort)
    lead = make.lead(cohort)
    lead.name, lead.latin_name = "한서윤", "Han Seoyun"
    certificate = issuing.issue(taking_part, lead)
    session.commit()
    print_now(certificate.id)
    session.refresh(certificate)
    return certificate


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_printed_fact_stands_on_the_page(browser, language):
    certificate = whole_certificate(name="문가온", latin_name="Moon Gaon")
    facts = Facts.from_json(certificate.facts)
    browser.speak(language).open("certificates.verified", code=certificate.code)
    wanted = [facts.number, facts.number_en, facts.name, facts.latin_name, codes.grouped(facts.code)]
    for words in (facts.programme, facts.cohort, facts.issuer, facts.signatory, facts.signatory_title):
        wanted += words.values()
    for course in facts.courses:
        wanted += course.title.values()
    for day in (facts.starts_on, facts.ends_on, facts.completed_on, facts.issued_on):
        wanted += [str(day.year), str(day.day)]
    wanted += ["20시간", "20 hours", certificate.document.sha256]
    assert [text for text in wanted if text not in browser.text] == []
    assert browser.find("meta", name="robots")[0].get("content") == "noindex"


def test_nothing_else_of_the_person_stands_there(browser):
    certificate = whole_certificate(name="Ada", email="ada.private@example.org")
    browser.open("certificates.verified", code=certificate.code)
    secrets = [certificate.person.email, certificate.id, certificate.person_id, certificate.cohort_id]
    assert [str(each) for each in secrets if str(each) in browser.html] == []
    assert re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", browser.html) == []


@pytest.mark.parametrize("state", [*State, "unknown"])
@pytest.mark.parametrize("kind", ["application/json", "application/ld+json", "application/json, text/html;q=0.9"])
def test_a_program_gets_the_same_facts_as_json_in_the_documented_form(browser, state, kind):
    certificate = in_state(state)
    answered = asked(browser, certificate.code if certificate else codes.new(), kind)
    assert answered.status_code == (404 if state == "unknown" else 200)
    assert answered.mimetype == kind.split(",")[0]
    assert "Accept" in answered.vary
    told = answered.get_json(force=True)
    SCHEMA.validate(told)
    assert told["state"] == state
    if certificate:
        facts = Facts.from_json(certificate.facts)
        assert (told["name"], told["latin_name"], told["code"]) == (facts.name, facts.latin_name, certificate.code)
        assert (told["issuer"], told["hours"]) == (facts.issuer, facts.hours)
        assert told["pdf_sha256"] == certificate.document.sha256
        secrets = [certificate.person.email, certificate.id, certificate.person_id, "A private matter."]
        assert [str(each) for each in secrets if str(each) in answered.get_data(as_text=True)] == []


@pytest.mark.parametrize("kind", ["text/html", "*/*", "", "image/png", "text/html, application/json;q=0.9"])
def test_whoever_does_not_ask_for_json_gets_the_page(browser, kind):
    certificate = issued()
    answered = asked(browser, certificate.code, kind)
    assert answered.mimetype == "text/html"
    assert "Accept" in answered.vary


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_page(browser, state, language):
    certificate = in_state(state)
    browser.speak(language).open("certificates.verified", code=certificate.code)
    heading = "".join(browser.find("h1")[0].itertext())
    assert heading == HEADINGS[state][language == "ko"]
    assert Facts.from_json(certificate.facts).name in browser.text
    assert "A private matter." not in browser.html
    said = {"en": "The rules of the programme were broken.", "ko": "교육 과정의 규칙을 어겼습니다."}[language]
    assert (said in browser.text) == (state == State.REVOKED)
    if language == "en":
        assert ("holds today" in browser.text) == (state == State.VALID)


def test_everything_unknown_costs_the_same(browser, queries):
    known = printed().code
    counts = set()
    for code in (codes.new(), known[:-1], "x", "A" * 5000, "' OR 1=1 --"):
        for kind in ("text/html", "application/json"):
            with queries() as seen:
                assert asked(browser, code, kind).status_code == 404
            counts.add(len(seen))
    assert len(counts) == 1
    with queries() as seen:
        assert asked(browser, known, "text/html").status_code == 200
    assert len(seen) == counts.pop()  # what is known costs no query more


def test_a_file_leads_to_its_certificate_by_its_hash(browser):
    certificate = printed()
    right = certificate.document.sha256
    browser.speak("en").open("certificates.by_hash", sha256=right.upper(), status=303).follow()
    assert Facts.from_json(certificate.facts).number in browser.text
    assert "The file you chose is exactly what we issued" in browser.text
    browser.open("certificates.verified", code=certificate.code, query={"file": "0" * 64})
    assert "The file you chose is exactly what we issued" not in browser.text
    pages = set()
    for wrong in ("0" * 64, right[:-1], right + "0", "x", "%00", "A" * 5000):
        browser.open("certificates.by_hash", sha256=wrong, status=404)
        if "This file cannot be confirmed" in browser.text:
            pages.add(browser.html[browser.html.index("<main") : browser.html.index("</main>")])
    assert len(pages) == 1


@pytest.mark.parametrize("change", [
    str.lower, codes.grouped, lambda code: " ".join(code), lambda code: f" {codes.grouped(code).lower()} ",
    lambda code: "".join(chr(ord(letter) + 0xFEE0) for letter in code),
])  # fmt: skip
def test_a_code_is_read_as_people_type_it(browser, change):
    certificate = issued()
    browser.open("certificates.verified", code=change(certificate.code))
    assert Facts.from_json(certificate.facts).number in browser.text
    browser.open("certificates.verify", query={"code": change(certificate.code)}, status=303).follow()
    assert Facts.from_json(certificate.facts).number in browser.text


def test_everything_unknown_gets_one_answer(browser):
    certificate = printed()
    wrong_letter = ("A" if certificate.code[5] != "A" else "B").join((certificate.code[:5], certificate.code[6:]))
    pages = set()
    for code in (
        codes.new(), wrong_letter, certificate.code[:-1], certificate.code + "A", "x", "%00", "제2026-0001호", "' OR 1=1 --",
        str(certificate.id), "A" * 5000, "<script>alert(1)</script>", "../../etc/passwd".replace("/", "%2F"),
    ):  # fmt: skip
        browser.speak("en").open("certificates.verified", code=code, status=404)
        if "This code cannot be confirmed" in browser.text:
            main = browser.html[browser.html.index("<main") : browser.html.index("</main>")]
            pages.add(re.sub(r'value="[^"]*"', "", main))
    assert len(pages) == 1


def test_an_empty_code_is_asked_for_again(browser):
    browser.speak("en").open("certificates.verify")
    assert not browser.find("p", class_="field-error")
    browser.open("certificates.verify", query={"code": " - "})
    assert browser.find("input", name="code")[0].get("aria-invalid") == "true"


def test_a_revoked_certificate_says_when_but_not_why(browser):
    certificate = printed()
    revoking.revoke(certificate, certificate.issued_by, "A private matter.")
    session.commit()
    browser.speak("en").open("certificates.verified", code=certificate.code)
    assert "This certificate was revoked" in browser.text
    assert str(clock.today().year) in browser.text
    assert Facts.from_json(certificate.facts).name in browser.text
    assert certificate.document.sha256 in browser.text
    assert "A private matter." not in browser.html
    assert "holds today" not in browser.text


def test_before_the_print_there_is_nothing_to_compare(browser):
    certificate = issued()
    browser.speak("en").open("certificates.verified", code=certificate.code)
    assert "This certificate is valid" in browser.text
    assert not browser.find("input", type="file")


def test_guessing_is_slowed_down(app, browser):
    with throttle.counting(app):
        answers = [
            browser.open("certificates.verified", code=codes.new(), status=status, inspect=False).response.status_code
            for status in [404] * 120 + [429] * 2
        ]
    assert answers.count(429) == 2


UNKNOWN = ("7" * 26, "no", "x" * 3000, "0O1I" * 6 + "22")


def test_everything_unknown_costs_the_same_questions(browser, queries):
    known = printed().code
    counts = []
    for code in (known, *UNKNOWN):
        with queries() as seen:
            browser.open("certificates.verified", code=code, status=200 if code == known else 404)
        counts.append(len(seen))
    assert set(counts) == {counts[0]}


@pytest.mark.parametrize(
    "contact,address",
    [
        ("office@example.org", "mailto:office@example.org"),
        ("+82 2 123 4567", "tel:+8221234567"),
        ("https://example.org/ask", "https://example.org/ask"),
    ],
)
def test_whom_to_ask_stands_on_the_page_and_in_the_answer_for_the_unknown(app, browser, monkeypatch, contact, address):
    certificate = printed()
    for code, status in ((certificate.code, 200), (codes.new(), 404)):
        browser.open("certificates.verified", code=code, status=status)
        assert address not in browser.links()
        monkeypatch.setitem(app.config, "ISSUER_CONTACT", contact)
        browser.open("certificates.verified", code=code, status=status)
        assert address in browser.links()
        monkeypatch.undo()
