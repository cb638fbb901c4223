"""Erasing a person: confirmed by typing, a week to think again, and then nothing that tells who it was."""

import json
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import inspect, select

from lms.kit import clock, files, jobs, mail
from lms.kit.db import Base, session
from lms.kit.mail import Letter
from lms.kit.refusal import Conflict, Refused
from lms.kit.stored_file import StoredFile
from lms.people import accounts, audit, devices, erasing, passwords
from lms.people.models import AuditEntry, Device, Erasure, Person, Role
from lms.pipeline.models import Application, ApplicationDocument, Stage, StageEvent
from tests import make

PASSWORD = "four words in a row"
SECRETS = ("Hong Gildong", "홍길동", "gildong@example.org", "My reason", "my-cv", "Works at a bank")


def asked(person: Person) -> Erasure:
    """What the person's page does: letters are drawn inside a request."""
    with current_app.test_request_context():
        return erasing.ask(person, person.email)


def somebody(**more: object) -> Person:
    given = {"name": "홍길동", "latin_name": "Hong Gildong", "email": "gildong@example.org", **more}
    return make.person(Role.TRAINEE, password_hash=passwords.hash_of(PASSWORD), **given)


def everything_kept() -> str:
    """Each value of each row, as one text."""
    session.commit()
    kept = []
    for mapper in Base.registry.mappers:
        for row in session.scalars(select(mapper.class_)).unique():
            kept += [str(getattr(row, column.key)) for column in inspect(mapper.class_).column_attrs]
    return json.dumps(kept, ensure_ascii=False)


def with_traces(person: Person) -> StoredFile:
    """Something of the person in every place that writes of them; returns the document."""
    sent = make.application(make.cohort(), person, background="My reason", name="홍길동")
    sent.motivation = "My reason"
    document = files.keep_bytes(b"%PDF-1.7 my cv", name="my-cv.pdf", media_type="application/pdf", by=person.id)
    make.add(ApplicationDocument(application=sent, file=document))
    session.query(StageEvent).filter_by(person_id=person.id).update({"note": "Works at a bank"})
    mail.post(person.email, person.name, "Hello", "Hong Gildong")
    audit.note(person, "person.renamed", person, old={"name": "Hong Gildong"}, new={"name": "홍길동"})
    make.add(Device(person_id=person.id, expires_at=make.FAR_AHEAD, browser="Mine"))
    session.commit()
    return document


def test_an_administrator_erases_and_nothing_tells_who_it_was():
    person, admin = somebody(), make.admin()
    document = with_traces(person)
    assert [each for each in SECRETS if each not in everything_kept()] == []  # or the search below proves nothing
    erasing.order(person, admin, "Gildong@Example.org ")
    session.commit()
    jobs.perform_all()
    session.expire_all()
    assert [each for each in SECRETS if each in everything_kept()] == []
    assert not files.path_of(document).exists()
    assert document.forgotten_at is not None
    assert session.scalars(select(Device)).all() == []
    assert None not in (person.erased_at, person.closed_at)
    assert person.grants == []


def test_a_job_that_runs_twice_has_the_effect_of_once():
    person, admin = somebody(), make.admin()
    with_traces(person)
    erasing.order(person, admin, person.email)
    session.commit()
    jobs.perform_all()
    moves = len(session.scalars(select(StageEvent)).all())
    for reader in jobs._readers["person_erased"]:
        reader(person_id=str(person.id))
    assert len(session.scalars(select(StageEvent)).all()) == moves


def test_what_was_open_is_given_up_and_the_ledger_says_so():
    person, admin, cohort = somebody(), make.admin(), make.cohort()
    waiting = make.application(cohort, person, stage=Stage.WAITING)
    training = make.traineeship(make.cohort(), person, stage=Stage.TRAINING)
    erasing.order(person, admin, person.email)
    session.commit()
    jobs.perform_all()
    session.expire_all()
    assert (waiting.stage, training.stage) == (Stage.WITHDRAWN, Stage.LEFT)


def test_a_draft_goes_as_a_whole():
    person, admin = somebody(), make.admin()
    make.application(make.cohort(), person, stage=None)
    erasing.order(person, admin, person.email)
    session.commit()
    jobs.perform_all()
    assert session.scalars(select(Application)).all() == []


def test_equal_content_of_somebody_else_stays():
    person, admin, other = somebody(), make.admin(), make.person()
    document = with_traces(person)
    theirs = files.keep_bytes(b"%PDF-1.7 my cv", name="same.pdf", media_type="application/pdf", by=other.id)
    erasing.order(person, admin, person.email)
    session.commit()
    jobs.perform_all()
    session.expire_all()
    assert document.forgotten_at is not None
    assert files.path_of(theirs).read_bytes() == b"%PDF-1.7 my cv"


def test_readers_of_the_news_touch_nobody_who_is_not_erased():
    person = somebody()
    with_traces(person)
    for reader in jobs._readers["person_erased"]:
        with pytest.raises(ValueError):
            reader(person_id=str(person.id))
    assert [each for each in SECRETS if each not in everything_kept()] == []


def test_the_wrong_address_erases_nobody():
    person, admin = somebody(), make.admin()
    with pytest.raises(Refused):
        erasing.order(person, admin, "somebody@example.org")
    assert person.erased_at is None


def test_the_only_administrator_stays():
    admin = make.admin()
    with pytest.raises(Refused):
        erasing.ask(admin, admin.email)
    with pytest.raises(Refused):
        erasing.order(admin, make.person(Role.LEAD), admin.email)
    assert admin.erased_at is None


def test_one_asks_and_a_week_later_it_is_done():
    person = somebody(email="ada@example.org")
    asked(person)
    session.commit()
    jobs.perform_all()
    assert person.erased_at is None
    with clock.at(clock.now() + erasing.WAITS + timedelta(minutes=1)):
        jobs.perform_all()
    session.expire_all()
    assert person.erased_at is not None
    assert session.scalars(select(Letter)).all() == []


def test_taken_back_nothing_happens():
    person = somebody()
    erasure = asked(person)
    erasing.withdraw(erasure, person)
    session.commit()
    with clock.at(clock.now() + 2 * erasing.WAITS):
        jobs.perform_all()
    session.expire_all()
    assert person.erased_at is None
    with pytest.raises(Refused):
        erasing.withdraw(erasure, person)
    assert asked(person).id != erasure.id  # one may ask again


def test_asked_twice_it_is_asked_once():
    person = somebody()
    asked(person)
    with pytest.raises(Conflict):
        asked(person)
    assert len(session.scalars(select(Erasure)).all()) == 1


def test_erased_is_for_good():
    person, admin = somebody(), make.admin()
    erasing.order(person, admin, person.email)
    for deed in (
        lambda: accounts.reopen(person, admin),
        lambda: accounts.grant(person, Role.LEAD, admin),
        lambda: erasing.order(person, admin, person.email),
    ):
        with pytest.raises(Refused):
            deed()
    assert accounts.check("gildong@example.org", PASSWORD) is None


def test_the_audit_trail_says_who_erased_and_nothing_else():
    person, admin = somebody(), make.admin()
    with_traces(person)
    erasing.order(person, admin, person.email)
    session.commit()
    jobs.perform_all()
    trail = select(AuditEntry).where(AuditEntry.subject_id == person.id)
    entries = {entry.deed: entry for entry in session.scalars(trail)}
    assert entries["person.erased"].person_id == admin.id
    assert entries["person.erased_in_pipeline"].new == {"applications": 1, "documents": 1}
    assert entries["person.renamed"].old is None


def test_nobody_writes_to_somebody_who_was_erased():
    person, admin = somebody(), make.admin()
    erasing.order(person, admin, person.email)
    mail.post(person.email, person.name, "Hello", "There")
    assert session.scalars(select(Letter)).all() == []


def test_ones_own_page_asks_for_address_and_password(browser):
    person = somebody()
    browser.sign_in(person).open("people.account")
    assert browser.find("a", href="/account/erasure")
    browser.open("people.my_erasure")
    assert "with the name that is printed on them" in browser.text
    wrong = {"typed": person.email, "password": "not this one at all"}
    browser.post("people.ask_erasure", wrong, status=422)
    browser.post("people.ask_erasure", {"typed": "x@example.org", "password": PASSWORD}, status=422)
    assert session.scalars(select(Erasure)).all() == []
    browser.post("people.ask_erasure", {"typed": person.email, "password": PASSWORD}).follow()
    assert "Until then" in browser.text
    browser.post("people.withdraw_erasure")
    assert session.scalar(erasing.waiting(person)) is None


def test_an_administrators_page_asks_for_the_address(browser):
    person, admin = somebody(), make.admin()
    devices.of(person)
    browser.sign_in(admin).open("people.person", person_id=person.id)
    browser.open("people.erasure", person_id=person.id)
    browser.post("people.erase", {"typed": "no"}, status=422, person_id=person.id)
    assert session.get_one(Person, person.id).erased_at is None
    browser.post("people.erase", {"typed": person.email}, person_id=person.id).follow()
    assert "row without a name" in browser.text
    assert "invalid" not in browser.text
    browser.open("people.erasure", status=404, person_id=person.id)


def test_others_cannot_erase(browser):
    person = somebody()
    browser.sign_in(make.person(Role.LEAD)).open("people.erasure", status=403, person_id=person.id)
    browser.post("people.erase", {"typed": person.email}, status=403, person_id=person.id)
    assert session.get_one(Person, person.id).erased_at is None


def test_a_file_that_is_gone_says_so(browser):
    person, admin = somebody(), make.admin()
    with_traces(person)
    document = session.scalars(select(ApplicationDocument)).one()
    erasing.order(person, admin, person.email)
    session.commit()
    jobs.perform_all()
    browser.sign_in(admin).open("pipeline.document", status=410, document_id=document.id)
    assert "This file is gone" in browser.text
