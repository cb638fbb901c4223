"""A locked name is corrected by a request with evidence that a lead of one's own cohort answers."""

import io

import pytest
from sqlalchemy.exc import IntegrityError

from certificates import name_corrections, names
from certificates.facts import Facts
from certificates.name_models import NameAnswer, NameApproval, NameCorrection
from lms.kit import files
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.kit.refusal import Conflict, Refused
from lms.people.models import AuditEntry, Person, Role
from tests import make
from tests.certificates import making
from tests.certificates.test_issuing import at_once


def approved(cohort=None, **person):
    """Somebody of a cohort whose name is approved."""
    who = make.person(Role.TRAINEE, name="김하늘", latin_name="Kim Haneul", **person)
    make.traineeship(cohort or make.cohort(), who)
    names.approve(who, "김하늘", "Kim Haneul")
    return who


def evidence(name="passport.pdf"):
    return files.keep_bytes(b"%PDF-1.7 passport", name=name, media_type="application/pdf")


def asked(who, name="김하늬", latin_name="Kim Hanui"):
    return name_corrections.ask(who, name, latin_name, reason="A letter is wrong.", evidence=[evidence()])


def waiting(lead):
    return session.scalars(name_corrections.waiting(name_corrections.answerable_by(lead))).unique().all()


def test_an_accepted_request_is_printed_from_then_on(app):
    cohort = make.cohort()
    who, lead = approved(cohort), make.lead(cohort)
    request = asked(who)
    assert names.printed(who).name == "김하늘"
    assert waiting(lead) == [request]
    name_corrections.accept(request, lead, "As in the passport.")
    assert (names.printed(who).name, names.printed(who).latin_name) == ("김하늬", "Kim Hanui")
    assert waiting(lead) == []
    assert session.scalars(name_corrections.answered(name_corrections.answerable_by(lead))).unique().all() == [request]
    held = names.latest(who)
    assert (held.number, held.approved_by_id, request.answer.approval_id) == (2, lead.id, held.id)
    first, letter = session.query(Letter).order_by(Letter.written_at, Letter.id)
    assert first.to_address == lead.email
    assert f"/certificates/name-corrections/{request.id}" in first.text
    assert "Hanui" not in first.text
    assert letter.to_address == who.email
    assert "김하늬\nKim Hanui" in letter.text
    assert "As in the passport." in letter.text
    deeds = [entry.deed for entry in session.query(AuditEntry).order_by(AuditEntry.happened_at)]
    assert deeds == ["name.approved", "name.correction_asked", "name.correction_accepted"]


def test_a_declined_request_changes_nothing_and_says_why(app):
    cohort = make.cohort()
    who, lead = approved(cohort), make.lead(cohort)
    request = asked(who)
    with pytest.raises(Refused):
        name_corrections.decline(request, lead, "")
    assert request.answer is None
    name_corrections.decline(request, lead, "The passport says Haneul.")
    assert names.printed(who).name == "김하늘"
    letter = session.query(Letter).filter_by(to_address=who.email).one()
    assert "김하늘\nKim Haneul" in letter.text
    assert "The passport says Haneul." in letter.text
    assert asked(who, "김하늬", "").answer is None  # may be asked again


def test_a_request_is_answered_once(app):
    cohort = make.cohort()
    who, lead = approved(cohort), make.lead(cohort)
    request = asked(who)
    name_corrections.accept(request, lead)
    with pytest.raises(Conflict):
        name_corrections.decline(request, make.admin(), "Too late.")
    with pytest.raises(IntegrityError), session.begin_nested():
        make.add(NameAnswer(correction_id=request.id, by_id=lead.id, words="Once more."))
    assert session.query(NameApproval).count() == 2


def test_the_database_wants_words_for_a_no(app):
    request = asked(approved())
    with pytest.raises(IntegrityError), session.begin_nested():
        make.add(NameAnswer(correction_id=request.id, by_id=make.admin().id, words=""))
    with pytest.raises(IntegrityError), session.begin_nested():
        make.add(
            NameCorrection(
                approval_id=request.approval_id, person_id=request.person_id, name="A", latin_name="", reason=""
            )
        )


def test_what_is_not_a_request_is_refused(app):
    nobody = make.person(Role.TRAINEE)
    with pytest.raises(Refused):
        asked(nobody)
    who = approved()
    with pytest.raises(Refused):
        asked(who, "김하늘", "Kim Haneul")
    with pytest.raises(Refused, match=r"U\+1F600"):
        asked(who, "김하늘😀")
    with pytest.raises(Refused):
        name_corrections.ask(who, "김하늬", "", reason="Wrong.", evidence=[])
    with pytest.raises(Refused):
        name_corrections.ask(who, "김하늬", "", reason="", evidence=[evidence()])
    assert session.query(NameCorrection).count() == 0
    asked(who)
    with pytest.raises(Conflict):
        asked(who, "김바다")


def test_only_leads_of_ones_own_cohort_answer_and_never_oneself(app):
    cohort = make.cohort()
    lead, other = make.lead(cohort), make.lead(make.cohort())
    request = asked(approved(cohort))
    assert waiting(lead) == waiting(make.admin()) == [request]
    assert waiting(other) == []
    make.traineeship(cohort, lead)
    names.approve(lead, "이바다", "")
    own = asked(lead, "이바다솔", "")
    assert waiting(lead) == [request]
    with pytest.raises(Refused):
        name_corrections.accept(own, lead)
    assert names.printed(lead).name == "이바다"


def test_issued_certificates_keep_theirs(app):
    certificate = making.issued(name="김하늘", latin_name="KIM")
    who = certificate.person
    names.approve(who, "김하늘", "Kim")
    name_corrections.accept(asked(who), make.admin())
    assert Facts.from_json(certificate.facts).name == "김하늘"


class TestPages:
    def test_the_trainee_asks_and_the_lead_answers(self, browser):
        cohort = make.cohort()
        who, lead = approved(cohort), make.lead(cohort)
        browser.sign_in(who).open("certificates.name_correction")
        said = {"name": "김하늬", "latin_name": "Kim Hanui", "reason": "ㅢ, not ㅡㄹ."}
        browser.post("certificates.ask_correction", said, status=422)
        assert "passport" in browser.text
        assert session.query(NameCorrection).count() == 0
        files_sent = {"evidence": [(open_file(b"%PDF-1.7 x"), "여권.pdf"), (open_file(b"\x89PNG\r\n\x1a\n"), "id.png")]}
        browser.post("certificates.ask_correction", said | files_sent).follow()
        assert "waits for an answer" in browser.text
        assert "여권.pdf" in browser.text
        request = session.query(NameCorrection).one()
        browser.open("certificates.evidence", correction_id=request.id, position=2)
        browser.open("certificates.evidence", correction_id=request.id, position=3, status=404)
        browser.sign_in(lead).open("certificates.name_corrections_queue")
        assert "김하늬" in browser.text
        browser.open("certificates.correction", correction_id=request.id)
        assert f"/certificates/name-corrections/{request.id}/evidence/1" in browser.links()
        browser.open("certificates.evidence", correction_id=request.id, position=1)
        assert browser.response.data == b"%PDF-1.7 x"
        assert "attachment" in browser.response.headers["Content-Disposition"]
        browser.post("certificates.answer_correction", {"deed": "decline"}, correction_id=request.id, status=422)
        browser.post("certificates.answer_correction", {"deed": "accept"}, correction_id=request.id).follow()
        browser.open("certificates.name_corrections_queue", query={"state": "answered"})
        assert "Accepted" in browser.text
        browser.open("certificates.correction", correction_id=request.id)
        browser.sign_in(who).open("certificates.my_name")
        assert "김하늬" in browser.text

    def test_a_file_that_cannot_be_taken_is_named(self, browser):
        browser.sign_in(approved())
        said = {
            "name": "김하늬",
            "latin_name": "",
            "reason": "Wrong.",
            "evidence": [(open_file(b"MZ"), "passport.exe")],
        }
        browser.post("certificates.ask_correction", said, status=422)
        assert "passport.exe cannot be taken" in browser.text
        assert session.query(NameCorrection).count() == 0

    def test_another_cohorts_request_is_not_there(self, browser):
        request = asked(approved())
        session.commit()
        for outsider in (make.lead(make.cohort()), make.person(Role.TRAINEE)):
            browser.sign_in(outsider)
            browser.open("certificates.evidence", correction_id=request.id, position=1, status=404)
        browser.sign_in(make.lead(make.cohort())).open("certificates.name_corrections_queue")
        assert "No request waits" in browser.text
        browser.open("certificates.correction", correction_id=request.id, status=404)
        browser.post("certificates.answer_correction", {"deed": "accept"}, correction_id=request.id, status=404)
        assert session.query(NameAnswer).count() == 0

    def test_the_queue_costs_the_same_for_two_and_for_twenty(self, browser, queries):
        cohort = make.cohort()
        lead = make.lead(cohort)
        seen = []
        for count in (2, 18):
            for _ in range(count):
                asked(approved(cohort))
            browser.sign_in(lead)
            with queries() as sent:
                browser.open("certificates.name_corrections_queue")
            seen.append(len(sent))
        assert seen[0] == seen[1]


def open_file(content):
    return io.BytesIO(content)


def test_two_leads_who_answer_at_once_answer_once(app):
    cohort = make.cohort()
    request, people = asked(approved(cohort)), [make.lead(cohort), make.lead(cohort)]
    key, leads = request.id, [each.id for each in people]
    session.commit()

    def answer(number):
        found, lead = session.get_one(NameCorrection, key), session.get_one(Person, leads[number])
        return name_corrections.decline(found, lead, "No.") if number else name_corrections.accept(found, lead)

    answers = at_once(app, 2, answer)
    assert sorted(isinstance(each, Conflict | IntegrityError) for each in answers) == [False, True]
    assert session.query(NameAnswer).count() == 1
