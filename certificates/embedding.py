"""The typefaces in a PDF: of each face only the glyphs that the document shows, as PDF/A wants them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256

import uharfbuzz as hb
from fontTools.ttLib import TTFont

from certificates import faces
from certificates.pdf import stream
from certificates.shaping import advance, font

Glyphs = frozenset[tuple[int, str]]  # the number of a glyph in its face, and the text that it stands for
KEPT = ("glyf", "loca", "head", "hhea", "hmtx", "maxp")  # what a PDF reader uses of a TrueType file
CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
%s
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


@dataclass(frozen=True)
class Embedded:
    """One face of one document: what five objects of a PDF say, references apart."""

    name: str
    file: bytes
    meanings: bytes
    descriptor: str
    widths: str

    def objects(self, first: int) -> list[bytes]:
        """The bodies of five objects numbered from ``first``; the last is the one that a page names."""
        file, meanings, descriptor, descendant, _font = range(first, first + 5)
        return [
            self.file,
            self.meanings,
            f"<</Type/FontDescriptor/FontName/{self.name}{self.descriptor}/FontFile2 {file} 0 R>>".encode(),
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{self.name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            f"/Supplement 0>>/CIDToGIDMap/Identity/W[{self.widths}]/FontDescriptor {descriptor} 0 R>>".encode(),
            f"<</Type/Font/Subtype/Type0/BaseFont/{self.name}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant} 0 R]/ToUnicode {meanings} 0 R>>".encode(),
        ]


OBJECTS = 5


@lru_cache(maxsize=256)
def embedded(face: str, glyphs: Glyphs) -> Embedded:
    numbers = sorted({number for number, _text in glyphs})
    digest = sha256(repr((face, sorted(glyphs))).encode()).digest()
    tag = "".join(chr(65 + byte % 26) for byte in digest[:6])  # says which subset: other glyphs, other name
    data = subset(face, numbers)
    return Embedded(
        f"{tag}+{face}",
        stream(data, f"/Length1 {len(data)}"),
        stream(meanings(glyphs).encode()),
        descriptor(face),
        widths(face, numbers),
    )


@cache
def whole(face: str) -> hb.Face:
    """The face, prepared once for taking glyphs out of it."""
    return hb.subset_preprocess(font(face).face)


def subset(face: str, numbers: Iterable[int]) -> bytes:
    """A font file with these glyphs only, under their own numbers."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(numbers)
    wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    wanted.drop_table_tag_set.update(dropped(face))
    return bytes(hb.subset(whole(face), wanted).blob.data)


@cache
def dropped(face: str) -> tuple[int, ...]:
    unused = [tag for tag in font(face).face.table_tags if tag not in KEPT]
    return tuple(int.from_bytes(tag.encode(), "big") for tag in unused)


def meanings(glyphs: Glyphs) -> str:
    """The table from glyphs to text, for whoever copies it out or listens to it."""
    lines = [f"<{number:04x}> <{text.encode('utf-16-be').hex()}>" for number, text in sorted(glyphs)]
    batches = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    return CMAP % "\n".join(f"{len(batch)} beginbfchar\n" + "\n".join(batch) + "\nendbfchar" for batch in batches)


def widths(face: str, numbers: Iterable[int]) -> str:
    """The widths of the glyphs in thousandths of an em, runs of neighbours together: "7[500 610] 12[480]"."""
    runs: list[str] = []
    last = -1
    for number in numbers:
        wide = round(1000 * advance(face, number))
        if runs and number == last + 1:
            runs[-1] += f" {wide}"
        else:
            runs.append(f"{number}[{wide}")
        last = number
    return "".join(f"{run}]" for run in runs)


@cache
def descriptor(face: str) -> str:
    """What a reader may need to stand in for the face: its measures in thousandths of an em."""
    with TTFont(faces.FOLDER / faces.FILES[face], lazy=True) as file:
        head, heights, em = file["head"], file["hhea"], file["head"].unitsPerEm
        box = [round(1000 * edge / em) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)]
        up, down = (round(1000 * edge / em) for edge in (heights.ascent, heights.descent))
        capital = round(1000 * getattr(file["OS/2"], "sCapHeight", heights.ascent) / em)
    return (
        f"/FontFamily({face})/Flags 4/FontBBox[{box[0]} {box[1]} {box[2]} {box[3]}]/ItalicAngle 0"
        f"/Ascent {up}/Descent {down}/CapHeight {capital}/StemV 80"
    )
