"""Deleting a course that nobody has been given. One that was can only be archived: what people did in it is theirs."""

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from courses.assignments.models import Assignment, Criterion, Level
from courses.catalogue.models import Activity, ActivityText, Asset, Course, CourseVersion, Module
from courses.importing.models import CourseUpload
from courses.learning.models import Offering
from courses.quizzes.models import Option, Question, Quiz
from lms.kit import files
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.stored_file import StoredFile
from lms.people import audit
from lms.people.models import Person


def was_given(course: Course) -> bool:
    """Whether any cohort has or had it."""
    return session.scalar(select(Offering.id).where(Offering.course_id == course.id).limit(1)) is not None


def delete_course(course: Course, by: Person, typed: str) -> None:
    """Delete a course with all its versions, for good. `typed`: its name in addresses, written out.

    Raises Refused when that is another name, and when the course was given or a rule was made for it.
    """
    if typed.strip() != course.slug:
        raise Refused(_("This is not the name of the course. Write it out to confirm that you mean this one."))
    session.refresh(course, ["slug"], with_for_update=True)
    if was_given(course):
        raise Refused(_used())
    versions = session.scalar(select(func.count()).where(CourseVersion.course_id == course.id))
    old = {"course": course.slug, "versions": versions}
    audit.note(by, "course.deleted", course, old=old)
    try:
        with session.begin_nested():
            _delete_rows(course)
    except IntegrityError as error:
        raise Refused(_used()) from error


def _delete_rows(course: Course) -> None:
    """From the outermost rows inwards; whatever else hangs on one of them keeps it (RESTRICT)."""
    versions = select(CourseVersion.id).where(CourseVersion.course_id == course.id)
    activities = select(Activity.id).where(Activity.version_id.in_(versions))
    questions = select(Question.id).where(Question.activity_id.in_(activities))
    criteria = select(Criterion.id).where(Criterion.activity_id.in_(activities))
    assets = select(Asset.file_id).where(Asset.version_id.in_(versions))
    uploads = select(CourseUpload.file_id).where(CourseUpload.version_id.in_(versions))
    for each in session.scalars(select(StoredFile).where(StoredFile.id.in_(assets.union(uploads)))).all():
        files.forget(each)
    session.flush()
    for statement in (
        delete(Option).where(Option.question_id.in_(questions)),
        delete(Question).where(Question.activity_id.in_(activities)),
        delete(Quiz).where(Quiz.activity_id.in_(activities)),
        delete(Level).where(Level.criterion_id.in_(criteria)),
        delete(Criterion).where(Criterion.activity_id.in_(activities)),
        delete(Assignment).where(Assignment.activity_id.in_(activities)),
        delete(ActivityText).where(ActivityText.activity_id.in_(activities)),
        delete(CourseUpload).where(CourseUpload.version_id.in_(versions)),
        delete(Asset).where(Asset.version_id.in_(versions)),
        delete(Activity).where(Activity.version_id.in_(versions)),
        delete(Module).where(Module.version_id.in_(versions)),
        delete(CourseVersion).where(CourseVersion.course_id == course.id),
        delete(Course).where(Course.id == course.id),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})


def _used() -> str:
    return _(
        "This course was given to a cohort or has a rule of its own, so it stays. Archive it: then nobody is given it any more."
    )
