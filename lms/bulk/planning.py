"""From the rows of a file to a plan. Reads the database, writes nothing.

A row of any kind says up to three things: there is this person, there is this cohort, and the person reached these stages
in it. So all kinds take the same way; they differ in what a row may bring along.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from lms.bulk import known, places
from lms.bulk.findings import Finding
from lms.bulk.known import KnownPerson, Place
from lms.bulk.models import Kind
from lms.bulk.plans import NewPerson, Outcome, Plan, Renaming, Way
from lms.bulk.rows import Parsed
from lms.bulk.walking import Move, walk
from lms.kit.db import new_key
from lms.people.likeness import Face, Index
from lms.people.models import Person, Role
from lms.pipeline.models import Stage

OF_COHORTS = (
    Stage.APPLIED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN, Stage.ADMITTED,
    Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED, Stage.PLACED, Stage.LEFT,
)  # fmt: skip
WITH_REASON = (Stage.WITHDRAWN, Stage.LEFT)


@dataclass
class Work:
    """What planning one file has at hand."""

    session: Session
    by: Person
    plan: Plan
    people: dict[str, KnownPerson]
    index: Index
    first_row: dict[str, Parsed] = field(default_factory=dict)  # address → the row that named it first
    moves: dict[tuple[UUID, UUID], list[Move]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[tuple[UUID, UUID], Parsed] = field(default_factory=dict)

    @property
    def sees_everybody(self) -> bool:
        return self.by.has(Role.ADMIN)


def plan(
    session: Session, kind: Kind, rows: list[Parsed], findings: list[Finding], by: Person, *, lock: bool = False
) -> Plan:
    """What the rows of a file (as `parse` gives them, with its findings) would do if `by` brought them in now.

    `lock`: hold what they would change until the transaction ends.
    """
    made = Plan(kind, [*findings])
    people = known.people(session, {row["email"] for row in rows})
    work = Work(session, by, made, people, known.faces(session) if kind is not Kind.RESULTS else Index())
    if kind is Kind.PEOPLE:
        for row in rows:
            _check_repeated(work, row)
            _person(work, row)
    else:
        _moves(work, kind, rows, lock)
    return made.settle([row.number for row in rows])


def _check_repeated(work: Work, row: Parsed) -> None:
    if earlier := work.first_row.get(row["email"]):
        work.plan.wrong(row.number, "email", "twice", other=earlier.number, email=row["email"])


def _person(work: Work, row: Parsed) -> UUID | None:
    """The key of whom the row is about: known, or new with this row. None when it cannot be said."""
    email, first = row["email"], work.first_row.setdefault(row["email"], row)
    if first is not row and row["name"] and first["name"] and row["name"] != first["name"]:
        work.plan.wrong(row.number, "name", "other_name", other=first.number, email=email, name=first["name"])
        return None
    person = work.people.get(email)
    if person is not None:
        return _known(work, row, person, new_here=first is row)
    if work.plan.kind is Kind.RESULTS:
        work.plan.wrong(row.number, "email", "unknown_person", email=email)
        return None
    if email in work.plan.people:
        return work.plan.people[email].id
    if not row["name"]:
        work.plan.wrong(row.number, "name", "name_needed", email=email)
        return None
    return _new(work, row)


def _new(work: Work, row: Parsed) -> UUID:
    made = NewPerson(new_key(), row["email"], row["name"], row["latin_name"] or "", row["language"] or "ko")
    work.plan.people[made.email] = made
    work.plan.does(row.number, Outcome.MADE, "person", made.name, made.latin_name, made.language)
    face = Face(made.id, made.email, made.name, made.latin_name)
    for _reason, other in work.index.like(face)[:3]:
        if work.sees_everybody:
            work.plan.wrong(row.number, "email", "likely_same", name=other.name, email=other.email)
        else:
            work.plan.wrong(row.number, "email", "likely_one", name=made.name)
    work.index.add([face])
    return made.id


def _known(work: Work, row: Parsed, person: KnownPerson, *, new_here: bool) -> UUID | None:
    if person.elsewhere:
        if work.sees_everybody:
            work.plan.wrong(row.number, "email", "person_elsewhere", email=person.elsewhere)
        else:
            work.plan.wrong(row.number, "email", "person_joined")
        return None
    if not new_here:
        return person.id
    if person.closed:
        work.plan.wrong(row.number, "email", "closed")
    if work.plan.kind in (Kind.PEOPLE, Kind.APPLICATIONS, Kind.COHORTS) and not person.trainee:
        work.plan.grants.add(person.id)
    name, latin_name = row["name"] or person.name, row["latin_name"] or person.latin_name
    if work.plan.kind is Kind.PEOPLE and work.sees_everybody and not person.account:
        if (name, latin_name) != (person.name, person.latin_name):
            work.plan.renamings.append(Renaming(person, name, latin_name))
            work.plan.does(row.number, Outcome.CHANGED, "renamed", name, latin_name)
    elif name != person.name:
        code = "known_as" if work.sees_everybody else "known_otherwise"
        work.plan.wrong(row.number, "name", code, email=person.email, name=person.name)
    return person.id


def _moves(work: Work, kind: Kind, rows: list[Parsed], lock: bool) -> None:
    """Gather what the rows say about each person in each cohort, then walk each of those ways."""
    finder = places.Finder(work.session, work.by, work.plan)
    for row in rows:
        cohort_id = finder.cohort(row)
        person_id = _person(work, row)
        if cohort_id is None or person_id is None:
            continue
        here = cohort_id, person_id
        moves = _of_row(kind, row)
        told = {move.stage for move in work.moves[here]} & {move.stage for move in moves}
        if told or (here in work.rows and kind is not Kind.RESULTS):
            work.plan.wrong(row.number, "email", "twice", other=work.rows[here].number, email=row["email"])
            continue
        work.moves[here] += moves
        work.rows.setdefault(here, row)
    known_places = known.places(work.session, finder.touched(), lock=lock)
    for here, moves in work.moves.items():
        if moves:
            _walk(work, here, moves, known_places.get(here) or Place())
    finder.check_seats(work.plan.ways, known_places)


def _of_row(kind: Kind, row: Parsed) -> list[Move]:
    if kind is Kind.APPLICATIONS:
        return [Move(Stage.APPLIED, row["applied_on"], row.number, "applied_on")]
    if kind is Kind.RESULTS:
        reason = row["reason"] if row["stage"] in WITH_REASON else None
        return [Move(row["stage"], row["happened_on"], row.number, "happened_on", reason, row["note"] or "")]
    moves = []
    for stage in OF_COHORTS:
        if day := row[stage.value]:
            ends = stage in WITH_REASON
            said = (row["reason"], row["note"] or "") if ends else (None, "")
            moves.append(Move(stage, day, row.number, stage.value, *said))
    return moves


def _walk(work: Work, here: tuple[UUID, UUID], moves: list[Move], place: Place) -> None:
    steps, findings = walk(place.standing, moves)
    work.plan.findings += findings
    if findings or not steps:
        return
    row = work.rows[here]
    person = work.people.get(row["email"]) or work.plan.people[row["email"]]
    work.plan.ways.append(
        Way(
            *here,
            place,
            steps,
            name=person.name,
            latin_name=person.latin_name or row["latin_name"] or "",
            background=row["background"] or "",
            motivation=row["motivation"] or "",
        )
    )
    for step in steps:
        told = step.stage.value, step.before and step.before.value, step.move.day.isoformat(), step.move.reason
        work.plan.does(step.move.row, Outcome.MADE, *told, step.move.note)
