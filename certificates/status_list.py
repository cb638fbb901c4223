"""W3C Bitstring Status List: one bit for each certificate and transcript, 1 when it no longer holds; signed, and public keys beside it."""

import gzip
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, or_, select

from certificates import entries, keys
from certificates.credential import Document, prove
from certificates.linked_data import CREDENTIALS
from certificates.models import Certificate
from certificates.multibase import base64url, unbase64url
from certificates.seal_models import ENTRIES, CredentialEntry, SigningKey
from certificates.transcript_models import Transcript
from lms.kit import clock
from lms.kit.db import session

SIZE = ENTRIES // 8


def bitstring(indexes: Iterable[int]) -> str:
    """The list with these bits set, the first entry in the highest bit; compressed, base64url with the prefix u."""
    bits = bytearray(SIZE)
    for index in indexes:
        bits[index // 8] |= 128 >> index % 8
    return base64url(gzip.compress(bytes(bits), mtime=0))


def is_set(encoded: str, index: int) -> bool:
    """Whether a bit is set. Raises ValueError for what is no list."""
    try:
        bits = gzip.decompress(unbase64url(encoded))
        return bool(bits[index // 8] & 128 >> index % 8)
    except (OSError, EOFError, IndexError) as error:
        raise ValueError("no status list") from error


def numbers() -> Sequence[int]:
    """The lists that there are; the first is there before anything is issued."""
    last = session.scalar(select(func.max(CredentialEntry.list_number))) or 1
    return range(1, last + 1)


def revoked(number: int) -> Sequence[int]:
    """The places of what was revoked, replaced or withdrawn."""
    certificates = CredentialEntry.certificate.has(or_(Certificate.revocation.has(), Certificate.replacement.has()))
    gone = or_(certificates, CredentialEntry.transcript.has(Transcript.withdrawn_at.is_not(None)))
    found = select(CredentialEntry.status_index)
    return session.scalars(found.where(CredentialEntry.list_number == number, gone)).all()


def credential(number: int) -> Document:
    """A status list as a credential, signed now. Raises keys.NoKey."""
    address, issuer, now = entries.status_list_address(number), entries.issuer(), clock.now()
    document: Document = {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": bitstring(revoked(number)),
        },
    }
    return prove(document, keys.prover(), issuer, now)


def known_keys() -> Sequence[SigningKey]:
    """All keys that ever signed a certificate, the newest first; before them that of now, if it is new."""
    rows = session.scalars(select(SigningKey).order_by(SigningKey.first_used_at.desc(), SigningKey.id)).all()
    try:
        own = entries.public_half(keys.current())
    except keys.NoKey:
        return rows
    new = all((row.fingerprint, row.credential_key) != (own.fingerprint, own.credential_key) for row in rows)
    return [own, *rows] if new else rows


def credential_keys() -> list[str]:
    """The public halves of all keys that ever signed a credential, that of now first."""
    kept = [row.credential_key for row in known_keys()]
    try:
        return list(dict.fromkeys([keys.prover().public, *kept]))
    except keys.NoKey:
        return list(dict.fromkeys(kept))


def public_keys() -> dict[str, Any]:
    """The DID document of this installation, with the certificates of the PDF signatures beside the keys."""
    issuer, rows = entries.issuer(), known_keys()
    methods = [
        {"id": f"{issuer}#{public}", "type": "Multikey", "controller": issuer, "publicKeyMultibase": public}
        for public in credential_keys()
    ]
    certificates = {row.fingerprint: row for row in rows}
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
        "pdfSigners": [
            {"fingerprint": each, "certificate": row.certificate, "demonstration": row.demo}
            for each, row in certificates.items()
        ],
    }
