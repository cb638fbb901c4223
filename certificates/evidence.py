"""What shows that no certificate behind a signature was revoked when it was made: with it a signature is PAdES B-LT.

It is asked for by the addresses in the certificates (OCSP, revocation lists) or read from LMS_SIGNING_CRL, for the signer's
chain and that of the time-stamp authority. It is gathered before signing and lies in the revision that is signed, so a
certificate stays one revision. Where it cannot be had, signatures are B-T or B-B, and the doctor says so.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from asn1crypto import pem, x509
from flask import current_app
from flask_babel import gettext as _
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps.common_utils import extract_ts_certs
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates import keys, signing
from certificates.apart import outcome
from certificates.keys import Keys, NoKey
from certificates.seals import Evidence, Seal
from lms.config import Settings
from lms.health import Finding
from lms.kit import clock

log = logging.getLogger("lms.certificates")
LARGEST = 48 << 10  # bytes in every certificate; revocation lists of large authorities have megabytes
KEPT, TRIED_AGAIN = timedelta(hours=1), timedelta(minutes=10)
GATHERING = Lock()
ASKED = b"\0" * 32
STAMPING = "time_stamping"


class NoEvidence(Exception):
    """Signatures will not be B-LT; the text says why."""


_found: dict[tuple[object, ...], tuple[datetime, Evidence | NoEvidence]] = {}


def added(seal: Seal) -> Seal:
    """The seal with its evidence, where there is any. It calls out, so no transaction is held meanwhile.

    Raises NoKey when the signer's certificate was revoked.
    """
    if not seal.timestamp_url or seal.keys.demo:
        return seal
    try:
        return replace(seal, evidence=kept(seal.keys, seal.timestamp_url, current_app.config["SIGNING_CRL"]))
    except NoEvidence as why:
        log.warning("The signature will be B-T, not B-LT: %s", why)
        return seal


def kept(own: Keys, timestamp_url: str, list_file: str) -> Evidence:
    """The evidence of now, gathered at most once an hour. Raises NoEvidence and NoKey."""
    path = Path(list_file)
    changed = path.stat().st_mtime_ns if list_file and path.exists() else 0
    asked = (own.certificates, timestamp_url, list_file, changed)
    with GATHERING:
        until, found = _found.get(asked, (clock.now(), None))
        if found is None or until <= clock.now():
            try:
                found, long = gathered(own.certificates, timestamp_url, _lists(path) if list_file else ()), KEPT
            except NoEvidence as why:
                found, long = why, TRIED_AGAIN
            _found.clear()
            _found[asked] = clock.now() + long, found
    if isinstance(found, NoEvidence):
        raise found
    return found


def gathered(chain: Sequence[bytes], timestamp_url: str, lists: Iterable[bytes] = ()) -> Evidence:
    """Ask everybody. Raises NoEvidence, and NoKey when the signer's certificate was revoked."""
    own = [x509.Certificate.load(each) for each in chain]
    stamper = _stampers(timestamp_url)
    if len(own) == 1 or len(stamper) == 1:
        raise NoEvidence("a certificate stands for itself, so nobody says whether it was revoked")
    evidence = outcome(_asked(own, stamper, list(lists)))
    if evidence.size > LARGEST:
        raise NoEvidence(
            f"it has {evidence.size >> 10} kB, too much for each certificate; an authority with OCSP has less"
        )
    return evidence


async def _asked(own: list[x509.Certificate], stamper: list[x509.Certificate], lists: list[bytes]) -> Evidence:
    async with AIOHttpFetcherBackend() as fetchers:
        context = ValidationContext(
            trust_roots=[own[-1], stamper[-1]],
            other_certs=[*own, *stamper],
            crls=lists,
            allow_fetching=True,
            revocation_mode="require",
            fetchers=fetchers,
        )
        for certificate, purposes, whose in (
            (own[0], set(), "signer"),
            (stamper[0], {STAMPING}, "time-stamp authority"),
        ):
            validator = CertificateValidator(certificate, validation_context=context)
            try:
                await validator.async_validate_usage(set(), purposes)  # type: ignore[no-untyped-call]
            except RevokedError as error:
                if whose == "signer":
                    raise _revoked(error) from error
                raise NoEvidence(f"about the {whose}: {error}") from error
            except (PathError, ValidationError, OSError) as error:
                raise NoEvidence(f"about the {whose}: {error}") from error
        return Evidence(
            tuple(dict.fromkeys(each.dump() for each in (*own, *stamper))),
            tuple(sorted({each.dump() for each in context.crls})),
            tuple(sorted({each.dump() for each in context.ocsps})),
        )


def _revoked(error: RevokedError) -> NoKey:
    return NoKey(
        _("The certificate that signs was revoked (%(why)s). Nothing is signed with it any more.", why=str(error))
    )


def _stampers(timestamp_url: str) -> list[x509.Certificate]:
    """The chain of the time-stamp authority, its own certificate first: as it sends them with a stamp."""
    try:
        token = outcome(signing.Authority(timestamp_url).async_timestamp(ASKED, signing.DIGEST))
    except (OSError, SigningError) as error:
        raise NoEvidence(f"the time-stamp authority: {error}") from error
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    (chain, *_rest) = [[each] for each in extract_ts_certs(token, store)]
    while above := [each for each in store if each.subject == chain[-1].issuer and each not in chain]:
        chain.append(above[0])
    return chain


def _lists(path: Path) -> list[bytes]:
    """The revocation lists of a file, in PEM or DER."""
    try:
        content = path.read_bytes()
        if pem.detect(content):
            return [each for _kind, _headers, each in pem.unarmor(content, multiple=True)]
        return [content]
    except (OSError, ValueError) as error:
        raise NoEvidence(f"LMS_SIGNING_CRL {path} cannot be read: {error}") from error


def findings(settings: Settings) -> Iterator[Finding]:
    """What `lms doctor` says of the level of signatures."""
    try:
        own = keys.of(settings)
    except NoKey:
        return  # said elsewhere
    if own.demo:
        return
    if not settings.timestamp_url:
        yield Finding(
            "warn", "Signatures are PAdES B-B: without LMS_TIMESTAMP_URL nobody else says when they were made."
        )
        return
    try:
        size = kept(own, settings.timestamp_url, settings.signing_crl).size
    except NoEvidence as why:
        yield Finding("warn", f"Signatures are PAdES B-T, not B-LT: {why}.")
    except NoKey as no:
        yield Finding("bad", no.sentence)
    else:
        yield Finding(
            "good", f"Signatures are PAdES B-LT, with {max(1, size >> 10)} kB of evidence in each certificate."
        )
