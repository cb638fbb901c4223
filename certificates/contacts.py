"""Whom a stranger asks who doubts a certificate: a mail address, a telephone number or a page, from the settings."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app


@dataclass(frozen=True)
class Contact:
    """What stands on the page, and where it leads."""

    text: str
    url: str


def of_issuer() -> Contact | None:
    """The contact of this installation; None where none was set."""
    given: str = current_app.config["ISSUER_CONTACT"]
    if not given:
        return None
    if urlsplit(given).scheme in ("http", "https"):
        return Contact(given.partition("://")[2].rstrip("/"), given)
    if "@" in given:
        return Contact(given, f"mailto:{given}")
    return Contact(given, f"tel:{re.sub(r'[^0-9+]', '', given)}")
