"""The document of a certificate: taking it home, and asking for the print once more."""

from uuid import UUID

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates import certificates, documents
from certificates.facts import Facts
from certificates.models import Certificate
from certificates.views.room import blueprint
from lms.kit import files
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role


@blueprint.get("/certificates/<uuid:certificate_id>/document")
@access.signed_in
def download(certificate_id: UUID) -> ResponseReturnValue:
    """The bytes as they were printed, also of a revoked certificate."""
    certificate = one_or_404(certificates.readable_by(me()).where(Certificate.id == certificate_id))
    if certificate.document is None:
        abort(404)
    name = documents.file_name(Facts.from_json(certificate.facts))
    return files.send(certificate.document.file, name=name)


@blueprint.post("/certificates/<uuid:certificate_id>/printing")
@access.only(Role.LEAD, Role.ADMIN)
def print_again(certificate_id: UUID) -> ResponseReturnValue:
    """Ask for the document again after its printing was given up."""
    certificate = one_or_404(certificates.led_by(me()).where(Certificate.id == certificate_id))
    documents.print_again(certificate, me())
    address = url_for("certificates.certificate", certificate_id=certificate.id)
    return back(address, _("The certificate is being printed again."))
