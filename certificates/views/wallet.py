"""The credential of one's own certificate or transcript, to keep in a wallet."""

from uuid import UUID

from flask import Response, abort

from certificates import certificates, checking, transcripts
from certificates.models import Certificate
from certificates.transcript_models import Transcript
from certificates.views.room import blueprint
from lms.kit import files
from lms.kit.stored_file import StoredFile
from lms.kit.web import one_or_404
from lms.people import access
from lms.people.access import me

MEDIA_TYPE = "application/vc"  # a verifiable credential, as W3C registered it


@blueprint.get("/certificates/<uuid:certificate_id>/credential")
@access.signed_in
def credential(certificate_id: UUID) -> Response:
    """The credential with its proof, byte for byte as it is attached to the PDF."""
    certificate = one_or_404(certificates.of(me()).where(Certificate.id == certificate_id))
    return _attached_to(certificate.document.file if certificate.document else None)


@blueprint.get("/certificates/transcripts/<uuid:transcript_id>/credential")
@access.signed_in
def transcript_credential(transcript_id: UUID) -> Response:
    """The same of a transcript, until it is withdrawn."""
    mine = transcripts.of(me(), me()).where(Transcript.id == transcript_id, Transcript.withdrawn_at.is_(None))
    return _attached_to(one_or_404(mine).file)


def _attached_to(file: StoredFile | None) -> Response:
    if file is None:
        abort(404)
    response = Response(checking.attached(files.path_of(file).read_bytes()), mimetype=MEDIA_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=file.name.replace(".pdf", ".json"))
    return response
