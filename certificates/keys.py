"""The keys that sign: one for PDF documents, from a PKCS#12 file, and an Ed25519 one for credentials.

Where no file is configured a demonstration key is made once and kept beside the data. It proves that nothing was
changed, not who issued, and says so wherever it is used.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import get_ident

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, pkcs12
from cryptography.x509.oid import NameOID
from flask import current_app
from flask_babel import gettext as _

from certificates.multibase import multikey
from lms.config import Settings
from lms.health import Finding
from lms.kit import clock

DEMO_NAME = "Demonstration key, proves no issuer"
DEMO_FROM, DEMO_UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
SOON = timedelta(days=60)
SMALLEST_RSA = 2048
DER, PEM, PKCS8 = Encoding.DER, Encoding.PEM, PrivateFormat.PKCS8


class NoKey(Exception):
    """Nothing can be signed; the sentence says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Keys:
    """Plain bytes, so that printing processes can be given them. ``certificates`` begin with the signer's own."""

    signing: bytes = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)
    credential: bytes = field(repr=False)
    demo: bool

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificates[0])

    @property
    def fingerprint(self) -> str:
        """Of the signer's certificate: SHA-256 in hexadecimal."""
        return sha256(self.certificates[0]).hexdigest()

    @property
    def proving(self) -> Ed25519PrivateKey:
        """Signs credentials."""
        return Ed25519PrivateKey.from_private_bytes(self.credential)

    @property
    def public(self) -> str:
        """The public half of the credential key as a Multikey."""
        return multikey(self.proving.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def current() -> Keys:
    """The keys of this installation; a demonstration key is made where none is configured. Raises NoKey."""
    settings = current_app.config
    return _valid(
        configured(
            settings["DATA_DIR"], settings["SIGNING_PKCS12"], settings["SIGNING_PASSWORD"], settings["CREDENTIAL_KEY"]
        )
    )


def is_demo() -> bool:
    """Whether certificates are signed by a key that proves no issuer."""
    return not current_app.config["SIGNING_PKCS12"]


def findings(settings: Settings) -> Iterator[Finding]:
    """What `lms doctor` says of the keys."""
    try:
        keys = _valid(
            configured(settings.data_dir, settings.signing_pkcs12, settings.signing_password, settings.credential_key)
        )
    except NoKey as error:
        yield Finding("bad", error.sentence)
        return
    until = keys.certificate.not_valid_after_utc
    if keys.demo:
        yield Finding(
            "warn", "Certificates are signed with a demonstration key: set LMS_SIGNING_PKCS12 and LMS_SIGNING_PASSWORD."
        )
    elif until - clock.now() < SOON:
        yield Finding("warn", f"The signing key expires on {until:%Y-%m-%d}. Ask for a new one now.")
    else:
        yield Finding("good", f"Certificates are signed as {keys.certificate.subject.rfc4514_string()}.")


def _valid(keys: Keys) -> Keys:
    certificate, now = keys.certificate, clock.now()
    if now > certificate.not_valid_after_utc:
        raise NoKey(
            _(
                "The signing key expired on %(day)s. Nothing is issued until LMS_SIGNING_PKCS12 names a valid one.",
                day=f"{certificate.not_valid_after_utc:%Y-%m-%d}",
            )
        )
    if now < certificate.not_valid_before_utc:
        raise NoKey(
            _(
                "The signing key is valid only from %(day)s. Check this machine's clock, or wait.",
                day=f"{certificate.not_valid_before_utc:%Y-%m-%d}",
            )
        )
    return keys


def configured(data_dir: str | Path, pkcs12_file: str, password: str, credential_key: str) -> Keys:
    """Read the files that the settings name, or the demonstration's own. Raises NoKey."""
    folder = Path(data_dir) / "keys"
    path = Path(pkcs12_file) if pkcs12_file else folder / "demonstration.p12"
    own = Path(credential_key) if credential_key else folder / "credential.pem"
    try:
        if not pkcs12_file and not path.exists():
            _keep(path, demonstration())
        if not credential_key and not own.exists():
            _keep(own, Ed25519PrivateKey.generate().private_bytes(PEM, PKCS8, NoEncryption()))
        return _read(path, password, own, path.stat().st_mtime_ns, own.stat().st_mtime_ns, not pkcs12_file)
    except OSError as error:
        raise NoKey(
            _(
                "The signing key %(file)s cannot be read (%(why)s). Bring it back, or set LMS_SIGNING_PKCS12 to where it is.",
                file=error.filename,
                why=error.strerror,
            )
        ) from error


@lru_cache(maxsize=4)
def _read(path: Path, password: str, own: Path, _changed: int, _own_changed: int, demo: bool) -> Keys:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode() or None)
    except ValueError as error:
        raise NoKey(
            _("%(file)s is no PKCS#12 file, or LMS_SIGNING_PASSWORD is not its password.", file=str(path))
        ) from error
    fits = isinstance(key, ec.EllipticCurvePrivateKey) or (
        isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SMALLEST_RSA
    )
    if key is None or certificate is None or not fits:
        raise NoKey(
            _("%(file)s holds no certificate with an elliptic curve key or an RSA key of 2048 bits.", file=str(path))
        )
    try:
        proving = serialization.load_pem_private_key(own.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise NoKey(_("%(file)s is no private key in PEM without a password.", file=str(own))) from error
    if not isinstance(proving, Ed25519PrivateKey):
        raise NoKey(_("%(file)s holds no Ed25519 key, which credentials need.", file=str(own)))
    return Keys(
        key.private_bytes(DER, PKCS8, NoEncryption()),
        (certificate.public_bytes(DER), *(each.public_bytes(DER) for each in others)),
        proving.private_bytes_raw(),
        demo,
    )


def _keep(path: Path, content: bytes) -> None:
    """Write a new file that only its owner reads; whoever was quicker stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.{get_ident()}")  # several may be the first
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        return
    finally:
        beside.unlink()


def demonstration() -> bytes:
    """A PKCS#12 file with a new key and its certificate, by an authority whose key nobody keeps."""
    authority, signer = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Demonstration authority", authority, "Demonstration authority", authority)
    own = _certificate(DEMO_NAME, signer, "Demonstration authority", authority)
    return pkcs12.serialize_key_and_certificates(b"demonstration", signer, own, [root], NoEncryption())


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, by: str, signer: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    root = key is signer
    usage = x509.KeyUsage(
        digital_signature=not root,
        content_commitment=not root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=root,
        crl_sign=root,
        encipher_only=False,
        decipher_only=False,
    )
    own, authority = (x509.SubjectKeyIdentifier.from_public_key(each.public_key()) for each in (key, signer))
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(DEMO_FROM)
        .not_valid_after(DEMO_UNTIL)
        .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(own, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority), critical=False)
        .sign(signer, hashes.SHA256())
    )
