"""Glyphs of a line: which face, which glyph, how far to the next, by HarfBuzz, as the layout engine does it too."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from string import ascii_lowercase, ascii_uppercase, digits
from unicodedata import category

import uharfbuzz as hb
from fontTools.unicodedata import script

from certificates import faces

COMMON = ("Zyyy", "Zinh")
COMPANY = (digits, ascii_uppercase, ascii_lowercase)  # come together, so that most documents embed the same subset


@dataclass(frozen=True)
class Glyph:
    """``number`` in its face; ``text`` that it stands for; distances in em."""

    number: int
    text: str
    advance: float
    right: float
    up: float


@dataclass(frozen=True)
class Run:
    """Glyphs of one face that follow one another."""

    face: str
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True)
class Line:
    """A text set in a voice: its runs from left to right, and what the glyphs of each face stand for."""

    runs: tuple[Run, ...]
    meanings: tuple[tuple[str, dict[int, str]], ...]
    advance: float
    count: int

    def width(self, spacing: float = 0) -> float:
        """In em, with letter-spacing after each glyph."""
        return self.advance + spacing * self.count


class Tangled(ValueError):
    """The glyphs of a text do not stand for its letters one by one; it needs the layout engine."""


@cache
def font(face: str) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(faces.FOLDER / faces.FILES[face]))))


@lru_cache(maxsize=4096)
def shaped(text: str, voice: str) -> Line:
    """Raises Tangled."""
    runs = tuple(Run(face, tuple(glyphs(part, face))) for face, part in parts(text, voice))
    advances = [glyph.advance for run in runs for glyph in run.glyphs]
    return Line(runs, tuple((run.face, meanings(run)) for run in runs), sum(advances), len(advances))


def meanings(run: Run) -> dict[int, str]:
    """The glyphs of a run, digits and letters with all of their kind: other digits are to need no other subset."""
    own = {glyph.number: glyph.text for glyph in run.glyphs}
    for glyph in run.glyphs:
        own |= company(run.face, glyph.text) | own
    return own


@cache
def company(face: str, text: str) -> dict[int, str]:
    """The glyphs of all digits for a digit, of all plain letters of its case for a letter."""
    kind = next((kind for kind in COMPANY if text and text in kind), "")
    found = ((font(face).get_nominal_glyph(ord(letter)), letter) for letter in kind)
    return {number: letter for number, letter in found if number}


def parts(text: str, voice: str) -> list[tuple[str, str]]:
    """The text in pieces of one face and one script each: for each letter the first face of the voice that has it whole."""
    pieces: list[tuple[str, str]] = []
    before = ""
    for cluster, written in scripts(text):
        face = faces.face_of(cluster, voice)
        if pieces and pieces[-1][0] == face and written == before:
            pieces[-1] = (face, pieces[-1][1] + cluster)
        else:
            pieces.append((face, cluster))
        before = written
    return pieces


def scripts(text: str) -> Iterator[tuple[str, str]]:
    """Each letter with its marks and the script it is set as.

    Spaces and stops go with the letter before (the first, with the one after), a closing bracket with the opening one.
    """
    clusters = list(faces.clusters(text))
    own = [script(cluster[0]) for cluster in clusters]
    now = next((each for each in own if each not in COMMON), COMMON[0])
    opened: list[str] = []
    for cluster, each in zip(clusters, own, strict=True):
        if each not in COMMON:
            now = each
        elif category(cluster[0]) == "Ps":
            opened.append(now)
        elif category(cluster[0]) == "Pe" and opened:
            now = opened.pop()
        yield cluster, now


def glyphs(text: str, face: str) -> Iterator[Glyph]:
    buffer = hb.Buffer()
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = "ko"  # not that of whoever started the program
    hb.shape(font(face), buffer)
    starts = [info.cluster for info in buffer.glyph_infos]
    if starts != sorted(set(starts)) or (text and starts[0] != 0):
        raise Tangled(text)
    em = font(face).face.upem
    ends = [*starts[1:], len(text)]
    for info, place, start, end in zip(buffer.glyph_infos, buffer.glyph_positions, starts, ends, strict=True):
        if not info.codepoint:
            raise Tangled(text)
        yield Glyph(info.codepoint, text[start:end], place.x_advance / em, place.x_offset / em, place.y_offset / em)


@cache
def advance(face: str, glyph: int) -> float:
    """Of the glyph by itself, in em, as the font file says it."""
    own = font(face)
    return float(own.get_glyph_h_advance(glyph)) / own.face.upem


@lru_cache(maxsize=4096)
def drawn(text: str, voice: str, spacing: float, size: bytes) -> bytes:
    """PDF operators that show a text from where the text matrix stands, each face under its own name."""
    out: list[bytes] = []
    for run in shaped(text, voice).runs:
        out.append(b"/%s %s Tf" % (run.face.encode(), size))
        string = ""
        for glyph in run.glyphs:
            if glyph.up:
                out += [b"[" + closed(string) + b"] TJ"] if string else []
                rise = f"{glyph.up * float(size):.4f} Ts"
                out += [rise.encode(), b"[" + closed(placed(run.face, glyph, spacing)) + b"] TJ", b"0 Ts"]
                string = ""
            else:
                string += placed(run.face, glyph, spacing)
        if string:
            out.append(b"[" + closed(string) + b"] TJ")
    return b"\n".join(out)


def placed(face: str, glyph: Glyph, spacing: float) -> str:
    """One glyph of a string, with the steps before and after it in thousandths of an em."""
    before = round(-1000 * glyph.right)
    after = round(1000 * (advance(face, glyph.number) + glyph.right - glyph.advance - spacing))
    return (f">{before}<" if before else "") + f"{glyph.number:04x}" + (f">{after}<" if after else "")


def closed(string: str) -> bytes:
    return f"<{string}>".replace("<>", "").encode()
