"""The picture of the name on the page is what the press prints: the same sizes, lines and widths, for any name."""

import csv
import io
import json
import random
import re
import shutil
import subprocess

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import parse_path
from PIL import Image, ImageOps

from certificates import faces, name_picture, names
from certificates.design import find
from certificates.rendering import Press, render
from lms.people.accounts import tidy_name
from tests.certificates.make_facts import facts

MM = 25.4 / 200  # of a pixel
NAMES = (
    "이산",
    "김하늘",
    "Suharto",
    "Nguyễn Thị Ánh Nguyệt",
    "金俤㬎 (김제현)",
    "Ṩḥa\u0331ṣim Ọ̀ṣun Çelikoğlu",
    "محمد عبد الرحمن الفارسي",
    "דוד בן־גוריון",
    "श्रीनिवास रामानुजन्",
    "다윗 דוד Ada محمد",
    "박하늘별님구름햇님보다사랑스러우리",
    "Wolfeschlegelsteinhausenbergerdorff " * 3,
    "가나다라마바사아자차카타파하" * 8,
)


def ink(picture) -> tuple[float, float]:
    """Width and height of what is drawn, in mm."""
    pen = BoundsPen(None)
    parse_path(picture.path, pen)
    left, top, right, bottom = pen.bounds
    assert picture.left <= left <= right <= picture.left + picture.wide
    assert 0 <= top <= bottom <= picture.high
    return right - left, bottom - top


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_has_the_sizes_of_the_design(name):
    name = names.composed(name)
    page = Press(find("programme")).page(facts(name=name, latin_name="Wojciech Šťastný-Żółkiewski Nguyễn"))
    picture = name_picture.drawn(name, "Wojciech Šťastný-Żółkiewski Nguyễn")
    (printed,) = re.findall(r'class="at across name [^>]*font-size:([\d.]+)pt', page.skeleton)
    (latin,) = re.findall(r'class="at across second [^>]*font-size:([\d.]+)pt', page.skeleton)
    assert (picture.name_size, picture.latin_size) == (float(printed), float(latin))


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_is_as_wide_and_high_as_the_print(name):
    if not shutil.which("pdftoppm"):
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    name = names.composed(name)
    part = ["-r", "200", "-gray", "-x", str(int(27 / MM)), "-y", str(int(50.5 / MM)), "-W", str(int(243 / MM))]
    command = ["pdftoppm", *part, "-H", str(int(40 / MM)), "-"]
    pdf = render(facts(name=name, latin_name=""))
    image = Image.open(io.BytesIO(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout))
    left, top, right, bottom = ImageOps.invert(image.convert("L")).point(lambda level: 255 * (level > 100)).getbbox()
    wide, high = ink(name_picture.drawn(name, ""))
    assert (right - left) * MM == pytest.approx(wide, abs=max(1.0, wide / 100))
    assert (bottom - top) * MM == pytest.approx(high, abs=1.0)


def test_one_line_is_drawn_once():
    once, twice = name_picture.drawn("Björk", "Björk"), name_picture.drawn("Björk", "Bjork")
    assert (once.latin_size, twice.latin_size) == (0, 17)
    assert once == name_picture.drawn("Björk", "")


def test_names_of_the_world_and_hanja_are_printed_or_their_letter_is_named(shared):
    """Whatever is not refused with a sentence is drawn within its place."""
    with (shared / "i18n/names/common-surnames-by-country.csv").open(encoding="utf-8-sig") as file:
        found = [row["Localized Name"] for row in csv.DictReader(file) if row["Localized Name"]]
    with (shared / "i18n/hanja/korean-name-hanja.csv").open(encoding="utf-8") as file:
        hanja = [row["hanja"] for row in csv.DictReader(file)]
    chosen = random.Random(5)
    found = chosen.sample(sorted(set(found)), 200) + ["".join(chosen.sample(hanja, 3)) for _ in range(200)]
    fine = 0
    for name in map(tidy_name, found):
        wrong = names.problems(name, "")
        if not wrong:
            ink(name_picture.drawn(name, ""))
            fine += 1
        else:
            assert any(faces.named(letter) in wrong["name"] for letter in faces.missing(name))
    assert fine > 0.9 * len(found)


def test_naughty_strings_are_drawn_or_refused_with_a_sentence(app, shared):
    strings = json.loads((shared / "i18n/blns/blns.json").read_text(encoding="utf-8"))
    drawn = 0
    for text in map(tidy_name, strings):
        if not names.problems(text, ""):
            name_picture.drawn(text, "")
            drawn += 1
        names.problems("Ada", text)
    assert 0 < drawn < len(strings)
