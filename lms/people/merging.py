"""Joining two rows that are one person, and taking that back.

Nothing is lost: each row that moves or leaves is written down in `PersonMerge`, and undoing goes the same way backwards.
What was done to the person who stayed in the meantime stays with them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from lms.kit import clock, db, jobs
from lms.kit.db import new_key, session
from lms.kit.refusal import Conflict, Refused
from lms.people import audit, erasing, likeness, merge_plans
from lms.people.likeness import Face, Index
from lms.people.merge_models import PersonMerge
from lms.people.merge_plans import MergePlan
from lms.people.merge_rows import Change, of_json, table_of
from lms.people.models import Person

NEWS = "people_merged"  # told when persons were joined or that was undone
Label = Any
_totals: list[tuple[Label, str]] = []
_sets: list[tuple[Label, Callable[[Session, Iterable[UUID]], set[UUID]]]] = []


def count_rows(label: Label, table: str) -> None:
    """Have the rows of `table` counted, for each of the two and for both, wherever a joining is shown."""
    _totals.append((label, table))


def count_people(label: Label) -> Callable[[Callable[..., set[UUID]]], Callable[..., set[UUID]]]:
    """Have the persons counted, each once, that a function finds among those it is given."""

    def register(function: Callable[..., set[UUID]]) -> Callable[..., set[UUID]]:
        _sets.append((label, function))
        return function

    return register


@dataclass(frozen=True)
class Total:
    """A number of one kind: of whoever stays, of whoever goes, and of the one person afterwards."""

    label: str
    kept: int
    gone: int
    after: int


@dataclass(frozen=True)
class Preview:
    """What a joining would do. Without a `refusal` it may be done."""

    totals: list[Total]
    rows: int = 0
    lifted: int = 0
    refusal: str = ""


def preview(kept: Person, gone: Person, by: Person) -> Preview:
    """The totals before and after, or the sentence why it may not be."""
    try:
        _check(kept, gone, by)
        made = merge_plans.plan(session(), gone.id, kept.id)
    except Refused as no:
        return Preview(_all_totals(kept, gone, MergePlan()), refusal=no.sentence)
    lifted = sum(not isinstance(op, Change) for op in made.ops)
    return Preview(_all_totals(kept, gone, made), rows=len(made.ops), lifted=lifted)


def merge(kept: Person, gone: Person, by: Person, reason: str = "") -> PersonMerge:
    """Let everything of `gone` be `kept`'s; that account is closed. Raises Refused when it may not be."""
    session.scalars(select(Person).where(Person.id.in_([kept.id, gone.id])).order_by(Person.id).with_for_update()).all()
    _check(kept, gone, by)
    session.flush()
    made = merge_plans.plan(session(), gone.id, kept.id)
    if gone.closed_at is None:
        made.ops.append(Change("person", [gone.id], "closed_at", None, clock.now()))
    for op in made.ops:
        if op.do(session()) != 1:
            raise Conflict(_("Something of these two was changed at the same moment. Look at them again."))
    done = PersonMerge(
        id=new_key(), kept_id=kept.id, gone_id=gone.id, by_id=by.id, at=clock.now(), reason=reason, moved=made.as_json()
    )
    session.add(done)
    session.flush()
    session.expire_all()
    for person, other in ((kept, gone), (gone, kept)):
        audit.note(by, "person.merged", person, new={"with": str(other.id), "merge": str(done.id)})
    jobs.announce(NEWS, merge_id=str(done.id))
    return done


def undo(done: PersonMerge, by: Person) -> None:
    """Take a joining back: every row goes where it was. Raises Refused when one of them was changed since."""
    session.refresh(done, ["undone_at"], with_for_update=True)
    if done.kept.erased_at or done.gone.erased_at:
        raise Refused(_("One of the two was erased since. What belonged to whom is forgotten."))
    if done.undone_at:
        raise Refused(_("This was undone already."))
    session.flush()
    try:
        with session.begin_nested():
            for kept in reversed(done.moved["ops"]):
                if of_json(kept).undo(session()) != 1:
                    raise Refused(_changed_since(kept))
    except IntegrityError as error:
        raise Refused(_("Something that was made since stands in the way. Take that back first.")) from error
    done.undone_at, done.undone_by_id = clock.now(), by.id
    session.flush()
    session.expire_all()
    for key, other in ((done.kept_id, done.gone_id), (done.gone_id, done.kept_id)):
        person = session.get_one(Person, key)
        audit.note(by, "person.merge_undone", person, old={"with": str(other), "merge": str(done.id)})
    jobs.announce(NEWS, merge_id=str(done.id))


@jobs.on("person_erased")
def erase_joined(person_id: str) -> None:
    """Whoever is erased was all that was joined with them: those rows lose their names too, and nothing can be undone."""
    with db.transaction():
        person = erasing.erased(person_id)
        for done in session.scalars(all_of(person)):
            done.moved, done.reason = {"ops": []}, ""
            if done.undone_at is None and done.kept_id == person.id and done.gone.erased_at is None:
                erasing.erase(done.gone, person)
    jobs.committed()


def all_of(person: Person) -> Select[PersonMerge]:
    """Every joining that this person was part of, the last one first."""
    part = or_(PersonMerge.kept_id == person.id, PersonMerge.gone_id == person.id)
    return _listed().where(part)


def everything() -> Select[PersonMerge]:
    return _listed()


def likely(person: Person) -> list[tuple[str, Face]]:
    """Others who may be the same person, with the reason."""
    if person.erased_at or session.scalar(_gone().where(PersonMerge.gone_id == person.id)):
        return []
    face = Face(person.id, person.email, person.name, person.latin_name)
    local = likeness.mailbox(person.email).partition("@")[0]
    alike = [Person.email.startswith(local[:3], autoescape=True), Person.name == person.name]
    if person.latin_name:
        alike.append(func.lower(Person.latin_name).in_(_orders(person.latin_name)))
    return _index(or_(*alike)).like(face)


def _orders(spelling: str) -> list[str]:
    """A Latin spelling with its parts turned round: family names stand first or last."""
    parts = spelling.lower().split()
    return [" ".join(parts[turn:] + parts[:turn]) for turn in range(len(parts))]


def likely_pairs() -> list[tuple[str, Face, Face]]:
    """Every two people who may be one, the surest first."""
    return _index().pairs()


def _index(*alike: ColumnElement[bool]) -> Index:
    living = select(Person.id, Person.email, Person.name, Person.latin_name).where(
        Person.erased_at.is_(None), Person.id.not_in(_gone()), *alike
    )
    return Index().add(Face(*row) for row in session.execute(living.order_by(Person.id)))


def _gone() -> Select[UUID]:
    return select(PersonMerge.gone_id).where(PersonMerge.undone_at.is_(None))


def _listed() -> Select[PersonMerge]:
    whole = (joinedload(PersonMerge.kept), joinedload(PersonMerge.gone), joinedload(PersonMerge.by))
    return select(PersonMerge).options(*whole).order_by(PersonMerge.at.desc(), PersonMerge.id.desc())


def _check(kept: Person, gone: Person, by: Person) -> None:
    if kept.id == gone.id:
        raise Refused(_("These are the same person already."))
    if gone.id == by.id:
        raise Refused(_("You would close your own account. Let the other one go, or ask another administrator."))
    if kept.erased_at or gone.erased_at:
        raise Refused(_("One of the two was erased. Nothing of that person is left that could be joined."))
    if kept.closed_at:
        raise Refused(_("The account that would stay is closed. Open it first, or let the other one stay."))
    joined = session.scalar(_gone().where(PersonMerge.gone_id.in_([kept.id, gone.id])))
    if joined:
        raise Refused(_("One of the two was joined with somebody already. Undo that first."))
    for person in (kept, gone):
        if session.scalar(erasing.waiting(person)):
            raise Refused(_("%(name)s is to be erased. Wait for that, or have it taken back.", name=person.name))


def _all_totals(kept: Person, gone: Person, made: MergePlan) -> list[Total]:
    found = [Total(_("Persons"), 1, 1, 1)]
    for label, name in _totals:
        column = table_of(name).c["person_id"]
        counted = select(column, func.count()).where(column.in_([kept.id, gone.id])).group_by(column)
        by_person = {row[0]: row[1] for row in session.execute(counted)}
        mine, theirs = by_person.get(kept.id, 0), by_person.get(gone.id, 0)
        found.append(Total(str(label), mine, theirs, mine + theirs - made.lifted(name)))
    for label, function in _sets:
        those = function(session(), [kept.id, gone.id])
        found.append(Total(str(label), int(kept.id in those), int(gone.id in those), int(bool(those))))
    return found


def _changed_since(kept: dict[str, Any]) -> str:
    return _(
        "This cannot be undone as a whole any more: something was changed since (%(what)s). If there was a later joining, undo that first.",
        what=str(kept["table"]).replace("_", " "),
    )
