"""Who issues certificates and who signs them."""

from flask import current_app
from sqlalchemy import select

from certificates.facts import LANGUAGES
from certificates.models import Issuer
from lms.kit.db import new_key, session
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person

LEAD = Words(ko="운영 책임자", en="Programme Lead")


def current() -> Issuer | None:
    """Who issues and signs now; None until an administrator has said so."""
    return session.scalar(select(Issuer).order_by(Issuer.set_at.desc(), Issuer.id.desc()).limit(1))


def for_issue(by: Person) -> Issuer:
    """Who stands on a certificate that `by` issues now: as was set, else the hub, signed by `by` as its programme lead.

    Never kept by itself: the certificate keeps the words.
    """
    return current() or Issuer(
        name=whole(Words(ko=current_app.config["PRODUCT_NAME"])),
        signatory=Words(ko=by.name, en=by.latin_name or by.name),
        signatory_title=LEAD,
    )


def appoint(name: Words, signatory: Words, signatory_title: Words, by: Person) -> Issuer:
    """From now on certificates name this issuer and this signatory; those already issued stay as they are."""
    before = current()
    issuer = Issuer(id=new_key(), name=name, signatory=signatory, signatory_title=signatory_title, set_by_id=by.id)
    session.add(issuer)
    session.flush()
    audit.note(by, "issuer.appointed", issuer, old=_told(before) if before else None, new=_told(issuer))
    return issuer


def whole(words: Words) -> Words:
    """The same text in every printed language; one that is missing is taken from the other."""
    return Words({language: Words(words).best(language) for language in LANGUAGES})


def _told(issuer: Issuer) -> dict[str, dict[str, str]]:
    return {key: dict(getattr(issuer, key)) for key in ("name", "signatory", "signatory_title")}
