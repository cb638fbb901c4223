"""What was issued stays as it was (A6, V9), whoever is renamed or erased, whatever course or design changes."""

import hashlib
import re

import pytest
from sqlalchemy import select

from certificates import eligibility, issuing, name_corrections, names, replacing, sharing
from certificates.eligibility import Verdict
from certificates.issue_models import IssuingRule
from certificates.models import Certificate, CertificateShare
from certificates.name_models import NameApproval, NameCorrection
from courses.catalogue import archiving
from courses.catalogue.models import Course
from courses.importing import deleting
from lms.kit import files, jobs
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.stored_file import StoredFile
from lms.people import erasing
from lms.people.models import Person, Role
from lms.pipeline.models import Stage
from lms.reporting import counts
from tests import make
from tests.certificates.making import completed, one_is_enough, print_now


def whole() -> Certificate:
    """A printed certificate of somebody who completed a course, with an approved name and a share link."""
    cohort = make.cohort()
    taking_part = make.traineeship(
        cohort, make.person(Role.TRAINEE, name="문가온", latin_name="Moon Gaon"), stage=Stage.COMPLETED
    )
    make.enrolment(make.offering(make.course(), cohort), taking_part)
    make.completion(taking_part)
    one_is_enough(cohort)
    names.approve(taking_part.person, "문가온", "Moon Gaon")
    certificate = issuing.issue(taking_part, make.lead(cohort))
    sharing.share(certificate, taking_part.person, "for the bank")
    session.commit()
    print_now(certificate.id)
    session.refresh(certificate)
    return certificate


def seen(browser, certificate: Certificate) -> dict[str, object]:
    """Everything that somebody else can know of a certificate."""
    admin = session.scalars(select(Person).where(Person.email == "office@example.org")).one()
    reader = browser.sign_in(admin)
    document = reader.open("certificates.download", certificate_id=certificate.id, inspect=False).response.data
    register = reader.open("certificates.register")
    rows = [row for row in register.find("tr") if "".join(row.itertext()).strip()]
    board = counts.tallies([certificate.cohort_id])
    browser.sign_out()
    page = browser.open("certificates.verified", code=certificate.code).text
    address = browser._address("certificates.verified", {"code": certificate.code})
    answer = browser._apart(browser.client.get, address, headers={"Accept": "application/json"}).get_json()
    return {
        "file": hashlib.sha256(document).hexdigest(),
        "kept": certificate.document.sha256,
        "page": re.sub(r"\d{1,2}:\d{2}", "", page),
        "json": {name: said for name, said in answer.items() if name != "checked_at"},
        "register": ["".join(row.itertext()) for row in rows],
        "board": board,
    }


def erase_holder(certificate: Certificate, admin) -> None:
    erasing.order(certificate.person, admin, certificate.person.email)


def rename(certificate: Certificate, _admin) -> None:
    certificate.person.name, certificate.person.latin_name = "다른 이름", "Other Name"


def change_design(certificate: Certificate, _admin) -> None:
    version = session.scalars(select(IssuingRule.version).order_by(IssuingRule.version.desc())).first() or 0
    make.add(
        IssuingRule(
            programme_id=certificate.cohort.programme_id,
            version=version + 1,
            needs_second_person=False,
            languages="en",
            valid_months=6,
        )
    )


def archive_course(_certificate: Certificate, admin) -> None:
    for course in session.scalars(select(Course)):
        archiving.archive(course, admin)


def try_to_delete_course(_certificate: Certificate, admin) -> None:
    for course in session.scalars(select(Course)):
        with pytest.raises(Refused):
            deleting.delete_course(course, admin, course.slug)


DEEDS = [erase_holder, rename, change_design, archive_course, try_to_delete_course]


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_nothing_that_anybody_can_see_of_a_certificate_changes(browser, deed):
    admin, _office = make.admin(), make.person(Role.ADMIN, email="office@example.org")
    certificate = whole()
    jobs.perform_all()
    before = seen(browser, certificate)
    deed(certificate, admin)
    session.commit()
    jobs.perform_all()
    session.expire_all()
    assert seen(browser, certificate) == before
    assert before["file"] == before["kept"]
    assert "문가온" in str(before["page"])


def test_names_links_and_evidence_of_somebody_who_was_erased_are_gone():
    admin, certificate = make.admin(), whole()
    person = certificate.person
    evidence = files.keep_bytes(b"%PDF-1.7 passport", name="passport.pdf", media_type="application/pdf")
    name_corrections.ask(person, "문가운", "Moon Gaun", reason="wrong", evidence=[evidence])
    erasing.order(person, admin, person.email)
    session.commit()
    jobs.perform_all()
    session.expire_all()
    assert session.scalars(select(NameApproval)).all() == []
    assert session.scalars(select(NameCorrection)).all() == []
    assert not files.path_of(evidence).exists()
    assert session.get_one(StoredFile, evidence.id).forgotten_at is not None
    (link,) = session.scalars(select(CertificateShare))
    assert (link.label, link.withdrawn_at is not None) == ("", True)


def test_nothing_is_issued_or_corrected_for_somebody_who_was_erased():
    admin, certificate, waiting = make.admin(), whole(), completed(name="Ada")
    for person in (certificate.person, waiting.person):
        erasing.order(person, admin, person.email)
    session.commit()
    with pytest.raises(Refused):
        replacing.correct(certificate, certificate.issued_by, "The name.")
    with pytest.raises(Refused):
        issuing.issue(waiting, make.lead(waiting.cohort))
    assert [each.verdict for each in eligibility.examine(waiting.cohort)] == [Verdict.ERASED]
