"""The same facts for machines: an Open Badges 3.0 credential (W3C Verifiable Credentials 2.0) with its own proof."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.facts import Facts, Words
from certificates.keys import CredentialKey
from certificates.linked_data import CREDENTIALS, OPEN_BADGES, Unknown, canonical
from certificates.multibase import base58, unbase58, unmultikey
from certificates.transcript_facts import TranscriptFacts
from lms.kit.clock import SEOUL

CONTEXTS = [CREDENTIALS, OPEN_BADGES]
SUITE = "eddsa-rdfc-2022"
PROOF = {"type": "DataIntegrityProof", "cryptosuite": SUITE, "proofPurpose": "assertionMethod"}
NAME = "credential.json"
Document = dict[str, Any]


@dataclass(frozen=True)
class Holder:
    """Who a credential is about, and where its status stands. The hash is of the e-mail address with the salt."""

    email_hash: str
    salt: str
    status_list: str
    status_index: int


def email_hash(email: str, salt: str) -> str:
    """As Open Badges 3.0 writes it."""
    return f"sha256${sha256((email.strip().lower() + salt).encode()).hexdigest()}"


def issuer_address(public_url: str) -> str:
    """did:web of an installation, whose document lies at ``/.well-known/did.json`` (or at the path of the address)."""
    parts = urlsplit(public_url)
    path = "".join(f":{quote(part, safe='')}" for part in parts.path.split("/") if part)
    return f"did:web:{quote(parts.netloc, safe='')}{path}"


def credential(facts: Facts, holder: Holder, issuer: str) -> Document:
    """Of a certificate, without a proof. Everything that is printed stands in it."""
    subject = {
        "activityStartDate": start_of(facts.starts_on),
        "activityEndDate": start_of(facts.ends_on),
        "term": both(facts.cohort),
        "achievement": _achievement(facts, issuer),
    }
    whole = about(facts, holder, issuer, f"수료증 {facts.number} / Certificate {facts.number_en}", subject)
    if facts.expires_on:
        whole["validUntil"] = _end_of(facts.expires_on)
    return whole


def about(facts: Facts | TranscriptFacts, holder: Holder, issuer: str, name: str, subject: Document) -> Document:
    """What every credential says: who issued it when, of whom, and where its status stands."""
    moment = start_of(facts.issued_on)
    return {
        "@context": CONTEXTS,
        "id": facts.verify_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": name,
        "issuer": {"id": issuer, "type": ["Profile"], "name": both(facts.issuer), "official": _signed_by(facts)},
        "validFrom": moment,
        "awardedDate": moment,
        "credentialSubject": {
            "id": f"{facts.verify_url}#holder",
            "type": ["AchievementSubject"],
            "identifier": _identities(facts, holder),
            "licenseNumber": facts.number,
            **subject,
        },
        "credentialStatus": {
            "id": f"{holder.status_list}#{holder.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(holder.status_index),
            "statusListCredential": holder.status_list,
        },
    }


def _identities(facts: Facts | TranscriptFacts, holder: Holder) -> list[Document]:
    names = [name for name in dict.fromkeys((facts.name, facts.latin_name)) if name]
    told = [{"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"} for name in names]
    email = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": holder.email_hash,
        "identityType": "emailAddress",
        "salt": holder.salt,
    }
    return [email, *told]


def _achievement(facts: Facts, issuer: str) -> Document:
    courses = "; ".join(f"{both(course.title)} ({course.hours} h)" for course in facts.courses)
    within = f", a course of {both(facts.programme)}" if facts.course else ""
    named = [issuer, *(dict(words) for words in (facts.programme, facts.course) if words)]
    same = uuid5(NAMESPACE_URL, json.dumps(named, sort_keys=True, ensure_ascii=False))
    return {
        "id": f"urn:uuid:{same}",
        "type": ["Achievement"],
        "achievementType": "Course" if facts.course else "CertificateOfCompletion",
        "name": both(facts.achieved),
        "description": f"{both(facts.achieved)} ({facts.hours} h){within}",
        "criteria": {
            "narrative": f"Completed on {facts.completed_on.isoformat()} with {facts.hours} hours of study"
            + (f": {courses}." if courses else ".")
        },
    }


def _signed_by(facts: Facts | TranscriptFacts) -> str:
    ko = f"{facts.signatory_title['ko']} {facts.signatory['ko']}"
    return both({"ko": ko, "en": f"{facts.signatory['en']}, {facts.signatory_title['en']}"})


def both(words: Words) -> str:
    """A text in both languages, once if they say the same."""
    return " / ".join(dict.fromkeys((words["ko"], words["en"])))


def start_of(day: date) -> str:
    """A day as the standard wants it: as a moment, with its zone."""
    return datetime.combine(day, time(), SEOUL).isoformat()


def _end_of(day: date) -> str:
    return datetime.combine(day + timedelta(days=1), time(), SEOUL).isoformat()


def prove(document: Mapping[str, Any], key: CredentialKey, issuer: str, moment: datetime) -> Document:
    """The document with its proof, made at a moment. Raises linked_data.Unknown."""
    proof = PROOF | {
        "created": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": f"{issuer}#{key.public}",
    }
    signature = key.proving.sign(to_sign(document, proof))
    return {**document, "proof": [proof | {"proofValue": base58(signature)}]}


def to_sign(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    """What the signature of a proof is of: the digests of its options and of the document, both in canonical form."""
    options = canonical({"@context": document["@context"], **proof})
    return sha256(options.encode()).digest() + sha256(canonical(document).encode()).digest()


def signer(document: Mapping[str, Any]) -> str:
    """The public key (a Multikey) whose proof the document carries and which holds. Raises linked_data.Unknown."""
    proofs = document.get("proof")
    if not isinstance(proofs, list) or len(proofs) != 1 or not isinstance(proofs[0], dict):
        raise Unknown("the proof")
    proof = dict(proofs[0])
    value, method = proof.pop("proofValue", None), proof.get("verificationMethod")
    if not isinstance(value, str) or not isinstance(method, str) or any(proof.get(key) != PROOF[key] for key in PROOF):
        raise Unknown("the proof")
    address, _hash, public = method.partition("#")
    issuer = document.get("issuer")
    if (issuer.get("id") if isinstance(issuer, dict) else issuer) != address:
        raise Unknown("the proof is of somebody else")
    body = {key: said for key, said in document.items() if key != "proof"}
    try:
        key = Ed25519PublicKey.from_public_bytes(unmultikey(public))
        key.verify(unbase58(value), to_sign(body, proof))
    except (InvalidSignature, ValueError) as error:
        raise Unknown("the proof does not fit") from error
    return public


def written(document: Document) -> bytes:
    """As it is attached to the PDF."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
