"""A Hangul name in Latin letters, as a suggestion: the Revised Romanisation, and the spellings that families use.

The official rule (국어의 로마자 표기법, 제3장 제4항): family name and given name stand apart, the given name in one word
or with hyphens between its syllables; what one syllable does to the sound of the next is not written (한복남 Han Boknam,
홍빛나 Hong Bitna), and family names keep the spelling they have. A letter at the end of a syllable still goes over to a
vowel that follows (석열 Seogyeol), unless a hyphen stands between (Seok-yeol).

Never the last word: whoever has a passport is written as it says. Plain text in, plain text out.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

FIRST, LAST = "가", "힣"
ONSETS = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
VOWELS = (
    *("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae"),
    *("oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"),
)
# Each end of a syllable: none, ㄱ ㄲ ㄳ ㄴ ㄵ ㄶ ㄷ ㄹ ㄺ ㄻ ㄼ ㄽ ㄾ ㄿ ㅀ ㅁ ㅂ ㅄ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ.
CODAS = (
    *("", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l"),
    *("m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"),
)
BEFORE_VOWELS = (
    *("", "g", "kk", "ks", "n", "nj", "n", "d", "r", "lg", "lm", "lb", "ls", "lt", "lp", "r"),
    *("m", "b", "ps", "s", "ss", "ng", "j", "ch", "k", "t", "p", ""),
)
R, L_ENDS = ONSETS.index("r"), "l"
SILENT = ONSETS.index("")

# How families write themselves, the most frequent first, where that is not (only) the Revised Romanisation.
USUAL = {
    surname: tuple(spellings)
    for surname, *spellings in map(
        str.split,
        (
            *("김 Kim", "이 Lee Yi Rhee", "박 Park Pak", "최 Choi", "정 Jung Chung", "강 Kang", "조 Cho", "윤 Yoon"),
            *("장 Chang", "임 Lim Im Rim", "오 Oh", "서 Suh", "신 Shin", "권 Kwon", "안 Ahn", "류 Yoo", "유 Yoo You"),
            *("전 Jun Chun", "고 Ko Koh", "문 Moon", "손 Sohn", "백 Paik Baik", "허 Hur Huh", "심 Shim", "노 Noh Roh"),
            *("곽 Kwak", "성 Sung", "주 Joo Chu", "우 Woo", "구 Koo Ku", "나 Ra", "진 Chin", "지 Chi", "엄 Um"),
            *("원 Won", "천 Chun", "공 Kong", "현 Hyun", "변 Byun", "염 Yum", "여 Yeo", "추 Choo", "도 Doh", "석 Suk"),
            *("선 Sun", "길 Kil", "명 Myung", "기 Ki", "금 Keum", "육 Yook", "제 Je", "국 Kook", "어 Eoh", "경 Kyung"),
            *("부 Boo", "두 Doo", "감 Kam", "범 Bum", "간 Kan", "갈 Kal", "림 Lim", "라 Ra", "리 Lee", "로 Roh"),
            *("태 Tae", "사 Sa", "계 Kye", "옥 Ock", "형 Hyung", "하 Hah", "차 Char", "용 Ryong", "모 Mo", "시 Shi"),
            *("남궁 Namkung Namgoong", "황보 Hwangbo", "선우 Sunwoo", "독고 Dokko", "제갈 Jaegal", "서문 Suhmoon"),
        ),
    )
}
SURNAMES = frozenset(
    "가간갈감강견경계고공곽교구국군궁궉권근금기길김나남낭내노누단담당대도돈동두라랑량려로뢰류리림마만매맹명모목묘무문미민"
    "박반방배백범변복봉부비빈빙사삼상서석선설섭성소손송수순승시신심십아안애야양어엄여연염엽영예오옥온옹왕요용우운원위유"
    "육윤은음이인임자장저전점정제조종좌주증지진차창채천초총최추춘탁탄태판팽편평포표풍피필하학한함해허현형호홍화환황후흥"
)
LONG_SURNAMES = frozenset(
    ("강전", "남궁", "독고", "동방", "망절", "사공", "서문", "선우", "어금", "장곡", "제갈", "황보")
)


@dataclass(frozen=True)
class Suggestion:
    """A whole name in Latin letters. ``official``: by the Revised Romanisation in every part."""

    latin: str
    official: bool


def suggested(name: str, *, surname_last: bool = False) -> tuple[Suggestion, ...]:
    """How a Hangul name can be written, the official way first, each spelling once. Empty for every other script."""
    found: dict[str, Suggestion] = {}
    for surname, given in readings(name):
        for each in _written(surname, given, surname_last):
            found.setdefault(each.latin, each)
    return tuple(found.values())


def readings(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(family name, words of the given name), the likeliest first. A name of one word has no family name ("")."""
    words = unicodedata.normalize("NFC", name).split()
    if not words or not all(FIRST <= letter <= LAST for word in words for letter in word):
        return
    if len(words) > 1:
        yield words[0], tuple(words[1:])
        return
    (word,) = words
    apart = [n for n in (2, 1) if len(word) > n and word[:n] in (LONG_SURNAMES if n == 2 else SURNAMES)]
    for n in apart:
        yield word[:n], (word[n:],)
    if not apart:
        yield "", (word,)


def _written(surname: str, given: tuple[str, ...], surname_last: bool) -> Iterator[Suggestion]:
    joined = " ".join(map(word, given))
    official = word(surname)
    spellings = [official, *(each for each in USUAL.get(surname, ()) if each != official)]
    for family in spellings:
        yield Suggestion(_ordered(family, joined, surname_last), family == official)
    apart = " ".join(map(hyphenated, given))
    yield Suggestion(_ordered(official, apart, surname_last), True)
    if len(spellings) > 1:
        yield Suggestion(_ordered(spellings[1], apart, surname_last), False)


def _ordered(family: str, given: str, surname_last: bool) -> str:
    return " ".join(part for part in ((given, family) if surname_last else (family, given)) if part)


def word(hangul: str) -> str:
    """Some syllables as one word with a capital: 하늘 Haneul, 석열 Seogyeol, 복남 Boknam."""
    parts = [_split(syllable) for syllable in hangul]
    written = [ONSETS[onset] + VOWELS[vowel] for onset, vowel, _coda in parts]
    for place, ((_o, _v, coda), (onset, _next_vowel, _c)) in enumerate(pairwise(parts)):
        if onset == SILENT:
            written[place] += BEFORE_VOWELS[coda]
        else:
            written[place] += CODAS[coda]
            if onset == R and CODAS[coda] == L_ENDS:  # ㄹㄹ is written ll
                written[place + 1] = "l" + written[place + 1][1:]
    if parts:
        written[-1] += CODAS[parts[-1][2]]
    return "".join(written).capitalize()


def hyphenated(hangul: str) -> str:
    """Syllable by syllable: 하늘 Ha-neul, 석열 Seok-yeol."""
    return "-".join(word(syllable).lower() for syllable in hangul).capitalize()


def _split(syllable: str) -> tuple[int, int, int]:
    """The numbers of its onset, vowel and coda, as Unicode puts a syllable together."""
    if not FIRST <= syllable <= LAST:
        raise ValueError(f"not a Hangul syllable: {syllable!r}")
    rest, coda = divmod(ord(syllable) - ord(FIRST), len(CODAS))
    onset, vowel = divmod(rest, len(VOWELS))
    return onset, vowel, coda
