"""The dropped PDF: judged in the browser, bit by bit, and sent nowhere."""

import base64
import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Request

from certificates.facts import Facts
from certificates.models import Certificate
from lms.kit import files
from tests.browser.conftest import Visitor
from tests.certificates import make_issued_transcript
from tests.certificates.make_issued_transcript import transcribed
from tests.certificates.making import printed

BOX = "[data-verify]"
SAID = "[data-verify-said]"
DROP = """([box, name, content]) => {
    const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, {type: 'application/pdf'}));
    document.querySelector(box + ' .drop').dispatchEvent(new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def certificate(app) -> Certificate:
    return printed(name="문가온", latin_name="Moon Gaon")


@pytest.fixture
def content(certificate) -> bytes:
    return files.path_of(certificate.document.file).read_bytes()


def flipped(content: bytes) -> bytes:
    """The same file with one bit of one byte in its middle changed."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def carried(content: bytes, name: str = "certificate.pdf") -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def listened(visitor: Visitor) -> list[Request]:
    """Whatever the page asks for from here on."""
    asked: list[Request] = []
    visitor.page.on("request", lambda request: asked.append(request))  # Playwright wants a function of its own
    return asked


def sent(asked: list[Request]) -> list[Request]:
    """Without what any page loads late: letters of the typeface, the mark in the tab."""
    return [each for each in asked if "/static/" not in each.url or each.method != "GET"]


def said(visitor: Visitor) -> str:
    visitor.page.wait_for_selector(f"{SAID} h3")
    return visitor.page.inner_text(SAID)


@pytest.mark.parametrize("language, same, altered", [
    ("en", "Exactly what we issued", "Altered, or not this certificate"),
    ("ko", "발급한 파일과 똑같", "내용이 바뀌었거나"),
])  # fmt: skip
def test_one_flipped_bit_is_told_and_nothing_is_sent(visitor, certificate, content, language, same, altered):
    window = visitor(language).go(f"/verify/{certificate.code}")
    asked = listened(window)
    window.page.set_input_files("#pdf", carried(content))
    assert same in said(window)
    assert certificate.document.sha256 in said(window)
    window.look()
    window.page.set_input_files("#pdf", carried(flipped(content), "<b>forged</b>.pdf"))
    window.page.wait_for_selector(f"{SAID} [data-tone=bad]")
    assert altered in said(window)
    assert "<b>forged</b>.pdf" in said(window)
    window.look()
    for forged in (b"", content[:-1], content + b"\n", content + content):
        window.page.set_input_files("#pdf", carried(forged))
        window.page.wait_for_selector(f"{SAID} [data-tone=bad] >> text={hashlib.sha256(forged).hexdigest()}")
    assert sent(asked) == []


@pytest.mark.parametrize("language, same, altered, large", [
    ("en", "Exactly what we issued", "Altered, or not this transcript", "too large to be a transcript"),
    ("ko", "발급한 파일과 똑같", "내용이 바뀌었거나 이 성적증명서가", "성적증명서라기에는"),
])  # fmt: skip
def test_one_flipped_bit_of_a_transcript_is_told_too(visitor, app, tmp_path, language, same, altered, large):
    transcript = transcribed(name="문가온")
    pdf = make_issued_transcript.content(transcript)
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(500 * 1024 * 1024)
    window = visitor(language).go(f"/verify/transcripts/{transcript.code}")
    asked = listened(window)
    window.page.set_input_files("#pdf", carried(pdf))
    assert same in said(window)
    assert transcript.sha256 in said(window)
    window.look()
    window.page.set_input_files("#pdf", carried(flipped(pdf)))
    window.page.wait_for_selector(f"{SAID} [data-tone=bad]")
    assert altered in said(window)
    window.look()
    window.page.set_input_files("#pdf", huge)
    window.page.wait_for_selector(f"{SAID} [data-tone=warn]")
    assert large in said(window)
    assert sent(asked) == []


def test_a_dropped_file_is_taken_like_a_chosen_one(visitor, certificate, content):
    window = visitor("en").open(f"/verify/{certificate.code}")
    asked = listened(window)
    window.page.evaluate(DROP, [BOX, "certificate.pdf", base64.b64encode(content).decode()])
    assert "Exactly what we issued" in said(window)
    assert sent(asked) == []


def test_the_keyboard_alone_will_do(visitor, certificate, content):
    window = visitor("en").open(f"/verify/{certificate.code}")
    for _ in range(60):
        window.page.keyboard.press("Tab")
        if window.page.evaluate("document.activeElement.id") == "pdf":
            break
    with window.page.expect_file_chooser() as chooser:
        window.page.keyboard.press("Space")
    chooser.value.set_files([carried(content)])
    assert "Exactly what we issued" in said(window)


def test_a_huge_file_is_not_read(visitor, certificate, tmp_path: Path):
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(500 * 1024 * 1024)
    window = visitor("en").open(f"/verify/{certificate.code}")
    window.page.set_input_files("#pdf", huge)
    assert "too large to be a certificate" in said(window)


def test_without_a_code_only_the_hash_is_asked_for(visitor, certificate, content):
    window = visitor("en").go("/verify")
    asked = listened(window)
    with window.page.expect_navigation():
        window.page.set_input_files("#pdf", carried(content))
    first = sent(asked)[0]
    assert (first.method, first.post_data) == ("GET", None)
    assert first.url == f"{window.site}/certificates/by-hash/{certificate.document.sha256}"
    window.says("The file you chose is exactly what we issued", Facts.from_json(certificate.facts).number_en).look()
    window.open("/verify")
    with window.page.expect_navigation() as caught:
        window.page.set_input_files("#pdf", carried(flipped(content)))
    assert caught.value.status == 404
    window.errors.clear()  # the browser says so of each page with such a status
    window.says("This file cannot be confirmed").look()
    assert all(each.method == "GET" for each in asked)


def test_without_script_the_page_says_how_to_compare(visitor, certificate):
    window = visitor("en", java_script_enabled=False).open(f"/verify/{certificate.code}")
    assert not window.page.is_visible("#pdf")
    window.says("compare by hand", "sha256sum", certificate.document.sha256)
    window.open("/verify").says("Comparing a file needs script")
