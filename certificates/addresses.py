"""Full addresses as they go onto paper and into letters, also where no request is being answered."""

from typing import Any

from flask import current_app


def full(endpoint: str, **values: Any) -> str:
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['PUBLIC_URL']}{path}"


def verification(code: str) -> str:
    """What the QR code holds. Printed on paper, so it never changes."""
    return full("certificates.verified", code=code)
