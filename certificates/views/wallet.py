"""The credential of one's own certificate, to keep in a wallet."""

from uuid import UUID

from flask import Response, abort

from certificates import certificates, checking, documents
from certificates.facts import Facts
from certificates.models import Certificate
from certificates.views.room import blueprint
from lms.kit import files
from lms.kit.web import one_or_404
from lms.people import access
from lms.people.access import me

MEDIA_TYPE = "application/vc"  # a verifiable credential, as W3C registered it


@blueprint.get("/certificates/<uuid:certificate_id>/credential")
@access.signed_in
def credential(certificate_id: UUID) -> Response:
    """The credential with its proof, byte for byte as it is attached to the PDF."""
    certificate = one_or_404(certificates.of(me()).where(Certificate.id == certificate_id))
    if certificate.document is None:
        abort(404)
    content = checking.attached(files.path_of(certificate.document.file).read_bytes())
    name = documents.file_name(Facts.from_json(certificate.facts)).replace(".pdf", ".json")
    response = Response(content, mimetype=MEDIA_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
