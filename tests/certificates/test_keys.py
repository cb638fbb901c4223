"""The keys that sign: made once for a demonstration, read from a file in earnest, and a sentence where they fail."""

import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, pkcs12
from sqlalchemy import select

from certificates import issuing, keys
from certificates.models import SerialCounter
from certificates.multibase import base58, base64url, multikey, unbase58, unbase64url, unmultikey
from lms.kit import clock, i18n
from lms.kit.db import session
from lms.kit.refusal import Refused
from tests import make
from tests.certificates import making
from tests.certificates.make_keys import pkcs12_file


@pytest.fixture(autouse=True)
def in_english(app):
    with i18n.speaking("en"):
        yield


def test_a_demonstration_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    first = keys.configured(tmp_path, "", "", "")
    assert first.demo
    made = sorted((tmp_path / "keys").iterdir())
    assert [path.name for path in made] == ["credential.pem", "demonstration.p12"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o600, 0o600]
    again = keys.configured(tmp_path, "", "", "")
    assert again == first
    assert "Demonstration" in first.certificate.subject.rfc4514_string()
    assert len(first.certificates) == 2


def test_the_private_key_is_in_no_message(tmp_path):
    made = keys.configured(tmp_path, "", "", "")
    assert repr(made) == "Keys(demo=True)"


def test_a_configured_key_is_no_demonstration(tmp_path):
    path = pkcs12_file(tmp_path / "own.p12", "geheim 비밀")
    own = keys.configured(tmp_path, str(path), "geheim 비밀", "")
    assert not own.demo
    assert own.certificate.subject.rfc4514_string() == "CN=Seoul AI Hub"


def refused(*settings: object) -> str:
    with pytest.raises(keys.NoKey) as caught:
        keys.configured(*settings)
    return caught.value.sentence


def test_what_cannot_be_read_is_named(tmp_path):
    path = pkcs12_file(tmp_path / "own.p12", "right")
    assert "LMS_SIGNING_PASSWORD" in refused(tmp_path, str(path), "wrong", "")
    assert "gone.p12" in refused(tmp_path, str(tmp_path / "gone.p12"), "", "")
    (tmp_path / "text.p12").write_text("no key")
    assert "text.p12 is no PKCS#12 file" in refused(tmp_path, str(tmp_path / "text.p12"), "", "")
    (tmp_path / "text.pem").write_text("no key")
    assert "text.pem" in refused(tmp_path, str(path), "right", str(tmp_path / "text.pem"))


def test_a_key_that_cannot_sign_pdfs_is_refused(tmp_path):
    path = tmp_path / "ed.p12"
    key = Ed25519PrivateKey.generate()
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"x", key, None, None, BestAvailableEncryption(b"x")))
    assert "elliptic curve" in refused(tmp_path, str(path), "x", "")


def test_an_expired_key_signs_nothing(app, tmp_path, monkeypatch):
    until = datetime(2026, 6, 1, tzinfo=UTC)
    path = pkcs12_file(tmp_path / "own.p12", "", until=until)
    monkeypatch.setitem(app.config, "SIGNING_PKCS12", str(path))
    with clock.at(until - timedelta(days=1)):
        assert not keys.current().demo
        assert not keys.is_demo()
    with clock.at(until + timedelta(days=1)), pytest.raises(keys.NoKey, match="2026-06-01"):
        keys.current()
    with clock.at(until - timedelta(days=4000)), pytest.raises(keys.NoKey, match="clock"):
        keys.current()


def test_a_key_from_elsewhere_signs_credentials(tmp_path):
    key = Ed25519PrivateKey.generate()
    path = tmp_path / "credential.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, keys.NoEncryption()))
    own = keys.configured(tmp_path, "", "", str(path))
    assert unmultikey(own.public) == key.public_key().public_bytes_raw()


def test_the_alphabets_of_credentials():
    assert base58(b"Hello World!") == "z2NEpo7TZRRrLZSi2U"
    assert base58(bytes(2) + b"\x28\x7f\xb4\xcd") == "z11233QC4"
    for data in (b"", b"\0", b"\0\0x", bytes(range(64))):
        assert unbase58(base58(data)) == data
        assert unbase64url(base64url(data)) == data
    for wrong in ("", "u1", "z0", "zIl"):
        with pytest.raises(ValueError, match=r".*"):
            unmultikey(wrong)
    assert multikey(bytes(32)).startswith("z6Mk")


def test_nothing_is_numbered_without_a_key_and_verification_goes_on(app, browser, tmp_path, monkeypatch):
    certificate = making.printed()
    before = session.scalars(select(SerialCounter.last)).one()
    monkeypatch.setitem(app.config, "SIGNING_PKCS12", str(tmp_path / "lost.p12"))
    taking_part = making.completed()
    session.commit()
    with pytest.raises(Refused, match=r"lost\.p12"):
        issuing.issue(taking_part, make.lead(taking_part.cohort))
    assert session.scalars(select(SerialCounter.last)).one() == before
    session.commit()
    assert browser.client.get(f"/verify/{certificate.code}").status_code == 200
    assert browser.client.get("/.well-known/did.json").status_code == 200
