"""Lines of text for pages that we lay out ourselves: what fits a width, and the operators that show it.

Whatever people are called can be set: what runs from right to left or changes places is set as a whole, and a character
that no typeface has becomes a question mark.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import uharfbuzz as hb

from certificates import faces
from certificates.shaping import Tangled, drawn, font, parts, shaped

LOST = "?"
Meanings = tuple[tuple[str, dict[int, str]], ...]


@dataclass(frozen=True)
class Lettering:
    """One line as it is set in a voice: its width in em, and what its glyphs stand for."""

    text: str
    voice: str
    width: float
    meanings: Meanings
    tangled: tuple[tuple[str, str], ...] = ()  # faces and strings, where letters do not follow one another
    backwards: bool = False

    def operators(self, size: float) -> bytes:
        """What shows it from where the text matrix stands."""
        if not self.tangled:
            return drawn(self.text, self.voice, 0, b"%g" % size)
        shown = b"\n".join(b"/%s %g Tf\n[%s] TJ" % (face.encode(), size, own.encode()) for face, own in self.tangled)
        if self.backwards:
            return shown  # programs turn such a line round themselves when they read it
        said = ("\ufeff" + self.text).encode("utf-16-be").hex().encode()
        return b"/Span<</ActualText<%s>>>BDC\n%s\nEMC" % (said, shown)


@lru_cache(maxsize=8192)
def set_in(text: str, voice: str) -> Lettering:
    """A line as it is; it is not broken here."""
    try:
        line = shaped(text, voice)
    except Tangled:
        return _tangled(text, voice)
    return Lettering(text, voice, line.width(), line.meanings)


@lru_cache(maxsize=8192)
def broken(text: str, voice: str, width: float) -> tuple[Lettering, ...]:
    """A text in lines of at most `width` em, broken between words, and inside a word where it is too long alone."""
    lines: list[str] = []
    for word in (part for each in _printable(text).split() for part in _cut(each, voice, width)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and set_in(longer, voice).width <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(set_in(line, voice) for line in lines)


def _cut(word: str, voice: str, width: float) -> Iterator[str]:
    if set_in(word, voice).width <= width:
        yield word
        return
    now = ""
    for cluster in faces.clusters(word):
        if now and set_in(now + cluster, voice).width > width:
            yield now
            now = ""
        now += cluster
    yield now


def _printable(text: str) -> str:
    lost = set(faces.missing(text))
    return "".join(LOST if letter in lost else letter for letter in text) if lost else text


def _tangled(text: str, voice: str) -> Lettering:
    """Each run in the order in which it is seen; the whole says what it reads."""
    pieces = parts(text, voice)
    found = [(face, *_run(part, face)) for face, part in pieces]
    if found and found[0][3]:
        found.reverse()  # the line itself runs from right to left
    return Lettering(
        text,
        voice,
        sum(width for _face, _string, width, _back, _own in found),
        tuple((face, own) for face, _string, _width, _back, own in found),
        tuple((face, string) for face, string, _width, _back, _own in found),
        any(back for _face, _string, _width, back, _own in found),
    )


def _run(text: str, face: str) -> tuple[str, float, bool, dict[int, str]]:
    """The string of one run, its width in em, whether it runs backwards, and what its glyphs stand for."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    own = font(face)
    hb.shape(own, buffer)
    em = own.face.upem
    string, width, meanings = "", 0.0, {}
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        before = round(-1000 * place.x_offset / em)
        native = own.get_glyph_h_advance(info.codepoint) / em
        after = round(1000 * (native + place.x_offset / em - place.x_advance / em))
        string += (f"{before} " if before else "") + f"<{info.codepoint:04x}>" + (f"{after} " if after else "")
        width += place.x_advance / em
        meanings[info.codepoint] = text[info.cluster : info.cluster + 1] or LOST
    return string, width, buffer.direction == "rtl", meanings
