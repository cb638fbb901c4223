"""The PDF of each certificate: rendered once, kept, and served for ever after as it is."""

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.utils import import_string

from certificates import designing, entries, evidence
from certificates.design import Drawn
from certificates.design_faults import BadDesign
from certificates.facts import Facts
from certificates.models import Certificate, CertificateDocument
from lms.kit import files, i18n, jobs
from lms.kit.db import session, transaction
from lms.kit.jobs import Job
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person


@jobs.task
def render_certificate(certificate_id: str) -> None:
    """Render and keep the document, unless there is one: the first that was kept stays, whoever comes second.

    Raises jobs.Hopeless when a layout that was brought in cannot be drawn with these facts in its limits.
    """
    key = uuid.UUID(certificate_id)
    with transaction():
        certificate = session.get(Certificate, key)
        if certificate is None or session.get(CertificateDocument, key) is not None:
            return
        facts, drawn, seal = (
            Facts.from_json(certificate.facts),
            designing.drawn_for(certificate),
            entries.seal(certificate),
        )
        language = certificate.issued_by.language
    # Only here: rendering needs Pango, and pages are to be served on a machine without it.
    complete = import_string("certificates.sealing:complete")
    try:
        with i18n.speaking(language):
            content: bytes = complete(facts, drawn, evidence.added(seal))
    except BadDesign as bad:
        raise jobs.Hopeless(str(bad)) from bad
    with transaction():
        keep(key, content, facts, drawn)


def keep(key: uuid.UUID, content: bytes, facts: Facts, drawn: Drawn) -> CertificateDocument:
    """Keep the bytes as the document of a certificate; if another was quicker, theirs is returned and ours forgotten."""
    certificate = session.scalars(select(Certificate).where(Certificate.id == key).with_for_update()).one()
    if kept := session.get(CertificateDocument, key):
        return kept
    stored = files.keep_bytes(content, name=file_name(facts), media_type="application/pdf")
    certificate.design_version = drawn.shown_version  # that it was printed with
    document = CertificateDocument(certificate_id=key, file_id=stored.id, sha256=stored.sha256)
    session.add(document)
    session.flush()
    return document


def file_name(facts: Facts) -> str:
    """The name of the download, such as 수료증-제2026-0001호.pdf."""
    return f"수료증-{facts.number}.pdf"


def failed(certificates: Iterable[Certificate]) -> set[uuid.UUID]:
    """The certificates without a document whose printing was given up, in one query."""
    waiting = {str(each.id): each.id for each in certificates if each.document is None}
    if not waiting:
        return set()
    asked = Job.arguments["certificate_id"].as_string()
    tries = select(asked, Job.given_up_at).where(Job.task == render_certificate.__name__, asked.in_(waiting))
    rows = session.execute(tries).all()
    alive = {key for key, given_up_at in rows if given_up_at is None}
    return {waiting[key] for key, _given_up_at in rows if key not in alive}


def why_not_printed(certificate: Certificate) -> str:
    """What its layout was last refused for, as a sentence; "" where that was not the reason."""
    mine = Job.arguments["certificate_id"].as_string() == str(certificate.id)
    given_up = select(Job.error).where(Job.task == render_certificate.__name__, mine, Job.given_up_at.is_not(None))
    kind, _colon, sentence = (session.scalar(given_up.order_by(Job.given_up_at.desc()).limit(1)) or "").partition(": ")
    return sentence if kind == jobs.Hopeless.__name__ else ""


def print_again(certificate: Certificate, by: Person) -> None:
    """Ask for the document once more, after printing was given up. Raises Refused when there is one."""
    if certificate.document is not None:
        raise Refused(_("This certificate is printed already. Download it from its page."))
    audit.note(by, "certificate.printed_again", certificate)
    jobs.later(render_certificate, certificate_id=str(certificate.id))
