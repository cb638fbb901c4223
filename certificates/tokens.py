"""A signing key that never leaves its token (PKCS#11): finding it, and what it signs.

The token is a guest that may go at any time. Whatever fails ends in a sentence that says what to do, and a wrong PIN is
never tried twice, because tokens lock themselves after a few.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from threading import RLock
from types import ModuleType
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from flask_babel import gettext as _
from werkzeug.utils import ImportStringError, import_string

LONGEST_CHAIN = 6
USING = RLock()  # a session does one thing at a time


class NoKey(Exception):
    """Nothing can be signed; the sentence says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Token:
    """Where a key lies: the module's path, the labels of token and key, and the PIN."""

    module: str
    label: str
    key: str
    pin: str = field(repr=False)


@dataclass
class Opened:
    """A session with a token, and the key in it."""

    session: Any
    key: Any = None
    fits: bool = False  # whether the key is known to be that of its certificate


_opened: dict[Token, Opened] = {}
_refused: set[Token] = set()


def certificates(token: Token) -> tuple[bytes, ...]:
    """The key's own certificate and those on the token that lead up from it. Raises NoKey, also where the key is gone."""
    with USING, _saying(token):
        opened = _open(token)
        kinds, attributes = _pkcs11().ObjectClass, _pkcs11().Attribute
        found = list(opened.session.get_objects({attributes.CLASS: kinds.CERTIFICATE}))
        same = [each for each in found if each[attributes.ID] and each[attributes.ID] == opened.key[attributes.ID]]
        own = next((each[attributes.VALUE] for each in found if each[attributes.LABEL] == token.key), None) or next(
            (each[attributes.VALUE] for each in same), None
        )
        if own is None:
            raise NoKey(
                _(
                    "The token %(token)s holds no certificate called %(key)s. Put it there beside its key.",
                    token=token.label,
                    key=token.key,
                )
            )
        if not opened.fits:
            _try(token, own)
            opened.fits = True
        return tuple(_chain(own, [each[attributes.VALUE] for each in found]))


def signature(token: Token, data: bytes) -> bytes:
    """The signature of the data with SHA-256, as CMS wants it. Raises NoKey."""
    with USING, _saying(token):
        key, pkcs11 = _open(token).key, _pkcs11()
        if key.key_type == pkcs11.KeyType.RSA:
            told: bytes = key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
            return told
        told = key.sign(sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
        half = len(told) // 2
        return encode_dss_signature(int.from_bytes(told[:half], "big"), int.from_bytes(told[half:], "big"))


def _try(token: Token, own: bytes) -> None:
    """Sign something: a renewed certificate may lie beside the key of an older one."""
    certificate = x509.load_der_x509_certificate(own)
    public, told = certificate.public_key(), signature(token, b"a try")
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(told, b"a try", ec.ECDSA(SHA256()))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(told, b"a try", PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise NoKey(
            _(
                "The certificate %(key)s on the token %(token)s is of another key. Put there the one that belongs to it.",
                token=token.label,
                key=token.key,
            )
        ) from error


def _chain(own: bytes, others: Sequence[bytes]) -> Iterator[bytes]:
    known = [x509.load_der_x509_certificate(each) for each in others]
    last = x509.load_der_x509_certificate(own)
    for _step in range(LONGEST_CHAIN):
        yield last.public_bytes(Encoding.DER)
        above = [each for each in known if each.subject == last.issuer and each != last]
        if not above or last.subject == last.issuer:
            return
        last = above[0]


def _open(token: Token) -> Opened:
    """The session of this process with the token, with the key found again: it may have gone since."""
    if token in _refused:
        raise _pin_refused(token)
    if token not in _opened:
        _opened[token] = Opened(_session(token))
    kinds = _pkcs11().ObjectClass
    opened = _opened[token]
    opened.key = opened.session.get_key(label=token.key, object_class=kinds.PRIVATE_KEY)
    return opened


def _session(token: Token) -> Any:
    library = _pkcs11().lib(token.module)
    if not _opened:
        library.reinitialize()  # some modules see only the tokens that were there when they were loaded
    found = library.get_token(token_label=token.label)
    if _one_try_left(found):
        raise NoKey(
            _(
                "One more wrong PIN would lock the token %(token)s, so none is tried. Sign in with the token's own tool first.",
                token=token.label,
            )
        )
    try:
        return found.open(user_pin=token.pin or None)
    except _failures().UserAlreadyLoggedIn:
        return found.open()


def _one_try_left(found: Any) -> bool:
    return bool(found.flags & _pkcs11().TokenFlag.USER_PIN_FINAL_TRY)


@contextmanager
def _saying(token: Token) -> Iterator[None]:
    """Turn what the module raises into a sentence; the next use begins anew."""
    try:
        failures = _failures()
    except ImportStringError as error:
        raise NoKey(
            _("LMS_SIGNING_PKCS11 needs the extra pkcs11: pip install 'talent-pipeline-lms[pkcs11]'.")
        ) from error
    try:
        yield
    except failures.PKCS11Error as error:
        _opened.pop(token, None)
        raise _told(token, error) from error


def _told(token: Token, error: Exception) -> NoKey:
    failures = _failures()
    named = {"token": token.label, "key": token.key}
    match error:
        case failures.PinLocked():
            return NoKey(_("The token %(token)s is locked. Have whoever looks after it unlock it.", **named))
        case failures.PinIncorrect() | failures.PinInvalid() | failures.PinLenRange() | failures.ArgumentsBad():
            _refused.add(token)
            return _pin_refused(token)
        case failures.PinExpired() | failures.UserPinNotInitialized():
            return NoKey(_("The PIN of the token %(token)s must be set anew with the token's own tool.", **named))
        case failures.NoSuchToken() | failures.TokenNotPresent() | failures.MultipleTokensReturned():
            return NoKey(
                _(
                    "There is not one token called %(token)s. Connect it, or set LMS_SIGNING_TOKEN to its label.",
                    **named,
                )
            )
        case failures.NoSuchKey() | failures.MultipleObjectsReturned():
            return NoKey(
                _(
                    "There is not one key called %(key)s on the token %(token)s. Set LMS_SIGNING_KEY to its label.",
                    **named,
                )
            )
    why = str(error) or type(error).__name__
    return NoKey(
        _(
            "The token %(token)s does not answer (%(why)s). Connect it, see that LMS_SIGNING_PKCS11 (%(module)s) is its module, "
            "and try again.",
            token=token.label,
            why=why,
            module=token.module,
        )
    )


def _pin_refused(token: Token) -> NoKey:
    return NoKey(
        _(
            "The token %(token)s refused its PIN, which is not tried again. Mend LMS_SIGNING_PIN or the file that "
            "LMS_SIGNING_PIN_FILE names, and start again.",
            token=token.label,
        )
    )


@cache
def _pkcs11() -> ModuleType:
    library: ModuleType = import_string("pkcs11")  # comes with the extra "pkcs11"
    return library


@cache
def _failures() -> ModuleType:
    failures: ModuleType = import_string("pkcs11.exceptions")
    return failures
