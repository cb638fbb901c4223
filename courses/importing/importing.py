"""Bringing a course that was read into the catalogue.

An import never changes a version: what differs from the newest one becomes the next version, a draft until somebody
publishes it, and those enrolled stay where they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from courses.catalogue import assets, versions
from courses.catalogue.models import Asset, Course, CourseVersion
from courses.formats.shapes import AssignmentShape, CourseShape, LessonShape, Problem, QuizShape
from courses.importing.digest import content_digest, digest_of
from courses.importing.rendering import cleaned, words
from courses.importing.rows import rows_of
from lms.kit import db, files
from lms.kit.db import new_key, session
from lms.people import audit
from lms.people.models import Person


@dataclass(frozen=True)
class Counts:
    """How much a course holds."""

    modules: int
    lessons: int
    quizzes: int
    questions: int
    assignments: int
    assets: int
    problems: int


@dataclass(frozen=True)
class Imported:
    """What came of an import: the version that holds it now, and whether that version is `new`."""

    version: CourseVersion
    counts: Counts
    new: bool


def import_course(
    shape: CourseShape, by: Person | None = None, progress: Callable[[str], None] | None = None
) -> Imported:
    """Keep `shape` as the next version of the course of its slug; as it is, when the newest one holds the same already.

    ``progress`` is told the key of each activity as its texts are rendered. Flushes, does not commit. Texts are rendered
    before the first write, so that nobody waits for them.
    """
    digests = {name: content_digest(path) for name, path in shape.assets.items()}
    digest = digest_of(shape, digests)
    with db.looking() as apart:
        known = apart.scalar(_newest_digest(shape.slug)) == digest
    version = _version(shape, digest)
    rows = [] if known else rows_of(shape, version, progress or _silent)
    course = _course(shape.slug)
    newest = versions.newest(course)
    if newest and newest.digest == digest:
        return Imported(newest, counts_of(shape), new=False)
    rows = rows or rows_of(shape, version, progress or _silent)
    version.number = _next_number(course)
    version.course = course
    session.add_all([version, *rows])
    session.flush()
    _keep_assets(version, shape.assets, digests, by)
    audit.note(by, "course.imported", version, new={"course": course.slug, "number": version.number})
    session.flush()
    return Imported(version, counts_of(shape), new=True)


def counts_of(shape: CourseShape) -> Counts:
    """What was read, counted."""
    activities = [activity for module in shape.modules for activity in module.activities]
    quizzes = [activity for activity in activities if isinstance(activity, QuizShape)]
    return Counts(
        modules=len(shape.modules),
        lessons=sum(isinstance(activity, LessonShape) for activity in activities),
        quizzes=len(quizzes),
        questions=sum(len(quiz.questions) for quiz in quizzes),
        assignments=sum(isinstance(activity, AssignmentShape) for activity in activities),
        assets=len(shape.assets),
        problems=len(shape.problems),
    )


def line_of(problem: Problem) -> str:
    """``file:line: sentence``, or ``file: sentence`` when it concerns the whole file."""
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return cleaned(f"{place}: {problem.message}")


def _version(shape: CourseShape, digest: str) -> CourseVersion:
    return CourseVersion(
        id=new_key(),
        title=words(shape.title),
        summary=words(shape.summary),
        hours=shape.hours,
        licence=cleaned(shape.licence),
        source=cleaned(shape.source),
        quiz_minimum=shape.quiz_minimum,
        assignment_pass=shape.assignment_pass,
        digest=digest,
        problems=[line_of(problem) for problem in shape.problems],
    )


def _course(slug: str) -> Course:
    """The course of that slug, held until the end of the transaction, so that two imports take two numbers."""
    course = session.scalar(select(Course).where(Course.slug == slug).with_for_update())
    if course is None:
        course = Course(slug=slug)
        session.add(course)
        session.flush()
    return course


def _newest_digest(slug: str) -> Select[str]:
    return (
        select(CourseVersion.digest)
        .join(Course)
        .where(Course.slug == slug, CourseVersion.discarded_at.is_(None))
        .order_by(CourseVersion.number.desc())
        .limit(1)
    )


def _next_number(course: Course) -> int:
    last = session.scalar(select(func.max(CourseVersion.number)).where(CourseVersion.course_id == course.id))
    return (last or 0) + 1


def _keep_assets(version: CourseVersion, paths: dict[str, Path], digests: dict[str, str], by: Person | None) -> None:
    """Keep each file; what an earlier version of the course holds under the same name is not kept twice."""
    held = _held_files(version.course_id)
    for name, path in paths.items():
        file_id = held.get((name, digests[name])) or _keep(path, name, by)
        session.add(Asset(version_id=version.id, name=name, file_id=file_id))


def _held_files(course_id: UUID) -> dict[tuple[str, str], UUID]:
    query = (
        select(Asset)
        .join(CourseVersion, CourseVersion.id == Asset.version_id)
        .where(CourseVersion.course_id == course_id)
        .options(joinedload(Asset.file))
    )
    return {(asset.name, asset.file.sha256): asset.file_id for asset in session.scalars(query)}


def _keep(path: Path, name: str, by: Person | None) -> UUID:
    media_type = assets.media_type(name)
    return files.keep_bytes(path.read_bytes(), name=name, media_type=media_type, by=by.id if by else None).id


def _silent(_key: str) -> None:
    """Nobody wants to hear of the progress."""
