"""One's own certificates."""

from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue

from certificates import addresses, certificates, documents, names
from certificates.facts import Facts
from certificates.models import Certificate
from certificates.views.room import blueprint
from lms.kit import i18n
from lms.kit.db import session
from lms.kit.web import is_fragment
from lms.people import access
from lms.people.access import me

PROFILE = "https://www.linkedin.com/profile/add"


@blueprint.get("/certificates")
@access.signed_in
def mine() -> ResponseReturnValue:
    """The certificates of whoever asks, the latest first."""
    own = session.scalars(certificates.of(me())).all()
    failed = documents.failed(own)
    pending = sum(each.document is None and each.id not in failed for each in own)
    if is_fragment() and request.args.get("pending") == str(pending):
        return "", 204  # nothing new: the page stays as it is, and with it the reader's place
    return render_template(
        "certificates/mine.html",
        certificates=own,
        failed=failed,
        pending=pending,
        addresses={each.id: addresses.verification(each.code) for each in own},
        profile=profile,
        name=names.printed(me()),
    )


def profile(certificate: Certificate) -> str:
    """The address that puts a certificate onto the holder's page at LinkedIn, filled in."""
    facts = Facts.from_json(certificate.facts)
    language = i18n.current()
    said = {
        "startTask": "CERTIFICATION_NAME",
        "name": f"{facts.achieved[language]}, {facts.cohort[language]}",
        "organizationName": facts.issuer[language],
        "issueYear": facts.issued_on.year,
        "issueMonth": facts.issued_on.month,
        **({"expirationYear": until.year, "expirationMonth": until.month} if (until := certificate.expires_on) else {}),
        "certUrl": facts.verify_url,
        "certId": facts.number if language == "ko" else facts.number_en,
    }
    return f"{PROFILE}?{urlencode(said)}"
