"""One address, a page for people and JSON for programs."""

from collections.abc import Mapping

from flask import Response, jsonify, make_response, request

from certificates import answering


def machine() -> str:
    """The kind of JSON that is asked for, or "" for whoever wants a page."""
    page = answering.KINDS[0]
    kind = request.accept_mimetypes.best_match(answering.KINDS, default=page)
    return "" if kind == page else str(kind)


def told(kind: str, said: Mapping[str, object], found: object | None) -> Response:
    response = jsonify(said)
    response.mimetype = kind
    return _answered(response, found)


def shown(page: str, found: object | None) -> Response:
    return _answered(make_response(page), found)


def _answered(response: Response, found: object | None) -> Response:
    response.status_code = 404 if found is None else 200
    response.vary.add("Accept")
    return response
