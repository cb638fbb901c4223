"""The register as a table that leaves the house: what was printed, and what became of each certificate."""

from flask_babel import gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from certificates import certificates, documents, states
from certificates.facts import Facts
from certificates.models import Certificate, Revocation
from certificates.states import State
from lms.kit import i18n
from lms.kit.db import session
from lms.kit.sheets import Cell, Sheet
from lms.people import audit
from lms.people.models import Person
from lms.reporting import exports

WHOLE = (
    joinedload(Certificate.revocation).joinedload(Revocation.by),
    joinedload(Certificate.replaces).load_only(Certificate.year, Certificate.serial),
)


def register(query: Select[Certificate], by: Person, filters: dict[str, str], kind: str, reason: str) -> Sheet:
    """The certificates of `query` in its order, in the reader's language.

    That they left, and what for, is written into the audit trail. Raises Refused without a reason that says something.
    """
    reason = exports.told(reason)
    found = session.scalars(query.options(*WHOLE)).all()
    failed = documents.failed(found)
    rows = [_row(each, _state(each, failed=each.id in failed)) for each in found]
    audit.note(
        by, "register.exported", by, new={"reason": reason, "filters": filters, "rows": len(rows), "format": kind}
    )
    return Sheet(_("Certificate register"), _head(), rows)


def _head() -> list[str]:
    return [
        _("Number"),
        _("Printed name"),
        _("Name in Latin letters"),
        _("Programme"),
        _("Cohort"),
        _("Hours"),
        _("Completed on"),
        _("Issued on"),
        _("State"),
        _("Revoked on"),
        _("Revoked by"),
        _("Reason"),
        _("Code"),
        _("Address for verification"),
        _("SHA-256 of the PDF"),
        _("Valid until"),
        _("What the public page says"),
        _("Replaced by"),
        _("Replaces"),
        _("Course"),
    ]


def _row(certificate: Certificate, state: str) -> list[Cell]:
    facts, language = Facts.from_json(certificate.facts), i18n.current()
    revoked, document = certificate.revocation, certificate.document
    number = facts.number if language == "ko" else facts.number_en
    return [
        number,
        facts.name,
        facts.latin_name,
        facts.programme[language],
        facts.cohort[language],
        facts.hours,
        facts.completed_on,
        certificate.issued_on,
        state,
        revoked.revoked_at.astimezone(i18n.zone()).date() if revoked else None,
        revoked.by.name if revoked else None,
        revoked.reason if revoked else None,
        facts.code,
        facts.verify_url,
        document.sha256 if document else None,
        certificate.expires_on,
        states.grounds()[revoked.ground] if revoked else None,
        certificates.number(certificate.replacement) if certificate.replacement else None,
        certificates.number(certificate.replaces) if certificate.replaces else None,
        facts.course[language] if facts.course else None,
    ]


def _state(certificate: Certificate, *, failed: bool) -> str:
    state = states.of(certificate)
    if certificate.document or state != State.VALID:
        return states.named(state)
    return _("Printing failed") if failed else _("Being printed")
