"""Transcripts: what a person has completed, made by themselves or by a lead, frozen, printed, verified by anybody."""

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select

from certificates import issuers, transcripts
from certificates.transcript_facts import PASSED, TranscriptFacts
from certificates.transcript_gathering import grade
from certificates.transcript_models import Transcript
from courses.catalogue.models import ActivityKind
from courses.gradebook.conditions import Facts, Piece
from lms.kit import jobs
from lms.kit.db import new_key, session
from lms.kit.refusal import Refused
from lms.kit.words import Words
from lms.people.models import AuditEntry, Role
from lms.pipeline.models import Stage
from tests import make
from tests.certificates.making import course_completed, issued

FORM = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "docs" / "transcript.schema.json").read_text()),
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)


def learned(cohort=None, courses=1, person=None, **more):
    """A traineeship with so many completed courses; returns its person."""
    taking_part = make.traineeship(
        cohort or make.cohort(), person or make.person(Role.TRAINEE, **more), stage=Stage.COMPLETED
    )
    for _each in range(courses):
        make.enrolment(make.offering(to=taking_part.cohort), taking_part)
    make.completion(taking_part)
    return taking_part.person


def made(person, by=None, languages="both"):
    transcript = transcripts.issue(person, by or person, languages)
    session.commit()
    return transcript


@pytest.fixture
def appointed(app):
    """Somebody who signs."""
    issuers.appoint(
        Words(ko="허브", en="Hub"), Words(ko="한서윤", en="Han Seoyun"), Words(ko="장", en="Head"), make.admin()
    )


@pytest.mark.parametrize("language", ["en", "ko"])
def test_somebody_makes_a_transcript_and_anybody_verifies_it(browser, appointed, language):
    person = learned(courses=2, name="문가온", language=language)
    browser.sign_in(person).open("certificates.mine")
    assert "/certificates/transcripts" in browser.links()
    browser.open("certificates.transcripts_of_mine")
    browser.post("certificates.make_transcript", {"languages": "fr"}, status=422)
    browser.post("certificates.make_transcript", {"languages": "both"}).follow()
    transcript = session.scalars(select(Transcript)).one()
    assert transcripts.number(transcript).startswith(f"제T{transcript.year}-0001")
    jobs.perform_all()
    browser.open("certificates.transcripts_of_mine")
    browser.open("certificates.transcript_document", transcript_id=transcript.id)
    assert browser.response.data.startswith(b"%PDF-")
    session.refresh(transcript)
    browser.sign_out().speak(language).open("certificates.transcript_verified", code=transcript.code)
    facts = TranscriptFacts.from_json(transcript.facts)
    assert "문가온" in browser.text
    assert person.email not in browser.html
    for course in facts.parts[0].courses:
        assert course.title[language] in browser.text
    browser.open("certificates.verify", code=transcript.code, status=303)
    assert "/verify/transcripts/" in browser.response.headers["Location"]
    browser.open("certificates.by_hash", sha256=transcript.sha256, status=303)
    assert f"file={transcript.sha256}" in browser.response.headers["Location"]
    browser.open(browser.response.headers["Location"])
    assert browser.find("div", role="status")


def test_an_unknown_code_gets_the_neutral_answer(browser, appointed):
    made(learned())
    answers = set()
    for code in ("K7M3-Q9XD-2HTV-8RWN-C4PB-J6FA-X3", "x", "0" * 500):
        browser.open("certificates.transcript_verified", code=code, status=404)
        answers.add(browser.text)
        browser.open("certificates.verified", code=code, status=404)
        answers.add(browser.text)
    assert len(answers) == 1


@pytest.mark.parametrize("kind", ["application/json", "application/ld+json"])
def test_a_program_gets_the_same_facts_as_json_in_the_documented_form(browser, appointed, kind):
    person = learned(courses=2, name="문가온")
    transcript = made(person)

    def told(status):
        address = browser._address("certificates.transcript_verified", {"code": transcript.code})
        answer = browser._apart(browser.client.get, address, headers={"Accept": kind})
        assert (answer.status_code, answer.mimetype, "Accept" in answer.vary) == (status, kind, True)
        assert person.email not in answer.text
        assert str(person.id) not in answer.text
        return answer.get_json(force=True)

    FORM.validate(told(200))
    jobs.perform_all()
    session.refresh(transcript)
    said = told(200)
    FORM.validate(said)
    facts = TranscriptFacts.from_json(transcript.facts).as_json()
    assert said["pdf_sha256"] == transcript.sha256
    for name in ("code", "name", "latin_name", "parts", "hours", "issued_on", "issuer"):
        assert said[name] == facts[name]
    transcripts.withdraw(transcript, person)
    session.commit()
    said = told(404)
    assert (said["state"], sorted(said)) == ("unknown", ["@context", "checked_at", "state", "type"])


def test_its_person_withdraws_it_and_then_it_opens_nothing(browser, appointed):
    cohort = make.cohort()
    person, lead = learned(cohort), make.lead(cohort)
    transcript = made(person)
    jobs.perform_all()
    session.refresh(transcript)
    browser.sign_in(lead).post("certificates.withdraw_transcript", transcript_id=transcript.id, status=404)
    browser.open("certificates.transcript_verified", code=transcript.code)
    browser.sign_in(person).post("certificates.withdraw_transcript", transcript_id=transcript.id).follow()
    assert transcript.code not in browser.text
    browser.open("certificates.transcript_document", transcript_id=transcript.id)
    browser.open("certificates.transcript_verified", code=transcript.code, status=404)
    browser.open("certificates.by_hash", sha256=transcript.sha256, status=404)
    assert made(person).serial == 2


def test_what_was_made_stays_whatever_changes(appointed):
    person = learned(name="문가온")
    transcript = made(person)
    jobs.perform_all()
    session.refresh(transcript)
    before = dict(transcript.facts), transcript.sha256
    person.name = "다른이름"
    session.commit()
    transcripts.print_transcript(str(transcript.id))
    session.refresh(transcript)
    assert (dict(transcript.facts), transcript.sha256) == before


def test_another_is_made_only_when_something_has_changed(appointed):
    person = learned()
    made(person)
    with pytest.raises(Refused):
        transcripts.issue(person, person, "both")
    assert made(person, languages="ko").serial == 2
    person.name = "New Name"
    assert made(person, languages="ko").serial == 3


def test_nobody_gets_one_about_nothing(appointed):
    with pytest.raises(Refused):
        transcripts.issue(make.trainee(make.cohort()), make.admin(), "both")


def test_without_anybody_who_signs_a_trainee_is_sent_to_their_lead():
    cohort = make.cohort()
    person = learned(cohort)
    with pytest.raises(Refused):
        transcripts.issue(person, person, "both")
    lead = make.lead(cohort)
    assert TranscriptFacts.from_json(transcripts.issue(person, lead, "both").facts).signatory["en"] == lead.name


def test_a_lead_makes_one_of_the_cohorts_that_they_lead_only(browser, appointed):
    cohort, elsewhere = make.cohort(), make.cohort()
    person = learned(cohort, courses=2)
    learned(elsewhere, courses=1, person=person)
    lead, stranger = make.lead(cohort), make.lead(make.cohort())
    browser.sign_in(stranger).open("certificates.transcripts_of", person_id=person.id, status=404)
    browser.post("certificates.make_transcript_of", {"languages": "ko"}, person_id=person.id, status=404)
    browser.sign_in(lead).open("certificates.transcripts_of", person_id=person.id)
    browser.post("certificates.make_transcript_of", {"languages": "ko"}, person_id=person.id).follow()
    (theirs,) = session.scalars(select(Transcript)).all()
    assert len(TranscriptFacts.from_json(theirs.facts).parts) == 1
    mine = made(person)
    assert len(TranscriptFacts.from_json(mine.facts).parts) == 2
    jobs.perform_all()
    browser.open("certificates.transcript_document", transcript_id=theirs.id)
    browser.open("certificates.transcript_document", transcript_id=mine.id, status=404)
    browser.sign_in(stranger).open("certificates.transcript_document", transcript_id=theirs.id, status=404)
    browser.sign_in(person).open("certificates.transcript_document", transcript_id=theirs.id)
    deeds = session.scalars(select(AuditEntry.deed).where(AuditEntry.deed == "transcript.issued")).all()
    assert len(deeds) == 2


def test_it_names_the_certificate_that_holds():
    certificate = issued()
    taking_part = certificate.completion.traineeship
    course_completed(make.enrolment(make.offering(to=taking_part.cohort), taking_part))
    facts = TranscriptFacts.from_json(made(certificate.person).facts)
    assert facts.parts[0].certificate == f"{certificate.year}-{certificate.serial:04d}"
    assert facts.parts[0].completed_on


def test_the_grade_is_the_mean_of_what_is_required_and_marked():
    def piece(kind, percent, required=True):
        return Piece(new_key(), "k", kind, "1-1", Words(ko="가"), 10, required, True, percent=percent)

    quiz, assignment, lesson = ActivityKind.QUIZ, ActivityKind.ASSIGNMENT, ActivityKind.LESSON
    day = date(2026, 11, 22)
    assert grade(Facts((piece(quiz, 90.0), piece(assignment, 95.0), piece(quiz, 1.0, required=False)), day)) == "92.5"
    assert grade(Facts((piece(quiz, None), piece(assignment, 100.0)), day)) == "50"
    assert grade(Facts((piece(lesson, None),), day)) == PASSED


def test_the_list_costs_the_same_for_two_and_for_twenty(browser, queries, appointed):
    person = learned()
    browser.sign_in(person)
    counts = []
    for many in (2, 20):
        for number in range(many):
            person.name = f"Name {many} {number}"
            made(person)
        with queries() as counted:
            browser.open("certificates.transcripts_of_mine")
        counts.append(len(counted))
    assert counts[0] == counts[1]
