"""Links in letters that open one door once: signed, expiring, used up."""

import uuid
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select, update

from lms.kit import clock, web
from lms.kit.db import session
from lms.people.models import MailedLink, Person, Purpose

LASTS = {
    Purpose.RESET: timedelta(hours=2),
    Purpose.CONFIRMATION: timedelta(days=3),
    Purpose.INVITATION: timedelta(days=14),
}


def make(person: Person, purpose: Purpose, *, by: Person | None = None, then: str = "") -> str:
    """The full address of a new link for `person`; `then`: the page of ours to go to afterwards."""
    link = MailedLink(
        person_id=person.id, purpose=purpose, expires_at=clock.now() + LASTS[purpose], made_by_id=by.id if by else None
    )
    session.add(link)
    session.flush()
    return web.public_url("people.link", token=_signer().dumps(str(link.id)), next=then or None)


def look_up(token: str, *, lock: bool = False) -> MailedLink | None:
    """The link behind a token, if it still opens: genuine, not expired, not used. `lock` it to use it."""
    try:
        key = uuid.UUID(_signer().loads(token))
    except (BadSignature, ValueError):
        return None
    query = select(MailedLink).where(
        MailedLink.id == key, MailedLink.used_at.is_(None), MailedLink.expires_at > clock.now()
    )
    return session.scalar(query.with_for_update() if lock else query)


def use_up(link: MailedLink) -> None:
    """Close this link and all others of its person: the newest letter is the only one that opens anything."""
    session.execute(
        update(MailedLink)
        .where(MailedLink.person_id == link.person_id, MailedLink.used_at.is_(None))
        .values(used_at=clock.now())
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="mailed-link")
