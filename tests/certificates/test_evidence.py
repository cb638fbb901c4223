"""With evidence about its certificates a signature is B-LT: judged sound without any network, in the one revision that was signed."""

import io
from dataclasses import replace

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.status import SignatureCoverageLevel

from certificates import documents, evidence, keys
from certificates.apart import outcome
from certificates.models import Certificate
from certificates.rendering import PROGRAMME
from certificates.sealing import complete
from lms.kit import clock, files, i18n
from lms.kit.db import session
from tests.certificates import making
from tests.certificates.make_authority import certified
from tests.certificates.make_facts import PLAIN
from tests.certificates.make_network import Network, network, new_key
from tests.certificates.make_seal import seal
from tests.certificates.test_checking import verified
from tests.certificates.test_rendering import said, tool
from tests.certificates.test_sealing import judged
from tests.certificates.test_standards import assert_standards


@pytest.fixture
def there():
    with network() as there:
        yield there


@pytest.fixture(autouse=True)
def nothing_kept():
    evidence._found.clear()


def made(there: Network, folder, shown=True) -> bytes:
    own = keys.configured(folder, str(there.pkcs12(folder / "hub.p12")), "", "")
    stamped = seal(keys=own, timestamp_url=there.at("stamp"))
    found = evidence.gathered(own.certificates, stamped.timestamp_url) if shown else None
    return complete(PLAIN, PROGRAMME, replace(stamped, evidence=found))


def judged_offline(pdf: bytes, there: Network):
    """By pyHanko, from nothing but the file and its root; every certificate below must be shown not to be revoked."""
    reader = PdfFileReader(io.BytesIO(pdf))
    (signature,) = reader.embedded_signatures
    root = x509.Certificate.load(there.root.public_bytes(Encoding.DER))
    given = {"trust_roots": [root], "allow_fetching": False, "revocation_mode": "require"}
    context = DocumentSecurityStore.read_dss(reader).as_validation_context(given)
    return outcome(async_validate_pdf_signature(signature, context, ts_validation_context=context))


def test_pyhanko_judges_it_when_nobody_answers_any_more(tmp_path):
    with network() as there:
        pdf = made(there, tmp_path)
        plain = made(there, tmp_path, shown=False)
    status = judged_offline(pdf, there)
    assert status.bottom_line
    assert status.timestamp_validity.trusted
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert PdfFileReader(io.BytesIO(pdf)).total_revisions == 1
    with pytest.raises(NoDSSFoundError):
        judged_offline(plain, there)
    assert said(pdf) == said(plain)
    path = tmp_path / "certificate.pdf"
    path.write_bytes(pdf)
    assert b"No syntax or stream encoding errors" in tool("qpdf", "--check", str(path), given=b"")
    assert "Total document signed" in tool("pdfsig", "-nocert", str(path), given=b"").decode()


def test_evidence_that_was_taken_away_is_missed(there, tmp_path):
    pdf = made(there, tmp_path)
    store = DocumentSecurityStore.read_dss(PdfFileReader(io.BytesIO(pdf)))
    assert (len(store.certs), len(store.crls), len(store.ocsps)) == (3, 1, 1)
    own = keys.configured(tmp_path, str(tmp_path / "hub.p12"), "", "")
    found = evidence.gathered(own.certificates, there.at("stamp"))
    less = seal(keys=own, timestamp_url=there.at("stamp"), evidence=replace(found, answers=(), lists=()))
    status = judged_offline(complete(PLAIN, PROGRAMME, less), there)
    assert status.valid
    assert not status.bottom_line


def refused(there: Network, folder, **given) -> str:
    own = keys.configured(folder, str(there.pkcs12(folder / "hub.p12")), "", "")
    with pytest.raises(evidence.NoEvidence) as caught:
        evidence.gathered(own.certificates, there.at("stamp"), **given)
    return str(caught.value)


def test_why_there_is_none_is_said(there, tmp_path):
    there.large = 3000
    assert "too much" in refused(there, tmp_path)
    there.answers = False
    assert "about the signer" in refused(there, tmp_path)
    with pytest.raises(evidence.NoEvidence, match="stands for itself"):
        evidence.gathered([there.root.public_bytes(Encoding.DER)], there.at("stamp"))
    with pytest.raises(evidence.NoEvidence, match="time-stamp"):
        evidence.gathered(own_chain(there), "http://127.0.0.1:9/")


def own_chain(there: Network) -> list[bytes]:
    return [each.public_bytes(Encoding.DER) for each in (there.signer, there.root)]


def test_a_list_from_a_file_is_enough(there, tmp_path):
    path = tmp_path / "authority.crl"
    for content in (there.revocations(), there.revocations_as_text()):
        path.write_bytes(content)
        there.answers = False
        found = evidence.gathered(own_chain(there), there.at("stamp"), evidence._lists(path))
        assert (len(found.lists), len(found.answers)) == (1, 0)
    with pytest.raises(evidence.NoEvidence, match="gone"):
        evidence._lists(tmp_path / "gone.crl")


def configure(app, monkeypatch, there: Network, folder) -> None:
    monkeypatch.setitem(app.config, "SIGNING_PKCS12", str(there.pkcs12(folder / "hub.p12")))
    monkeypatch.setitem(app.config, "TIMESTAMP_URL", there.at("stamp"))


def test_what_is_issued_has_it_and_is_found_genuine(app, there, tmp_path, monkeypatch):
    configure(app, monkeypatch, there, tmp_path)
    path = tmp_path / "certificate.pdf"
    path.write_bytes(content := files.path_of(making.printed().document.file).read_bytes())
    assert judged_offline(content, there).bottom_line
    code, told = verified(path)
    assert (code, "✗" in told) == (0, False), told
    assert len(content) < 120_000


def another() -> x509.Certificate:
    return x509.Certificate.load(certified(new_key(), "Another").public_bytes(Encoding.DER))


def test_more_evidence_added_later_is_something_added(app, there, tmp_path, monkeypatch):
    configure(app, monkeypatch, there, tmp_path)
    content = files.path_of(making.printed().document.file).read_bytes()
    path = tmp_path / "certificate.pdf"
    whole = io.BytesIO(content)
    DocumentSecurityStore.add_dss(whole, None, certs=[another()], force_write=True)
    path.write_bytes(whole.getvalue())
    code, told = verified(path)
    assert (code, "added to the file after it was signed" in told) == (1, True)


def test_without_answers_signatures_are_b_t(app, there, tmp_path, monkeypatch, caplog):
    configure(app, monkeypatch, there, tmp_path)
    there.answers = False
    content = files.path_of(making.printed().document.file).read_bytes()
    assert "/DSS" not in PdfFileReader(io.BytesIO(content)).root
    assert judged(content).timestamp_validity.valid
    assert "B-T, not B-LT" in caplog.text


def test_a_revoked_certificate_signs_nothing(app, there, tmp_path, monkeypatch):
    configure(app, monkeypatch, there, tmp_path)
    there.revoked = True
    certificate = making.issued()
    session.commit()
    with i18n.speaking("en"), pytest.raises(keys.NoKey, match="was revoked"):
        documents.render_certificate(str(certificate.id))
    session.rollback()
    assert session.get_one(Certificate, certificate.id).document is None


def test_it_is_asked_for_once_an_hour(there, monkeypatch):
    own = keys.Keys(b"", tuple(own_chain(there)), b"", demo=False)
    now = clock.now()
    with clock.at(now):
        first = evidence.kept(own, there.at("stamp"), "")
    there.answers = False
    with clock.at(now + evidence.KEPT / 2):
        assert evidence.kept(own, there.at("stamp"), "") is first
    for later in (now + evidence.KEPT, now + evidence.KEPT + evidence.TRIED_AGAIN / 2):
        with clock.at(later), pytest.raises(evidence.NoEvidence):
            evidence.kept(own, there.at("stamp"), "")
        there.answers = True
    with clock.at(now + evidence.KEPT + evidence.TRIED_AGAIN):
        assert evidence.kept(own, there.at("stamp"), "")


def test_the_doctor_tells_the_level(app, settings, there, tmp_path):
    assert list(evidence.findings(settings)) == [], "a demonstration key has no level worth telling"
    own = replace(settings, signing_pkcs12=str(there.pkcs12(tmp_path / "hub.p12")))
    (finding,) = evidence.findings(own)
    assert (finding.tone, "B-B" in finding.sentence) == ("warn", True)
    stamped = replace(own, timestamp_url=there.at("stamp"))
    (finding,) = evidence.findings(stamped)
    assert (finding.tone, "B-LT" in finding.sentence) == ("good", True)
    evidence._found.clear()
    there.answers = False
    (finding,) = evidence.findings(stamped)
    assert (finding.tone, "B-T, not B-LT" in finding.sentence) == ("warn", True)
    (finding,) = evidence.findings(replace(stamped, signing_crl=str(tmp_path / "gone")))
    assert "LMS_SIGNING_CRL" in finding.sentence
    evidence._found.clear()
    there.answers, there.revoked = True, True
    (finding,) = evidence.findings(stamped)
    assert (finding.tone, "revoked" in finding.sentence) == ("bad", True)


def test_both_standards_hold_with_it(there, tmp_path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(made(there, tmp_path))
    assert_standards([path])
