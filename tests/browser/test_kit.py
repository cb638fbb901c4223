"""The kit in a browser without any network: it says of each file what the system itself would say."""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates import checking, cli, keys, revoking, transcripts
from certificates.design import Drawn
from certificates.sealing import complete
from lms.kit import files
from lms.kit.db import session
from tests.certificates import make_issued_transcript
from tests.certificates.make_issued_transcript import transcribed
from tests.certificates.make_keys import pkcs12_file
from tests.certificates.make_network import network
from tests.certificates.make_seal import seal, sealed
from tests.certificates.make_transcript import SHORT
from tests.certificates.making import printed


@pytest.fixture
def offline(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.set_default_timeout(20_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []
    context.close()


def content(certificate) -> bytes:
    return files.path_of(certificate.document.file).read_bytes()


def kit(folder: Path) -> Path:
    done = CliRunner().invoke(cli.group, ["kit", str(folder)])
    assert done.exit_code == 0, done.output
    return folder / "index.html"


def said(page: Page, pdf: bytes) -> tuple[bool, str]:
    """The verdict on a file, and all that is said of it."""
    page.set_input_files("#file", {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": pdf})
    page.wait_for_function("document.querySelector('#verdict').textContent.length > 1")
    good = page.get_attribute("#verdict", "data-good") == "yes"
    text = page.inner_text("main")
    page.evaluate("document.querySelector('#verdict').textContent = ''")
    return good, text


def test_certificates_are_verified_with_the_network_cut(app, offline, tmp_path):
    good, bad = printed(name='김 "하늘" \\ 金俤㬎', latin_name=""), printed()
    revoking.revoke(bad, bad.issued_by, "Not theirs.")
    session.commit()
    offline.goto(kit(tmp_path / "kit").as_uri())
    holds, text = said(offline, content(good))
    assert holds, text
    assert '김 "하늘" \\ 金俤㬎' in text
    assert good.facts["programme"]["ko"] in text
    assert "demonstration key" in text
    holds, text = said(offline, content(bad))
    assert not holds
    assert "It was revoked or replaced." in text


def locked(pdf: bytes, folder: Path) -> bytes:
    path = folder / "locked.pdf"
    path.with_suffix(".open").write_bytes(pdf)
    subprocess.run(["qpdf", "--encrypt", "a", "b", "256", "--", path.with_suffix(".open"), path], check=True)
    return path.read_bytes()


def signed_again(pdf: bytes) -> bytes:
    """The file with a second revision, in which somebody else signs."""
    return pdf + b"\n9 0 obj\n<</Type/Sig/ByteRange[0 10 20 30]/Contents<00>>>\nendobj\n%%EOF"


def test_what_is_not_as_it_was_issued_is_told(app, offline, tmp_path):
    pdf = content(printed())
    offline.goto(kit(tmp_path / "kit").as_uri())
    for at in (20, len(pdf) // 2, len(pdf) - 60):
        other = bytearray(pdf)
        other[at] ^= 1
        assert not said(offline, bytes(other))[0]
    for other, sentence in (
        (pdf + b"\n%%EOF", "added to the file after it was signed"),
        (signed_again(pdf), "added to the file after it was signed"),
        (locked(pdf, tmp_path), "locked with a password"),
        (pdf[: len(pdf) // 2], "no PDF, or it was cut off"),
        (b"%PDF-1.7\n%%EOF", "one signature must cover all of it"),
        (sealed(), "not signed with a key of ours"),
        (b"", "no PDF"),
    ):
        holds, text = said(offline, other)
        assert not holds
        assert sentence in text


def test_transcripts_are_verified_with_the_network_cut(app, offline, tmp_path):
    good, bad = transcribed(courses=3, name="문가온"), transcribed()
    transcripts.withdraw(bad, bad.person)
    session.commit()
    pdf = make_issued_transcript.content(good)
    offline.goto(kit(tmp_path / "kit").as_uri())
    holds, text = said(offline, pdf)
    assert holds, text
    assert "This transcript was not withdrawn when this kit was made." in text
    assert transcripts.number(good) in text
    for course in good.facts["parts"][0]["courses"]:
        assert course["title"]["ko"] in text
    assert "undefined" not in text
    holds, text = said(offline, checking.attached(pdf))
    assert holds, text
    flipped = bytearray(pdf)
    flipped[len(pdf) // 2] ^= 1
    for other, sentence in (
        (make_issued_transcript.content(bad), "Its holder withdrew this transcript."),
        (bytes(flipped), "The file was changed after it was signed."),
        (complete(SHORT, Drawn("transcript"), seal()), "not signed with a key of ours"),
    ):
        holds, text = said(offline, other)
        assert not holds
        assert sentence in text


def test_a_file_of_500_mb_is_not_read(app, offline, tmp_path):
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(500 << 20)
    offline.goto(kit(tmp_path / "kit").as_uri())
    offline.set_input_files("#file", large)
    offline.wait_for_function("document.querySelector('#verdict').dataset.good")
    assert "none of ours" in offline.inner_text("#checks")


def test_the_credential_of_a_wallet_is_verified_too(app, offline, tmp_path):
    certificate = printed(name="문가온", latin_name="Moon Gaon")
    credential = checking.attached(content(certificate))
    page = kit(tmp_path / "kit")
    offline.goto(page.as_uri())
    holds, text = said(offline, credential)
    assert holds, text
    assert "문가온" in text
    lists = (page.parent / "status" / "1.json").read_bytes()
    for other in (credential.replace("문가온".encode(), "문가은".encode()), credential[:-40], b"{}", b"{", lists):
        holds, text = said(offline, other)
        assert not holds
        assert "does not hold" in text


def test_a_signature_with_time_stamp_and_evidence_holds_there(app, offline, tmp_path, monkeypatch):
    with network() as there:
        monkeypatch.setitem(app.config, "SIGNING_PKCS12", str(there.pkcs12(tmp_path / "hub.p12")))
        monkeypatch.setitem(app.config, "TIMESTAMP_URL", there.at("stamp"))
        pdf = content(printed())
        offline.goto(kit(tmp_path / "kit").as_uri())
    assert "/DSS" in PdfFileReader(io.BytesIO(pdf)).root
    holds, text = said(offline, pdf)
    assert holds, text


def test_a_key_of_the_city_is_no_demonstration_there_either(app, offline, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "SIGNING_PKCS12", str(pkcs12_file(tmp_path / "own.p12", "")))
    pdf = content(printed())
    assert not keys.is_demo()
    offline.goto(kit(tmp_path / "kit").as_uri())
    holds, text = said(offline, pdf)
    assert holds, text
    assert "demonstration" not in text


def test_the_kit_holds_no_secret_and_nothing_of_a_person(app, tmp_path):
    certificate = printed(name="문가온", latin_name="Moon Gaon")
    kit(tmp_path / "kit")
    written = b"".join(path.read_bytes() for path in (tmp_path / "kit").rglob("*") if path.is_file())
    for private in ("PRIVATE KEY", "문가온", "Gaon", certificate.person.email, certificate.code):
        assert private.encode() not in written
    again = kit(tmp_path / "kit")
    assert sorted(path.name for path in again.parent.iterdir()) == [
        *("data.js", "did.json", "index.html", "page.css", "status", "verify.js")
    ]
