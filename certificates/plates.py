"""Pages that are laid out once and printed many times, as an engraver's plate with blanks for the name.

WeasyPrint lays out a page whose own places hold a short text, the same for everybody; what it gives is cut at these
places. Printing sets a person's lines there, in the same faces with the same shaping, embeds the glyphs that are used,
and writes the file. Nothing of one person stays for the next: a plate is made from the page without anybody's texts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import pydyf
from weasyprint import Document

from certificates.embedding import OBJECTS, embedded
from certificates.enclosing import Enclosure, Places
from certificates.faces import FILES
from certificates.pdf import UNIVERSAL, contents, drawings, embedded_fonts, fixed, pages, raw, referred, stream, written
from certificates.shaping import Line, drawn, shaped
from certificates.slots import HELD, HELD_DAY, SHARES, Page, Slot, held_corners, held_text
from certificates.squares import Corners

TEXT = re.compile(rb"1 0 0 -1 (\S+) (\S+) Tm\n/(\w+) (\S+) Tf\n\[(.*?)\] TJ\nET")
SHOWN = re.compile(rb"/(\w+) \S+ Tf|<([0-9a-f]+)>")
HELD_IN_INFO = "D:10000101"


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

    def __init__(self, document: Document, pdf: pydyf.PDF, page: Page, places: Places | None = None) -> None:
        """From what WeasyPrint made of ``page.holding()``; with ``places`` where something is enclosed. Raises Uncut."""
        self.places = places
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
        changing |= self.places.numbers if self.places else set()
        self.next_number = len(pdf.objects) + 1  # one for the pack of objects
        self.fixed = fixed(pdf, changing | set(embedded_fonts(pdf)))

    def print(self, page: Page, identifier: str, enclosed: Enclosure | None = None) -> bytes:
        """The document of one person, with what is enclosed. Raises shaping.Tangled."""
        lines = [shaped(slot.text, slot.voice) for slot in page.texts]
        used = {family: dict(own) for family, own in self.meanings.items()}
        for blank in self.blanks:
            for face, meanings in lines[blank.number].meanings:
                own = used.setdefault(face, {})
                own |= meanings | own
        changing = self.described(page)
        number = self.next_number
        listed = []
        for face in sorted(face for face, glyphs in used.items() if glyphs):
            changing |= enumerate(embedded(face, frozenset(used[face].items())).objects(number), number)
            number += OBJECTS
            called = {face.encode(), *(name for name, family in self.families.items() if family == face)}
            listed += [b"/%s %d 0 R" % (name, number - 1) for name in sorted(called)]
        changing[self.fonts_number] = b"<<%s>>" % b"".join(listed)
        changing |= self.places.filled(enclosed, number) if self.places and enclosed else {}
        moved = shifts(page.texts, lines)

        def filled(piece: Piece) -> bytes:
            if isinstance(piece, Blank):
                return line(piece, page.texts[piece.number], moved[piece.number])
            return outlined(page.squares[piece].corners) if isinstance(piece, int) else piece

        changing |= {key: stream(b"".join(map(filled, pieces))) for key, pieces in self.contents.items()}
        return written(self.fixed, changing, identifier)

    def described(self, page: Page) -> dict[int, bytes]:
        """Title, subject and days, in the two places that a PDF has for them."""
        info = {
            key: put(str(value.string).replace(HELD_IN_INFO, f"D:{page.day:%Y%m%d}"), page)
            for key, value in self.info.items()
        }
        claims = put(self.claims.replace(HELD_DAY[:10] + "T", f"{page.day.isoformat()}T"), page, escaped=True)
        return {
            self.info_number: pydyf.Dictionary({key: pydyf.String(text) for key, text in info.items()}).data,
            self.claims_number: stream(claims.encode(), "/Type/Metadata/Subtype/XML"),
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


def outlined(loops: Sequence[Corners]) -> bytes:
    """PDF operators that go round each loop."""
    walks = ("".join(f"{x} {y} {'l' if at else 'm'}\n" for at, (x, y) in enumerate(loop)) for loop in loops)
    return "".join(f"{walk}h\n" for walk in walks).encode()


def shifts(texts: Sequence[Slot], lines: Sequence[Line]) -> list[float]:
    """By how many em each text begins further right than the short text that held its place."""
    wider = []
    together: dict[int, float] = {}
    for number, (slot, own) in enumerate(zip(texts, lines, strict=True)):
        wider.append(own.width(slot.spacing) - shaped(held_text(number), slot.voice).width(slot.spacing))
        together[slot.line] = together.get(slot.line, 0) + wider[-1]
    moved, before = [], dict.fromkeys(together, 0.0)
    for slot, more in zip(texts, wider, strict=True):
        moved.append(before[slot.line] - SHARES[slot.align] * together[slot.line])
        before[slot.line] += more
    return moved


def line(blank: Blank, slot: Slot, moved: float) -> bytes:
    """PDF operators of one own text, from its matrix to the end of the text object."""
    left = f"{blank.left + moved * float(blank.size):.4f}".encode()
    return b"1 0 0 -1 %s %s Tm\n%s\nET" % (left, blank.below, drawn(slot.text, slot.voice, slot.spacing, blank.size))


def put(text: str, page: Page, escaped: bool = False) -> str:
    """A text of the file's description with a person's own words in it."""
    if held_text(0)[0] not in text:
        return text
    return HELD.sub(lambda found: own_words(page, int(found[1]), escaped), text)


def own_words(page: Page, number: int, escaped: bool) -> str:
    if number >= len(page.texts):
        return held_text(number)
    return escape(page.texts[number].text) if escaped else page.texts[number].text
