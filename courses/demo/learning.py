"""How each trainee of the demonstration learns: in their own time, with quizzes failed and tried again; some leave."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from courses.catalogue.models import Activity, ActivityKind
from courses.demo.material import Material
from courses.learning import enrolments
from courses.learning.models import ActivityProgress, Enrolment, Offering
from courses.quizzes import attempts
from courses.quizzes.models import Answer, Attempt, QuestionKind
from courses.quizzes.papers import Paper, Task
from lms.kit import clock
from lms.kit.db import session
from lms.kit.story import Story
from lms.people.demo import LEAD, TRAINEE, known
from lms.people.models import Person
from lms.pipeline import admissions, traineeships
from lms.pipeline import demo_troubles as troubles
from lms.pipeline.demo import Plan
from lms.pipeline.demo_troubles import Trouble
from lms.pipeline.models import Stage, Traineeship

MINUTE = timedelta(minutes=1)
SLOWER = 3.5  # times, once somebody fades


@dataclass(frozen=True)
class Way:
    """How somebody learns: `talent` 0..1; activities are done by the share of the time that `pace` and `curve` make."""

    talent: float
    pace: float
    curve: float
    trouble: Trouble = troubles.NONE

    def reached(self, share: float) -> float:
        """The share of the cohort's days after which this share of the activities is done."""
        even, fades = float(share**self.curve) * 0.93 / self.pace, self.trouble.fades
        return even if even < fades else fades + SLOWER * (even - fades)

    @property
    def ends(self) -> float:
        return min(self.trouble.leaves, self.trouble.stalls)


def way(story: Story, plan: Plan, person: Person) -> Way:
    """The way of this person in this cohort, the same each time."""
    if person.email == TRAINEE.email:
        return Way(talent=0.86, pace=1.0, curve=1.05)
    chance = story.chance("way", plan.slug, person.email)
    talent = chance.betavariate(6.5, 2.6)
    pace, curve = 0.94 + 0.3 * chance.random() * (0.5 + talent), 0.75 + 0.6 * chance.random()
    return Way(talent, pace, curve, troubles.of(story, plan, person.email))


def of(offering: Offering) -> Select[Enrolment]:
    """Who takes part, with everything that their deeds need at hand."""
    return (
        select(Enrolment)
        .where(Enrolment.offering_id == offering.id)
        .options(joinedload(Enrolment.person), joinedload(Enrolment.traineeship))
        .order_by(Enrolment.id)
    )


def learn(story: Story, plan: Plan, material: Material, taking_part: list[Enrolment]) -> None:
    """All lessons and quizzes that these people got to until today, and the leaving of those who leave.

    Two years are written at once, so the rows of lessons and quizzes are made here, a cohort at a time, and not one by one
    as pages make them. A test holds them to what the pages' own rules say.
    """
    needed = sum(each.required for each in material.activities)
    rows: list[Attempt | ActivityProgress] = []
    for enrolment in taking_part:
        opened, sittings = _path(story, plan, material, enrolment)
        rows += [*sittings, *opened]
        done = [each.done_at for each in opened if each.done_at]
        if done:
            with clock.at(done[0]):
                traineeships.advance(enrolment.traineeship, Stage.TRAINING, by=enrolment.person)
        for count, moment in enumerate(sorted(done), 1):
            with clock.at(moment):
                traineeships.note_progress(enrolment.traineeship, 100 * count // needed)
        if opened:
            last = max(opened, key=lambda each: each.done_at or each.opened_at)
            with clock.at(last.done_at or last.opened_at):
                enrolment.last_activity_id, enrolment.last_activity_at = last.activity_id, clock.now()
                enrolment.progress = 100 * len(done) // needed
                traineeships.note_progress(enrolment.traineeship, enrolment.progress)
    session.add_all(rows)
    session.flush()
    for enrolment in taking_part:
        _leave(story, plan, enrolment)


def _path(
    story: Story, plan: Plan, material: Material, enrolment: Enrolment
) -> tuple[list[ActivityProgress], list[Attempt]]:
    """What one person opened and did, in order, with their sittings of quizzes."""
    own, days = way(story, plan, enrolment.person), plan.ends - plan.starts
    chance = story.chance("learning", plan.slug, enrolment.person.email)
    stop = min(own.ends, (-0.2 - plan.starts) / days)
    opened, sittings = [], []
    for place, activity in enumerate(material.activities, 1):
        share = own.reached((place - 0.4 * chance.random()) / len(material.activities))
        if share > stop:
            break
        day = plan.starts + days * share
        if activity.kind is ActivityKind.LESSON:
            opened.append(_read(story, enrolment, activity, day, chance))
        elif activity.kind is ActivityKind.QUIZ:
            sat = _sittings(story, enrolment, material.quizzes[activity.id], day, own.talent, chance)
            opened.append(_answered(enrolment, sat))
            sittings += sat
    return opened, sittings


def enrol_who_moved_up(offering: Offering) -> None:
    """Those who got a seat that somebody left after the course was given."""
    missing = ~exists().where(Enrolment.traineeship_id == Traineeship.id)
    waiting = select(Traineeship).where(Traineeship.cohort_id == offering.cohort_id, missing)
    for traineeship in session.scalars(waiting).all():
        with clock.at(traineeship.admitted_at):
            enrolments.enrol(traineeship)


def _read(story: Story, enrolment: Enrolment, activity: Activity, day: float, chance: Random) -> ActivityProgress:
    done = story.moment(day)
    begun = done - activity.minutes * chance.uniform(0.5, 1.4) * MINUTE
    return ActivityProgress(enrolment_id=enrolment.id, activity_id=activity.id, opened_at=begun, done_at=done)


def _sittings(
    story: Story, enrolment: Enrolment, quiz: Paper, day: float, talent: float, chance: Random
) -> list[Attempt]:
    """Attempts at a quiz until one is passed or none is left; each next one goes better."""
    knows, found = 0.4 + 0.55 * talent + chance.gauss(0, 0.07), []
    for number in range(quiz.attempts):
        found.append(_sit(enrolment, quiz, number + 1, story.moment(day), min(0.98, knows + 0.16 * number), chance))
        day += 0.35
        if found[-1].passed or day > -0.2:
            break
    return found


def _answered(enrolment: Enrolment, sat: list[Attempt]) -> ActivityProgress:
    return ActivityProgress(
        enrolment_id=enrolment.id,
        activity_id=sat[0].activity_id,
        opened_at=sat[0].begun_at,
        done_at=sat[-1].ended_at if sat[-1].passed else None,
    )


def _sit(enrolment: Enrolment, quiz: Paper, number: int, begun: datetime, knows: float, chance: Random) -> Attempt:
    """One attempt, ended in time and scored by the rule that scores all."""
    minutes = quiz.minutes or 20
    ended = begun + minutes * chance.uniform(0.3, 0.95) * MINUTE
    answers = []
    for task in quiz.tasks.values():
        given = attempts.content_of(task, answer_to(task, chance, knows))
        answer = Answer(question_id=task.id, given=given, given_at=ended)
        answer.points = task.points if attempts.is_right(task, answer) else 0
        answers.append(answer)
    points = sum(answer.points or 0 for answer in answers)
    return Attempt(
        enrolment_id=enrolment.id,
        activity_id=quiz.activity_id,
        number=number,
        begun_at=begun,
        due_at=begun + minutes * MINUTE if quiz.minutes else None,
        ended_at=ended,
        order=attempts.shuffled(quiz, chance),
        points=points,
        most=quiz.most,
        passed=points * 100 >= quiz.pass_percent * quiz.most,
        answers=answers,
    )


def answer_to(question: Task, chance: Random, knows: float) -> list[str]:
    """What somebody gives who is right with this probability."""
    right = chance.random() < knows
    if question.kind is QuestionKind.NUMBER:
        return [question.answer or "0"] if right else [str(Decimal(question.answer or "0") * 2 + 1)]
    if question.kind is QuestionKind.TEXT:
        return [question.accepted[0] if right else "?"]
    correct = [option.id for option in question.options.values() if option.correct]
    others = [option.id for option in question.options.values() if not option.correct]
    if right or not others:
        return correct
    return [chance.choice(others)] if question.kind is QuestionKind.ONE else [*correct[1:], chance.choice(others)]


def _leave(story: Story, plan: Plan, enrolment: Enrolment) -> None:
    """End the traineeship of somebody whose way has such an end, if it came before today."""
    trouble = troubles.of(story, plan, enrolment.person.email)
    day = plan.starts + (plan.ends - plan.starts) * trouble.leaves
    if trouble.reason is None or day > -0.2 or enrolment.traineeship.stage is Stage.LEFT:
        return
    chance = story.chance("leaving", plan.slug, enrolment.person.email)
    with clock.at(story.moment(day)):
        by = enrolment.person if chance.random() < 0.6 else known(LEAD)
        admissions.leave(enrolment.traineeship, by, trouble.reason, troubles.REASONS[trouble.reason][1])
