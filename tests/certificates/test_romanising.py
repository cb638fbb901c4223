"""Hangul names in Latin letters: the examples of the official rule, families' spellings, and every syllable there is."""

import csv
import os
import re
from pathlib import Path

import pytest

from certificates import romanising
from certificates.romanising import suggested

SHARED = Path(os.environ.get("LMS_SHARED", Path(__file__).resolve().parents[3] / "shared"))
SURNAMES = SHARED / "data" / "i18n" / "names" / "common-surnames-by-country.csv"


def latin(name, **how):
    return [each.latin for each in suggested(name, **how)]


@pytest.mark.parametrize(
    ("name", "joined", "apart"),
    [
        # Examples of the rule itself (제3장 제4항) and of its tables.
        ("민용하", "Min Yongha", "Min Yong-ha"),
        ("송나리", "Song Nari", "Song Na-ri"),
        ("한복남", "Han Boknam", "Han Bok-nam"),
        ("홍빛나", "Hong Bitna", "Hong Bit-na"),
        # A coda before a vowel, ㄹ beside ㄹ, and sounds that are not written.
        ("윤석열", "Yun Seogyeol", "Yun Seok-yeol"),
        ("김일우", "Gim Iru", "Gim Il-u"),
        ("박철래", "Bak Cheollae", "Bak Cheol-rae"),
        ("이신라", "I Sinra", "I Sin-ra"),
        ("정국희", "Jeong Gukhui", "Jeong Guk-hui"),
        ("강백미", "Gang Baekmi", "Gang Baek-mi"),
        ("최하은", "Choe Haeun", "Choe Ha-eun"),
        ("오영애", "O Yeongae", "O Yeong-ae"),
        ("문밝음", "Mun Balgeum", "Mun Bak-eum"),
        # Long family names, names written apart, one syllable.
        ("남궁민", "Namgung Min", None),
        ("황보라", "Hwangbo Ra", None),
        ("독고하늘", "Dokgo Haneul", "Dokgo Ha-neul"),
        ("김 하늘 별", "Gim Haneul Byeol", "Gim Ha-neul Byeol"),
        ("솔", "Sol", None),
        ("뽀로로", "Ppororo", "Ppo-ro-ro"),
    ],
)
def test_the_official_spelling_comes_first(name, joined, apart):
    found = suggested(name)
    assert (found[0].latin, found[0].official) == (joined, True)
    if apart:
        assert apart in [each.latin for each in found if each.official]


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("김하늘", ["Kim Haneul"]),
        ("이하늘", ["Lee Haneul", "Yi Haneul"]),
        ("박하늘", ["Park Haneul"]),
        ("최하늘", ["Choi Haneul"]),
        ("정하늘", ["Jung Haneul", "Chung Haneul"]),
        ("남궁하늘", ["Namkung Haneul"]),
        ("선우하늘", ["Sunwoo Haneul"]),
    ],
)
def test_families_spellings_are_offered_and_not_called_official(name, usual):
    offered = {each.latin: each.official for each in suggested(name)}
    assert all(offered[each] is False for each in usual)


def test_a_name_that_can_be_read_in_two_ways_is_offered_in_both():
    offered = latin("선우진")
    assert offered[0] == "Seonu Jin"
    assert "Seon Ujin" in offered
    assert latin("선우")[0] == "Seon U"


def test_the_family_name_stands_where_one_wants_it():
    assert latin("김하늘", surname_last=True)[:2] == ["Haneul Gim", "Haneul Kim"]
    assert latin("솔", surname_last=True) == ["Sol"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "Ada Lovelace",
        "洪吉童",
        "홍길동(洪吉童)",
        "김Anna",
        "ㄱㅏ",
        "محمد",
        "あきら",
        "김하늘😀",
        "김\x00하늘",
        "ბერიძე",
    ],
)
def test_other_scripts_get_no_suggestion(name):
    assert suggested(name) == ()


def test_taken_apart_letters_are_put_together_first():
    assert latin("\u1100\u1175\u11b7\u1112\u1161\u1102\u1173\u11af") == latin("김하늘")


def test_every_syllable_has_its_own_letters():
    written = {chr(code): romanising.word(chr(code)) for code in range(ord("가"), ord("힣") + 1)}
    assert len(written) == 11172
    assert all(re.fullmatch(r"[A-Z][a-z]{0,8}", latin) for latin in written.values())
    open_syllables = [written[chr(code)] for code in range(ord("가"), ord("힣") + 1, 28)]
    assert len(set(open_syllables)) == 19 * 21
    assert all(suggested(f"김{syllable}")[0].latin.startswith("Gim ") for syllable in written)
    # Beside every beginning and before a vowel, each ending gives plain letters, too.
    for ending in range(28):
        for onset in range(19):
            pair = chr(ord("가") + ending) + chr(ord("가") + onset * 21 * 28)
            assert romanising.word(pair).isascii()
    with pytest.raises(ValueError, match="not a Hangul syllable"):
        romanising.word("한a")


@pytest.mark.skipif(not SURNAMES.exists(), reason="needs the names of the shared data")
def test_the_common_family_names_of_korea_are_known_with_their_usual_spelling():
    with SURNAMES.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Country"] == "KR"]
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(row["Name Group"], []).append(row)
    assert len(groups) > 10
    for group in groups.values():
        own = {row["Localized Name"] for row in group if romanising.FIRST <= (row["Localized Name"] or " ") <= "힣힣"}
        assert own <= romanising.SURNAMES | romanising.LONG_SURNAMES
        ours = {spelling for name in own for spelling in (romanising.word(name), *romanising.USUAL.get(name, ()))}
        assert group[0]["Romanized Name"] in ours, own
