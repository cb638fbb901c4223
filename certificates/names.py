"""The name that is printed on a person's certificates: what they approved, else what their account says now."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from certificates import design, faces, typesetting
from certificates.name_models import NameApproval
from lms.kit import jobs
from lms.kit.db import new_key, session
from lms.kit.refusal import Refused
from lms.people import accounts, audit
from lms.people.models import Person

LONGEST_NAME = 120
_APPROVED = (
    select(NameApproval)
    .where(NameApproval.person_id.in_(bindparam("persons", expanding=True)))
    .order_by(NameApproval.number)
)


@dataclass(frozen=True)
class PrintedName:
    """Both lines as they are printed; `latin_name` is "" when there is none."""

    name: str
    latin_name: str
    approved: bool


def printed(person: Person) -> PrintedName:
    """The lines of a person's next certificate."""
    return known(person, approved_of([person]))


def known(person: Person, approved: Mapping[UUID, PrintedName]) -> PrintedName:
    """The lines of a person's next certificate, when `approved_of` was asked already."""
    if person.id in approved:
        return approved[person.id]
    return PrintedName(composed(person.name), composed(person.latin_name), approved=False)


def latest(person: Person) -> NameApproval | None:
    """The approval that holds."""
    return next(reversed(session.scalars(_APPROVED, {"persons": [person.id]}).all()), None)


def approved_of(persons: Iterable[Person]) -> Mapping[UUID, PrintedName]:
    """The approved lines of those who approved theirs, in one query."""
    rows = session.scalars(_APPROVED, {"persons": [each.id for each in persons]})
    return {each.person_id: _of(each) for each in rows}  # the highest number is the last to be put in


def approve(person: Person, name: str, latin_name: str) -> NameApproval:
    """Print these lines from now on. They are locked with it: another comes by a correction.

    Raises Refused when the lines cannot be printed, and when the person approved theirs before.
    """
    if latest(person):
        raise Refused(_("Your name is approved and locked. Ask for a correction if it is wrong."))
    approval = add(person, name, latin_name, by=person, number=1)
    audit.note(person, "name.approved", person, new={"name": approval.name, "latin_name": approval.latin_name})
    jobs.announce("name_approved", person_id=str(person.id))
    return approval


def add(person: Person, name: str, latin_name: str, *, by: Person, number: int) -> NameApproval:
    """One more approval. Raises Refused when the lines cannot be printed."""
    name, latin_name = accounts.tidy_name(name), accounts.tidy_name(latin_name)
    if wrong := problems(name, latin_name):
        raise Refused(next(iter(wrong.values())))
    approval = NameApproval(
        id=new_key(), person_id=person.id, number=number, name=name, latin_name=latin_name, approved_by_id=by.id
    )
    session.add(approval)
    session.flush()
    return approval


def problems(name: str, latin_name: str) -> dict[str, str]:
    """What keeps these (tidy) lines from being printed: "name", "latin_name" → a sentence that says what to do."""
    found = {}
    if not any(letter.isalpha() for letter in name):
        found["name"] = _("Write your name as it is to stand on the certificate.")
    elif sentence := _unfit(name):
        found["name"] = sentence
    if latin_name:
        if not all(map(_is_latin, latin_name)) or not any(letter.isalpha() for letter in latin_name):
            found["latin_name"] = _(
                "Use Latin letters, spaces, hyphens, full stops and apostrophes only, for example HONG GILDONG."
            )
        elif sentence := _unfit(latin_name):
            found["latin_name"] = sentence
    return found


def composed(name: str) -> str:
    """A name as it is printed: composed letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _of(approval: NameApproval) -> PrintedName:
    return PrintedName(approval.name, approval.latin_name, approved=True)


def _unfit(line: str) -> str:
    """Why a line cannot stand in either place of a name: which one it takes hangs on the certificate's language."""
    if characters := faces.missing(line):
        named = ", ".join(map(faces.named, characters))
        return _("No typeface can print these characters: %(characters)s. Write it without them.", characters=named)
    if len(line) > LONGEST_NAME:
        return _(
            "Names can have at most %(most)s characters here. Yours has %(now)s.", most=LONGEST_NAME, now=len(line)
        )
    issued = (*design.designs(), *design.designs(design.COURSE))
    try:
        for place in {place for each in issued for place in each.places.values()}:
            typesetting.fit_in(line, place)
    except typesetting.TooLong:
        return _("This line does not fit the certificate even in the smallest letters. Shorten it.")
    return ""


def _is_latin(letter: str) -> bool:
    mark = unicodedata.category(letter) == "Mn"
    return mark or letter in " -.'’," or (letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN"))
