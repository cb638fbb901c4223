"""Everything that can be checked of a PDF that claims to be a certificate or a transcript of ours, each check with its sentence.

The file is a stranger's: whatever is in it, the answer is a sentence.
"""

import io
import json
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates.apart import outcome
from certificates.credential import NAME, signer
from certificates.linked_data import Unknown
from certificates.transcript_credential import KIND as TRANSCRIPT
from lms.kit import clock

LARGEST = 20 << 20  # ours have some 60 kB
LARGEST_CREDENTIAL = 1 << 20
LONGEST_BLANK = 64
KIND = "OpenBadgeCredential"
UNREADABLE = "The credential cannot be read."
DAMAGED = "The file is damaged or cut off, so nothing in it can be trusted. Ask for the file again."


@dataclass(frozen=True)
class Check:
    """What was looked at and found; `sentence` says it either way."""

    good: bool
    sentence: str


@dataclass(frozen=True)
class Known:
    """What the issuer publishes. `gone` says whether a place of a status list is set (None: no such list)."""

    signers: Collection[str]
    demo: Collection[str]
    credential_keys: Collection[str]
    gone: Callable[[str, int], bool | None]


class Stop(Exception):
    """After this nothing else can be checked; the sentence says why."""


def read(path: Path) -> bytes:
    """The file, unless it is too large to be one of ours. Raises Stop."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise Stop(f"The file has {size >> 20} MB; what we issue has less than one. It is none of ours.")
        return path.read_bytes()
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}.") from error


def examine(content: bytes, known: Known) -> Iterator[Check]:
    """Check after check; it ends early where the next one would mean nothing."""
    try:
        if is_credential(content):
            yield from _proven(_document(content), known)
            return
        reader, signature = _opened(content)
        yield from _signed(signature, known)
        yield from _proven(_document(_attached(reader)), known)
    except Stop as stop:
        yield Check(False, str(stop))


def is_credential(content: bytes) -> bool:
    """Whether a file is a credential of its own, as holders keep it in a wallet, and no PDF."""
    return content[:LONGEST_BLANK].lstrip().startswith(b"{")


def attached(content: bytes) -> bytes:
    """The credential of a document that we printed, as it is attached. Raises Stop."""
    return _attached(_opened(content)[0])


def _opened(content: bytes) -> tuple[PdfFileReader, EmbeddedPdfSignature]:
    if not content.startswith(b"%PDF-"):
        raise Stop("This is no PDF.")
    try:
        reader = PdfFileReader(io.BytesIO(content))
        locked, signatures = reader.encrypted, [] if reader.encrypted else reader.embedded_signatures
        revisions = 1 if locked else reader.total_revisions
    except Exception as error:  # a stranger's file may break the reader in any way
        raise Stop(DAMAGED) from error
    if locked:
        raise Stop("The file is locked with a password. What we issue never is, so this is not as it was issued.")
    if not signatures:
        raise Stop("The file carries no signature, so it is nothing of ours, or it was printed anew.")
    if len(signatures) > 1 or revisions > 1:
        raise Stop("Something was added to the file after it was signed. Ask for the file as it was issued.")
    return reader, signatures[0]


def _signed(signature: EmbeddedPdfSignature, known: Known) -> Iterator[Check]:
    status = _judged(signature)
    sound = status.intact and status.valid
    whole = (
        status.coverage == SignatureCoverageLevel.ENTIRE_FILE and status.modification_level == ModificationLevel.NONE
    )
    yield Check(
        sound,
        "The signature is sound: not a byte that it covers was changed."
        if sound
        else "The file was changed after it was signed: the signature does not fit.",
    )
    yield Check(
        whole,
        "The signature covers the whole file."
        if whole
        else "The signature does not cover the whole file as it is now.",
    )
    certificate: x509.Certificate = status.signing_cert
    name = certificate.subject.human_friendly
    ours = sha256(certificate.dump()).hexdigest()
    if ours not in known.signers:
        yield Check(False, f"It was signed by {name}, which is no key of ours.")
    elif ours in known.demo:
        yield Check(True, f"It was signed by a key of ours, but a demonstration key: {name}.")
    else:
        yield Check(True, f"It was signed by us: {name}.")


def _judged(signature: EmbeddedPdfSignature) -> PdfSignatureStatus:
    try:
        trust = ValidationContext(trust_roots=[signature.signer_cert])
        status: PdfSignatureStatus = outcome(async_validate_pdf_signature(signature, trust))
        return status
    except Exception as error:
        raise Stop("The signature cannot be read, so the file is not as it was issued.") from error


def _attached(reader: PdfFileReader) -> bytes:
    """The attached credential, at most a megabyte of it."""
    try:
        names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
        (place,) = [at for at in range(0, len(names), 2) if names[at] == NAME]
        stream = names[place + 1]["/EF"]["/F"]
    except Exception as error:
        raise Stop(
            "No credential is attached to the file, so it is no certificate and no transcript of ours."
        ) from error
    try:
        if not isinstance(stream, generic.StreamObject) or stream["/Filter"] != "/FlateDecode":
            raise ValueError("the stream")
        return zlib.decompressobj().decompress(stream.encoded_data, LARGEST_CREDENTIAL)
    except Exception as error:
        raise Stop(UNREADABLE) from error


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Stop(UNREADABLE) from error
    if not isinstance(document, dict):
        raise Stop(UNREADABLE)
    return document


def _proven(document: dict[str, Any], known: Known) -> Iterator[Check]:
    try:
        public = signer(document)
    except Unknown as error:
        raise Stop("The credential was changed, or is none of ours: its proof does not hold.") from error
    if KIND not in document.get("type", ()):
        raise Stop("What we signed there is no certificate and no transcript, but something else.")
    ours = public in known.credential_keys
    yield Check(
        ours,
        "The credential is as we signed it."
        if ours
        else "The credential has a proof that holds, but of no key of ours.",
    )
    if ours:
        yield from standing(document, known)


def standing(document: Mapping[str, Any], known: Known) -> Iterator[Check]:
    """Whether a credential whose proof holds still counts today."""
    status = document["credentialStatus"]
    gone = known.gone(status["statusListCredential"], int(status["statusListIndex"]))
    subject = document["credentialSubject"]
    number = subject["licenseNumber"]
    ended = (
        "withdrawn by its holder" if subject["achievement"]["achievementType"] == TRANSCRIPT else "revoked or replaced"
    )
    if gone is None:
        yield Check(False, f"Whether {number} still counts cannot be told: its status list is not here.")
    else:
        yield Check(not gone, f"{number} was {ended}." if gone else f"{number} was not {ended}.")
    until = document.get("validUntil")
    if until:
        over = clock.now() >= datetime.fromisoformat(until)
        yield Check(not over, f"It expired on {until[:10]}." if over else f"It is valid until {until[:10]}.")
