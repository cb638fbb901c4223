"""What people tell about themselves for statistics: everything optional, with a consent of its own, gone when that is taken back."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import audit, consents
from lms.people.models import Person
from lms.pipeline.models import Profile

FIELDS = ("sex", "birth_year", "region", "field", "employment")
YOUNGEST, OLDEST = 14, 100


def of(person: Person) -> Profile | None:
    """What the person told, if anything."""
    return session.get(Profile, person.id)


def tell(person: Person, told: Mapping[str, Any], *, agreed: bool, language: str) -> Profile | None:
    """Keep what was told and the choice about it; without agreement nothing is kept, and what was there goes.

    Raises Refused when something was told without agreeing that it is used.
    """
    some = {name: told.get(name) or None for name in FIELDS}
    if any(some.values()) and not agreed:
        raise Refused(_("Agree that your answers are used for statistics, or leave all of them empty."))
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
