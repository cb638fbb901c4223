"""`lms certificate verify`: everything holds, or the right sentence, whatever the file is."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certificates import checking, cli, revoking, sealing, status_list
from certificates.rendering import PROGRAMME
from lms.kit import files
from lms.kit.db import session
from tests.certificates.make_facts import PLAIN
from tests.certificates.make_seal import seal, sealed
from tests.certificates.making import printed


@pytest.fixture
def issued(tmp_path):
    """A certificate of this installation, and its file."""
    certificate = printed()
    path = tmp_path / "certificate.pdf"
    path.write_bytes(files.path_of(certificate.document.file).read_bytes())
    return certificate, path


def verified(path: Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli.group, ["verify", str(path)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_all_holds_of_what_we_issued(issued):
    code, told = verified(issued[1])
    assert (code, "✗" in told) == (0, False), told
    assert "covers the whole file" in told
    assert "credential is as we signed it" in told
    assert "demonstration key" in told
    assert "certificate is valid" in told


def test_a_revoked_certificate_does_not_hold(issued):
    certificate, path = issued
    revoking.revoke(certificate, certificate.issued_by, "Not theirs.")
    session.commit()
    code, told = verified(path)
    assert code == 1
    assert "was revoked" in told
    assert "the certificate is revoked" in told


def test_each_altered_byte_is_noticed(issued):
    content = issued[1].read_bytes()
    for at in range(10, len(content), len(content) // 12):
        other = bytearray(content)
        other[at] ^= 1
        issued[1].write_bytes(other)
        code, told = verified(issued[1])
        assert code == 1
        assert "✗" in told


def test_a_revision_after_the_signature_is_named(issued):
    with issued[1].open("rb+") as file:
        writer = IncrementalPdfFileWriter(file)
        writer.root["/Lang"] = writer.root["/Lang"]
        writer.update_root()
        writer.write_in_place()
    code, told = verified(issued[1])
    assert code == 1
    assert "added to the file after it was signed" in told


def test_a_locked_file_is_named(issued, tmp_path):
    locked = tmp_path / "locked.pdf"
    subprocess.run(["qpdf", "--encrypt", "a", "b", "256", "--", issued[1], locked], check=True)
    assert "locked with a password" in verified(locked)[1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no PDF"),
        (b"hello", "no PDF"),
        (b"%PDF-1.7\n", "damaged"),
        (b"%PDF-1.7\n%%EOF\n" * 50, "damaged"),
    ],
)
def test_what_is_no_certificate_is_told_so(content, sentence, tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    code, told = verified(path)
    assert code == 1
    assert sentence in told


def test_a_file_cut_off_anywhere_is_no_stack_trace(issued):
    content = issued[1].read_bytes()
    for part in range(1, 8):
        issued[1].write_bytes(content[: len(content) * part // 8])
        assert verified(issued[1])[0] == 1


def test_a_file_of_500_mb_is_not_read(tmp_path):
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.truncate(500 << 20)
    code, told = verified(path)
    assert code == 1
    assert "500 MB" in told


def test_another_issuers_certificate_is_not_ours(tmp_path):
    path = tmp_path / "other.pdf"
    path.write_bytes(sealed())
    code, told = verified(path)
    assert code == 1
    assert "no key of ours" in told


def test_a_pdf_without_signature_is_not_ours(tmp_path):
    path = tmp_path / "plain.pdf"
    path.write_bytes(sealed().replace(b"/FT/Sig", b"/FT/Btn").replace(b"/FT /Sig", b"/FT /Btn"))
    assert verified(path)[0] == 1


def test_the_credential_of_a_wallet_is_checked_for_itself(issued, tmp_path):
    certificate, path = issued
    credential = checking.attached(path.read_bytes())
    own = tmp_path / "credential.json"
    own.write_bytes(credential)
    code, told = verified(own)
    assert (code, "✗" in told) == (0, False), told
    revoking.revoke(certificate, certificate.issued_by, "Not theirs.")
    session.commit()
    assert (verified(own)[0], "was revoked" in verified(own)[1]) == (1, True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda it: it[: len(it) // 2], "cannot be read"),
        (lambda it: b"{" * 100_000, "cannot be read"),
        (lambda it: b"{}", "proof does not hold"),
        (lambda it: it.replace(b'"960', b'"961').replace("수료증".encode(), "상장".encode()), "proof does not hold"),
    ],
)
def test_another_credential_is_told_so(issued, tmp_path, change, sentence):
    own = tmp_path / "credential.json"
    own.write_bytes(change(checking.attached(issued[1].read_bytes())))
    code, told = verified(own)
    assert (code, sentence in told) == (1, True), told


def test_what_else_we_sign_is_no_certificate(issued, tmp_path):
    own = tmp_path / "list.json"
    own.write_text(json.dumps(status_list.credential(1)))
    code, told = verified(own)
    assert (code, "is no certificate" in told) == (1, True), told


def test_a_list_of_ours_in_a_strangers_pdf_is_no_stack_trace(issued, tmp_path, monkeypatch):
    monkeypatch.setattr(sealing, "credential", lambda *_all: status_list.credential(1))
    monkeypatch.setattr(sealing, "prove", lambda document, *_all: document)
    own = tmp_path / "stranger.pdf"
    own.write_bytes(sealing.complete(PLAIN, PROGRAMME, seal()))
    code, told = verified(own)
    assert (code, "is no certificate" in told) == (1, True), told
