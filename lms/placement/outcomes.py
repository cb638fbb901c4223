"""What became of cohorts: the rows behind the curve, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.kit import clock
from lms.kit.db import session
from lms.pipeline.models import Cohort, Traineeship
from lms.placement import arithmetic, placements, rounds
from lms.placement.arithmetic import Case, Curve
from lms.placement.models import Contact, FollowUp, Placement
from lms.placement.terms import HORIZONS, Evidence, Outcome

WITHOUT = (Outcome.STUDYING, Outcome.SEEKING)


@dataclass(frozen=True)
class Line:
    """One person of a cohort: the first placement that holds, and what they said in each round."""

    traineeship: Traineeship
    first: Placement | None
    answers: dict[int, Outcome | None]  # None: asked, or due, and no answer


def curves_of(cohorts: Sequence[Cohort], today: date | None = None) -> dict[UUID, Curve]:
    """Cohort → its curve and rates. Everybody who completed is in it; three queries, however many cohorts."""
    found = cases_of([each.id for each in cohorts])
    return {each.id: arithmetic.curve(each.ends_on, found[each.id], today or clock.today()) for each in cohorts}


def cases_of(ids: Sequence[UUID]) -> dict[UUID, list[Case]]:
    """Cohort → one case for each person who completed it."""
    people = select(Traineeship.id, Traineeship.cohort_id).where(
        Traineeship.cohort_id.in_(ids), Traineeship.stage.in_(rounds.ASKED)
    )
    of_them = [Traineeship.cohort_id.in_(ids), Traineeship.stage.in_(rounds.ASKED)]
    first = (
        placements.current()
        .join(Placement.traineeship)
        .where(*of_them)
        .with_only_columns(Placement.traineeship_id, func.min(Placement.started_on))
    )
    last = (
        select(FollowUp.traineeship_id, func.max(Contact.at))
        .join(Contact.follow_up)
        .join(FollowUp.traineeship)
        .where(*of_them, Contact.outcome.in_(WITHOUT))
    )
    found_on = dict(session.execute(first.group_by(Placement.traineeship_id)).all())
    known = dict(session.execute(last.group_by(FollowUp.traineeship_id)).all())
    cases: dict[UUID, list[Case]] = {each: [] for each in ids}
    for key, cohort_id in session.execute(people):
        at = known.get(key)
        cases[cohort_id].append(Case(found_on.get(key), at.astimezone(clock.SEOUL).date() if at else None))
    return cases


def lines_of(cohort: Cohort) -> list[Line]:
    """Everybody who completed a cohort, by name."""
    query = select(Traineeship).where(Traineeship.cohort_id == cohort.id, Traineeship.stage.in_(rounds.ASKED))
    people = session.scalars(query.options(joinedload(Traineeship.person))).all()
    ids = [each.id for each in people]
    held = placements.current().where(Placement.traineeship_id.in_(ids)).options(joinedload(Placement.employer))
    first: dict[UUID, Placement] = {}
    for each in session.scalars(held.order_by(Placement.started_on.desc())):
        first[each.traineeship_id] = each
    asked = rounds.follow_ups(ids)
    today = clock.today()
    ripe = [months for months in HORIZONS if arithmetic.months_after(cohort.ends_on, months) <= today]
    lines = []
    for person in sorted(people, key=lambda each: each.person.name):
        answers: dict[int, Outcome | None] = {}
        for months in ripe:
            follow_up = asked.get((person.id, months))
            held_answer = rounds.answer(follow_up.contacts) if follow_up else None
            answers[months] = held_answer.outcome if held_answer else None
        lines.append(Line(person, first.get(person.id), answers))
    return lines


def evidence_of(lines: Sequence[Line]) -> dict[Evidence, int]:
    """How surely the placements are known, the surest first."""
    found = [line.first.evidence for line in lines if line.first]
    return {each: found.count(each) for each in Evidence}
