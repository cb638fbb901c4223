"""Lines, dates, letters and the QR code: worked out before anything is drawn."""

import re
from datetime import date
from itertools import pairwise

import pytest
import segno

from certificates import faces, squares, typesetting
from certificates.faces import check, missing
from certificates.squares import MASK
from certificates.typesetting import TooLong, fit, fit_rows, grouped, shown_address
from tests.certificates.make_facts import PLAIN, WORST, facts

SIZES = (54, 40, 30, 20, 12)


def test_a_short_name_takes_the_largest_size():
    assert fit("김하늘", 243, 25.4, SIZES).size == 54


def test_a_longer_name_shrinks_before_it_wraps():
    setting = fit("독고하늘별빛나래솔찬미르 황보", 243, 25.4, SIZES)
    assert setting.size < 54
    assert len(setting.lines) == 1


def test_a_very_long_name_wraps_at_spaces_and_loses_nothing():
    name = "Wojciech Šťastný Żółkiewski Nguyễn Thị Ánh Đặng Çelikoğlu " * 3
    setting = fit(name, 243, 25.4, SIZES)
    assert len(setting.lines) > 1
    assert " ".join(setting.lines) == name.strip()


def test_a_name_without_a_space_is_broken_between_letters_and_not_inside_one():
    name = "e\u0323\u0301" * 200  # ẹ with an acute: one letter in two code points once composed
    setting = fit(name, 243, 25.4, SIZES)
    assert len(setting.lines) > 1
    assert all(line.startswith("ẹ\u0301") and line.endswith("\u0301") for line in setting.lines)


def test_every_line_is_as_narrow_as_its_place():
    for text in (WORST.name, WORST.programme["en"], "가나다라" * 40, PLAIN.name):
        setting = fit(text, 113, 30, (12.5, 9, 6))
        assert setting.width <= 113
        for line in setting.lines:
            assert faces.width(line, setting.voice) * setting.size * typesetting.MM_PER_PT <= 113


def test_lines_are_even_so_that_no_word_is_left_alone():
    text = "인공지능 융합 산업 현장 문제 해결형 고급 연구개발 인력"
    lines = fit(text, 60, 40, (12,)).lines
    widths = [faces.width(line, "serif") for line in lines]
    assert len(lines) > 1
    assert min(widths) > 0.6 * max(widths)


def test_korean_words_are_never_torn():
    words = set(WORST.programme["ko"].split())
    for line in fit(WORST.programme["ko"], 60, 60, (10,)).lines:
        assert set(line.split()) <= words


def test_what_cannot_fit_is_refused_rather_than_clipped():
    with pytest.raises(TooLong):
        fit("가" * 5000, 243, 25.4, SIZES)


def test_rows_shrink_together_until_the_last_fits():
    few = fit_rows([("a", "plain", ("가나다", "abc"))], (90, 90), 30, (10, 8, 6))
    many = fit_rows([("a", "plain", ("가나다 " * 60, "abc"))] * 2, (90, 90), 30, (10, 8, 6))
    assert few.size == 10
    assert many.size < 10
    assert sum(row.high for row in many.rows) <= 30
    with pytest.raises(TooLong):
        fit_rows([("a", "plain", ("가나다 " * 900, "abc"))], (90, 90), 30, (10, 8, 6))


def test_a_latin_line_gets_the_latin_face_and_any_hangul_or_hanja_the_korean_one():
    assert faces.voice("Nguyễn Thị Ánh") == "roman"
    assert faces.voice("Kim (김)") == "serif"
    assert faces.voice("金") == "serif"


@pytest.mark.parametrize(
    "name",
    ["김하늘", "金俤㬎", "Nguyễn Thị Ánh Nguyệt", "محمد عبد الرحمن", "דוד בן־גוריון", "श्रीनिवास", "Çelikoğlu", "Ольга Юрьевна",
     "Παπαδόπουλος", "a\u0331", "뷁쀍"],
)  # fmt: skip
def test_names_of_many_scripts_can_be_printed(name):
    assert missing(name) == ()


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("김😀", "😀 U+1F600 GRINNING FACE"),
        ("ნინო", "ნ U+10DC GEORGIAN LETTER NAR"),
        ("Kim\u202eevil", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("Kim\x07", "U+0007 UNNAMED"),
        ("Kim\ue000", "U+E000 UNNAMED"),
        ("김\u0951", "\u0951 U+0951 DEVANAGARI STRESS SIGN UDATTA"),
    ],
)
def test_a_character_that_no_face_has_is_named(name, named):
    assert named in check(facts(name=name))


def test_texts_other_than_the_name_are_looked_at_too():
    assert check(PLAIN) == []
    assert check(facts(signatory={"ko": "한서윤", "en": "Han 🖋"})) == ["🖋 U+1F58B LOWER LEFT FOUNTAIN PEN"]


def test_dates_and_hours_in_both_languages():
    assert typesetting.day_ko(date(2026, 11, 2)) == "2026년 11월 2일"
    assert typesetting.day_en(date(2026, 11, 2)) == "2 November 2026"
    assert typesetting.period_ko(date(2025, 12, 29), date(2026, 3, 1)) == "2025. 12. 29. ~ 2026. 3. 1."
    assert typesetting.period_en(date(2025, 12, 29), date(2026, 3, 1)) == "29 December 2025 – 1 March 2026"
    assert typesetting.period_en(date(2026, 3, 2), date(2026, 8, 28)) == "2 March – 28 August 2026"
    assert (typesetting.hours_en(1), typesetting.hours_en(1440)) == ("1 hour", "1,440 hours")


def test_the_code_is_shown_in_groups_and_the_address_without_it():
    assert grouped("K7M3Q9XD2HTV8RWNC4PBJ6FAX3") == ("K7M3-Q9XD-2HTV-8RWN-", "C4PB-J6FA-X3")
    assert grouped("K7M3-Q9XD-2HTV-8RWN-C4PB-J6FA") == ("K7M3-Q9XD-2HTV-", "8RWN-C4PB-J6FA")
    assert shown_address("https://hub.example.kr/v/K7M3Q9XD", "K7M3-Q9XD") == "hub.example.kr/v"
    assert shown_address("http://127.0.0.1:8000/certificates/k7m3-q9xd", "K7M3-Q9XD") == "127.0.0.1:8000/certificates"


@pytest.mark.parametrize("payload", [PLAIN.verify_url, "https://hub.example.kr/v/0", WORST.verify_url])
def test_the_outline_of_the_qr_code_fills_exactly_its_black_modules(payload):
    square = squares.square(payload)
    matrix = segno.make(payload, error="m", micro=False, boost_error=False, mask=MASK).matrix
    filled = [[inside(square.path, x + 0.5, y + 0.5) for x in range(square.modules)] for y in range(square.modules)]
    assert filled == [[bool(module) for module in row] for row in matrix]


def inside(path: str, x: float, y: float) -> bool:
    """Whether the even-odd rule fills the point: how many upright walls lie to its right."""
    crossings = 0
    for walk in path.split("Z")[:-1]:
        corners = [tuple(map(int, walk[1:].split("H")[0].split("V")[0].split()))]
        for letter, to in re.findall(r"([HV])(\d+)", walk):
            corners.append((int(to), corners[-1][1]) if letter == "H" else (corners[-1][0], int(to)))
        for (x1, y1), (x2, y2) in pairwise([*corners, corners[0]]):
            if x1 == x2 and x1 > x and min(y1, y2) < y < max(y1, y2):
                crossings += 1
    return crossings % 2 == 1
