"""The credential, its status and the keys in the eyes of programs that none of us wrote."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from certificates import checking, revoking, status_list
from certificates.linked_data import FILES, FOLDER
from lms.kit import files
from lms.kit.db import session
from tests.certificates.making import printed
from tests.certificates.test_credential import PEOPLE, changed, proven

FORM = json.loads(Path(__file__).with_name("open-badges-3.schema.json").read_text())
VALIDATOR = Draft202012Validator(FORM)
DIGITAL_BAZAAR = Path(__file__).with_name("judge.mjs")


def credential_of(certificate) -> bytes:
    return checking.attached(files.path_of(certificate.document.file).read_bytes())


@pytest.fixture
def judged(browser):
    """Judge a credential as a stranger does, who asks us for keys and status list only."""

    def judge(credential: bytes) -> None:
        def asked(address: str) -> bytes:
            answer = browser.client.get(urlsplit(address).path)
            assert answer.status_code == 200, address
            return answer.data

        issuer = json.loads(credential)["issuer"]["id"]
        verifier = OB3LdpVerifier.for_issuer_did(
            issuer
        )  # of status lists it knows the proof of another kind only (JWT)
        verifier.verify(credential, check_status=True, download=asked, verify_status_list=False)

    return judge


def test_openbadgeslib_verifies_proof_keys_and_status(judged):
    judged(credential_of(printed(name="김하늘", latin_name="Kim Haneul")))
    judged(credential_of(printed(name="문가온", latin_name="")))


def test_openbadgeslib_refuses_what_was_changed(judged):
    credential = credential_of(printed(name="김하늘"))
    for old, new in (("김하늘", "김하늬"), ("2026", "2025"), ("Certificate", "Diploma")):
        with pytest.raises(OB3VerificationError):
            judged(credential.replace(old.encode(), new.encode()))


def test_openbadgeslib_refuses_what_was_revoked(judged):
    certificate = printed()
    revoking.revoke(certificate, certificate.issued_by, "Not theirs.")
    session.commit()
    with pytest.raises(OB3VerificationError, match="is set at index"):
        judged(credential_of(certificate))


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name[:10])
def test_the_form_is_as_the_standard_says(person):
    document = proven(person)
    VALIDATOR.validate(document)
    for path, wrong in (
        (("credentialSubject", "activityStartDate"), "2026-03-02"),
        (("credentialSubject", "identifier"), []),
        (("credentialSubject", "achievement", "achievementType"), "Diplom"),
        (("type",), ["VerifiableCredential"]),
        (("@context",), document["@context"][1:]),
        (("issuer", "name"), 7),
    ):
        assert not VALIDATOR.is_valid(changed(document, path, wrong)), path


@pytest.fixture
def modules() -> Path:
    """A folder of npm with the libraries that ``judge.mjs`` names."""
    folder = Path(os.environ.get("LMS_NODE_MODULES", ""))
    if not shutil.which("node") or not (folder / "@digitalbazaar/vc").is_dir():
        pytest.skip("needs Node and LMS_NODE_MODULES, the node_modules where judge.mjs says what is installed")
    return folder


def test_digital_bazaars_libraries_verify_the_proof(modules, tmp_path):
    credential = json.loads(credential_of(printed(name="김하늘")))
    contexts = {address: json.loads((FOLDER / name).read_text()) for address, name in FILES.items()}
    keys = status_list.public_keys()
    (tmp_path / "node_modules").symlink_to(modules)
    shutil.copy(DIGITAL_BAZAAR, tmp_path)
    altered = json.loads(json.dumps(credential).replace("2026", "2025"))
    for document, good in ((credential, True), (status_list.credential(1), True), (altered, False)):
        given = tmp_path / "given.json"
        given.write_text(json.dumps({"credential": document, "keys": keys, "contexts": contexts}))
        done = subprocess.run(
            ["node", tmp_path / DIGITAL_BAZAAR.name, given], capture_output=True, text=True, check=True, timeout=60
        )
        assert json.loads(done.stdout)["verified"] is good, done.stdout
