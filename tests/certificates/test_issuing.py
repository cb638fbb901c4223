"""Issuing: once a completion, numbered without gaps, frozen; also with many at once."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from certificates import codes, eligibility, issuers, issuing, revoking
from certificates.eligibility import Verdict
from certificates.facts import Facts
from certificates.models import Certificate, CertificateDocument, SerialCounter
from lms.kit import clock, db
from lms.kit.db import session
from lms.kit.jobs import Job
from lms.kit.mail import Letter
from lms.kit.refusal import Refused
from lms.kit.words import Words
from lms.people.models import AuditEntry, Person, Role
from lms.pipeline.models import Stage, StageEvent, Traineeship
from tests import make
from tests.certificates.making import completed, issued, one_is_enough
from tests.page import Browser


def all_certificates():
    return session.scalars(select(Certificate).order_by(Certificate.serial)).all()


def at_once(app, count, deed):
    """Let `count` threads go at the same moment, each with a session of its own; returns what each answered."""
    start, answers = threading.Barrier(count), []

    def run(number):
        with app.app_context():
            try:
                start.wait(timeout=60)
                with db.transaction():
                    answers.append(deed(number))
            except Exception as error:  # a thread's failure must be seen by the test
                answers.append(error)
            finally:
                session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return answers


def test_a_certificate_freezes_what_was_true():
    cohort = make.cohort()
    offering = make.offering(make.course(), cohort)
    person = make.person(Role.TRAINEE, name="문가온", latin_name="Moon  Gaon")
    taking_part = make.traineeship(cohort, person, stage=Stage.COMPLETED)
    make.enrolment(offering, taking_part)
    completion = make.completion(taking_part)
    one_is_enough(cohort)
    lead = make.lead(cohort)
    lead.name, lead.latin_name = "한서윤", "Han Seoyun"
    certificate = issuing.issue(taking_part, lead)
    facts = Facts.from_json(certificate.facts)
    assert (facts.name, facts.latin_name) == ("문가온", "Moon Gaon")
    assert facts.programme == dict(cohort.programme.title)
    assert facts.cohort == dict(cohort.title)
    assert [(dict(course.title), course.hours) for course in facts.courses] == [(dict(offering.version.title), 10)]
    assert facts.hours == 10
    assert (facts.starts_on, facts.ends_on) == (cohort.starts_on, cohort.ends_on)
    assert facts.completed_on == completion.decided_at.astimezone(clock.SEOUL).date()
    assert facts.issued_on == certificate.issued_on == clock.today()
    assert (facts.signatory["ko"], facts.signatory["en"]) == ("한서윤", "Han Seoyun")
    assert facts.verify_url == f"http://localhost/verify/{certificate.code}"
    assert (certificate.year, certificate.serial) == (facts.year, facts.serial) == (clock.today().year, 1)
    assert certificate.rule_version == 1
    assert taking_part.stage == Stage.CERTIFIED


def test_issuing_writes_ledger_audit_letter_and_asks_for_the_print():
    certificate = issued(language="ko", name="문가온")
    person = certificate.person
    moves = select(StageEvent).where(StageEvent.person_id == person.id, StageEvent.stage == Stage.CERTIFIED)
    assert session.scalars(moves).one().by_id == certificate.issued_by_id
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == certificate.id)).one()
    assert (entry.deed, entry.new["number"]) == ("certificate.issued", Facts.from_json(certificate.facts).number)
    letter = session.scalars(select(Letter).where(Letter.to_address == person.email)).one()
    assert Facts.from_json(certificate.facts).number in letter.subject
    assert f"http://localhost/verify/{certificate.code}" in letter.text
    assert "http://localhost/certificates" in letter.text
    asked = session.scalars(select(Job).where(Job.task == "render_certificate")).one()
    assert asked.arguments == {"certificate_id": str(certificate.id)}


def test_issuing_twice_gives_the_same_certificate():
    first = issued()
    again = issuing.issue(session.get_one(Traineeship, first.completion.traineeship_id), first.issued_by)
    assert again.id == first.id
    assert len(all_certificates()) == 1
    assert session.scalar(select(SerialCounter.last)) == 1


@pytest.mark.parametrize("stage", [Stage.ADMITTED, Stage.TRAINING, Stage.LEFT])
def test_nobody_gets_one_without_completing(stage):
    taking_part = make.traineeship(make.cohort(), stage=stage)
    lead = make.lead(taking_part.cohort)
    with pytest.raises(Refused):
        issuing.issue(taking_part, lead)
    make.completion(taking_part)  # also not when only the stage stands against it
    with pytest.raises(Refused):
        issuing.issue(taking_part, lead)
    assert all_certificates() == []
    assert session.scalar(select(SerialCounter.last)) in (None, 0)


def test_a_name_that_cannot_be_printed_is_refused_and_leaves_no_gap():
    cohort = make.cohort()
    smiling = completed(cohort, name="Ada 😀")
    plain = completed(cohort, name="Ada")
    lead = make.lead(cohort)
    refused, fine = issuing.issue_many(cohort, [smiling, plain], lead)
    assert "U+1F600" in refused.refusal
    assert (refused.certificate, fine.new, fine.certificate.serial) == (None, True, 1)
    assert (smiling.stage, plain.stage) == (Stage.COMPLETED, Stage.CERTIFIED)


def test_who_gets_one_and_why_not():
    cohort = make.cohort()
    ready = completed(cohort, name="a")
    revoked = issued(cohort, name="b")
    revoking.revoke(revoked, revoked.issued_by, "Wrong person.")
    before = issued(cohort, name="c")
    training = make.traineeship(cohort, make.person(Role.TRAINEE, name="d"), stage=Stage.TRAINING)
    left = make.traineeship(cohort, make.person(Role.TRAINEE, name="e"), stage=Stage.LEFT)
    unprintable = completed(cohort, name="f", latin_name="F 😀")
    completed(make.cohort(), name="of another cohort")
    found = eligibility.examine(cohort)
    assert [(each.traineeship.id, each.verdict) for each in found] == [
        (ready.id, Verdict.READY),
        (revoked.completion.traineeship_id, Verdict.REVOKED),
        (before.completion.traineeship_id, Verdict.ISSUED),
        (training.id, Verdict.NOT_COMPLETED),
        (left.id, Verdict.LEFT),
        (unprintable.id, Verdict.UNPRINTABLE),
    ]
    assert [bool(each.why_not) for each in found] == [False, True, True, True, True, True]
    assert [each.traineeship.id for each in eligibility.ready(cohort)] == [ready.id]


def test_examining_costs_the_same_for_two_and_forty(queries):
    cohort = make.cohort()
    counts = []
    for more in (2, 38):
        for _ in range(more):
            issued(cohort)
            completed(cohort)
        session.commit()
        session.expunge_all()
        with queries() as seen:
            assert eligibility.examine(session.merge(cohort, load=False))
        counts.append(len(seen))
    assert counts[0] == counts[1] < 8


def test_what_was_revoked_is_not_issued_again():
    certificate = issued()
    revoking.revoke(certificate, certificate.issued_by, "Wrong person.")
    with pytest.raises(Refused):
        issuing.issue(session.get_one(Traineeship, certificate.completion.traineeship_id), certificate.issued_by)
    assert len(all_certificates()) == 1


def test_the_issuer_that_was_set_signs_and_earlier_certificates_keep_theirs():
    cohort = make.cohort()
    first = issued(cohort)
    issuers.appoint(
        Words(ko="서울 인공지능 허브"),
        Words(ko="한서윤", en="Han Seoyun"),
        Words(ko="허브장", en="Director"),
        make.admin(),
    )
    second = issued(cohort)
    before, after = Facts.from_json(first.facts), Facts.from_json(second.facts)
    assert before.signatory["ko"] == first.issued_by.name
    assert after.signatory == {"ko": "한서윤", "en": "Han Seoyun"}
    assert after.issuer == {"ko": "서울 인공지능 허브", "en": "서울 인공지능 허브"}


def test_the_year_is_the_one_in_seoul_and_counts_anew():
    cohort = make.cohort()
    with clock.at(datetime(2025, 12, 31, 14, 59, tzinfo=UTC)):
        last = issued(cohort)
    with clock.at(datetime(2025, 12, 31, 15, 1, tzinfo=UTC)):
        first = issued(cohort)
    assert (last.year, last.serial) == (2025, 1)
    assert (first.year, first.serial) == (2026, 1)


def test_fifty_requests_at_once_make_one_certificate(app):
    """Whole requests, each of a browser of its own, let go at the same moment."""
    taking_part = completed()
    lead = make.lead(taking_part.cohort)
    browsers = [Browser(app).sign_in(lead) for _ in range(50)]
    assert eligibility.ready(taking_part.cohort)  # the dry run comes first; it reads the typefaces
    session.commit()
    cohort_id, key = taking_part.cohort_id, str(taking_part.id)
    start, answers = threading.Barrier(50), []

    def send(browser):
        try:
            start.wait(timeout=60)
            with app.app_context():
                browser.post("certificates.issue_chosen", {"chosen": key}, cohort_id=cohort_id)
            answers.append(browser.response.status_code)
        except BaseException as error:
            answers.append(error)

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert answers == [303] * 50
    (only,) = all_certificates()
    assert (only.serial, session.scalar(select(SerialCounter.last))) == (1, 1)
    moves = select(func.count()).where(StageEvent.stage == Stage.CERTIFIED)
    assert session.scalar(moves) == 1
    letters = select(func.count(Letter.id)).where(Letter.to_address == only.person.email)
    assert session.scalar(letters) == 1


def test_fifty_writers_at_once_get_the_same_certificate(app):
    taking_part = completed()
    lead = make.lead(taking_part.cohort)
    keys = taking_part.id, lead.id
    assert eligibility.ready(taking_part.cohort)
    session.commit()
    answers = at_once(
        app, 50, lambda _: issuing.issue(session.get_one(Traineeship, keys[0]), session.get_one(Person, keys[1])).id
    )
    assert len(answers) == 50
    assert set(answers) == {all_certificates()[0].id}
    assert len(all_certificates()) == 1


def test_forty_at_once_are_numbered_without_a_gap(app):
    """Every fifth is rolled back after it had taken its number."""
    cohort = make.cohort()
    lead = make.lead(cohort)
    keys = [completed(cohort).id for _ in range(40)]
    lead_id = lead.id
    assert eligibility.ready(cohort)
    session.commit()

    class ChangedTheirMind(Exception):
        pass

    def issue(number):
        serial = issuing.issue(session.get_one(Traineeship, keys[number]), session.get_one(Person, lead_id)).serial
        if number % 5 == 0:
            raise ChangedTheirMind
        return serial

    answers = at_once(app, 40, issue)
    assert sum(isinstance(answer, ChangedTheirMind) for answer in answers) == 8
    assert sorted(answer for answer in answers if isinstance(answer, int)) == list(range(1, 33))
    assert [each.serial for each in all_certificates()] == list(range(1, 33))
    assert len({each.code for each in all_certificates()}) == 32


def test_the_database_keeps_one_certificate_a_completion():
    certificate = issued()
    twin = {column.key: getattr(certificate, column.key) for column in Certificate.__table__.columns}
    twin |= {"id": db.new_key(), "serial": 2, "code": codes.new()}
    with pytest.raises(IntegrityError, match="completion"):
        make.add(Certificate(**twin))
    session.rollback()


def test_codes_hold_128_bits_without_look_alikes():
    made = {codes.new() for _ in range(500)}
    assert len(made) == 500
    assert {len(code) for code in made} == {26}
    assert not set("".join(made)) & set("01OI")
    assert codes.grouped("K7M3Q9XD2HTV8RWNC4PBJ6FAX3") == "K7M3-Q9XD-2HTV-8RWN-C4PB-J6FA-X3"
    assert codes.tidy(" k7m3-q9xd–2htv 8rwn\tC4PB－Ｊ6FA X3\n") == "K7M3Q9XD2HTV8RWNC4PBJ6FAX3"


def test_no_document_is_there_before_the_job():
    issued()
    assert session.scalar(select(func.count()).select_from(CertificateDocument)) == 0
