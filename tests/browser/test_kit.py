"""The kit in a browser without any network: it says of each file what the system itself would say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from certificates import cli, keys, revoking
from lms.kit import files
from lms.kit.db import session
from tests.certificates.make_keys import pkcs12_file
from tests.certificates.make_seal import sealed
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


def test_what_is_not_as_it_was_issued_is_told(app, offline, tmp_path):
    pdf = content(printed())
    offline.goto(kit(tmp_path / "kit").as_uri())
    for at in (20, len(pdf) // 2, len(pdf) - 60):
        other = bytearray(pdf)
        other[at] ^= 1
        assert not said(offline, bytes(other))[0]
    for other, sentence in (
        (pdf + b"\n%%EOF", "one signature must cover all of it"),
        (pdf[: len(pdf) // 2], "no PDF, or it was cut off"),
        (b"%PDF-1.7\n%%EOF", "one signature must cover all of it"),
        (sealed(), "not signed with a key of ours"),
        (b"", "no PDF"),
    ):
        holds, text = said(offline, other)
        assert not holds
        assert sentence in text


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
