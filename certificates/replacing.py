"""Correcting: a new certificate with a number and a code of its own, in the place of one that says something wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from certificates import (
    addresses,
    codes,
    designing,
    documents,
    eligibility,
    faces,
    issuers,
    issuing,
    letters,
    publishing,
    serials,
    states,
)
from certificates.facts import Facts
from certificates.freezing import freeze
from certificates.models import Certificate, Issuer
from certificates.recording import record
from certificates.states import State
from lms.kit import clock, i18n, jobs
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person

# What may differ between a certificate and the one that replaces it; number, code and day of issue always do.
LABELS = {
    "name": _l("Printed name"),
    "latin_name": _l("Name in Latin letters"),
    "course": _l("Course"),
    "programme": _l("Programme"),
    "cohort": _l("Cohort"),
    "courses": _l("Courses"),
    "hours": _l("Hours"),
    "starts_on": _l("First day"),
    "ends_on": _l("Last day"),
    "completed_on": _l("Completed on"),
    "issuer": _l("Issued by"),
    "signatory": _l("Signed by"),
    "signatory_title": _l("Office of the signatory"),
}


@dataclass(frozen=True)
class Change:
    """One fact that would be printed otherwise today."""

    label: str
    before: str
    after: str


def changes(certificate: Certificate) -> Sequence[Change]:
    """What a correction would print otherwise, from the rows as they are now; empty when there is nothing to correct."""
    printed = Facts.from_json(certificate.facts)
    return list(_differences(printed, _facts(certificate, printed)))


def correct(certificate: Certificate, by: Person, reason: str) -> Certificate:
    """Issue a corrected certificate in the place of this one; its holder is told once and stays certified.

    The new one holds as long as the old one would have. Raises Refused without a reason, when nothing would change, when a
    name cannot be printed, and when the certificate was revoked, replaced before or has expired.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say what was wrong. The holder reads it, and it stays in the register."))
    issuing.check_key()
    session.execute(select(Certificate.id).where(Certificate.id == certificate.id).with_for_update())
    session.refresh(certificate, ["revocation", "replacement"])
    _check(states.of(certificate))
    if certificate.person.erased_at:
        raise Refused(eligibility.was_erased())
    printed = Facts.from_json(certificate.facts)
    facts = _facts(certificate, printed)
    if not any(_differences(printed, facts)):
        raise Refused(
            _(
                "Nothing would change. First mend what is wrong, for example the name; then issue the corrected certificate."
            )
        )
    if characters := faces.check(facts):
        raise Refused(eligibility.cannot_print(certificate.person, characters))
    newer = _row(certificate, *_numbered(facts), by, reason)
    _tell(certificate, newer, by, reason)
    return newer


def _check(state: State) -> None:
    if state == State.REPLACED:
        raise Conflict(_("This certificate was replaced by a corrected one already. Look at that one."))
    if state == State.REVOKED:
        raise Refused(_("This certificate was revoked. It is not corrected any more."))
    if state == State.EXPIRED:
        raise Refused(_("This certificate has expired. A correction cannot make it hold again."))


def _facts(certificate: Certificate, printed: Facts) -> Facts:
    """What would be printed now, with the old number, code and days."""
    now = freeze(
        certificate.completion,
        certificate.person,
        certificate.cohort,
        issuers.current() or _as_before(printed),
        serial=printed.serial,
        code=printed.code,
        day=printed.issued_on,
    )
    now = designing.signed(now, certificate.drawn)
    return replace(now, verify_url=printed.verify_url, expires_on=certificate.expires_on)


def _as_before(printed: Facts) -> Issuer:
    return Issuer(
        name=Words(printed.issuer),
        signatory=Words(printed.signatory),
        signatory_title=Words(printed.signatory_title),
    )


def _numbered(facts: Facts) -> tuple[Facts, datetime]:
    """The same facts under the next number of this year, with a code of their own, and the moment of that number."""
    counter, moment = serials.locked(clock.now())
    serial, day, code = serials.take(counter, moment), moment.astimezone(clock.SEOUL).date(), codes.new()
    numbered = replace(facts, year=day.year, serial=serial, code=code, issued_on=day)
    return replace(numbered, verify_url=addresses.verification(code)), moment


def _row(old: Certificate, facts: Facts, moment: datetime, by: Person, reason: str) -> Certificate:
    newer = Certificate(
        replaces=old,
        correction=reason,
        completion_id=old.completion_id,
        person_id=old.person_id,
        cohort_id=old.cohort_id,
        design=old.design,
        design_version=old.design_version,
        drawn=old.drawn,
        rule_version=old.rule_version,
        issued_by_id=by.id,
    )
    return record(newer, facts, moment)


def _tell(old: Certificate, newer: Certificate, by: Person, reason: str) -> None:
    facts, before = Facts.from_json(newer.facts), Facts.from_json(old.facts)
    audit.note(by, "certificate.replaced", old, new={"by": facts.number, "reason": reason})
    audit.note(
        by, "certificate.issued", newer, new={"number": facts.number, "name": facts.name, "replaces": before.number}
    )
    letters.replaced(newer, old.person, before, facts, reason)
    jobs.later(documents.render_certificate, certificate_id=str(newer.id))
    publishing.ask()


def _differences(before: Facts, after: Facts) -> Iterator[Change]:
    for name, label in LABELS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Change(str(label), _said(old), _said(new))


def _said(value: object) -> str:
    """A fact in the reader's language, for the eye of the lead."""
    match value:
        case Mapping():
            return " / ".join(dict.fromkeys(value.values()))
        case tuple():
            return ", ".join(f"{_said(course.title)} ({course.hours})" for course in value)
        case date():
            return i18n.day(value)
    return str(value) or "–"
