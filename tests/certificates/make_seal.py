"""A seal for tests: demonstration keys of a folder, one holder, one moment."""

import json
from datetime import UTC, datetime
from functools import cache
from tempfile import mkdtemp
from typing import Any

from pyld import jsonld

from certificates import keys
from certificates.credential import Holder, email_hash, issuer_address
from certificates.facts import Facts
from certificates.linked_data import FILES, FOLDER
from certificates.rendering import PROGRAMME
from certificates.sealing import complete
from certificates.seals import Seal
from tests.certificates.make_facts import PLAIN

HUB = issuer_address("https://hub.example.kr")
HOLDER = Holder(email_hash("haneul@example.kr", "s4lt"), "s4lt", "https://hub.example.kr/status/1", 94567)
MOMENT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)


@cache
def own_keys() -> keys.Keys:
    return keys.configured(mkdtemp(), "", "", "")


def seal(**own: Any) -> Seal:
    return Seal(**{"keys": own_keys(), "issuer": HUB, "holder": HOLDER, "moment": MOMENT} | own)


MADE: dict[str, bytes] = {}


def sealed(facts: Facts = PLAIN) -> bytes:
    """The finished certificate of these facts, made once."""
    if repr(facts) not in MADE:
        MADE[repr(facts)] = complete(facts, PROGRAMME, seal())
    return MADE[repr(facts)]


def n_quads(document: dict[str, Any]) -> str:
    """By a JSON-LD processor that none of us wrote, with our copies of the contexts."""

    def load(address: str, _options: object) -> dict[str, Any]:
        known = json.loads((FOLDER / FILES[address]).read_text())
        return {"contextUrl": None, "documentUrl": address, "document": known, "contentType": "application/ld+json"}

    said: str = jsonld.normalize(
        document, {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    )
    return said
