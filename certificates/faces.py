"""The typefaces of certificates: which face prints a character, how wide, and what none of them has.

Read from the font files themselves, so that a page can refuse a name before anything is drawn, on a machine without
Pango too.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from certificates.facts import Printable

FOLDER = Path(__file__).resolve().parent / "fonts"

# Our own family names: a face of the same name on the machine is never taken by mistake.
FILES = {
    "Korean": "NotoSerifKR-Hangul.ttf",
    "Latin": "SourceSerif4_400Regular.ttf",
    "Hanja": "NotoSerifKR-Hanja.ttf",
    "RareHanja": "NotoSerifTC-Hanja.ttf",
    "Arabic": "Amiri_400Regular.ttf",
    "Hebrew": "NotoSerifHebrew_500Medium.ttf",
    "Devanagari": "NotoSerifDevanagari_500Medium.ttf",
    "Plain": "Pretendard-Regular.ttf",
    "Strong": "Pretendard-SemiBold.ttf",
}
REST = ("Hanja", "RareHanja", "Arabic", "Hebrew", "Devanagari", "Plain")
# A voice is an order of faces. Latin lines get the Latin face whole, also for digits and stops.
VOICES = {
    "serif": ("Korean", "Latin", *REST),
    "roman": ("Latin", "Korean", *REST),
    "plain": ("Plain", "Korean", "Latin", *REST[:-1]),
    "strong": ("Strong", "Korean", "Latin", *REST),
}
JOINERS = "\u200c\u200d"  # shape Persian and Devanagari words; they have no picture of their own


class Unprintable(ValueError):
    """Some characters stand in no typeface; ``characters`` names each."""

    def __init__(self, characters: list[str]) -> None:
        super().__init__(", ".join(characters))
        self.characters = characters


def check(facts: Printable) -> list[str]:
    """The characters of these facts that cannot be printed, named: "😀 U+1F600 GRINNING FACE". Empty: all is well."""
    found: dict[str, None] = {}
    for text in facts.texts():
        found |= dict.fromkeys(missing(text))
    return [named(character) for character in found]


def named(character: str) -> str:
    shown = "" if unicodedata.category(character).startswith("C") else f"{character} "
    return f"{shown}U+{ord(character):04X} {unicodedata.name(character, 'UNNAMED')}"


@lru_cache(maxsize=4096)
def missing(text: str) -> tuple[str, ...]:
    """Characters that no face has, or that no face has together with the letter that they stand on.

    Control and direction characters count as missing: they would print a name that reads otherwise than it is kept.
    """
    found: list[str] = []
    for cluster in clusters(text):
        wanted = [character for character in cluster if character not in JOINERS]
        if not any(held(wanted)):
            alone = [c for c in wanted if not any(held(c))]
            found += alone or wanted[1:]
    return tuple(dict.fromkeys(found))


def held(characters: Iterable[str]) -> Iterator[bool]:
    """For face after face whether it has all of these: what a common letter does not ask for is not read."""
    wanted = tuple(characters)
    for face in VOICES["serif"]:  # every voice ends in the same faces
        yield all(character in metrics(face) for character in wanted)


def clusters(text: str) -> Iterator[str]:
    """A letter with the marks that stand on it, one after the other; what must not be torn apart at a line's end."""
    held = ""
    for character in unicodedata.normalize("NFC", text):
        attached = character in JOINERS or unicodedata.category(character) in ("Mn", "Mc", "Me")
        if held and not attached and not held.endswith("\u200d"):
            yield held
            held = ""
        held += character
    if held:
        yield held


@cache
def metrics(face: str) -> dict[str, float]:
    """Advance width in em of each character of one face."""
    with TTFont(FOLDER / FILES[face], lazy=True) as font:
        advances, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {
            chr(code): advances[glyph][0] / em
            for code, glyph in font.getBestCmap().items()
            if unicodedata.category(chr(code)) not in ("Cc", "Cf", "Co", "Zl", "Zp")
        }


@lru_cache(maxsize=8192)
def face_of(cluster: str, voice: str) -> str:
    """The first face of the voice that has all of a letter with its marks."""
    wanted = [character for character in cluster if character not in JOINERS]
    return next((face for face in VOICES[voice] if all(c in metrics(face) for c in wanted)), VOICES[voice][0])


def voice(text: str) -> str:
    """The voice for a line of honour: "serif" as soon as it holds Hangul, hanja or kana, else "roman"."""
    eastern = any("\u1100" <= c <= "\u11ff" or "\u2e80" <= c <= "\ud7ff" or c >= "\U00020000" for c in text)
    return "serif" if eastern else "roman"


@lru_cache(maxsize=8192)
def width(text: str, voice: str) -> float:
    """Width in em when set in this voice; kerning and ligatures left out (they take away, hardly ever add)."""
    total = 0.0
    for character in unicodedata.normalize("NFC", text):
        if unicodedata.category(character) not in ("Mn", "Cf"):
            total += metrics(face_of(character, voice)).get(character, 1.0)
    return total


def stylesheet() -> str:
    """The faces for CSS, and a class for each voice; what has none is plain."""
    faces = [f'@font-face {{ font-family: "{face}"; src: url("{file}") }}' for face, file in FILES.items()]
    voices = [f".{name} {{ font-family: {', '.join(order)} }}" for name, order in VOICES.items()]
    return "\n".join([*faces, f"html {{ font-family: {', '.join(VOICES['plain'])} }}", *voices])
