"""The rows of one version, made from the shape that was read. Nothing here asks the database."""

from collections.abc import Callable, Iterator
from uuid import UUID

from courses.assignments.models import Assignment, Criterion, Level
from courses.catalogue.models import Activity, ActivityKind, ActivityText, CourseVersion, Module
from courses.formats import shapes
from courses.formats.shapes import ActivityShape, AssignmentShape, CourseShape, LessonShape, QuizShape
from courses.importing.rendering import Renderer, cleaned, words
from courses.quizzes.models import Option, Question, QuestionKind, Quiz
from lms.kit.db import Base, new_key

KINDS: dict[type[ActivityShape], ActivityKind] = {
    LessonShape: ActivityKind.LESSON,
    QuizShape: ActivityKind.QUIZ,
    AssignmentShape: ActivityKind.ASSIGNMENT,
}


def rows_of(shape: CourseShape, version: CourseVersion, progress: Callable[[str], None]) -> list[Base]:
    """All rows below `version` but its assets: they hang on one another, in the order of the course."""
    keys = {activity.key: new_key() for module in shape.modules for activity in module.activities}
    renderer = Renderer(version.id, shape.assets, keys)
    rows: list[Base] = []
    for at, part in enumerate(shape.modules, 1):
        module = Module(version=version, key=part.key, position=at, title=words(part.title))
        rows.append(module)
        for activity in part.activities:
            progress(activity.key)
            rows.extend(_activity_rows(activity, module, renderer, keys[activity.key]))
    for position, row in enumerate((row for row in rows if isinstance(row, Activity)), 1):
        row.position = position
    return rows


def _activity_rows(shape: ActivityShape, module: Module, renderer: Renderer, key: UUID) -> Iterator[Base]:
    activity = Activity(
        id=key,
        version=module.version,
        module=module,
        key=shape.key,
        kind=KINDS[type(shape)],
        title=words(shape.title),
        minutes=_minutes(shape),
    )
    yield activity
    if isinstance(shape, QuizShape):
        yield _quiz(shape, activity, renderer)
        return
    for language, source in shape.body.items():
        rendered = renderer.text(source, language)
        headings = [[heading.level, heading.text, heading.anchor] for heading in rendered.outline]
        yield ActivityText(
            activity=activity,
            language=language,
            markdown=cleaned(source),
            html=rendered.html,
            outline={"headings": headings},
            words=rendered.words,
        )
    if isinstance(shape, AssignmentShape):
        yield _assignment(shape, activity)


def _minutes(shape: ActivityShape) -> int:
    """How long it takes; a quiz without a clock about one minute a question."""
    return len(shape.questions) if isinstance(shape, QuizShape) and not shape.minutes else shape.minutes or 0


def _quiz(shape: QuizShape, activity: Activity, renderer: Renderer) -> Quiz:
    quiz = Quiz(activity=activity, attempts=shape.attempts, minutes=shape.minutes, pass_percent=shape.pass_percent)
    quiz.questions = [_question(question, at, renderer) for at, question in enumerate(shape.questions, 1)]
    return quiz


def _question(shape: shapes.QuestionShape, position: int, renderer: Renderer) -> Question:
    options = [
        Option(
            position=at,
            html=renderer.lines(option.text),
            correct=option.correct,
            feedback=renderer.lines(option.feedback),
        )
        for at, option in enumerate(shape.options, 1)
    ]
    return Question(
        key=shape.key,
        position=position,
        kind=QuestionKind(shape.kind),
        html=renderer.passages(shape.text),
        explanation=renderer.passages(shape.explanation),
        points=shape.points,
        answer=shape.answer,
        tolerance=shape.tolerance,
        accepted=[cleaned(text) for text in shape.accepted],
        options=options,
    )


def _assignment(shape: AssignmentShape, activity: Activity) -> Assignment:
    criteria = [
        Criterion(
            key=criterion.key,
            position=at,
            title=words(criterion.title),
            points=criterion.points,
            levels=[
                Level(
                    position=step,
                    title=words(level.title),
                    description=words(level.description),
                    lowest=level.lowest,
                    highest=level.highest,
                )
                for step, level in enumerate(criterion.levels, 1)
            ],
        )
        for at, criterion in enumerate(shape.criteria, 1)
    ]
    return Assignment(activity=activity, pass_percent=shape.pass_percent, criteria=criteria)
