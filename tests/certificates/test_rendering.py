"""From facts to a PDF: what it says, that it is whole on one page, and what a design may not do."""

import csv
import hashlib
import io
import os
import pickle
import random
import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
import segno
from PIL import Image

from certificates import faces
from certificates.design import Drawn, UnknownDesign, find
from certificates.facts import Facts
from certificates.rendering import Design, DesignError, Press, designs, render
from certificates.squares import MASK
from tests.certificates.make_facts import PLAIN, WORST, facts

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("LMS_SHARED", ROOT.parent / "shared"))
MM = 72 / 25.4  # points
SIDES = (297 * MM, 210 * MM)
NAMES = (
    "이산",
    "Suharto",
    "金俤㬎 (김제현)",
    "Nguyễn Thị Ánh Nguyệt",
    "محمد عبد الرحمن الفارسي",
    "דוד בן־גוריון",
    "श्रीनिवास रामानुजन्",
    "Ṩḥa\u0331ṣim Ọ̀ṣun Çelikoğlu",
    "가나다라마바사아자차카타파하" * 12,
    "Wolfeschlegelsteinhausenbergerdorff " * 6,
    "von und zu der Aa",
    "<b>김</b> & {{ 7 * 7 }}",
)


def tool(name: str, *arguments: str, given: bytes) -> bytes:
    """What a poppler program says about a PDF."""
    if not shutil.which(name):
        pytest.skip(f"{name} (poppler-utils) is not installed")
    return subprocess.run([name, *arguments], input=given, capture_output=True, check=True).stdout


def said(pdf: bytes) -> str:
    """All letters of the document, without the spaces between them: lines and columns fall where they may."""
    return letters(tool("pdftotext", "-raw", "-", "-", given=pdf).decode())


def letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFC", text) if not c.isspace() and unicodedata.category(c) != "Cf")


def words(pdf: bytes) -> list[tuple[float, float, float, float, str]]:
    """Each word with its box in points: left, top, right, bottom."""
    found = re.findall(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>',
        tool("pdftotext", "-bbox", "-", "-", given=pdf).decode(),
    )
    return [(float(a), float(b), float(c), float(d), text) for a, b, c, d, text in found]


@pytest.fixture(scope="module")
def plain() -> bytes:
    return render(PLAIN)


def test_every_fact_stands_in_the_text(plain):
    text = said(plain)
    listed = [PLAIN.number, PLAIN.number_en, PLAIN.name, PLAIN.latin_name, PLAIN.code, "hub.example.kr/v"]
    for each in (PLAIN.programme, PLAIN.cohort, PLAIN.issuer, PLAIN.signatory, PLAIN.signatory_title):
        listed += each.values()
    listed += [title for course in PLAIN.courses for title in course.title.values()]
    listed += ["2026. 3. 2. ~ 2026. 8. 28. (총 960시간)", "2 March – 28 August 2026 (960 hours)"]
    listed += ["2026년 8월 27일", "27 August 2026", "2026년 11월 22일", "22 November 2026"]
    for fact in listed:
        assert letters(fact) in text, fact


def test_the_same_facts_give_the_same_bytes_also_in_another_process(plain):
    assert render(PLAIN) == plain
    code = (
        "import hashlib; from certificates.rendering import render; from tests.certificates.make_facts import PLAIN;"
        "print(hashlib.sha256(render(PLAIN)).hexdigest())"
    )
    env = os.environ | {"PYTHONHASHSEED": "7", "TZ": "America/New_York", "PYTHONPATH": str(ROOT)}
    other = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == hashlib.sha256(plain).hexdigest()


def test_what_was_printed_before_changes_nothing(plain):
    render(WORST)
    assert render(PLAIN) == plain


def test_fonts_are_embedded_subset_and_ours(plain):
    for pdf in (plain, render(facts(name="金俤㬎 محمد श्री"))):
        rows = tool("pdffonts", "-", given=pdf).decode().splitlines()[2:]
        assert len(rows) >= 4
        for row in rows:
            assert re.match(r"[A-Z]{6}\+", row)
            assert row.split("+")[1].split()[0].split("-")[0] in faces.FILES
            assert row.split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, mapped to Unicode


def test_the_file_says_what_it_is(plain):
    info = tool("pdfinfo", "-", given=plain).decode()
    assert re.search(r"Title: +수료증 제2026-0001호 김하늘", info)
    assert re.search(r"Author: +서울 인공지능 허브", info)
    assert re.search(r"Tagged: +yes", info)
    assert re.search(r"Pages: +1\n", info)
    assert re.search(r"Page size: +841\.\d+ x 595\.\d+ pts \(A4\)", info)
    claims = tool("pdfinfo", "-meta", "-", given=plain).decode()
    assert 'pdfaid:part="3"' in claims or "<pdfaid:part>3<" in claims
    assert 'pdfaid:conformance="A"' in claims or "<pdfaid:conformance>A<" in claims
    assert len(plain) < 120_000


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leaves_the_frame_or_loses_a_letter(name):
    pdf = render(facts(name=name, latin_name="Wojciech Šťastný-Żółkiewski Nguyễn " * 3))
    assert whole(pdf)
    drawn = said(pdf)
    if not any(unicodedata.bidirectional(c) in ("R", "AL") or "\u0900" <= c <= "\u097f" for c in name):
        assert letters(name) in drawn
    else:  # poppler gives some scripts back in the order of the eye
        assert set(letters(name)) - set("\u094d") <= set(drawn)


def test_the_worst_facts_stay_inside_and_do_not_touch():
    pdf = render(WORST)
    assert whole(pdf)
    assert letters(WORST.programme["en"]) in said(pdf)
    assert letters(WORST.signatory_title["en"]) in said(pdf)


def whole(pdf: bytes) -> bool:
    """One page, every word inside the frame, no word on top of another."""
    (sheet,) = re.findall(rb'<page width="([\d.]+)" height="([\d.]+)"', tool("pdftotext", "-bbox", "-", "-", given=pdf))
    wide, tall = map(float, sheet)
    assert sorted((wide, tall)) == pytest.approx(sorted(SIDES), abs=1)
    boxes = words(pdf)
    assert boxes
    for left, top, right, bottom, text in boxes:
        assert 15 * MM < left <= right < wide - 15 * MM, text
        assert 15 * MM < top < bottom < tall - 15 * MM, text
    for at, one in enumerate(boxes):
        for two in boxes[at + 1 :]:
            wide = min(one[2], two[2]) - max(one[0], two[0])
            assert wide < 1 or not high(one, two), (one, two)
    return True


def high(*two: tuple[float, float, float, float, str]) -> bool:
    """Whether two words meet in height: a box is that of the face, its letters fill the middle half."""
    (top1, bottom1), (top2, bottom2) = ((w[1] + 0.25 * (w[3] - w[1]), w[3] - 0.25 * (w[3] - w[1])) for w in two)
    return min(bottom1, bottom2) > max(top1, top2)


def test_names_from_all_over_the_world_fit():
    path = SHARED / "data/i18n/names/common-surnames-by-country.csv"
    if not path.exists():
        pytest.skip(f"needs {path.name} of the shared data (LMS_SHARED)")
    with path.open(encoding="utf-8-sig") as file:
        names = sorted({row["Localized Name"] for row in csv.DictReader(file) if row["Localized Name"]})
    printable = [name for name in names if not faces.missing(name)]
    assert len(printable) > 0.9 * len(names)
    for name in random.Random(3).sample(printable, 12):
        assert whole(render(facts(name=f"{name} {name}", latin_name="")))


def test_a_letter_that_no_face_has_stops_the_issue_and_is_named():
    with pytest.raises(faces.Unprintable) as refusal:
        render(facts(name="ნინო 😀"))
    assert "😀 U+1F600 GRINNING FACE" in refusal.value.characters
    assert "ნ U+10DC GEORGIAN LETTER NAR" in str(refusal.value)


def test_the_qr_code_on_the_page_holds_the_address_and_is_large_enough(plain):
    dpi = 300
    png = tool("pdftoppm", "-r", str(dpi), "-png", "-gray", "-", given=plain)
    page = Image.open(io.BytesIO(png)).convert("L")
    to_px = dpi / 25.4
    corner = page.crop(tuple(round(mm * to_px) for mm in (232, 150, 275, 182))).point(lambda v: 255 * (v < 128))
    box = corner.getbbox()
    assert box is not None
    side = box[2] - box[0]
    assert side == pytest.approx(box[3] - box[1], abs=2)
    assert side / to_px >= 24
    matrix = segno.make(PLAIN.verify_url, error="m", micro=False, boost_error=False, mask=MASK).matrix
    step = side / len(matrix)
    seen = [
        [
            corner.getpixel((round(box[0] + (x + 0.5) * step), round(box[1] + (y + 0.5) * step))) > 0
            for x in range(len(matrix))
        ]
        for y in range(len(matrix))
    ]
    assert seen == [[bool(module) for module in row] for row in matrix]


def test_the_quiet_zone_of_the_qr_code_stays_free_of_words(plain):
    modules = len(segno.make(PLAIN.verify_url, error="m", micro=False, boost_error=False, mask=MASK).matrix)
    free = 4 * 26 / modules * MM * 0.95
    left, top, right, bottom = 244 * MM - free, 154.5 * MM - free, 270 * MM + free, 180.5 * MM + free
    for pdf in (plain, render(WORST)):
        for x1, y1, x2, y2, text in words(pdf):
            middle = (y2 - y1) * 0.22  # a word's box is higher than its letters
            assert x2 < left or x1 > right or y2 - middle < top or y1 + middle > bottom, text


def test_designs_are_listed_with_name_and_version():
    assert {design.name: design.version for design in designs()} == {
        "course": "1",
        "course-landscape": "1",
        "programme": "3",
        "programme-portrait": "1",
    }
    with pytest.raises(UnknownDesign):
        render(PLAIN, Drawn("no-such-design"))


@pytest.fixture
def sketch(tmp_path):
    """A design of one's own, from a body and a stylesheet, in a folder with a secret beside it."""
    (tmp_path / "secret.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')

    def make(body: str, css: str = "") -> Press:
        folder = tmp_path / "own"
        shutil.copytree(find("programme").folder, folder)
        (folder / "certificate.html").write_text(
            f'<html lang="ko"><title>t</title><body><h1>t</h1>{body}</body></html>'
        )
        (folder / "certificate.css").write_text(css)
        (folder / "linked.svg").symlink_to(tmp_path / "secret.svg")
        return Press(Design.read(folder))

    return make


def drawn(press: Press, facts: Facts = PLAIN) -> bytes:
    return press.print(press.page(facts))


def test_words_and_seal_of_ones_own_stand_in_the_place_of_the_folders():
    wording = (("ko", "document", "이수증"), ("en", "rows.programme", "Curriculum"))
    seal = b'<svg xmlns="http://www.w3.org/2000/svg" width="22mm" height="22mm" viewBox="0 0 9 9"><path d="M0 0H9V9Z"/></svg>'
    own = Drawn("programme", wording=wording)
    text = said(render(PLAIN, own))
    assert "이수증" in text
    assert "수료증" not in text
    assert "Curriculum" in text
    assert "이수증" not in said(render(PLAIN))
    png = io.BytesIO()
    Image.new("RGBA", (60, 60), (200, 40, 40, 128)).save(png, "PNG")
    files = {render(PLAIN, replace(own, seal=each)) for each in (None, seal, png.getvalue())}
    assert len(files) == 3


def test_a_text_that_the_folder_does_not_have_is_refused_by_name():
    for key in ("documents", "rows", "rows.date", "rows.cohort.x"):
        with pytest.raises(DesignError, match=f"ko.{key}"):
            render(PLAIN, Drawn("programme", wording=(("ko", key, "x"),)))


def test_how_it_is_drawn_is_plain_and_hashable():
    own = Drawn("programme", "ko", (("ko", "document", "이수증"),), b"x", "3")
    assert pickle.loads(pickle.dumps(own)) == own
    assert {own: 1}[replace(own)] == 1
    assert (own.shown_version, Drawn("programme").shown_version) == ("3", find("programme").version)


def test_a_design_may_use_its_own_pictures(sketch):
    assert drawn(sketch('<img src="seal.svg" alt="seal">')).startswith(b"%PDF")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "http://127.0.0.1:8000/",
        "https://example.org/x.svg",
        "//example.org/x.svg",
        "ftp://example.org/x.svg",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
        "../secret.svg",
        "../own/seal.svg/../../secret.svg",
        "..%2fsecret.svg",
        "/etc/hostname",
        "linked.svg",
        "design.toml",
        "seal.svg?x=1",
    ],
)
def test_a_design_may_open_nothing_else(sketch, address):
    with pytest.raises(DesignError, match="not a file of the design"):
        drawn(sketch(f'<img src="{address}" alt="x">'))


def test_a_picture_of_the_design_may_open_nothing_either(sketch):
    press = sketch('<img src="own.svg" alt="x">')
    own = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/x.png" width="9" height="9"/></svg>'
    (press.design.folder / "own.svg").write_text(own)
    with pytest.raises(DesignError, match=r"own\.svg"):
        drawn(Press(press.design))


def test_a_design_may_attach_nothing(sketch):
    with pytest.raises(DesignError, match="not a file of the design"):
        drawn(sketch('<link rel="attachment" href="file:///etc/hostname">'))


@pytest.mark.parametrize(
    "css",
    [
        "@import url(file:///etc/hostname);",
        "body { background: url(http://127.0.0.1/x.png) }",
        "@font-face { font-family: X; src: url(file:///etc/hostname) } body { font-family: X }",
        "h1::before { content: url(../secret.svg) }",
    ],
)
def test_a_stylesheet_may_open_nothing_else(sketch, css):
    with pytest.raises(DesignError, match="not a file of the design"):
        drawn(sketch("", css))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{{ facts.__class__.__mro__ }}", "unsafe"),
        ("{{ fit.__globals__ }}", "unsafe"),
        ("{{ '{0.__class__.__mro__}'.format(facts) }}", "unsafe"),
        ("{{ strings.ko.absent }}", "absent"),
        ("{{ facts.e_mail }}", "e_mail"),
        ("{% include '../secret.svg' %}", "secret.svg"),
        ("<p>{% if %}</p>", "line 1"),
        ('<p style="break-before: page">2</p>', "2 pages"),
    ],
)
def test_a_design_that_reaches_out_or_is_broken_is_refused_with_the_reason(sketch, body, says):
    with pytest.raises(DesignError, match=says):
        drawn(sketch(body))


def test_a_design_cannot_change_the_facts(sketch):
    with pytest.raises(DesignError):
        drawn(sketch("{{ facts.programme.update({'ko': 'x'}) }}"))
    assert PLAIN.programme["ko"] == "인공지능 전문인재 양성 과정"
