"""For programs that verify without us: the public keys, and the signed list of what no longer holds."""

from flask import abort, jsonify
from flask.typing import ResponseReturnValue

from certificates import keys, status_list
from certificates.views.room import blueprint
from lms.kit import throttle
from lms.kit.refusal import Refused
from lms.people import access

KEPT = 300  # seconds that others may keep an answer


@blueprint.get("/.well-known/did.json")
@access.public
@throttle.reads("120 per minute")
def public_keys() -> ResponseReturnValue:
    """The DID document of the issuer."""
    response = jsonify(status_list.public_keys())
    response.cache_control.max_age = KEPT
    return response


@blueprint.get("/status/<int:number>")
@access.public
@throttle.reads("120 per minute")
def status_list_of(number: int) -> ResponseReturnValue:
    """A status list as a signed credential."""
    if number not in status_list.numbers():
        abort(404)
    try:
        response = jsonify(status_list.credential(number))
    except keys.NoKey as no:
        raise Refused(no.sentence) from no
    response.mimetype = "application/vc"
    response.cache_control.max_age = KEPT
    return response
