"""What is said of the file of a transcript, with this system and without: it holds, it was withdrawn, it was altered, it is not ours."""

import io
import json

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates import checking, evidence, kit, publishing, status_list, transcripts
from certificates.design import Drawn
from certificates.seal_models import CredentialEntry
from certificates.sealing import complete
from lms.kit import jobs
from lms.kit.db import session
from tests.certificates.make_issued_transcript import content, transcribed
from tests.certificates.make_network import network
from tests.certificates.make_seal import seal
from tests.certificates.make_transcript import SHORT
from tests.certificates.test_checking import verified


@pytest.fixture
def made(app, tmp_path):
    """A transcript of this installation, and its file."""
    transcript = transcribed(name="문가온")
    path = tmp_path / "transcript.pdf"
    path.write_bytes(content(transcript))
    return transcript, path


def withdrawn(transcript) -> None:
    transcripts.withdraw(transcript, transcript.person)
    session.commit()


def test_all_holds_of_a_transcript(made):
    code, told = verified(made[1])
    assert (code, "✗" in told) == (0, False), told
    assert "covers the whole file" in told
    assert "credential is as we signed it" in told
    assert f"{transcripts.number(made[0])} was not withdrawn" in told
    assert "transcript is valid" in told


def test_a_withdrawn_one_does_not_hold(made):
    transcript, path = made
    withdrawn(transcript)
    code, told = verified(path)
    assert code == 1
    assert "was withdrawn by its holder" in told
    assert "the transcript is withdrawn" in told


def test_its_credential_alone_is_checked_too(made, tmp_path):
    transcript, path = made
    own = tmp_path / "credential.json"
    own.write_bytes(checking.attached(path.read_bytes()))
    code, told = verified(own)
    assert (code, "✗" in told) == (0, False), told
    withdrawn(transcript)
    assert (verified(own)[0], "withdrawn by its holder" in verified(own)[1]) == (1, True)


def test_each_altered_byte_is_noticed(made):
    _transcript, path = made
    pdf = path.read_bytes()
    for at in range(10, len(pdf), len(pdf) // 6):
        other = bytearray(pdf)
        other[at] ^= 1
        path.write_bytes(other)
        code, told = verified(path)
        assert code == 1
        assert "✗" in told


def test_a_strangers_transcript_is_not_ours(app, tmp_path):
    path = tmp_path / "other.pdf"
    path.write_bytes(complete(SHORT, Drawn("transcript"), seal()))
    code, told = verified(path)
    assert code == 1
    assert "no key of ours" in told
    assert "no certificate and no transcript with exactly these bytes" in told


def test_the_status_list_tells_of_it_and_of_nobody_else(made):
    transcript, _path = made
    other = transcribed()
    withdrawn(transcript)
    places = [session.get_one(CredentialEntry, each.id).status_index for each in (transcript, other)]
    assert len(set(places)) == 2
    assert status_list.revoked(1) == [places[0]]
    listed = json.loads(kit.files()["status/1.json"])["credentialSubject"]["encodedList"]
    assert [status_list.is_set(listed, place) for place in places] == [True, False]


def test_the_kit_is_published_when_one_is_withdrawn(made, app, tmp_path, monkeypatch):
    transcript, _path = made
    monkeypatch.setitem(app.config, "KIT_FOLDER", str(tmp_path / "kit"))
    publishing.put(str(tmp_path / "kit"), kit.files())
    withdrawn(transcript)
    jobs.perform_all()
    listed = json.loads((tmp_path / "kit" / "status" / "1.json").read_text())["credentialSubject"]["encodedList"]
    assert status_list.is_set(listed, session.get_one(CredentialEntry, transcript.id).status_index)


def test_it_carries_evidence_as_certificates_do(app, tmp_path, monkeypatch):
    evidence._found.clear()
    with network() as there:
        monkeypatch.setitem(app.config, "SIGNING_PKCS12", str(there.pkcs12(tmp_path / "hub.p12")))
        monkeypatch.setitem(app.config, "TIMESTAMP_URL", there.at("stamp"))
        pdf = content(transcribed())
    evidence._found.clear()
    reader = PdfFileReader(io.BytesIO(pdf))
    assert reader.root["/DSS"]["/OCSPs"]
    path = tmp_path / "transcript.pdf"
    path.write_bytes(pdf)
    code, told = verified(path)
    assert (code, "✗" in told) == (0, False), told
