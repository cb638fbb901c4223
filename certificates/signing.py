"""The signature of a PDF: PAdES baseline B-B, with a time stamp B-T; a certification that allows no change."""

import urllib.request
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from asn1crypto import cms, tsp, x509
from asn1crypto import keys as asn1_keys
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer, SimpleSigner
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates import tokens
from certificates.apart import outcome
from certificates.enclosing import RANGE
from certificates.keys import Keys
from certificates.tokens import Token

DIGEST = "sha256"
SPARE, ROOM_FOR_TIME = 16, 12288  # bytes, beside the message without a time stamp
LARGEST_SIGNATURE = 1024
PATIENCE = 20  # seconds for the time-stamp authority
LARGEST_ANSWER = 1 << 20
OCTETS, SEQUENCE, SET, TAGGED = 0x04, 0x30, 0x31, 0xA0
EXAMPLE = sha256(b"a digest that stands where others will").digest()
HOLE = RANGE % (0, 0, 0) + b"/Contents<"


class Authority(TimeStamper):
    """A time-stamp authority (RFC 3161)."""

    def __init__(self, address: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.address = address

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        asked = urllib.request.Request(  # noqa: S310 - the settings allow http and https only
            self.address, req.dump(), {"Content-Type": "application/timestamp-query"}
        )
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
            return tsp.TimeStampResp.load(answer.read(LARGEST_ANSWER))


def room(keys: Keys, timestamp_url: str = "") -> int:
    """How many bytes a signature with these keys may take."""
    return _form(keys).size + SPARE + (ROOM_FOR_TIME if timestamp_url else 0)


def signed(pdf: bytes, keys: Keys, timestamp_url: str = "") -> bytes:
    """The file with the signature of everything but itself, in the room that ``enclosing`` left for it."""
    place = pdf.rindex(HOLE)
    start = place + len(HOLE) - 1
    end = pdf.index(b">", start) + 1
    whole = bytearray(pdf)
    whole[place : start - len(b"/Contents")] = RANGE % (start, end, len(pdf) - end)
    digest = sha256(memoryview(whole)[:start])
    digest.update(memoryview(whole)[end:])
    told = (_stamped(digest.digest(), keys, timestamp_url) if timestamp_url else _quick(digest.digest(), keys)).hex()
    if len(told) > end - start - 2:
        raise ValueError(f"The signature takes {len(told) // 2} bytes, more than were left for it.")
    whole[start + 1 : start + 1 + len(told)] = told.encode()
    return bytes(whole)


def _stamped(digest: bytes, keys: Keys, timestamp_url: str = "") -> bytes:
    """The CMS message that signs a digest, as pyHanko makes it."""
    stamper = authority(timestamp_url) if timestamp_url else None
    message = _signer(keys).async_sign(
        digest, DIGEST, use_pades=True, timestamper=stamper, signed_attr_settings=PdfCMSSignedAttributes()
    )
    told: bytes = outcome(message).dump()
    return told


def _quick(digest: bytes, keys: Keys) -> bytes:
    """The same in a tenth of the time: only digest and signature differ from message to message."""
    form = _form(keys)
    attributes = form.attributes.replace(EXAMPLE, digest)
    signature = _raw(keys, der(SET, attributes))
    signer = der(SEQUENCE, form.signer + der(TAGGED, attributes) + form.algorithm + der(OCTETS, signature))
    message = der(SEQUENCE, form.message + der(SET, signer))
    return der(SEQUENCE, form.kind + der(TAGGED, message))


@dataclass(frozen=True)
class Form:
    """The parts of a CMS message that stay, as pyHanko wrote them."""

    kind: bytes
    message: bytes
    signer: bytes
    attributes: bytes
    algorithm: bytes
    size: int


@lru_cache(maxsize=4)
def _form(keys: Keys) -> Form:
    told = _stamped(EXAMPLE, keys)
    whole = cms.ContentInfo.load(told)
    message = whole["content"]
    signer = message["signer_infos"][0]
    return Form(
        whole["content_type"].dump(),
        b"".join(message[key].dump() for key in ("version", "digest_algorithms", "encap_content_info", "certificates")),
        b"".join(signer[key].dump() for key in ("version", "sid", "digest_algorithm")),
        signer["signed_attrs"].contents,
        signer["signature_algorithm"].dump(),
        len(told),
    )


def der(tag: int, content: bytes) -> bytes:
    """One value in Distinguished Encoding."""
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 128 + len(length))) + length + content


def _raw(keys: Keys, data: bytes) -> bytes:
    signer = _signer(keys)
    if isinstance(signer, TokenSigner):
        return tokens.signature(signer.token, data)
    signature: bytes = signer.sign_raw(data, DIGEST)
    return signature


class TokenSigner(Signer):
    """Signs with a key that stays on its token."""

    def __init__(self, token: Token, own: x509.Certificate, store: SimpleCertificateStore) -> None:
        super().__init__(signing_cert=own, cert_registry=store)
        self.token = token

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(LARGEST_SIGNATURE) if dry_run else tokens.signature(self.token, data)


@lru_cache(maxsize=4)
def _signer(keys: Keys) -> SimpleSigner | TokenSigner:
    certificates = [x509.Certificate.load(each) for each in keys.certificates]
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(certificates)
    if keys.token:
        return TokenSigner(keys.token, certificates[0], store)
    return SimpleSigner(certificates[0], asn1_keys.PrivateKeyInfo.load(keys.signing), store)


@lru_cache(maxsize=4)
def authority(address: str) -> Authority:
    return Authority(address)
