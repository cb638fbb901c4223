"""Evidence of names goes some time after the answer; that it was there and its SHA-256 stay."""

from datetime import timedelta

import pytest

from certificates import forgetting, name_corrections
from certificates.name_models import NameEvidence
from lms.kit import clock, files, jobs
from lms.kit.db import session
from lms.people.models import AuditEntry
from tests import make
from tests.certificates.test_name_corrections import approved, asked

DAYS = 90


def answered_long_ago(days: int = DAYS):
    cohort = make.cohort()
    who, lead = approved(cohort), make.lead(cohort)
    request = asked(who)
    name_corrections.accept(request, lead, "As in the passport.")
    request.answer.answered_at = clock.now() - timedelta(days=days, minutes=1)
    session.commit()
    return request, lead


def kept(request):
    session.expire_all()
    return request.evidence[0].file


def at_night():
    forgetting.forget_evidence()
    jobs.perform_all()


def test_it_is_work_of_every_night():
    assert forgetting.forget_evidence.__name__ in jobs._nightly


def test_the_file_goes_and_its_hash_stays():
    request, _lead = answered_long_ago()
    before = kept(request).sha256
    assert files.path_of(kept(request)).exists()
    at_night()
    assert not files.path_of(kept(request)).exists()
    assert (kept(request).sha256, kept(request).name, kept(request).forgotten_at is None) == (before, "file.pdf", False)
    (entry,) = session.query(AuditEntry).filter_by(deed="name.evidence_forgotten")
    assert entry.new == {"sha256": before}
    at_night()
    assert session.query(AuditEntry).filter_by(deed="name.evidence_forgotten").count() == 1


def test_what_was_answered_lately_or_not_at_all_stays():
    lately, _lead = answered_long_ago(DAYS - 1)
    waiting = asked(approved())
    session.commit()
    at_night()
    assert kept(lately).forgotten_at is None
    assert kept(waiting).forgotten_at is None
    assert session.query(NameEvidence).count() == 2


def test_the_setting_decides(app, monkeypatch):
    request, _lead = answered_long_ago(8)
    monkeypatch.setitem(app.config, "EVIDENCE_DAYS", 7)
    at_night()
    assert kept(request).forgotten_at is not None


@pytest.mark.parametrize("language", ["en", "ko"])
def test_both_pages_say_so(browser, language):
    request, lead = answered_long_ago()
    lead.language = request.person.language = language
    browser.sign_in(request.person).open("certificates.name_correction")
    assert str(DAYS) in browser.text
    at_night()
    browser.sign_in(lead).open("certificates.correction", correction_id=request.id)
    assert kept(request).sha256 in browser.text
    address = browser._address("certificates.evidence", {"correction_id": request.id, "position": 1})
    assert address not in browser.links()
    browser.open(address, status=410)
