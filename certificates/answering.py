"""What verification answers a machine: the page's facts as JSON. The form is promised in docs/verification.md."""

from typing import Any

from certificates import addresses
from certificates.facts import COURSE, LAST_DAY, Facts
from certificates.models import Certificate
from certificates.states import State
from certificates.transcript_facts import TranscriptFacts
from certificates.transcript_models import Transcript
from lms.kit import clock

JSON = "application/json"
LINKED = "application/ld+json"
KINDS = ("text/html", JSON, LINKED)  # the first is for whoever takes anything
UNKNOWN = "unknown"
PRINTED = ("name", "latin_name", "programme", "cohort", "courses", "hours", "starts_on", "ends_on", "completed_on")
TRANSCRIBED = ("code", "name", "latin_name", "parts", "hours", "issued_on", "issuer")


def answer(certificate: Certificate | None, state: State | None) -> dict[str, Any]:
    """The whole answer; without a certificate the neutral one for everything unknown."""
    head = {"@context": _context(), "type": "CertificateVerification", "checked_at": _moment()}
    if certificate is None or state is None:
        return head | {"state": UNKNOWN}
    facts = Facts.from_json(certificate.facts)
    plain = facts.as_json()
    revoked, newer, document = certificate.revocation, certificate.replacement, certificate.document
    return head | {
        "id": facts.verify_url,
        "state": state.value,
        "number": {"ko": facts.number, "en": facts.number_en},
        "code": facts.code,
        **{name: plain[name] for name in PRINTED},
        **({COURSE: plain[COURSE]} if facts.course else {}),
        "issued_on": plain["issued_on"],
        LAST_DAY: certificate.expires_on.isoformat() if certificate.expires_on else None,
        "issuer": plain["issuer"],
        "signatory": {"name": plain["signatory"], "title": plain["signatory_title"]},
        "revoked": {"on": _day(revoked.revoked_at), "ground": revoked.ground.value} if revoked else None,
        "replaced_by": addresses.verification(newer.code) if newer else None,
        "pdf_sha256": document.sha256 if document else None,
    }


def transcribed(transcript: Transcript | None) -> dict[str, Any]:
    """The same of a transcript; for what is unknown or withdrawn the neutral answer."""
    if transcript is None:
        return answer(None, None)
    facts = TranscriptFacts.from_json(transcript.facts)
    plain = facts.as_json()
    return {
        "@context": _context(),
        "type": "TranscriptVerification",
        "checked_at": _moment(),
        "id": facts.verify_url,
        "state": State.VALID.value,
        "number": {"ko": facts.number, "en": facts.number_en},
        **{name: plain[name] for name in TRANSCRIBED},
        "signatory": {"name": plain["signatory"], "title": plain["signatory_title"]},
        "pdf_sha256": transcript.sha256,
    }


def _context() -> dict[str, str]:
    """The words of the answer as linked data: our own, each under the address of verification."""
    return {"@vocab": f"{addresses.full('certificates.verify')}#", "id": "@id", "type": "@type"}


def _moment() -> str:
    return clock.now().astimezone(clock.SEOUL).isoformat(timespec="seconds")


def _day(moment: Any) -> str:
    day: str = moment.astimezone(clock.SEOUL).date().isoformat()
    return day
