"""A folder of static files with which anybody verifies our certificates, also when this system is gone."""

import json
import os
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certificates import entries, status_list
from certificates.credential import CONTEXTS
from certificates.linked_data import CREDENTIALS, terms
from certificates.seal_models import SigningKey
from lms.kit import clock

PAGE = Path(__file__).resolve().parent / "offline"
# The kinds of nodes in what we sign: with which contexts, and the types of each.
CERTIFICATE = (
    ("OpenBadgeCredential", "VerifiableCredential"),
    *((kind,) for kind in ("Profile", "AchievementSubject", "IdentityObject", "Achievement")),
    *(("BitstringStatusListEntry",), ("DataIntegrityProof",), ()),
)
LIST = (("BitstringStatusListCredential", "VerifiableCredential"), ("BitstringStatusList",), ("DataIntegrityProof",))


def write(folder: Path) -> int:
    """Write the kit, each file whole or not at all; returns how many status lists there are. Raises keys.NoKey."""
    lists = {entries.status_list_address(number): status_list.credential(number) for number in status_list.numbers()}
    (folder / "status").mkdir(parents=True, exist_ok=True)
    for number, document in enumerate(lists.values(), 1):
        _put(folder / "status" / f"{number}.json", _json(document))
    _put(folder / "did.json", _json(status_list.public_keys()))
    _put(folder / "data.js", b"const KIT = " + _json(_data(lists)) + b";\n")
    for path in PAGE.iterdir():
        _put(folder / path.name, path.read_bytes())
    return len(lists)


def _data(lists: Mapping[str, Any]) -> dict[str, Any]:
    rows = status_list.known_keys()
    return {
        "issuer": entries.issuer(),
        "made": clock.now().strftime("%Y-%m-%d %H:%M UTC"),
        "keys": list(dict.fromkeys(row.credential_key for row in rows)),
        "signers": list({row.fingerprint: _signer(row) for row in rows}.values()),
        "lists": lists,
        "terms": {
            " ".join((*contexts, " ".join(types))): terms(contexts, types)
            for contexts, kinds in ((tuple(CONTEXTS), CERTIFICATE), ((CREDENTIALS,), LIST))
            for types in kinds
        },
    }


def _signer(row: SigningKey) -> dict[str, Any]:
    """A public key as a browser's cryptography takes it."""
    key = x509.load_pem_x509_certificate(row.certificate.encode()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    own: dict[str, Any] = {"key": b64encode(spki).decode(), "demonstration": row.demo}
    if isinstance(key, ec.EllipticCurvePublicKey):
        size = (key.key_size + 7) // 8
        return own | {"algorithm": {"name": "ECDSA", "namedCurve": f"P-{key.key_size}"}, "size": size}
    return own | {"algorithm": {"name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256"}, "size": 0}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").encode()


def _put(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
