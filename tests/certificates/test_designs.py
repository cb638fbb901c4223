"""Every design in every language: what it says and does not say, that nothing is clipped or stands on anything."""

import csv
import io
import random
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image, ImageChops
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates import faces
from certificates.design import Drawn, designs
from certificates.rendering import Press, render
from certificates.sealing import complete
from certificates.slots import Page
from tests.certificates.make_facts import PLAIN, WORST, facts
from tests.certificates.make_seal import seal
from tests.certificates.test_rendering import letters, said, tool, whole, words
from tests.certificates.test_standards import assert_standards

LASTING = replace(PLAIN, expires_on=date(2029, 11, 21))
NAMES = (
    "이산",
    "박하늘별님구름햇님보다사랑스러우리",
    "金俤㬎 (김제현)",
    "Nguyễn Thị Ánh Nguyệt",
    "محمد عبد الرحمن الفارسي",
    "श्रीनिवास रामानुजन्",
    "가나다라마바사아자차카타파하" * 8,
    "Wolfeschlegelsteinhausenbergerdorff " * 3,
)
EACH = [Drawn(design.name, languages) for design in designs() for languages in ("ko", "en", "both")]
each_way = pytest.mark.parametrize("drawn", EACH, ids=lambda drawn: f"{drawn.folder}-{drawn.languages}")
DAYS = {
    "ko": ("2026년 8월 27일", "2026년 11월 22일", "유효기간", "2029년 11월 21일까지"),
    "en": ("27 August 2026", "22 November 2026", "Valid until", "21 November 2029"),
}


@each_way
def test_every_fact_is_printed_in_its_languages_and_no_other(drawn):
    text = said(render(LASTING, drawn))
    assert letters(LASTING.name) in text
    assert letters(LASTING.latin_name) in text
    assert letters(LASTING.code) in text
    for language in ("ko", "en"):
        worded = [LASTING.programme, LASTING.cohort, LASTING.issuer, LASTING.signatory, LASTING.signatory_title]
        worded += [course.title for course in LASTING.courses]
        told = [words[language] for words in worded] + list(DAYS[language])
        told.append(LASTING.number if language == "ko" else LASTING.number_en)
        for fact in told:
            assert (letters(fact) in text) == (drawn.languages in (language, "both")), fact


@each_way
def test_without_a_last_day_nothing_is_said_of_one(drawn):
    text = said(render(PLAIN, drawn))
    assert "유효기간" not in text
    assert "Validuntil" not in text


@each_way
def test_the_worst_facts_stay_inside_and_touch_nothing(drawn):
    for worst in (WORST, replace(WORST, expires_on=date(2029, 11, 21), courses=WORST.courses[:6])):
        pdf = render(worst, drawn)
        assert whole(pdf)
        seal_is_free(pdf)


@each_way
def test_no_name_is_clipped_or_torn_without_need(drawn):
    for name in NAMES:
        assert whole(render(facts(name=name, latin_name="Wojciech Šťastný-Żółkiewski Nguyễn " * 2), drawn))
    lines = [text for *_box, text in words(render(WORST, drawn))]
    assert "독고하늘별빛나래솔찬미르" in lines
    assert "Đặng-Çelikoğlu-Brå" in lines or "Đặng-" in lines


@each_way
def test_names_of_the_world_and_hanja_fit(drawn, shared):
    with (shared / "i18n/names/common-surnames-by-country.csv").open(encoding="utf-8-sig") as file:
        found = sorted({row["Localized Name"] for row in csv.DictReader(file) if row["Localized Name"]})
    with (shared / "i18n/hanja/korean-name-hanja.csv").open(encoding="utf-8") as file:
        hanja = [row["hanja"] for row in csv.DictReader(file)]
    chosen = random.Random(f"{drawn.folder} {drawn.languages}")
    names = [*chosen.sample([name for name in found if not faces.missing(name)], 3), "".join(chosen.sample(hanja, 4))]
    for name in names:
        if not faces.missing(name):
            assert whole(render(facts(name=f"{name} {name}", latin_name="Wojciech Šťastný-Żółkiewski"), drawn))


def seal_is_free(pdf: bytes) -> None:
    """No word stands on the seal, the only thing that is red."""
    page = Image.open(io.BytesIO(tool("pdftoppm", "-r", "72", "-png", "-", given=pdf))).convert("RGB")
    more_red, green, _blue = page.split()
    red = ImageChops.subtract(more_red, green).point(lambda level: 255 * (level > 60))
    left, top, right, bottom = red.getbbox()
    assert right - left == pytest.approx(62, abs=3)
    for x1, y1, x2, y2, text in words(pdf):
        quarter = (y2 - y1) / 4  # a word's box is higher than its letters
        assert x2 < left or x1 > right or y2 - quarter < top or y1 + quarter > bottom, text


@each_way
def test_the_seal_stands_beside_the_signature(drawn):
    seal_is_free(render(PLAIN, drawn))


@each_way
def test_a_plate_prints_what_a_layout_of_its_own_prints(drawn):
    design = next(each for each in designs() if each.name == drawn.folder)
    press = Press(design, drawn)
    for person in (
        LASTING,
        replace(LASTING, name="이산", latin_name="Yi San", serial=11111, code="1111-1111-1111-1111"),
    ):
        page = press.page(person)
        ours, theirs = words(press.print(page)), words(press.print(Page(page.whole())))
        assert press.plates[page.skeleton] is not None
        assert len(ours) == len(theirs)
        for one, two in zip(sorted(ours, key=placed), sorted(theirs, key=placed), strict=True):
            assert one[4] == two[4]
            assert all(abs(a - b) < 0.5 for a, b in zip(one[:4], two[:4], strict=True)), (one, two)


def placed(word):
    return word[4], round(word[1] / 5), word[0]


@each_way
def test_a_cohort_is_laid_out_once(drawn):
    design = next(each for each in designs() if each.name == drawn.folder)
    press = Press(design, drawn)
    for number in range(1, 12):
        press.print(press.page(facts(serial=number, name="김이박최"[number % 4] + "하늘", code=f"K7M3-{number:04d}")))
    assert len(press.plates) == 1


@pytest.mark.parametrize("languages", ["ko", "en"])
def test_one_language_is_the_language_of_the_file(languages):
    pdf = render(PLAIN, Drawn("programme", languages))
    info = tool("pdfinfo", "-", given=pdf).decode()
    title = {"ko": "수료증 제2026-0001호 김하늘", "en": "Certificate of Completion No. 2026-0001 Kim Haneul"}
    assert title[languages] in info
    assert PdfFileReader(io.BytesIO(pdf)).root["/Lang"] == languages


def test_in_english_a_name_without_a_latin_spelling_leads_as_it_is_written():
    pdf = render(facts(name="김하늘", latin_name=""), Drawn("programme", "en"))
    assert "김하늘" in said(pdf)
    assert "No.2026-0001" in said(pdf)


def test_courses_are_named_with_their_hours_on_a_course_certificate():
    text = said(render(PLAIN, Drawn("course", "both")))
    assert letters("머신러닝 입문 (120시간)") in text
    assert letters("Evaluating Models Honestly (16 hours)") in text
    many = facts(courses=tuple(replace(PLAIN.courses[0]) for _each in range(7)))
    assert letters("7개 강좌") in said(render(many, Drawn("course", "ko")))


def test_both_standards_hold_for_every_design_in_every_language(tmp_path):
    files = [complete(facts, drawn, seal()) for drawn in EACH for facts in (LASTING, WORST)]
    own = b'<svg xmlns="http://www.w3.org/2000/svg" width="22mm" height="22mm" viewBox="0 0 9 9"><path d="M0 0H9V9Z"/></svg>'
    png = io.BytesIO()
    Image.new("RGBA", (300, 300), (200, 40, 40, 128)).save(png, "PNG")
    files += [complete(LASTING, Drawn("course", "ko", (), each), seal()) for each in (own, png.getvalue())]
    paths = [tmp_path / f"{number}.pdf" for number in range(len(files))]
    for path, file in zip(paths, files, strict=True):
        path.write_bytes(file)
    assert_standards(paths)
