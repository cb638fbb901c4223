"""What people tell about themselves for statistics: everything optional, with a consent of its own, gone when that is taken back."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from lms.kit import clock, i18n
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import audit, consents
from lms.people.models import Person
from lms.pipeline.models import Application, Profile
from lms.pipeline.profile_models import ProfileDraft

FIELDS = ("sex", "birth_year", "region", "field", "employment")
YOUNGEST, OLDEST = 14, 100
Typed = Mapping[
    str, Any
]  # an answer by its name, birth_year as text; "agreed", and the "version" of the text that was read


def of(person: Person) -> Profile | None:
    """What the person told, if anything."""
    return session.get(Profile, person.id)


def tell(person: Person, told: Mapping[str, Any], *, agreed: bool, language: str) -> Profile | None:
    """Keep what was told and the choice about it; without agreement nothing is kept, and what was there goes.

    Raises Refused when something was told without agreeing that it is used.
    """
    some = {name: told.get(name) or None for name in FIELDS}
    if any(some.values()) and not agreed:
        raise Refused(_not_agreed())
    consents.choose(person, consents.current(consents.STATISTICS), agreed, language)
    known = of(person)
    if not any(some.values()):
        if known is not None:
            session.delete(known)
            audit.note(person, "profile.forgotten", person)
        return None
    profile = known or Profile(person_id=person.id)
    for name, value in some.items():
        setattr(profile, name, value)
    profile.told_at = clock.now()
    session.add(profile)
    session.flush()
    audit.note(person, "profile.told", person, new={"fields": sorted(name for name in some if some[name])})
    return profile


def typed_in(application: Application) -> Typed | None:
    """What was typed in this draft; None where nobody came to these questions yet."""
    draft = session.get(ProfileDraft, application.id)
    return draft.answers if draft else None


def keep(application: Application, typed: Typed) -> None:
    """Keep it with the draft as it was typed, whether it can be used or not."""
    draft = session.get(ProfileDraft, application.id) or ProfileDraft(application_id=application.id)
    draft.answers = dict(typed)
    session.add(draft)


def problems(typed: Typed | None) -> dict[str, str]:
    """What must be mended before the draft can be sent: field → sentence."""
    typed = typed or {}
    found = {}
    if typed.get("birth_year") and _year(typed) is None:
        found["birth_year"] = year_needed()
    told = any(typed.get(name) for name in FIELDS)
    if told and not typed.get("agreed"):
        found["agreed"] = _not_agreed()
    elif told and typed.get("version") != str(consents.current(consents.STATISTICS).version):
        found["agreed"] = _("This text changed while you were reading. Read the new one and choose again.")
    return found


def hand_in(application: Application, person: Person) -> None:
    """With the application the answers leave its draft: kept where the person agreed, forgotten where not."""
    draft = session.get(ProfileDraft, application.id)
    if draft is None:
        return
    told = {**draft.answers, "birth_year": _year(draft.answers)}
    tell(person, told, agreed=bool(told.get("agreed")), language=i18n.current())
    session.delete(draft)
    session.flush()


def years() -> tuple[int, int]:
    """The first and the last year of birth that can be."""
    year = clock.today().year
    return year - OLDEST, year - YOUNGEST


def year_needed() -> str:
    """What is said about any other year."""
    first, last = years()
    return _("Give a year from %(first)s to %(last)s.", first=first, last=last)


def _year(typed: Typed) -> int | None:
    text = str(typed.get("birth_year") or "").strip()
    first, last = years()
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() and first <= int(text) <= last else None


def _not_agreed() -> str:
    return _("Agree that your answers are used for statistics, or leave all of them empty.")
