"""A PDF of many pages written by ourselves: PDF/A-3a and PDF/UA-1, for long tables that a layout engine takes too long for.

Pages are content streams; what is marked in them hangs on a tree of elements, so that a screen reader finds its way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from html import escape
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from certificates.embedding import OBJECTS, embedded
from certificates.pdf import DIRECT, FREE, PACKED, UNIVERSAL, stream
from lms.kit import clock

PACK = 400  # objects that are compressed together
CLAIMS = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">\
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>\
<rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreateDate>{made}</xmp:CreateDate></rdf:Description>
{universal}</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass
class Element:
    """A part of the tree: its kind ("TD"), what it says of itself, its parts and the marked places of its page."""

    number: int
    kind: str
    parent: int
    about: str = ""
    page: int | None = None
    parts: list[str] = field(default_factory=list)

    def body(self) -> bytes:
        page = f"/Pg {self.page} 0 R" if self.page else ""
        return (
            f"<</Type/StructElem/S/{self.kind}/P {self.parent} 0 R{page}{self.about}/K[{' '.join(self.parts)}]>>"
        ).encode()


class Tagged:
    """The document while it is written. `write` closes it."""

    def __init__(self, *, title: str, language: str, made: datetime, size: tuple[float, float]) -> None:
        self.title, self.language, self.made, self.size = title, language, made, size
        self.objects: dict[int, bytes] = {}
        self.streams: set[int] = set()
        self.count = 0
        self.catalog, self.tree, self.pages, self.fonts = (self.new() for _place in range(4))
        self.elements: list[Element] = []
        self.page_numbers: list[int] = []
        self.contents: list[int] = []
        self.marked: list[list[int]] = []
        self.glyphs: dict[str, dict[int, str]] = {}
        self.whole = self.element("Document", None)

    def new(self) -> int:
        """The number of one more object."""
        self.count += 1
        return self.count

    def element(self, kind: str, parent: Element | None, about: str = "") -> Element:
        """One more part of the tree, the last of its parent's."""
        made = Element(self.new(), kind, parent.number if parent else self.tree, about)
        if parent:
            parent.parts.append(f"{made.number} 0 R")
        self.elements.append(made)
        return made

    def begin_page(self) -> None:
        self.page_numbers.append(self.new())
        self.contents.append(self.new())
        self.marked.append([])

    def mark(self, element: Element, content: bytes) -> bytes:
        """Content of this page that belongs to an element."""
        here = self.marked[-1]
        element.page = self.page_numbers[-1]
        element.parts.append(str(len(here)))
        here.append(element.number)
        return b"/%s<</MCID %d>>BDC\n%s\nEMC\n" % (element.kind.encode(), len(here) - 1, content)

    def end_page(self, at: int, content: bytes) -> None:
        """Keep the content of page `at` (from 0); compressed, so that a long document stays small while it grows."""
        self._stream(self.contents[at], content)

    def use(self, face: str, glyphs: dict[int, str]) -> None:
        """Say that glyphs of a face are shown, and what they stand for."""
        own = self.glyphs.setdefault(face, {})
        for number, text in glyphs.items():
            own.setdefault(number, text)

    def write(self, identifier: str) -> bytes:
        """The whole file."""
        width, height = self.size
        for place, (page, content) in enumerate(zip(self.page_numbers, self.contents, strict=True)):
            self.objects[page] = (
                f"<</Type/Page/Parent {self.pages} 0 R/MediaBox[0 0 {width} {height}]/Contents {content} 0 R"
                f"/Resources<</Font {self.fonts} 0 R>>/StructParents {place}/Tabs/S>>"
            ).encode()
        kids = " ".join(f"{page} 0 R" for page in self.page_numbers)
        self.objects[self.pages] = f"<</Type/Pages/Count {len(self.page_numbers)}/Kids[{kids}]>>".encode()
        self._fonts()
        self._tree()
        self._catalog()
        return self._file(identifier)

    def _stream(self, number: int, data: bytes, more: str = "") -> None:
        self.objects[number] = stream(data, more)
        self.streams.add(number)

    def _fonts(self) -> None:
        listed = []
        for face in sorted(self.glyphs):
            first = self.count + 1
            self.count += OBJECTS
            bodies = embedded(face, frozenset(self.glyphs[face].items())).objects(first)
            self.objects |= dict(enumerate(bodies, first))
            self.streams |= {first, first + 1}  # the file, and what its glyphs stand for
            listed.append(f"/{face} {first + OBJECTS - 1} 0 R")
        self.objects[self.fonts] = f"<<{''.join(listed)}>>".encode()

    def _tree(self) -> None:
        for each in self.elements:
            self.objects[each.number] = each.body()
        rows = (f"{place}[{' '.join(f'{n} 0 R' for n in own)}]" for place, own in enumerate(self.marked))
        self.objects[self.tree] = (
            f"<</Type/StructTreeRoot/K {self.whole.number} 0 R/ParentTree<</Nums[{''.join(rows)}]>>"
            f"/ParentTreeNextKey {len(self.marked)}>>"
        ).encode()

    def _catalog(self) -> None:
        claims, profile = self.new(), self.new()
        made = self.made.astimezone(clock.SEOUL).isoformat(timespec="seconds")
        about = CLAIMS.format(title=escape(self.title), made=made, universal=UNIVERSAL)
        self.objects[claims] = b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%s\nendstream" % (
            len(about.encode()),
            about.encode(),
        )
        self.streams.add(claims)
        self._stream(profile, colours(), "/N 3/Alternate/DeviceRGB")
        self.objects[self.catalog] = (
            f"<</Type/Catalog/Pages {self.pages} 0 R/Lang({self.language})/MarkInfo<</Marked true>>"
            f"/StructTreeRoot {self.tree} 0 R/ViewerPreferences<</DisplayDocTitle true>>/Metadata {claims} 0 R"
            "/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)"
            f"/DestOutputProfile {profile} 0 R>>]>>"
        ).encode()

    def _file(self, identifier: str) -> bytes:
        out = bytearray(b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n")
        entries: dict[int, tuple[int, int, int]] = {0: (FREE, 0, 65535)}
        for number in sorted(self.streams):
            entries[number] = (DIRECT, len(out), 0)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, self.objects.pop(number))
        for pack in packs(sorted(self.objects)):
            store = self.new()
            table, bodies, at = [], [], 0
            for place, number in enumerate(pack):
                body = self.objects.pop(number)
                entries[number] = (PACKED, store, place)
                table.append(f"{number} {at}")
                bodies.append(body)
                at += len(body) + 1
            head = " ".join(table).encode() + b"\n"
            entries[store] = (DIRECT, len(out), 0)
            body = stream(head + b"\n".join(bodies), f"/Type/ObjStm/N {len(pack)}/First {len(head)}")
            out += b"%d 0 obj\n%s\nendobj\n" % (store, body)
        last = self.new()
        entries[last] = (DIRECT, len(out), 0)
        rows = b"".join(
            kind.to_bytes(1, "big") + where.to_bytes(4, "big") + more.to_bytes(2, "big")
            for _number, (kind, where, more) in sorted(entries.items())
        )
        about = f"/Type/XRef/W[1 4 2]/Size {last + 1}/Root {self.catalog} 0 R/ID[<{identifier}><{identifier}>]"
        out += b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (last, stream(rows, about), entries[last][1])
        return bytes(out)


def packs(numbers: Iterable[int]) -> Iterable[list[int]]:
    """So many at a time."""
    left = iter(numbers)
    while pack := list(islice(left, PACK)):
        yield pack


@cache
def colours() -> bytes:
    """The profile of sRGB, which comes with the layout engine; the engine itself is not loaded."""
    found = find_spec("weasyprint")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("weasyprint is not installed")
    return (Path(found.submodule_search_locations[0]) / "pdf" / "sRGB2014.icc").read_bytes()
