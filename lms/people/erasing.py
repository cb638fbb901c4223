"""Erasing a person: the account, its e-mail and everything they wrote go; a nameless row stays, so that counts stay right.

What higher rooms hold goes by the news "person_erased", which each of them reads as a job of its own. Issued certificates
stay as they are: they are the city's word to third parties, and the register of them is kept for good.
"""

import uuid
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import IntegrityError

from lms.kit import clock, db, i18n, jobs, mail
from lms.kit.db import new_key, session
from lms.kit.refusal import Conflict, Refused
from lms.people import accounts, audit, letters
from lms.people.models import AuditEntry, Device, Erasure, MailedLink, Person, RoleGrant

WAITS = timedelta(days=7)  # between one's own request and the deed; the law asks for ten days at the most
NAMELESS = "(삭제됨 · erased)"  # for readers of both languages: a row has one name


def waiting(person: Person) -> Select[Erasure]:
    """The request to erase this person that is neither done nor taken back."""
    return select(Erasure).where(
        Erasure.person_id == person.id, Erasure.done_at.is_(None), Erasure.withdrawn_at.is_(None)
    )


def ask(person: Person, typed: str) -> Erasure:
    """Ask for one's own account to be erased, a week from now. `typed`: the account's e-mail, written out.

    Raises Refused when that is another address and for the only administrator, Conflict when it was asked before.
    """
    erasure = _request(person, person, typed, wait=WAITS)
    letters.write(person, "erasure", day=i18n.day(erasure.due_at))
    audit.note(person, "person.erasure_asked", person)
    jobs.later(erase_person, due_at=erasure.due_at, erasure_id=str(erasure.id))
    return erasure


def order(person: Person, by: Person, typed: str) -> None:
    """Erase somebody else now, as an administrator. Raises what `ask` raises; a request that waits is done with it."""
    if person.id == by.id:
        raise Refused(_("Erase your own account on its own page. It waits a week there, so that you can think again."))
    if erasure := session.scalar(waiting(person)):
        _check(person, typed)
    else:
        erasure = _request(person, by, typed, wait=timedelta())
    erase(person, by)
    erasure.done_at = clock.now()


def withdraw(erasure: Erasure, by: Person) -> None:
    """Take a request back. Raises Refused when it was done or taken back before."""
    session.refresh(erasure, ["done_at", "withdrawn_at"], with_for_update=True)
    if erasure.done_at or erasure.withdrawn_at:
        raise Refused(_("This request is over already. Look at your account again."))
    erasure.withdrawn_at = clock.now()
    audit.note(by, "person.erasure_withdrawn", session.get_one(Person, erasure.person_id))


@jobs.task
def erase_person(erasure_id: str) -> None:
    """Do what was asked for, unless it was taken back or is done."""
    with db.transaction():
        erasure = session.scalar(select(Erasure).where(Erasure.id == uuid.UUID(erasure_id)).with_for_update())
        if erasure is None or erasure.withdrawn_at or erasure.done_at or erasure.due_at > clock.now():
            return
        person = session.get_one(Person, erasure.person_id)
        accounts.keep_an_administrator(person)
        erase(person, person)
        erasure.done_at = clock.now()
    jobs.committed()


def erased(person_id: str) -> Person:
    """For the readers of the news: the person, who must be erased, or nothing of theirs is touched."""
    person = session.get_one(Person, uuid.UUID(person_id))
    if person.erased_at is None:
        raise ValueError(f"{person_id} is not erased.")
    return person


def _request(person: Person, by: Person, typed: str, *, wait: timedelta) -> Erasure:
    _check(person, typed)
    now = clock.now()
    erasure = Erasure(id=new_key(), person_id=person.id, requested_by_id=by.id, requested_at=now, due_at=now + wait)
    try:
        with session.begin_nested():
            session.add(erasure)
            session.flush()
    except IntegrityError as error:
        raise Conflict(_("This was asked for already. Look at the account again.")) from error
    return erasure


def _check(person: Person, typed: str) -> None:
    if person.erased_at:
        raise Refused(_("This person was erased. Nothing of the account is left that could be opened."))
    if accounts.tidy_email(typed) != person.email:
        raise Refused(_("This is not the e-mail of the account. Write it out to confirm that you mean this one."))
    accounts.keep_an_administrator(person)


def erase(person: Person, by: Person) -> None:
    """Do it now, whoever asked: the rules of asking are those of `ask` and `order`."""
    mail.forget(person.email)
    for table in (Device, MailedLink, RoleGrant):
        session.execute(delete(table).where(table.person_id == person.id))
    session.execute(
        update(AuditEntry)
        .where(AuditEntry.subject_kind == Person.__name__, AuditEntry.subject_id == person.id)
        .values(old=None, new=None)
    )
    session.expire(person, ["grants"])
    now = clock.now()
    person.name, person.latin_name, person.email = NAMELESS, "", f"{person.id.hex}@erased{mail.NOWHERE}"
    person.language, person.time_zone = "ko", "Asia/Seoul"
    person.password_hash = person.email_confirmed_at = None
    person.closed_at, person.erased_at = person.closed_at or now, now
    session.flush()
    audit.note(by, "person.erased", person)
    jobs.announce("person_erased", person_id=str(person.id))
