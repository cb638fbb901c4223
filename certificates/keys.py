"""The keys that sign: one for PDF documents, from a PKCS#12 file or on a PKCS#11 token, and an Ed25519 one for credentials.

Where no file is configured a demonstration key is made once and kept beside the data. It proves that nothing was
changed, not who issued, and says so wherever it is used.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, pkcs12
from flask import current_app
from flask_babel import gettext as _

from certificates import tokens
from certificates.demonstration_keys import demonstration, keep
from certificates.multibase import multikey
from certificates.tokens import NoKey as NoKey
from certificates.tokens import Token
from lms.config import Settings
from lms.health import Finding
from lms.kit import clock

SOON = timedelta(days=60)
SMALLEST_RSA = 2048
FOLDER = "keys"  # in the data folder
DER, PEM, PKCS8 = Encoding.DER, Encoding.PEM, PrivateFormat.PKCS8


@dataclass(frozen=True)
class CredentialKey:
    """Signs credentials and status lists (Ed25519)."""

    credential: bytes = field(repr=False)

    @property
    def proving(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.credential)

    @property
    def public(self) -> str:
        """The public half as a Multikey."""
        return multikey(self.proving.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


@dataclass(frozen=True)
class Keys:
    """Plain values, so that printing processes can be given them. ``certificates`` begin with the signer's own.

    ``signing`` is empty where the key stays on a token.
    """

    signing: bytes = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)
    credential: bytes = field(repr=False)
    demo: bool
    token: Token | None = field(default=None, repr=False)

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificates[0])

    @property
    def fingerprint(self) -> str:
        """Of the signer's certificate: SHA-256 in hexadecimal."""
        return sha256(self.certificates[0]).hexdigest()

    @property
    def prover(self) -> CredentialKey:
        return CredentialKey(self.credential)

    @property
    def public(self) -> str:
        """The public half of the credential key as a Multikey."""
        return self.prover.public


def current() -> Keys:
    """The keys of this installation; a demonstration key is made where none is configured. Raises NoKey."""
    known = current_app.config
    return _valid(of(Settings(**{name: known[name.upper()] for name in Settings.__dataclass_fields__})))


def prover() -> CredentialKey:
    """The key of credentials alone: what was revoked is told also while the key of PDFs is lost or expired. Raises NoKey."""
    known = current_app.config
    return CredentialKey(_own(known["DATA_DIR"], known["CREDENTIAL_KEY"]))


def is_demo() -> bool:
    """Whether certificates are signed by a key that proves no issuer."""
    return not (current_app.config["SIGNING_PKCS12"] or current_app.config["SIGNING_PKCS11"])


def findings(settings: Settings) -> Iterator[Finding]:
    """What `lms doctor` says of the keys."""
    try:
        keys = _valid(of(settings))
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


def of(settings: Settings) -> Keys:
    """The keys that settings name, also expired ones. Raises NoKey."""
    files = settings.data_dir, settings.signing_pkcs12, settings.signing_password, settings.credential_key
    if not settings.signing_pkcs11:
        return configured(*files)
    try:
        pin_file = settings.signing_pin_file
        pin = Path(pin_file).read_text().strip() if pin_file else settings.signing_pin
    except (OSError, ValueError) as error:
        raise NoKey(
            _("The PIN cannot be read from %(file)s. Set LMS_SIGNING_PIN_FILE to where it is.", file=pin_file)
        ) from error
    token = Token(settings.signing_pkcs11, settings.signing_token, settings.signing_key, pin)
    return configured(*files, token=token)


def _valid(keys: Keys) -> Keys:
    certificate, now = keys.certificate, clock.now()
    if now > certificate.not_valid_after_utc:
        raise NoKey(
            _(
                "The signing key expired on %(day)s. Nothing is issued until LMS_SIGNING_PKCS12 or LMS_SIGNING_KEY names a valid one.",
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


def configured(
    data_dir: str | Path, pkcs12_file: str, password: str, credential_key: str, token: Token | None = None
) -> Keys:
    """Ask the token, or read the files that the settings name, or the demonstration's own. Raises NoKey."""
    path = Path(pkcs12_file) if pkcs12_file else Path(data_dir) / FOLDER / "demonstration.p12"
    own = _own(data_dir, credential_key)
    if token:
        return Keys(b"", _fit(tokens.certificates(token), token.label), own, False, token)
    try:
        if not pkcs12_file and not path.exists():
            keep(path, demonstration())
        signing, chain = _read(path, password, path.stat().st_mtime_ns)
    except OSError as error:
        raise NoKey(
            _(
                "The signing key %(file)s cannot be read (%(why)s). Bring it back, or set LMS_SIGNING_PKCS12 to where it is.",
                file=error.filename,
                why=error.strerror,
            )
        ) from error
    return Keys(signing, chain, own, not pkcs12_file)


def _own(data_dir: str | Path, credential_key: str) -> bytes:
    """The key of credentials, which is made where none is configured."""
    path = Path(credential_key) if credential_key else Path(data_dir) / FOLDER / "credential.pem"
    try:
        if not credential_key and not path.exists():
            keep(path, Ed25519PrivateKey.generate().private_bytes(PEM, PKCS8, NoEncryption()))
        return _proving(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise NoKey(
            _(
                "The key of credentials %(file)s cannot be read (%(why)s). Bring it back, or set LMS_CREDENTIAL_KEY to where it is.",
                file=error.filename,
                why=error.strerror,
            )
        ) from error


@lru_cache(maxsize=4)
def _read(path: Path, password: str, _changed: int) -> tuple[bytes, tuple[bytes, ...]]:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode() or None)
    except ValueError as error:
        raise NoKey(
            _("%(file)s is no PKCS#12 file, or LMS_SIGNING_PASSWORD is not its password.", file=str(path))
        ) from error
    if key is None or certificate is None:
        raise _unfit(str(path))
    chain = tuple(each.public_bytes(DER) for each in (certificate, *others))
    return key.private_bytes(DER, PKCS8, NoEncryption()), _fit(chain, str(path))


def _fit(chain: tuple[bytes, ...], place: str) -> tuple[bytes, ...]:
    """The certificates, if the first is of a key that PDF readers take."""
    key = x509.load_der_x509_certificate(chain[0]).public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) or (
        isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA
    ):
        return chain
    raise _unfit(place)


def _unfit(place: str) -> NoKey:
    return NoKey(_("%(file)s holds no certificate with an elliptic curve key or an RSA key of 2048 bits.", file=place))


@lru_cache(maxsize=4)
def _proving(own: Path, _changed: int) -> bytes:
    try:
        proving = serialization.load_pem_private_key(own.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise NoKey(_("%(file)s is no private key in PEM without a password.", file=str(own))) from error
    if not isinstance(proving, Ed25519PrivateKey):
        raise NoKey(_("%(file)s holds no Ed25519 key, which credentials need.", file=str(own)))
    return proving.private_bytes_raw()
