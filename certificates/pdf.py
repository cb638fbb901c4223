"""Objects of a PDF as pydyf keeps them, and a whole file written of fixed and changing ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zlib import compress

import pydyf

FREE, DIRECT, PACKED = 0, 1, 2  # kinds of entries in the table of objects

# Says that PDF/UA-1 holds too, with the description that PDF/A asks for of a name that is not its own.
UNIVERSAL = """<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates which part of ISO 14289 is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


@dataclass(frozen=True)
class Fixed:
    """What all files of a plate begin with: header and unchanging objects, and where each object is."""

    start: bytes
    entries: Mapping[int, tuple[int, int, int]]
    trailer: str


def stream(data: bytes, more: str = "") -> bytes:
    packed = compress(data, 6)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (more.encode(), len(packed), packed)


def contents(pdf: pydyf.PDF) -> list[pydyf.Stream]:
    """What is drawn on each page."""
    return [pdf.objects[referred(each["Contents"])] for each in pages(pdf)]


def drawings(pdf: pydyf.PDF) -> list[pydyf.Stream]:
    """Pictures and patterns that may hold text of their own."""
    return [each for each in pdf.objects if isinstance(each, pydyf.Stream) and "Resources" in each.extra]


def pages(pdf: pydyf.PDF) -> list[pydyf.Dictionary]:
    return [each for each in pdf.objects if isinstance(each, pydyf.Dictionary) and each.get("Type") == "/Page"]


def referred(reference: bytes) -> int:
    return int(reference.split()[0])


def raw(content: pydyf.Stream) -> bytes:
    """What a stream holds, not compressed."""
    content.compress = False
    data: bytes = content.data
    return data[data.index(b"\nstream\n") + 8 : -len(b"\nendstream")]


def embedded_fonts(pdf: pydyf.PDF) -> Iterator[int]:
    """The numbers of the objects by which WeasyPrint embeds typefaces; ours take their place."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Dictionary) and each.get("Type") in ("/Font", "/FontDescriptor"):
            yield each.number
            yield from (referred(each[key]) for key in ("ToUnicode", "FontFile2", "FontFile3") if key in each)


def fixed(pdf: pydyf.PDF, others: set[int]) -> Fixed:
    """Write what never changes: streams one by one, everything else packed into one."""
    out = bytearray(b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n")
    entries: dict[int, tuple[int, int, int]] = {0: (FREE, 0, 65535)} | dict.fromkeys(others, (FREE, 0, 0))
    packed = []
    for each in pdf.objects[1:]:
        if each.number in others:
            continue
        if isinstance(each, pydyf.Stream):
            each.compress = "Filter" not in each.extra
            entries[each.number] = (DIRECT, len(out), 0)
            out += each.indirect + b"\n"
        else:
            packed.append(each)
    store = len(pdf.objects)
    bodies = [each.data for each in packed]
    places = []
    at = 0
    for place, (each, body) in enumerate(zip(packed, bodies, strict=True)):
        entries[each.number] = (PACKED, store, place)
        places.append(f"{each.number} {at}")
        at += len(body) + 1
    table = " ".join(places).encode() + b"\n"
    entries[store] = (DIRECT, len(out), 0)
    body = stream(table + b"\n".join(bodies), f"/Type/ObjStm/N {len(packed)}/First {len(table)}")
    out += b"%d 0 obj\n%s\nendobj\n" % (store, body)
    return Fixed(bytes(out), entries, f"/Root {pdf.catalog.number} 0 R/Info {pdf.info.number} 0 R")


def written(plate: Fixed, changing: Mapping[int, bytes], identifier: str) -> bytes:
    """The whole file: the fixed part, the changing objects, and the table of where each is."""
    out = [plate.start]
    at = len(plate.start)
    entries = dict(plate.entries)
    for number in sorted(changing):
        entries[number] = (DIRECT, at, 0)
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, changing[number]))
        at += len(out[-1])
    last = max(entries) + 1
    entries[last] = (DIRECT, at, 0)
    table = b"".join(
        kind.to_bytes(1, "big") + where.to_bytes(3, "big") + more.to_bytes(2, "big")
        for _number, (kind, where, more) in sorted(entries.items())
    )
    about = f"/Type/XRef/W[1 3 2]/Size {last + 1}{plate.trailer}/ID[<{identifier}><{identifier}>]"
    out.append(b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (last, stream(table, about), at))
    return b"".join(out)
