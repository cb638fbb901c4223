"""What a certificate carries beside its page: the credential as an associated file, and room for one signature.

The signature is part of the file from the start, not of an update that follows it: one revision, covered whole.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import md5
from typing import Any

import pydyf

from certificates.credential import NAME
from certificates.pdf import pages, stream
from certificates.seals import Evidence

INVISIBLE = pydyf.Array([0, 0, 0, 0])
PRINTED_LOCKED = 4 + 128
RANGE = b"/ByteRange[0 %010d %010d %010d]"
NO_CHANGES = "<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P 1>>>>"
TRANSCRIPT = "Open Badges 3.0 credential of this transcript, signed by its issuer"
DESCRIPTION = "Open Badges 3.0 credential of this certificate, signed by its issuer"


@dataclass(frozen=True)
class Enclosure:
    """The attached file, who signs and when, how many bytes are kept free for the signature, and what proves its certificates."""

    credential: bytes
    signer: str
    moment: datetime
    room: int
    evidence: Evidence | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values, for a process of its own; ``from_json`` gives back an equal one."""
        kept = self.evidence
        return {
            "credential": b64encode(self.credential).decode(),
            "signer": self.signer,
            "moment": self.moment.isoformat(),
            "room": self.room,
            "evidence": [_texts(each) for each in (kept.certificates, kept.lists, kept.answers)] if kept else None,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Enclosure":
        kept = plain["evidence"]
        return cls(
            b64decode(plain["credential"]),
            plain["signer"],
            datetime.fromisoformat(plain["moment"]),
            plain["room"],
            Evidence(*(tuple(map(b64decode, each)) for each in kept)) if kept else None,
        )


def _texts(kept: Iterable[bytes]) -> list[str]:
    return [b64encode(each).decode() for each in kept]


@dataclass(frozen=True)
class Places:
    """Numbers of the objects that differ from document to document."""

    file: int
    signature: int
    evidence: int | None = None

    @property
    def numbers(self) -> set[int]:
        return {self.file, self.signature} | ({self.evidence} if self.evidence else set())

    def filled(self, enclosed: Enclosure, number: int) -> dict[int, bytes]:
        """The objects of what is enclosed; those that there may be more or fewer of are counted from `number`."""
        objects = {self.file: attached(enclosed), self.signature: unsigned(enclosed)}
        return objects | (
            store(enclosed.evidence, self.evidence, number) if enclosed.evidence and self.evidence else {}
        )


def prepare(pdf: pydyf.PDF, evident: bool = False, described: str = DESCRIPTION) -> Places:
    """Put everything into a laid-out document that says where the file, the signature and its evidence are."""
    file, signature = pydyf.Dictionary({}), pydyf.Dictionary({})
    pdf.add_object(file)
    pdf.add_object(signature)
    about = {
        "Type": "/Filespec",
        "F": pydyf.String(NAME),
        "UF": pydyf.String(NAME),
        "Desc": pydyf.String(described),
        "AFRelationship": "/Alternative",
        "EF": pydyf.Dictionary({"F": file.reference, "UF": file.reference}),
    }
    attachment = pydyf.Dictionary(about)
    pdf.add_object(attachment)
    names = pydyf.Dictionary({"Names": pydyf.Array([pydyf.String(NAME), attachment.reference])})
    pdf.catalog["Names"] = pydyf.Dictionary({**pdf.catalog.get("Names", {}), "EmbeddedFiles": names})
    pdf.catalog["AF"] = pydyf.Array([attachment.reference])
    page = pages(pdf)[0]
    field = {
        "Type": "/Annot",
        "Subtype": "/Widget",
        "FT": "/Sig",
        "T": pydyf.String("Signature"),
        "TU": pydyf.String("디지털 서명 / Digital signature"),
        "Rect": INVISIBLE,
        "F": PRINTED_LOCKED,
        "P": page.reference,
        "V": signature.reference,
    }
    widget = pydyf.Dictionary(field)
    pdf.add_object(widget)
    page["Annots"] = pydyf.Array([*page.get("Annots", []), widget.reference])
    page["Tabs"] = "/S"
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([widget.reference]), "SigFlags": 3})
    pdf.catalog["Perms"] = pydyf.Dictionary({"DocMDP": signature.reference})
    if not evident:
        return Places(file.number, signature.number)
    evidence = pydyf.Dictionary({})
    pdf.add_object(evidence)
    pdf.catalog["DSS"] = evidence.reference
    return Places(file.number, signature.number, evidence.number)


def store(evidence: Evidence, place: int, number: int) -> dict[int, bytes]:
    """The document security store, of which a reader takes what it needs to judge the signature."""
    objects: dict[int, bytes] = {}
    listed = b""
    for name, kept in (("Certs", evidence.certificates), ("CRLs", evidence.lists), ("OCSPs", evidence.answers)):
        first = number + len(objects)
        objects |= {first + at: stream(each) for at, each in enumerate(kept)}
        if kept:
            listed += b"/%s[%s]" % (name.encode(), b" ".join(b"%d 0 R" % (first + at) for at in range(len(kept))))
    return objects | {place: b"<</Type/DSS%s>>" % listed}


def attached(enclosed: Enclosure) -> bytes:
    content = enclosed.credential
    check = md5(content, usedforsecurity=False).hexdigest()
    return stream(
        content,
        "/Type/EmbeddedFile/Subtype/application#2fjson"
        f"/Params<</Size {len(content)}/ModDate({dated(enclosed.moment)})/CheckSum<{check}>>>",
    )


def unsigned(enclosed: Enclosure) -> bytes:
    """The signature's dictionary with zeros where the signature and its range will stand."""
    about = (
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
        f"/Name {pydyf.String(enclosed.signer).data.decode('latin-1')}/M({dated(enclosed.moment)})/Reference[{NO_CHANGES}]"
    )
    return about.encode("latin-1") + RANGE % (0, 0, 0) + b"/Contents<" + b"00" * enclosed.room + b">>>"


def dated(moment: datetime) -> str:
    return f"D:{moment.astimezone(UTC):%Y%m%d%H%M%SZ}"
