"""The name as it will stand on the certificate, drawn as outlines for a page: the same type, sizes and lines as in print.

A browser has none of the certificate's typefaces, and would take another size and other line ends than the press.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import uharfbuzz as hb
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from certificates import design, shaping, typesetting
from certificates.design import Place
from certificates.slots import straight
from certificates.typesetting import MM_PER_PT, Setting

DESIGN = "programme"  # whose places are shown
GAP = 1.5  # mm between the two lines of names
SPACED = 0.28  # em between the letters of a short name in Hangul or hanja
SHORT = 5
MARGIN = 6.0  # mm round the lines, for marks that reach out of them
NARROWEST = 120.0  # mm of the certificate that are shown


@dataclass(frozen=True)
class Picture:
    """Outlines in mm for an SVG `path`, the part of it to be shown, and the sizes of type in points (0: there is no such
    line). Short names are shown nearer, so that they can be read on a phone."""

    path: str
    left: float
    wide: float
    high: float
    name_size: float
    latin_size: float
    lines: int


@lru_cache(maxsize=64)
def drawn(name: str, latin_name: str) -> Picture:
    """The place of the name, cut at its upper end. Raises typesetting.TooLong."""
    first, second = (design.find(DESIGN).places[each] for each in ("first", "second"))
    above = typesetting.fit_in(name, first)
    high, spacing = _high(above, first), spacing_of(name, above, first)
    paths = list(_lines(above, first, MARGIN, spacing=spacing))
    latin, widest = None, above.width + spacing * len(name) * above.size * MM_PER_PT
    if latin_name and latin_name != name:
        latin = typesetting.fit_in(latin_name, second)
        paths += _lines(latin, second, MARGIN + high + GAP)
        high += GAP + _high(latin, second)
        widest = max(widest, latin.width)
    wide = round(min(max(widest + 2 * MARGIN, NARROWEST), first.wide), 2)
    shown = round((first.wide - wide) / 2, 2), wide, round(high + 2 * MARGIN, 2)
    return Picture("".join(paths), *shown, above.size, latin.size if latin else 0, len(above.lines))


def spacing_of(name: str, setting: Setting, place: Place) -> float:
    """Letter-spacing in em: short names in the largest size are set apart."""
    return SPACED if setting.voice == "serif" and setting.size == place.sizes[0] and len(name) < SHORT else 0.0


def _high(setting: Setting, place: Place) -> float:
    return len(setting.lines) * setting.size * MM_PER_PT * place.leading


def _lines(setting: Setting, place: Place, top: float, *, spacing: float = 0.0) -> Iterator[str]:
    em = setting.size * MM_PER_PT
    for number, line in enumerate(setting.lines):
        pieces = ordered(line, parted(line, setting.voice))
        glyphs = list(_placed(pieces, spacing))
        wide = (glyphs[-1][3] - spacing if glyphs else 0.0) * em
        up, down = _reach(setting.voice, line)
        base = top + (number + 0.5) * place.leading * em + (up - down) / 2 * em
        left = (place.wide - wide) / 2
        for face, glyph, (right, rise), _end in glyphs:
            yield _outline(face, glyph, left + right * em, base - rise * em, em)


def _placed(pieces: list[tuple[str, str]], spacing: float) -> Iterator[tuple[str, int, tuple[float, float], float]]:
    """(face, glyph, its place in em, where the next begins), from left to right."""
    at = 0.0
    for face, text in pieces:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.language = "ko"
        hb.shape(shaping.font(face), buffer)
        em = shaping.font(face).face.upem
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            where = (at + place.x_offset / em, place.y_offset / em)
            at += place.x_advance / em + (spacing if place.x_advance else 0)
            yield face, info.codepoint, where, at


def parted(line: str, voice: str) -> list[tuple[str, str]]:
    """Pieces of one face each. Where the press leaves a line to the layout engine, blanks are those of the letter before."""
    pieces = shaping.parts(line, voice)
    if straight(line):
        return pieces
    found: list[tuple[str, str]] = []
    for face, text in pieces:
        if found and not text.strip():
            found[-1] = found[-1][0], found[-1][1] + text
        elif found and found[-1][0] == face and _leftwards(found[-1][1]) == _leftwards(text):
            found[-1] = face, found[-1][1] + text
        else:
            found.append((face, text))
    return found


def ordered(line: str, pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pieces of a line from left to right: those of the other direction stand the other way round among themselves."""
    backwards = typesetting.direction(line) == "rtl"
    found: list[tuple[str, str]] = []
    for other, group in groupby(pieces, key=lambda piece: _leftwards(piece[1]) != backwards):
        some = list(group)
        found += some[::-1] if other else some
    return found[::-1] if backwards else found


def _leftwards(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


@lru_cache(maxsize=256)
def _reach(voice: str, line: str) -> tuple[float, float]:
    """How far the first face of a line reaches above and below the base, in em."""
    face = shaping.parts(line, voice)[0][0]
    extents = shaping.font(face).get_font_extents("ltr")
    em = shaping.font(face).face.upem
    return extents.ascender / em, -extents.descender / em


def _outline(face: str, glyph: int, x: float, y: float, em: float) -> str:
    scale = em / shaping.font(face).face.upem
    pen = SVGPathPen(None, ntos=lambda number: f"{number:.2f}".rstrip("0").rstrip("."))
    shaping.font(face).draw_glyph_with_pen(glyph, TransformPen(pen, (scale, 0, 0, -scale, x, y)))
    return str(pen.getCommands())
