"""Pages that are laid out once and printed many times, as an engraver's plate with blanks for the name.

WeasyPrint lays out a page whose own places hold a short text, the same for everybody; what it gives is cut at these
places. Printing sets a person's lines there, in the same faces with the same shaping, embeds the glyphs that are used,
and writes the file. Nothing of one person stays for the next: a plate is made from the page without anybody's texts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from string import ascii_lowercase, ascii_uppercase, digits

import pydyf
from weasyprint import Document

from certificates.embedding import OBJECTS, embedded
from certificates.faces import FILES
from certificates.pdf import UNIVERSAL, contents, drawings, embedded_fonts, fixed, pages, raw, referred, stream, written
from certificates.shaping import Run, drawn, font, shaped, width
from certificates.slots import SHARES, Page, Slot, held_corners, held_text

TEXT = re.compile(rb"1 0 0 -1 (\S+) (\S+) Tm\n/(\w+) (\S+) Tf\n\[(.*?)\] TJ\nET")
SHOWN = re.compile(rb"/(\w+) \S+ Tf|<([0-9a-f]+)>")
COMPANY = (digits, ascii_uppercase, ascii_lowercase)  # come together, so that most documents embed the same subset


class Uncut(ValueError):
    """A place of the page was not found in the layout, or twice."""


@dataclass(frozen=True)
class Blank:
    """Where a line of text stands: number of the slot, x in pixels, the rest of its matrix, size."""

    number: int
    left: float
    below: bytes
    size: bytes


Piece = bytes | Blank | int  # of a content stream: as it is, a line of text, or the number of a QR code


class Plate:
    """One laid-out page, ready to take the texts of many people."""

    def __init__(self, document: Document, pdf: pydyf.PDF, page: Page) -> None:
        """From what WeasyPrint made of ``page.holding()``. Raises Uncut."""
        self.families: dict[bytes, str] = {}  # by the names that the page has for them
        texts: dict[bytes, dict[int, str]] = {}
        for each in document.fonts.values():  # one for each size
            if each.family not in FILES or each.missing:
                raise Uncut("a letter that stands in no typeface of ours")
            name = each.hash.encode()
            self.families[name] = each.family
            texts[name] = each.to_unicode | texts.get(name, {})
        self.contents = {each.number: cut(raw(each), texts, page) for each in contents(pdf)}
        self.meanings: dict[str, dict[int, str]] = {family: {} for family in self.families.values()}
        still = [piece for pieces in self.contents.values() for piece in pieces if isinstance(piece, bytes)]
        for name, number in (glyph for content in [*still, *map(raw, drawings(pdf))] for glyph in shown(content)):
            self.meanings[self.families[name]].setdefault(number, texts[name][number])
        self.take_objects(pdf)
        self.look_for_all(page)

    def look_for_all(self, page: Page) -> None:
        """Each place is found once: a text on the page or in the title, a QR code on the page."""
        found = [piece for pieces in self.contents.values() for piece in pieces]
        self.blanks = [each for each in found if isinstance(each, Blank)]
        places = [each.number for each in self.blanks]
        places += [
            number for number in range(len(page.texts)) for _found in range(self.claims.count(held_text(number)))
        ]
        codes = [each for each in found if isinstance(each, int)]
        if sorted(places) != [*range(len(page.texts))] or sorted(codes) != [*range(len(page.squares))]:
            raise Uncut("what is a person's own is to stand in an element by itself")

    def take_objects(self, pdf: pydyf.PDF) -> None:
        """Sort the objects: those that never change are written now, the others for each document."""
        self.info, self.info_number = dict(pdf.info), pdf.info.number
        self.claims_number = referred(pdf.catalog["Metadata"])
        claims = raw(pdf.objects[self.claims_number]).decode()
        self.claims = claims.replace("</rdf:RDF>", UNIVERSAL + "</rdf:RDF>")
        resources = {referred(each["Resources"]) for each in pages(pdf)}
        self.fonts_number = referred(pdf.objects[resources.pop()]["Font"])
        changing = {self.info_number, self.claims_number, self.fonts_number, *self.contents}
        self.next_number = len(pdf.objects) + 1  # one for the pack of objects
        self.fixed = fixed(pdf, changing | set(embedded_fonts(pdf)))

    def print(self, page: Page, identifier: str) -> bytes:
        """The document of one person. Raises shaping.Tangled."""
        runs = [shaped(slot.text, slot.voice) for slot in page.texts]
        used = {family: dict(own) for family, own in self.meanings.items()}
        for run in (run for blank in self.blanks for run in runs[blank.number]):
            take(used.setdefault(run.face, {}), run)
        names = {face: face.encode() for face in used} | {family: name for name, family in self.families.items()}
        changing = self.described(page.texts)
        number = self.next_number
        listed = []
        for face in sorted(face for face, glyphs in used.items() if glyphs):
            changing |= enumerate(embedded(face, frozenset(used[face].items())).objects(number), number)
            number += OBJECTS
            called = {names[face], *(name for name, family in self.families.items() if family == face)}
            listed += [b"/%s %d 0 R" % (name, number - 1) for name in sorted(called)]
        changing[self.fonts_number] = b"<<%s>>" % b"".join(listed)
        moved = shifts(page.texts, runs)

        def filled(piece: Piece) -> bytes:
            if isinstance(piece, Blank):
                slot = piece.number
                return line(piece, moved[slot], runs[slot], page.texts[slot].spacing, names)
            return outlined(page.squares[piece].corners) if isinstance(piece, int) else piece

        changing |= {key: stream(b"".join(map(filled, pieces))) for key, pieces in self.contents.items()}
        return written(self.fixed, changing, identifier)

    def described(self, texts: Sequence[Slot]) -> dict[int, bytes]:
        """The title, in the two places that a PDF has for it."""
        title = pydyf.String(put(self.info["Title"].string, texts))
        claims = put(self.claims, texts, escaped=True).encode()
        return {
            self.info_number: pydyf.Dictionary(self.info | {"Title": title}).data,
            self.claims_number: stream(claims, "/Type/Metadata/Subtype/XML"),
        }


def cut(content: bytes, texts: Mapping[bytes, Mapping[int, str]], page: Page) -> list[Piece]:
    """A content stream in pieces, at the places that a person fills."""
    held = {held_text(number): number for number in range(len(page.texts))}
    places: list[tuple[int, int, Piece]] = []
    for found in TEXT.finditer(content):
        left, below, name, size, string = found.groups()
        number = held.get("".join(texts[name].get(each, "") for each in numbered(string)))
        if number is not None:
            places.append((found.start(), found.end(), Blank(number, float(left), below, size)))
    for number in range(len(page.squares)):
        path = outlined([held_corners(number)])
        at = content.find(path)
        while at >= 0:
            places.append((at, at + len(path), number))
            at = content.find(path, at + 1)
    pieces: list[Piece] = []
    done = 0
    for start, end, piece in sorted(places, key=lambda place: place[:2]):
        pieces += [content[done:start], piece]
        done = end
    return [*pieces, content[done:]]


def numbered(string: bytes) -> Iterator[int]:
    """The numbers of the glyphs in the hexadecimal strings of a PDF operator."""
    for _name, digits_of in SHOWN.findall(string):
        yield from (int(digits_of[at : at + 4], 16) for at in range(0, len(digits_of), 4))


def shown(content: bytes) -> Iterator[tuple[bytes, int]]:
    """The glyphs that a content stream shows, each with the name of its typeface."""
    name = b""
    for named, string in SHOWN.findall(content):
        name = named or name
        yield from ((name, int(string[at : at + 4], 16)) for at in range(0, len(string), 4))


def outlined(loops: Sequence[Sequence[tuple[int, int]]]) -> bytes:
    """PDF operators that go round each loop."""
    walks = ("".join(f"{x} {y} {'l' if at else 'm'}\n" for at, (x, y) in enumerate(loop)) for loop in loops)
    return "".join(f"{walk}h\n" for walk in walks).encode()


def shifts(texts: Sequence[Slot], runs: Sequence[tuple[Run, ...]]) -> list[float]:
    """By how many em each text begins further right than the short text that held its place."""
    wider = [
        width(own, slot.spacing) - width(shaped(held_text(number), slot.voice), slot.spacing)
        for number, (slot, own) in enumerate(zip(texts, runs, strict=True))
    ]
    moved = []
    for number, slot in enumerate(texts):
        inline = [other for other, each in enumerate(texts) if each.line == slot.line]
        before = sum(wider[other] for other in inline if other < number)
        moved.append(before - SHARES[slot.align] * sum(wider[other] for other in inline))
    return moved


def line(blank: Blank, moved: float, runs: tuple[Run, ...], spacing: float, resources: Mapping[str, bytes]) -> bytes:
    """PDF operators of one own text, from its matrix to the end of the text object."""
    left = f"{blank.left + moved * float(blank.size):.4f}".encode()
    return b"1 0 0 -1 %s %s Tm\n%s\nET" % (left, blank.below, drawn(runs, blank.size, spacing, resources))


def take(used: dict[int, str], run: Run) -> None:
    """Add the glyphs of a run, digits and letters with all of their kind: other digits are to need no other subset."""
    for glyph in run.glyphs:
        used.setdefault(glyph.number, glyph.text)
        for number, text in company(run.face, glyph.text):
            used.setdefault(number, text)


@cache
def company(face: str, text: str) -> tuple[tuple[int, str], ...]:
    """The glyphs of all digits for a digit, of all plain letters of its case for a letter."""
    kind = next((kind for kind in COMPANY if text and text in kind), "")
    found = ((font(face).get_nominal_glyph(ord(letter)), letter) for letter in kind)
    return tuple((number, letter) for number, letter in found if number)


def put(text: str, texts: Sequence[Slot], escaped: bool = False) -> str:
    """A text of the file's description with a person's own words in it."""
    for number, slot in enumerate(texts):
        text = text.replace(held_text(number), escape(slot.text) if escaped else slot.text)
    return text
