"""Accounts: how one begins, gets its password and roles, and is closed."""

import unicodedata

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select

from lms.kit import clock, db
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import audit, devices, letters, links, passwords
from lms.people.merge_models import PersonMerge
from lms.people.models import MailedLink, Person, Purpose, Role, RoleGrant

# Embeddings, overrides and isolates of direction (not the joiners, which some scripts need).
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy_name(text: str) -> str:
    """A name as people mean it: composed (NFC), single spaces, no control characters and none that turns the direction
    of what stands beside it. Its letters are left alone."""
    text = "".join(
        letter
        for letter in unicodedata.normalize("NFC", text)
        if unicodedata.category(letter) not in ("Cc", "Cs", "Cn") and letter not in TURNING
    )
    return " ".join(text.split())


def tidy_email(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def find(email: str) -> Person | None:
    """The person with this address, in any spelling of capitals."""
    return session.scalar(select(Person).where(Person.email == tidy_email(email)))


def check(email: str, password: str) -> Person | None:
    """The person whose address and password these are, else None; takes the same time either way. Takes no write lock."""
    with db.looking() as apart:
        found = apart.scalar(select(Person).where(Person.email == tidy_email(email)))
        kept = found.password_hash if found and not found.closed_at else None
    return session.get(Person, found.id) if passwords.fits(kept, password) and found else None


def register(*, email: str, name: str, latin_name: str, language: str, then: str = "") -> None:
    """Begin an account for an applicant. The answer is a letter, the same on screen whether or not there is an account already."""
    person = find(email)
    if person is None:
        person = Person(
            email=tidy_email(email), name=tidy_name(name), latin_name=tidy_name(latin_name), language=language
        )
        person.grants = [RoleGrant(role=Role.TRAINEE)]
        session.add(person)
        session.flush()
        audit.note(person, "account.begun", person)
    elif person.password_hash:
        letters.write(person, "already_known", link=links.make(person, Purpose.RESET, then=then))
        return
    letters.write(person, "confirm", link=links.make(person, Purpose.CONFIRMATION, then=then))


def forgot(email: str) -> None:
    """Send a link for a new password, if there is an open account; say nothing either way."""
    person = find(email)
    if person and not person.closed_at:
        letters.write(person, "reset", link=links.make(person, Purpose.RESET))


def invite(*, email: str, name: str, language: str, roles: list[Role], by: Person) -> Person:
    """Make somebody known with these roles and send them an invitation (again, if they are known already)."""
    person = find(email)
    if person is None:
        person = Person(email=tidy_email(email), name=tidy_name(name), language=language)
        session.add(person)
        session.flush()
    if person.closed_at:
        raise Refused(_("This account is closed. Open it again before you invite the person."))
    for role in roles:
        grant(person, role, by)
    if not person.password_hash:
        letters.write(person, "invitation", link=links.make(person, Purpose.INVITATION, by=by), by=by)
    return person


def set_password(link: MailedLink, password_hash: str) -> Person:
    """Open the door of a mailed link: the password is set, the address confirmed, every old sign-in ended."""
    person = session.get_one(Person, link.person_id)
    links.use_up(link)
    change_password(person, password_hash, by=person)
    person.email_confirmed_at = person.email_confirmed_at or clock.now()
    return person


def change_password(person: Person, password_hash: str, *, by: Person) -> None:
    """Keep a new password and sign the person out everywhere."""
    person.password_hash = password_hash
    devices.end_all(person)
    audit.note(by, "account.password", person)


def grant(person: Person, role: Role, by: Person) -> None:
    """Let a person act in a role; nothing happens if they may already."""
    if person.has(role):
        return
    if person.erased_at:
        raise Refused(_("This person was erased. Nothing of the account is left that could be opened."))
    person.grants.append(RoleGrant(role=role, granted_by_id=by.id))
    session.flush()
    audit.note(by, "role.granted", person, new={"role": role.value})


def take_away(person: Person, role: Role, by: Person) -> None:
    """End a role. The last administrator stays one, or nobody could undo it."""
    held = next((each for each in person.grants if each.role == role), None)
    if held is None:
        return
    if role == Role.ADMIN:
        keep_an_administrator(person)
    person.grants.remove(held)
    audit.note(by, "role.taken", person, old={"role": role.value})


def keep_an_administrator(person: Person) -> None:
    """Raise Refused when `person` is the only administrator: nobody could undo what is done then."""
    admins = select(func.count()).select_from(RoleGrant).where(RoleGrant.role == Role.ADMIN)
    if person.has(Role.ADMIN) and session.scalar(admins) == 1:
        raise Refused(_("This is the only administrator. Make somebody else one first."))


def close(person: Person, by: Person) -> None:
    """Close an account: no sign-in any more; what was decided about the person stays."""
    if person.id == by.id:
        raise Refused(_("You cannot close your own account. Ask another administrator."))
    person.closed_at = clock.now()
    devices.end_all(person)
    audit.note(by, "account.closed", person)


def reopen(person: Person, by: Person) -> None:
    if person.erased_at:
        raise Refused(_("This person was erased. Nothing of the account is left that could be opened."))
    if session.scalar(select(PersonMerge.id).where(PersonMerge.gone_id == person.id, PersonMerge.undone_at.is_(None))):
        raise Refused(_("This account was joined with another one. Undo that, and it is open as before."))
    person.closed_at = None
    audit.note(by, "account.reopened", person)


def matching(text: str = "", role: Role | None = None) -> Select[Person]:
    """People by a part of their name or address and by role, for administrators; by name."""
    query = select(Person).order_by(Person.name, Person.id)
    if text:
        part = f"%{tidy_name(text).lower().replace('%', '')}%"
        query = query.where(
            or_(func.lower(Person.name).like(part), func.lower(Person.latin_name).like(part), Person.email.like(part))
        )
    if role:
        query = query.where(Person.grants.any(RoleGrant.role == role))
    return query
