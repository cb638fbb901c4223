"""What anybody may ask: does this code stand for a certificate of ours, and what does it say?"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, load_only

from certificates import codes
from certificates.facts import Facts
from certificates.models import Certificate, CertificateDocument, Revocation
from certificates.typesetting import day_en, day_ko, hours_en, period_en, period_ko
from lms.kit import i18n
from lms.kit.db import session

# Only what is told: half the price of whole rows, on the page that the most people open.
TOLD = (
    load_only(Certificate.code, Certificate.facts, Certificate.expires_on),
    joinedload(Certificate.document).load_only(CertificateDocument.sha256),
    joinedload(Certificate.revocation).load_only(Revocation.revoked_at, Revocation.ground),
    joinedload(Certificate.replacement).load_only(Certificate.code, Certificate.year, Certificate.serial),
)
BY_CODE = select(Certificate).where(Certificate.code == bindparam("code")).options(*TOLD)
BY_HASH = (
    select(Certificate).join(Certificate.document).where(CertificateDocument.sha256 == bindparam("sha256")).limit(1)
)


def look_up(typed: str) -> Certificate | None:
    """The certificate of a code, however it was typed. A code of the wrong form costs the same as one that nobody has."""
    return session.scalar(BY_CODE, {"code": codes.tidy(typed)})


def of_file(sha256: str) -> Certificate | None:
    """The certificate whose document has this hash; a file that was changed by a single bit has another."""
    return session.scalar(BY_HASH, {"sha256": sha256.strip().lower()[:65]})  # longer is no hash


@dataclass(frozen=True)
class Line:
    """One printed fact: its name, its text in the reader's language, and as it stands in the other language ("" if equal)."""

    label: str
    text: str
    other: str = ""


def printed(facts: Facts) -> Iterator[Line]:
    """Every printed fact but number, name and code, letter by letter as on paper."""
    hours_ko = f"총 {facts.hours:,}시간"
    if facts.course:
        yield _line(_("Course"), facts.course["ko"], facts.course["en"])
    yield _line(_("Programme"), facts.programme["ko"], facts.programme["en"])
    yield _line(_("Cohort"), facts.cohort["ko"], facts.cohort["en"])
    yield _line(
        _("Period"),
        f"{period_ko(facts.starts_on, facts.ends_on)} ({hours_ko})",
        f"{period_en(facts.starts_on, facts.ends_on)} ({hours_en(facts.hours)})",
    )
    yield _line(_("Completed on"), day_ko(facts.completed_on), day_en(facts.completed_on))
    yield _line(_("Issued on"), day_ko(facts.issued_on), day_en(facts.issued_on))
    yield _until(facts)
    yield _line(_("Issued by"), facts.issuer["ko"], facts.issuer["en"])
    yield _line(
        _("Signed by"),
        f"{facts.signatory_title['ko']} {facts.signatory['ko']}",
        f"{facts.signatory['en']}, {facts.signatory_title['en']}",
    )


def _until(facts: Facts) -> Line:
    if facts.expires_on is None:
        return Line(_("Validity"), _("No end date"))
    return _line(_("Valid until"), day_ko(facts.expires_on), day_en(facts.expires_on))


def courses(facts: Facts) -> Iterator[Line]:
    """Each course with its hours."""
    for course in facts.courses:
        hours = f"{course.hours:,}시간" if i18n.current() == "ko" else hours_en(course.hours)
        line = _line("", course.title["ko"], course.title["en"])
        yield Line(hours, line.text, line.other)


def _line(label: str, ko: str, en: str) -> Line:
    text, other = (ko, en) if i18n.current() == "ko" else (en, ko)
    return Line(label, text, "" if other == text else other)
