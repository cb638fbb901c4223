"""One activity as a trainee meets it: inside an own, open enrolment, of the version that they are on."""

from uuid import UUID

from flask import abort
from sqlalchemy import Select, bindparam

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


# An activity of the version of an own, open enrolment. Written once: it begins each page that somebody learns on.
OPEN_TO: Select[Enrolment, Activity] = (
    enrolments.ONE.join(Activity, Activity.version_id == Enrolment.version_id)
    .where(Activity.id == bindparam("activity_id"))
    .add_columns(Activity)
)


def in_enrolment(
    person: Person, enrolment_id: UUID, activity_id: UUID, kind: ActivityKind | None = None
) -> tuple[Enrolment, Activity]:
    """The enrolment and its activity of that kind. For views: what is not there for this person ends in a 404."""
    found = find(person, enrolment_id, activity_id)
    if found is None or (kind is not None and found[1].kind is not kind):
        abort(404)
    return found


def find(person: Person, enrolment_id: UUID, activity_id: UUID) -> tuple[Enrolment, Activity] | None:
    """The activity in the person's own, open enrolment, or None."""
    named = {"person_id": person.id, "enrolment_id": enrolment_id, "activity_id": activity_id}
    row = session.execute(OPEN_TO, named).one_or_none()
    return None if row is None else (row[0], row[1])
