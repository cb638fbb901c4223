"""Bytes: printed once, kept, and the same for ever, whatever is renamed."""

import hashlib
import threading

import pytest
from sqlalchemy import func, select

from certificates import documents
from certificates.design import Drawn
from certificates.facts import Facts
from certificates.models import CertificateDocument
from lms.kit import clock, files, jobs
from lms.kit.db import session
from lms.kit.jobs import Job
from lms.kit.refusal import Refused
from lms.kit.stored_file import StoredFile
from lms.kit.words import Words
from tests import make
from tests.certificates.making import all_jobs, issued, print_now, printed


def count(table):
    return session.scalar(select(func.count()).select_from(table))


def test_the_job_prints_one_pdf_and_keeps_it():
    certificate = issued()
    all_jobs()
    session.refresh(certificate)
    document = certificate.document
    content = files.path_of(document.file).read_bytes()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == document.sha256 == document.file.sha256
    assert document.file.name == f"수료증-{Facts.from_json(certificate.facts).number}.pdf"


def test_printing_twice_keeps_the_first():
    certificate = printed()
    first = certificate.document.sha256
    print_now(certificate.id)
    assert count(CertificateDocument) == 1
    with_other_bytes = documents.keep(
        certificate.id, b"%PDF-other", Facts.from_json(certificate.facts), Drawn("programme")
    )
    assert with_other_bytes.sha256 == first
    assert count(StoredFile) == 1


def test_two_printers_at_once_keep_one(app):
    certificate = issued()
    session.commit()
    start, errors = threading.Barrier(4), []

    def run():
        with app.app_context():
            try:
                start.wait(timeout=60)
                print_now(key)
            except Exception as error:
                errors.append(error)
            finally:
                session.remove()

    key = certificate.id
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert errors == []
    assert (count(CertificateDocument), count(StoredFile)) == (1, 1)


def test_the_download_stays_the_same_whatever_is_renamed(browser):
    cohort = make.cohort()
    offering = make.offering(make.course(), cohort)
    certificate = printed(cohort, name="문가온", latin_name="Moon Gaon")
    issued_hash = certificate.document.sha256
    certificate.person.name, certificate.person.latin_name = "Somebody Else", "Else"
    cohort.title, cohort.programme.title = Words(en="Renamed cohort"), Words(en="Renamed programme")
    offering.version.title = Words(en="Renamed course")
    session.commit()
    browser.sign_in(certificate.person).open("certificates.download", certificate_id=certificate.id)
    assert hashlib.sha256(browser.response.data).hexdigest() == issued_hash
    browser.sign_out().speak("en").open("certificates.verified", code=certificate.code)
    assert "문가온" in browser.text
    assert "Moon Gaon" in browser.text
    assert certificate.facts["programme"]["en"] in browser.text
    assert "Renamed" not in browser.text
    assert "Somebody Else" not in browser.text


def test_a_download_is_an_attachment_with_a_name_that_says_what_it_is(browser):
    certificate = printed()
    browser.sign_in(certificate.person).open("certificates.download", certificate_id=certificate.id)
    said = browser.response.headers["Content-Disposition"]
    assert said.startswith("attachment")
    assert "filename*=UTF-8''%EC%88%98%EB%A3%8C%EC%A6%9D-%EC%A0%9C" in said
    assert browser.response.mimetype == "application/pdf"


def test_printing_that_was_given_up_is_told_and_can_be_asked_for_again():
    certificate = issued()
    fine = issued()
    assert documents.failed([certificate, fine]) == set()
    job = session.scalars(select(Job).where(Job.arguments["certificate_id"].as_string() == str(certificate.id))).one()
    job.given_up_at = clock.now()
    assert documents.failed([certificate, fine]) == {certificate.id}
    documents.print_again(certificate, certificate.issued_by)
    assert documents.failed([certificate, fine]) == set()
    session.commit()
    jobs.perform_all()
    session.refresh(certificate)
    assert certificate.document is not None
    with pytest.raises(Refused):
        documents.print_again(certificate, certificate.issued_by)
