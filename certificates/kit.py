"""A folder of static files with which anybody verifies our certificates and transcripts, also when this system is gone."""

import json
import os
import shutil
import time
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
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
LISTS, DATA = "status", "data.js"
BESIDE = ".new-"
LEFT_OVER = 3600  # seconds
# The kinds of nodes in what we sign: with which contexts, and the types of each.
CERTIFICATE = (
    ("OpenBadgeCredential", "VerifiableCredential"),
    *(
        (kind,)
        for kind in ("Profile", "AchievementSubject", "IdentityObject", "Achievement", "Result", "ResultDescription")
    ),
    *(("BitstringStatusListEntry",), ("DataIntegrityProof",), ()),
)
LIST = (("BitstringStatusListCredential", "VerifiableCredential"), ("BitstringStatusList",), ("DataIntegrityProof",))


def files() -> dict[str, bytes]:
    """The whole kit, each file by its name in the folder. Raises keys.NoKey."""
    lists = {entries.status_list_address(number): status_list.credential(number) for number in status_list.numbers()}
    return {
        **{f"{LISTS}/{number}.json": _json(document) for number, document in enumerate(lists.values(), 1)},
        "did.json": _json(status_list.public_keys()),
        **{path.name: path.read_bytes() for path in sorted(PAGE.iterdir())},
        DATA: b"const KIT = " + _json(_data(lists)) + b";\n",
    }


def write(folder: Path, made: Mapping[str, bytes]) -> None:
    """Bring the folder up to date. Nothing in it is touched before all is written beside it; no file is ever half there."""
    (folder / LISTS).mkdir(parents=True, exist_ok=True)
    _clear(folder)
    with TemporaryDirectory(prefix=BESIDE, dir=folder) as beside:
        for name, content in made.items():
            _written(Path(beside) / name, content)
        for name in made:
            (Path(beside) / name).replace(folder / name)


def _written(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _clear(folder: Path) -> None:
    """Take away what a killed process left beside."""
    for left in folder.glob(f"{BESIDE}*"):
        if time.time() - left.stat().st_mtime > LEFT_OVER:
            shutil.rmtree(left, ignore_errors=True)


def _data(lists: Mapping[str, Any]) -> dict[str, Any]:
    rows = status_list.known_keys()
    return {
        "issuer": entries.issuer(),
        "made": clock.now().strftime("%Y-%m-%d %H:%M UTC"),
        "keys": status_list.credential_keys(),
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
