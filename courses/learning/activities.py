"""One activity as a trainee meets it: inside an own, open enrolment, of the version that they are on."""

from uuid import UUID

from flask import abort
from sqlalchemy import Select

from courses.catalogue.models import Activity, ActivityKind
from courses.learning import enrolments
from courses.learning.models import Enrolment
from lms.kit.db import session
from lms.people.models import Person

# Where the page of each kind of activity is; the rooms above bring the last two.
PAGES = {
    ActivityKind.LESSON: "learning.lesson",
    ActivityKind.QUIZ: "quizzes.intro",
    ActivityKind.ASSIGNMENT: "assignments.read",
}


def open_to(person: Person, enrolment_id: UUID, activity_id: UUID) -> Select[Enrolment, Activity]:
    """An activity of the version of an own, open enrolment."""
    return (
        enrolments.of(person)
        .where(Enrolment.id == enrolment_id)
        .join(Activity, Activity.version_id == Enrolment.version_id)
        .where(Activity.id == activity_id)
        .add_columns(Activity)
    )


def in_enrolment(
    person: Person, enrolment_id: UUID, activity_id: UUID, kind: ActivityKind | None = None
) -> tuple[Enrolment, Activity]:
    """The enrolment and its activity of that kind. For views: what is not there for this person ends in a 404."""
    query = open_to(person, enrolment_id, activity_id)
    if kind is not None:
        query = query.where(Activity.kind == kind)
    row = session.execute(query).one_or_none()
    if row is None:
        abort(404)
    return row[0], row[1]
