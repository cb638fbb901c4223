"""Correcting: a new certificate in the place of an old one, once, with everything kept."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from certificates import replacing, revoking, states
from certificates.facts import Facts
from certificates.models import Certificate
from certificates.states import State
from lms.kit import clock
from lms.kit.db import session
from lms.kit.jobs import Job
from lms.kit.mail import Letter
from lms.kit.refusal import Refused
from lms.people.models import AuditEntry
from lms.pipeline.models import Stage, StageEvent, Traineeship
from tests import make
from tests.certificates.making import all_jobs, issued, printed
from tests.certificates.test_issuing import at_once


def misspelt(**more):
    """A certificate whose holder's name was mended after it was issued."""
    certificate = printed(name="Ada Lovelaec", language="en", **more)
    certificate.person.name = "Ada Lovelace"
    session.commit()
    return certificate


def facts(certificate):
    return Facts.from_json(certificate.facts)


def test_a_correction_is_a_new_certificate_in_the_place_of_the_old_one():
    old = misspelt()
    kept = dict(old.facts), old.code, old.document.sha256
    moves = session.scalar(select(func.count()).select_from(StageEvent))
    newer = replacing.correct(old, old.issued_by, " The name was misspelt. ")
    session.commit()
    assert (newer.replaces_id, newer.correction) == (old.id, "The name was misspelt.")
    assert (facts(newer).name, facts(old).name) == ("Ada Lovelace", "Ada Lovelaec")
    assert newer.serial == old.serial + 1
    assert newer.code != old.code
    assert facts(newer).verify_url == f"http://localhost/verify/{newer.code}"
    assert (facts(newer).serial, facts(newer).code, facts(newer).issued_on) == (newer.serial, newer.code, clock.today())
    assert (dict(old.facts), old.code, old.document.sha256) == kept
    session.expire_all()
    assert (states.of(old), states.of(newer)) == (State.REPLACED, State.VALID)
    assert session.get_one(Traineeship, old.completion.traineeship_id).stage == Stage.CERTIFIED
    assert session.scalar(select(func.count()).select_from(StageEvent)) == moves


def test_the_holder_is_told_once_and_the_deed_is_written_down():
    old = misspelt()
    before = session.scalars(select(Letter.id)).all()
    newer = replacing.correct(old, old.issued_by, "The name was misspelt.")
    session.commit()
    (letter,) = session.scalars(select(Letter).where(Letter.id.not_in(before)))
    assert letter.to_address == old.person.email
    assert all(said in letter.text for said in (facts(old).number_en, facts(newer).number_en, "The name was misspelt."))
    deeds = session.execute(select(AuditEntry.subject_id, AuditEntry.deed).where(AuditEntry.new.is_not(None))).all()
    assert {(old.id, "certificate.replaced"), (newer.id, "certificate.issued")} <= {tuple(row) for row in deeds}
    wanted = Job.arguments["certificate_id"].as_string() == str(newer.id)
    assert session.scalars(select(Job.task).where(wanted)).all() == ["render_certificate"]
    all_jobs()
    session.refresh(newer)
    assert newer.document.sha256 != old.document.sha256


@pytest.mark.parametrize("reason", ["", " \n"])
def test_no_reason_no_correction(reason):
    old = misspelt()
    with pytest.raises(Refused):
        replacing.correct(old, old.issued_by, reason)
    assert session.scalars(select(Certificate)).all() == [old]


def test_where_nothing_would_change_nothing_is_issued():
    old = issued(name="Ada")
    assert replacing.changes(old) == []
    with pytest.raises(Refused):
        replacing.correct(old, old.issued_by, "For fun.")
    assert session.scalars(select(Certificate)).all() == [old]


def test_only_what_holds_is_corrected():
    revoked, expired, replaced = misspelt(), misspelt(), misspelt()
    revoking.revoke(revoked, revoked.issued_by, "Wrong person.")
    expired.expires_on = expired.issued_on
    replacing.correct(replaced, replaced.issued_by, "Name.")
    count = len(session.scalars(select(Certificate)).all())
    with clock.at(clock.now() + timedelta(days=1)):
        for certificate in (revoked, expired, replaced):
            with pytest.raises(Refused):
                replacing.correct(certificate, certificate.issued_by, "Name.")
    assert len(session.scalars(select(Certificate)).all()) == count


def test_the_new_one_holds_as_long_as_the_old_one():
    old = misspelt()
    old.expires_on = clock.today() + timedelta(days=30)
    newer = replacing.correct(old, old.issued_by, "Name.")
    assert newer.expires_on == old.expires_on


def test_a_correction_can_be_corrected():
    first = misspelt()
    second = replacing.correct(first, first.issued_by, "Name.")
    first.person.latin_name = "Ada King"
    third = replacing.correct(second, first.issued_by, "The spelling was missing.")
    session.commit()
    session.expire_all()
    assert [states.of(each) for each in (first, second, third)] == [State.REPLACED, State.REPLACED, State.VALID]


def test_a_name_that_cannot_be_printed_takes_no_number():
    old = misspelt()
    old.person.name = "Ada 😀"
    with pytest.raises(Refused, match="U\\+1F600"):
        replacing.correct(old, old.issued_by, "Name.")
    old.person.name = "Ada"
    assert replacing.correct(old, old.issued_by, "Name.").serial == old.serial + 1


def test_of_two_leads_at_once_one_corrects(app):
    old = misspelt()
    key, by = old.id, old.issued_by_id
    before = session.scalar(select(func.count()).select_from(Letter))
    session.commit()

    def deed(number):
        certificate = session.get_one(Certificate, key)
        return replacing.correct(certificate, certificate.issued_by, f"Name, said {number}.").serial

    answers = at_once(app, 4, deed)
    serials = [answer for answer in answers if isinstance(answer, int)]
    assert len(serials) == 1, answers
    assert all(isinstance(answer, int | Refused) for answer in answers), answers
    session.expire_all()
    assert session.scalars(select(Certificate.replaces_id).where(Certificate.replaces_id.is_not(None))).all() == [key]
    assert session.scalar(select(func.count()).select_from(Letter)) == before + 1
    assert by == session.scalar(select(Certificate.issued_by_id).where(Certificate.replaces_id == key))


def test_correcting_from_the_register(browser):
    old = misspelt()
    browser.sign_in(old.issued_by).open("certificates.certificate", certificate_id=old.id)
    assert "Ada Lovelaec" in browser.text
    assert "Ada Lovelace" in browser.text
    browser.post("certificates.correct", {"mistake": " "}, certificate_id=old.id, status=422)
    assert browser.find("textarea", name="mistake")[0].get("aria-invalid") == "true"
    browser.post("certificates.correct", {"mistake": "Name."}, certificate_id=old.id).follow()
    newer = session.scalars(select(Certificate).where(Certificate.replaces_id == old.id)).one()
    assert facts(newer).number_en in browser.text
    assert f"/certificates/{old.id}" in browser.links()
    browser.open("certificates.certificate", certificate_id=old.id)
    assert f"/certificates/{newer.id}" in browser.links()
    assert not browser.find("textarea")
    browser.post("certificates.correct", {"mistake": "Again."}, certificate_id=old.id, status=409)
    browser.sign_in(old.person).open("certificates.mine")
    assert "Replaced by" in browser.text


def test_another_leads_certificate_is_not_corrected(browser):
    old = misspelt()
    browser.sign_in(make.lead(make.cohort()))
    browser.post("certificates.correct", {"mistake": "Mine."}, certificate_id=old.id, status=404)
    browser.sign_in(old.person)
    browser.post("certificates.correct", {"mistake": "Mine."}, certificate_id=old.id, status=403)
    assert session.scalars(select(Certificate)).all() == [old]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_old_code_leads_to_the_new_one(browser, language):
    old = misspelt()
    newer = replacing.correct(old, old.issued_by, "A private matter.")
    session.commit()
    browser.speak(language).open("certificates.verified", code=old.code)
    assert any(newer.code == link.rpartition("/")[2].replace("-", "") for link in browser.links())
    assert "A private matter." not in browser.html
    assert ("This certificate was replaced" if language == "en" else "다시 발급") in browser.text
