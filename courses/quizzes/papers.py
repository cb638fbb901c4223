"""What a quiz asks, read once in a process: a published version never changes.

Every page of an attempt needs all questions with all options; loading them each time was half of its cost.
"""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from courses.catalogue.models import Activity, CourseVersion
from courses.quizzes.models import Question, QuestionKind, Quiz
from lms.kit.db import session
from lms.kit.i18n import LANGUAGES
from lms.kit.words import Words

QUIZZES_KEPT = 512


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    id: str
    html: Words
    shown: dict[str, Markup]  # language → the text with its `lang`
    correct: bool
    feedback: Words


@dataclass(frozen=True, slots=True)
class Task:
    """One question with its key. `answer` and `tolerance` are for numbers, `accepted` for short texts."""

    id: UUID
    key: str  # the id as text
    kind: QuestionKind
    html: Words
    explanation: Words
    points: int
    answer: str | None
    tolerance: str | None
    accepted: tuple[str, ...]
    options: dict[str, Choice]


@dataclass(frozen=True, slots=True)
class Paper:
    """A quiz: its rules, and its questions by id, in the author's order."""

    activity_id: UUID
    title: Words
    attempts: int
    minutes: int | None
    pass_percent: int
    tasks: dict[str, Task]

    @property
    def most(self) -> int:
        """The points of somebody who knows everything."""
        return sum(task.points for task in self.tasks.values())


def of(activity_id: UUID) -> Paper:
    """The quiz of an activity; kept once its version is published."""
    try:
        return _published(activity_id)
    except LookupError:
        return _read(activity_id)


@lru_cache(maxsize=QUIZZES_KEPT)
def _published(activity_id: UUID) -> Paper:
    """Raises LookupError, which nothing keeps, for a version that may still change."""
    version = select(CourseVersion.published_at).join(Activity, Activity.version_id == CourseVersion.id)
    if session.scalar(version.where(Activity.id == activity_id)) is None:
        raise LookupError(activity_id)
    return _read(activity_id)


def _read(activity_id: UUID) -> Paper:
    quiz = session.get_one(
        Quiz, activity_id, options=[selectinload(Quiz.questions).selectinload(Question.options)], populate_existing=True
    )
    return Paper(
        activity_id=activity_id,
        title=session.get_one(Activity, activity_id).title,
        attempts=quiz.attempts,
        minutes=quiz.minutes,
        pass_percent=quiz.pass_percent,
        tasks={str(question.id): _task(question) for question in quiz.questions},
    )


def _shown(html: Words) -> dict[str, Markup]:
    return {
        language: Markup('<span lang="{}">{}</span>').format(html.language(language), Markup(html.best(language)))  # noqa: S704  (sanitised when it was rendered)
        for language in LANGUAGES
    }


def _task(question: Question) -> Task:
    options = [
        Choice(str(each.id), each.html, _shown(each.html), each.correct, each.feedback) for each in question.options
    ]
    return Task(
        id=question.id,
        key=str(question.id),
        kind=question.kind,
        html=question.html,
        explanation=question.explanation,
        points=question.points,
        answer=question.answer,
        tolerance=question.tolerance,
        accepted=tuple(question.accepted),
        options={option.id: option for option in options},
    )
