"""Links to a certificate: the holder's list of them, and what whoever has one sees."""

from uuid import UUID

from flask import make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates import addresses, certificates, documents, sharing, states
from certificates.facts import Facts
from certificates.forms import ShareForm
from certificates.models import Certificate, CertificateShare
from certificates.verifying import courses, printed
from certificates.views import missing
from certificates.views.room import blueprint
from lms.kit import files, throttle
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me


@blueprint.get("/certificates/<uuid:certificate_id>/shares")
@access.signed_in
def shares(certificate_id: UUID) -> str:
    """The links of one's own certificate."""
    return _page(_mine(certificate_id), ShareForm(formdata=None))


@blueprint.post("/certificates/<uuid:certificate_id>/shares")
@access.signed_in
def share(certificate_id: UUID) -> ResponseReturnValue:
    """Make one more link."""
    certificate, form = _mine(certificate_id), ShareForm()
    if not form.validate():
        return _page(certificate, form), 422
    sharing.share(certificate, me(), form.label.data or "")
    address = url_for("certificates.shares", certificate_id=certificate.id)
    return back(address, _("The link is there. Copy it and give it to whom you like."))


@blueprint.post("/certificates/<uuid:certificate_id>/shares/<uuid:share_id>/withdrawal")
@access.signed_in
def withdraw_share(certificate_id: UUID, share_id: UUID) -> ResponseReturnValue:
    """Let a link open nothing any more."""
    certificate = _mine(certificate_id)
    sharing.withdraw(one_or_404(sharing.of(certificate).where(CertificateShare.id == share_id)), me())
    address = url_for("certificates.shares", certificate_id=certificate.id)
    return back(address, _("The link is withdrawn. Whoever opens it sees that it is not here any more."))


@blueprint.get("/shared/<token>")
@access.public
@throttle.reads("120 per minute")
def shared(token: str) -> ResponseReturnValue:
    """What a link shows: the certificate, what it is worth today, and its PDF. Nobody keeps who looked."""
    link = sharing.opened(token)
    if link is None:
        return missing.link(), 404
    facts = Facts.from_json(link.certificate.facts)
    page = render_template(
        "certificates/shared.html",
        certificate=link.certificate,
        facts=facts,
        state=states.of(link.certificate),
        lines=list(printed(facts)),
        courses=list(courses(facts)),
        token=token,
    )
    response = make_response(page)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the right to look
    return response


@blueprint.get("/shared/<token>/document")
@access.public
@throttle.reads("60 per minute")
def shared_document(token: str) -> ResponseReturnValue:
    """The PDF, for whoever has the link."""
    link = sharing.opened(token)
    if link is None or link.certificate.document is None:
        return missing.link(), 404
    name = documents.file_name(Facts.from_json(link.certificate.facts))
    return files.send(link.certificate.document.file, name=name)


def _mine(certificate_id: UUID) -> Certificate:
    return one_or_404(certificates.of(me()).where(Certificate.id == certificate_id))


def _page(certificate: Certificate, form: ShareForm) -> str:
    links = session.scalars(sharing.of(certificate)).all()
    tokens = {each.id: sharing.token_of(each) for each in links if each.withdrawn_at is None}
    return render_template(
        "certificates/shares.html",
        certificate=certificate,
        facts=Facts.from_json(certificate.facts),
        links=links,
        addresses={key: addresses.full("certificates.shared", token=token) for key, token in tokens.items() if token},
        form=form,
    )
