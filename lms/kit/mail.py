"""Mail: a row in the transaction that causes it, sent after the commit.

Through SMTP where configured, else into readable files (and the demo's page). What was sent by SMTP loses its body, because
letters carry links that open accounts.
"""

import smtplib
import ssl
import uuid
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.kit import clock, jobs
from lms.kit.db import Base, Keyed, session, transaction

# The end of addresses that lead nowhere (RFC 2606): of people who were erased.
NOWHERE = ".invalid"
KEPT_FOR = timedelta(days=183)
AT_ONCE = 500


class Letter(Keyed, Base):
    """One mail to one person, in their language."""

    __tablename__ = "letter"

    to_address: Mapped[str]
    to_name: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str | None]
    written_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    sent_at: Mapped[datetime | None]


def post(to_address: str, to_name: str, subject: str, text: str) -> None:
    """Write a letter; it leaves after this transaction has committed. Nobody writes to an address that leads nowhere."""
    if to_address.endswith(NOWHERE):
        return
    letter = Letter(to_address=to_address, to_name=to_name, subject=" ".join(subject.split()), text=text)
    session.add(letter)
    session.flush()
    jobs.later(deliver_letter, letter_id=str(letter.id))


def forget(address: str) -> int:
    """Delete every letter to an address, also those that did not leave yet; returns how many."""
    return _forget(select(Letter).where(Letter.to_address == address))


@jobs.nightly
def forget_old_letters() -> None:
    """Delete letters half a year after they left: nobody reads them again, and they may name people who were erased since."""
    over = select(Letter).where(Letter.sent_at < clock.now() - KEPT_FOR).limit(AT_ONCE)
    forgotten = AT_ONCE
    while forgotten == AT_ONCE:
        with transaction():
            forgotten = _forget(over)


def _forget(which: Select[Letter]) -> int:
    letters = session.scalars(which).all()
    for letter in letters:
        _readable(letter).unlink(missing_ok=True)
        session.delete(letter)
    return len(letters)


@jobs.task
def deliver_letter(letter_id: str) -> None:
    """Send one letter unless it was sent already."""
    letter = session.get(Letter, uuid.UUID(letter_id))
    session.rollback()
    if letter is None or letter.sent_at is not None:
        return
    smtp_url = current_app.config["SMTP_URL"]
    message = _message(letter)
    if smtp_url:
        _send(smtp_url, message)
    else:
        _write(letter, message)
    with transaction():
        sent = session.get_one(Letter, letter.id)
        sent.sent_at = clock.now()
        if smtp_url:
            sent.text = None


def _message(letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_FROM"]
    user, _at, domain = letter.to_address.rpartition("@")
    message["To"] = Address(letter.to_name, user, domain)
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.id}@{urlsplit(current_app.config['PUBLIC_URL']).hostname}>"
    message.set_content(letter.text or "")
    return message


def _send(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    secure = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(parts.hostname or "", parts.port or 465, timeout=30, context=secure)
    else:
        server = smtplib.SMTP(parts.hostname or "", parts.port or 587, timeout=30)
    with server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=secure)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _write(letter: Letter, message: EmailMessage) -> None:
    file = _readable(letter)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_bytes(bytes(message))


def _readable(letter: Letter) -> Path:
    return Path(current_app.config["DATA_DIR"]) / "mail" / f"{letter.written_at:%Y%m%d-%H%M%S}-{letter.id}.eml"
