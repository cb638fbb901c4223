"""Deciding that a course, and then the programme, was completed: once, dated, by the rule that held then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from courses.catalogue.models import Course
from courses.gradebook import gathering, letters, programmes, rules
from courses.gradebook.conditions import Condition, Facts, conditions, read
from courses.gradebook.models import Completion, CompletionRule
from courses.learning.models import Enrolment, Offering
from lms.kit import db, jobs
from lms.kit.db import session
from lms.people import audit
from lms.people.models import Person
from lms.pipeline import traineeships
from lms.pipeline.models import Cohort, Programme, Stage, Traineeship

LEARNING = frozenset({Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED, Stage.PLACED})


@dataclass(frozen=True, slots=True)
class Standing:
    """The checklist of one enrolment: as it was decided if it is completed, as it stands now if not."""

    rule: CompletionRule
    conditions: list[Condition]
    completion: Completion | None
    facts: Facts

    @property
    def met(self) -> int:
        return sum(condition.met for condition in self.conditions)


def checklist(enrolment: Enrolment) -> list[Condition]:
    """Each condition of the rule that holds now, met or not, with its number. Writes nothing."""
    course_id = enrolment.offering.course_id
    return conditions(rules.holding([course_id])[course_id], gathering.facts(enrolment))


def standings(enrolments: Iterable[Enrolment]) -> dict[UUID, Standing]:
    """Enrolment id → its standing, in a fixed number of queries. Needs the enrolments' offerings at hand."""
    wanted = list(enrolments)
    rows = session.scalars(_completions([one.id for one in wanted]).options(joinedload(Completion.rule)))
    completed = {each.enrolment_id: each for each in rows}
    rules_now = rules.holding({each.offering.course_id for each in wanted})
    facts = gathering.facts_of(wanted)
    return {
        each.id: standing(facts[each.id], rules_now[each.offering.course_id], completed.get(each.id)) for each in wanted
    }


def standing(facts: Facts, rule: CompletionRule, completion: Completion | None) -> Standing:
    """By the rule that holds now; once completed, by the rule and the numbers of that day."""
    if completion is not None:
        return Standing(completion.rule, read(completion.evidence), completion, facts)
    return Standing(rule, conditions(rule, facts), None, facts)


@jobs.on("work_changed")
def decide_completion(enrolment_id: str) -> None:
    """Complete the course of an enrolment, and then the programme, if the rules are met. Twice has the effect of once."""
    with db.transaction():
        enrolment = session.get(Enrolment, UUID(enrolment_id))
        if enrolment is not None:
            decide(enrolment)
    jobs.committed()


def decide(enrolment: Enrolment) -> None:
    """Write what the rules say now. One after the other for one traineeship: its row is held until the end."""
    taking_part = session.get_one(Traineeship, enrolment.traineeship_id, with_for_update=True, populate_existing=True)
    if taking_part.stage not in LEARNING:
        return
    session.refresh(enrolment, ["ended_at", "version_id"])
    if enrolment.ended_at is None:
        _decide_course(enrolment)
    if taking_part.stage is Stage.TRAINING:
        _decide_programme(taking_part)


def undecided(course: Course) -> Select[Enrolment]:
    """The open enrolments in a course, of people who have begun, without a completion."""
    return (
        select(Enrolment)
        .join(Offering, Offering.id == Enrolment.offering_id)
        .join(Traineeship, Traineeship.id == Enrolment.traineeship_id)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Enrolment.ended_at.is_(None), Completion.id.is_(None), Traineeship.stage.in_(LEARNING))
        .where(Offering.course_id == course.id)
    )


def decide_again(subject: Cohort | Course | Programme, cohort_ids: Sequence[UUID], by: Person) -> int:
    """Ask for a decision about everybody in training in these cohorts; returns how many people.

    After a rule has changed: those who meet the new one by now are completed, nobody's completion is taken away.
    """
    query = (
        select(Enrolment.traineeship_id, Enrolment.id)
        .join(Offering, Offering.id == Enrolment.offering_id)
        .join(Traineeship, Traineeship.id == Enrolment.traineeship_id)
        .where(Offering.cohort_id.in_(cohort_ids), Enrolment.ended_at.is_(None), Traineeship.stage == Stage.TRAINING)
        .order_by(Enrolment.id)
    )
    if isinstance(subject, Course):
        query = query.where(Offering.course_id == subject.id)
    rows = session.execute(query).all()
    for _traineeship_id, enrolment_id in rows:
        jobs.later(decide_completion, enrolment_id=str(enrolment_id))
    people = len({row[0] for row in rows})
    audit.note(by, "completion.decided_again", subject, new={"people": people})
    return people


def _decide_course(enrolment: Enrolment) -> None:
    if session.scalar(_completions([enrolment.id]).with_only_columns(Completion.id)) is not None:
        return
    course = session.get_one(Course, session.get_one(Offering, enrolment.offering_id).course_id)
    asked = conditions(rules.newest_or_default(course), gathering.facts(enrolment))
    if not all(condition.met for condition in asked):
        return
    _complete(enrolment.person_id, rules.current(course), asked, enrolment_id=enrolment.id)
    jobs.announce("course_completed", enrolment_id=str(enrolment.id))


def _decide_programme(taking_part: Traineeship) -> None:
    done = select(Completion.id).where(Completion.traineeship_id == taking_part.id)
    if session.scalar(done) is not None:
        return
    programme = session.get_one(Programme, session.get_one(Cohort, taking_part.cohort_id).programme_id)
    asked = programmes.standing(taking_part).condition
    if not asked.met:
        return
    _complete(taking_part.person_id, rules.current(programme), [asked], traineeship_id=taking_part.id)
    traineeships.advance(taking_part, Stage.COMPLETED, by=None)
    letters.completed(taking_part)
    jobs.announce("programme_completed", traineeship_id=str(taking_part.id))


def _complete(person_id: UUID, rule: CompletionRule, asked: Sequence[Condition], **of: Any) -> None:
    evidence = {"conditions": [condition.evidence() for condition in asked]}
    session.add(Completion(person_id=person_id, rule_id=rule.id, evidence=evidence, **of))
    session.flush()


def _completions(ids: list[UUID]) -> Select[Completion]:
    return select(Completion).where(Completion.enrolment_id.in_(ids))
