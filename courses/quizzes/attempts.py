"""Sittings of a quiz: begun, saved answer by answer, ended once. The clock is the server's."""

import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager, selectinload

from courses.catalogue.models import Activity
from courses.learning import progress
from courses.learning.models import Enrolment
from courses.quizzes import papers, scoring
from courses.quizzes.models import Answer, Attempt, QuestionKind
from courses.quizzes.papers import Paper, Task
from lms.kit import clock, db, jobs
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people.models import Person, Role
from lms.people.readers import anyone, known

GRACE = timedelta(seconds=5)  # for what was sent in time and took a while to arrive
LONGEST_TEXT = 500
Given = Mapping[uuid.UUID, Sequence[str]]


# Written once: a class begins a quiz in the same second.
TAKEN = (
    select(Attempt)
    .join(Activity, Activity.id == Attempt.activity_id)
    .where(Attempt.enrolment_id == bindparam("enrolment_id"), Activity.key == bindparam("key"))
    .order_by(Attempt.begun_at, Attempt.number)
)


def of(person: Person) -> Select[Attempt]:
    """The person's own attempts, in enrolments that are open."""
    return select(Attempt).join(Enrolment).where(Enrolment.person_id == person.id, Enrolment.ended_at.is_(None))


def in_full(person: Person, attempt_id: uuid.UUID) -> Attempt | None:
    """One of `of`, with the enrolment and the answers, in two queries."""
    return session.scalar(_in_full(person.roles), known(person, attempt_id=attempt_id))


@cache
def _in_full(roles: frozenset[Role]) -> Select[Attempt]:
    whole = of(anyone(roles)).options(contains_eager(Attempt.enrolment), selectinload(Attempt.answers))
    return whole.where(Attempt.id == bindparam("attempt_id"))


def taken(enrolment: Enrolment, activity: Activity) -> list[Attempt]:
    """All attempts of a person at a quiz, in every version of the course, oldest first."""
    return list(session.scalars(TAKEN, {"enrolment_id": enrolment.id, "key": activity.key}))


def begin(enrolment: Enrolment, activity: Activity) -> Attempt:
    """Begin an attempt, or go on with the open one. Two tabs at once get the same attempt.

    Raises Refused when no attempt is left.
    """
    progress.lock(enrolment)
    paper, earlier = papers.of(activity.id), taken(enrolment, activity)
    for attempt in earlier:
        if attempt.ended_at is None and not is_over(attempt):
            return attempt
        if attempt.ended_at is None:
            end(attempt)
    if len(earlier) >= paper.attempts:
        raise Refused(
            _(
                "You have used all %(count)d attempts at this quiz. Ask your instructor if something went wrong.",
                count=paper.attempts,
            )
        )
    number = max((attempt.number for attempt in earlier if attempt.activity_id == activity.id), default=0) + 1
    attempt = _new(enrolment, paper, number)
    progress.opened(enrolment, activity, held=True)  # first: it asks, and what was added would be written before
    session.add(attempt)
    if attempt.due_at:
        jobs.later(end_overdue, due_at=attempt.due_at + GRACE, attempt_id=str(attempt.id))
    return attempt


def _new(enrolment: Enrolment, paper: Paper, number: int) -> Attempt:
    if not paper.tasks:
        raise Refused(
            _("This quiz has no questions yet. Tell your instructor; go on with the next activity meanwhile.")
        )
    begun = clock.now()
    due = begun + timedelta(minutes=paper.minutes) if paper.minutes else None
    return Attempt(
        id=db.new_key(),
        enrolment_id=enrolment.id,
        activity_id=paper.activity_id,
        number=number,
        begun_at=begun,
        due_at=due,
        order=shuffled(paper, random.SystemRandom()),
        most=paper.most,
    )


def shuffled(paper: Paper, chance: random.Random) -> dict[str, Any]:
    """The order of one attempt: {"questions": [id…], "options": {question id: [option id…]}}."""
    tasks = chance.sample(list(paper.tasks.values()), len(paper.tasks))
    options = {task.key: chance.sample(list(task.options), len(task.options)) for task in tasks}
    return {"questions": [task.key for task in tasks], "options": options}


def is_over(attempt: Attempt, moment: datetime | None = None) -> bool:
    """Whether the attempt takes no more answers: handed in, or its time is over (with a grace of 5 seconds)."""
    late = attempt.due_at is not None and (moment or clock.now()) > attempt.due_at + GRACE
    return attempt.ended_at is not None or late


def keep(attempt: Attempt, given: Given) -> None:
    """Keep what is answered now: question id → option ids, or one text. Questions not named are left as they are.

    Raises Refused when the attempt is over; what was kept until then counts.
    """
    session.refresh(attempt, ["ended_at"], with_for_update=True)
    if is_over(attempt):
        raise Refused(_("The time for this attempt is over. What was saved until then counts."))
    known = {answer.question_id: answer for answer in attempt.answers}
    for task in papers.of(attempt.activity_id).tasks.values():
        if task.id in given:
            content = content_of(task, given[task.id])
            answer = known.get(task.id)
            if answer is None:
                session.add(Answer(attempt=attempt, question_id=task.id, given=content))
            elif answer.given != content:
                answer.given, answer.given_at = content, clock.now()
    session.flush()


def content_of(task: Task, texts: Sequence[str]) -> dict[str, object]:
    """What is kept of what was sent for a question: {"options": [id…]} or {"text": "…"}."""
    if task.kind in (QuestionKind.ONE, QuestionKind.SEVERAL):
        return {"options": sorted(text for text in set(texts) if text in task.options)}
    return {"text": (texts[0] if texts else "").replace("\0", "")[:LONGEST_TEXT]}


def end(attempt: Attempt) -> None:
    """End and score an attempt, once. A passed one finishes its activity."""
    session.refresh(attempt, ["ended_at"], with_for_update=True)
    if attempt.ended_at is not None:
        return
    paper = papers.of(attempt.activity_id)
    for answer in attempt.answers:
        task = paper.tasks[str(answer.question_id)]
        answer.points = task.points if is_right(task, answer) else 0
    now = clock.now()
    attempt.points = sum(answer.points or 0 for answer in attempt.answers)
    attempt.ended_at = min(now, attempt.due_at) if attempt.due_at else now
    attempt.passed = attempt.points * 100 >= paper.pass_percent * attempt.most
    session.flush()
    if attempt.passed:
        progress.finish(attempt.enrolment, session.get_one(Activity, attempt.activity_id))
    jobs.announce("work_changed", enrolment_id=str(attempt.enrolment_id))


def is_right(task: Task, answer: Answer) -> bool:
    """Whether the answer earns the question's points."""
    if task.kind in (QuestionKind.ONE, QuestionKind.SEVERAL):
        correct = [option.id for option in task.options.values() if option.correct]
        return scoring.chosen_is_right(answer.given.get("options", []), correct)
    text = str(answer.given.get("text", ""))
    if task.kind == QuestionKind.NUMBER:
        return scoring.number_is_right(text, task.answer or "0", task.tolerance)
    return scoring.text_is_right(text, task.accepted)


@jobs.task
def end_overdue(attempt_id: str) -> None:
    """Score an attempt whose time ran out while nobody was looking."""
    with db.transaction():
        attempt = session.get(Attempt, uuid.UUID(attempt_id))
        if attempt is not None and attempt.ended_at is None and is_over(attempt):
            end(attempt)
    jobs.committed()
