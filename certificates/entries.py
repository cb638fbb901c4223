"""The entry of each certificate and transcript in the status list, and with it everything that its seal needs."""

import secrets

from cryptography.hazmat.primitives.serialization import Encoding
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from certificates import addresses, keys
from certificates.credential import Holder, email_hash, issuer_address
from certificates.models import Certificate
from certificates.seal_models import ENTRIES, CredentialEntry, SigningKey
from certificates.seals import Seal
from certificates.transcript_models import Transcript
from lms.kit import clock
from lms.kit.db import new_key, session

HALF_FULL = ENTRIES // 2  # then a new list is begun: places in it are found by chance


def seal(issued: Certificate | Transcript) -> Seal:
    """What completes this document: the keys of now, and its entry, which is made the first time. Raises keys.NoKey."""
    own = keys.current()
    remember(own)
    entry = session.get(CredentialEntry, issued.id) or _enter(issued)
    holder = Holder(entry.email_hash, entry.salt, status_list_address(entry.list_number), entry.status_index)
    settings = current_app.config
    return Seal(own, issuer(), holder, clock.now(), settings["TIMESTAMP_URL"])


def issuer() -> str:
    """The address by which credentials name this installation."""
    return issuer_address(current_app.config["PUBLIC_URL"])


def status_list_address(number: int) -> str:
    return addresses.full("certificates.status_list_of", number=number)


def remember(own: keys.Keys) -> None:
    """Keep the public halves of keys that sign from now on."""
    known = select(SigningKey.id).where(
        SigningKey.fingerprint == own.fingerprint, SigningKey.credential_key == own.public
    )
    if session.scalar(known) is None:
        _added(public_half(own))


def public_half(own: keys.Keys) -> SigningKey:
    """A row for the keys, not kept yet."""
    return SigningKey(
        id=new_key(),
        fingerprint=own.fingerprint,
        certificate=own.certificate.public_bytes(Encoding.PEM).decode(),
        credential_key=own.public,
        demo=own.demo,
    )


def _enter(issued: Certificate | Transcript) -> CredentialEntry:
    """Give the document a place of a list that nobody can guess from its number."""
    number = session.scalars(select(func.count()).select_from(CredentialEntry)).one() // HALF_FULL + 1
    salt = secrets.token_hex(16)
    digest = email_hash(issued.person.email, salt)
    while True:
        entry = CredentialEntry(
            id=issued.id,
            certificate_id=issued.id if isinstance(issued, Certificate) else None,
            transcript_id=issued.id if isinstance(issued, Transcript) else None,
            list_number=number,
            status_index=secrets.randbelow(ENTRIES),
            email_hash=digest,
            salt=salt,
        )
        if _added(entry):
            return entry
        if there := session.get(CredentialEntry, issued.id):
            return there


def _added(row: CredentialEntry | SigningKey) -> bool:
    """Whether the row could be written; if not, another one was quicker."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return False
    return True
