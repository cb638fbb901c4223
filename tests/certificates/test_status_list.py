"""The entry of a certificate, the signed list of what no longer holds, and the public keys."""

import json

import pytest

from certificates import entries, keys, kit, revoking, status_list
from certificates.credential import signer
from certificates.seal_models import ENTRIES, CredentialEntry, SigningKey
from lms.kit.db import session
from tests.certificates.make_seal import n_quads
from tests.certificates.making import issued, printed


def test_an_entry_is_made_once_and_stays():
    certificate = issued()
    first = entries.seal(certificate).holder
    certificate.person.email = "other@example.kr"
    session.flush()
    assert entries.seal(certificate).holder == first
    assert session.query(CredentialEntry).count() == session.query(SigningKey).count() == 1


def test_two_certificates_never_share_a_place(monkeypatch):
    taken = iter([7, 7, 7, 8])
    monkeypatch.setattr("certificates.entries.secrets.randbelow", lambda _most: next(taken))
    places = [entries.seal(certificate).holder.status_index for certificate in (issued(), issued())]
    assert places == [7, 8]


def test_a_full_list_is_followed_by_another(monkeypatch):
    monkeypatch.setattr("certificates.entries.HALF_FULL", 1)
    lists = [entries.seal(certificate).holder.status_list for certificate in (issued(), issued())]
    assert lists == ["http://localhost/status/1", "http://localhost/status/2"]
    assert list(status_list.numbers()) == [1, 2]


def test_the_list_tells_what_was_revoked_and_nothing_else(browser):
    good, bad = printed(), printed()
    revoking.revoke(bad, bad.issued_by, "Not theirs.")
    session.commit()
    answer = browser.client.get("/status/1")
    document = json.loads(answer.data)
    assert signer(document) == keys.current().public
    subject = document["credentialSubject"]
    places = {each.id: session.get(CredentialEntry, each.id).status_index for each in (good, bad)}
    assert status_list.is_set(subject["encodedList"], places[bad.id])
    assert not status_list.is_set(subject["encodedList"], places[good.id])
    assert status_list.revoked(1) == [places[bad.id]]
    document.pop("proof")
    assert n_quads(document)
    assert browser.client.get("/status/2").status_code == 404


def test_the_bits_stand_as_the_standard_says():
    encoded = status_list.bitstring([0, 9, ENTRIES - 1])
    assert encoded[0] == "u"
    assert [index for index in (0, 1, 8, 9, 10, ENTRIES - 1) if status_list.is_set(encoded, index)] == [
        0,
        9,
        ENTRIES - 1,
    ]
    for wrong in ("", "z", "u", "uAAAA"):
        with pytest.raises(ValueError, match=r".*"):
            status_list.is_set(wrong, 1)
    with pytest.raises(ValueError, match="no status list"):
        status_list.is_set(encoded, ENTRIES)


def test_keys_that_signed_stay_public_after_they_are_replaced(browser, app, tmp_path, monkeypatch):
    printed()
    before = keys.current()
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    document = json.loads(browser.client.get("/.well-known/did.json").data)
    assert document["id"] == "did:web:localhost"
    listed = [method["publicKeyMultibase"] for method in document["verificationMethod"]]
    assert listed == [keys.current().public, before.public]
    assert before.fingerprint in {each["fingerprint"] for each in document["pdfSigners"]}
    assert b"PRIVATE" not in json.dumps(document).encode()


def test_revocations_are_told_while_the_key_of_pdfs_is_lost(browser, app, tmp_path, monkeypatch):
    certificate = printed()
    monkeypatch.setitem(app.config, "SIGNING_PKCS12", str(tmp_path / "lost.p12"))
    revoking.revoke(certificate, certificate.issued_by, "Not theirs.")
    session.commit()
    document = json.loads(browser.client.get("/status/1").data)
    index = session.get_one(CredentialEntry, certificate.id).status_index
    assert status_list.is_set(document["credentialSubject"]["encodedList"], index)
    assert signer(document) in browser.client.get("/.well-known/did.json").text
    assert kit.files()["status/1.json"]


def test_without_the_key_of_credentials_nothing_is_said_and_keys_stay_public(browser, app, tmp_path, monkeypatch):
    printed()
    public = keys.prover().public
    monkeypatch.setitem(app.config, "CREDENTIAL_KEY", str(tmp_path / "lost.pem"))
    assert browser.client.get("/status/1").status_code == 409
    assert public in browser.client.get("/.well-known/did.json").text
    with pytest.raises(keys.NoKey, match=r"lost\.pem"):
        keys.current()
