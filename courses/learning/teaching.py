"""Who teaches in an offering, and giving a course to a cohort."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from courses.catalogue.models import Course, CourseVersion
from courses.learning import enrolments
from courses.learning.models import Offering, Teaching
from lms.attendance import keepers
from lms.attendance.models import Keeper
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person, Role, RoleGrant
from lms.pipeline.models import Cohort, Stage, Traineeship


def of(offering: Offering) -> Select[Teaching]:
    """Who teaches in an offering, by name."""
    return (
        select(Teaching)
        .join(Teaching.person)
        .where(Teaching.offering_id == offering.id)
        .options(joinedload(Teaching.person))
        .order_by(Person.name)
    )


def may_teach(offering: Offering) -> Select[Person]:
    """Instructors with an open account who do not teach in the offering yet, by name."""
    there = exists().where(Teaching.offering_id == offering.id, Teaching.person_id == Person.id)
    instructor = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == Role.INSTRUCTOR)
    return select(Person).where(instructor, ~there, Person.closed_at.is_(None)).order_by(Person.name)


def assign(offering: Offering, teacher: Person, by: Person) -> Teaching:
    """Let an instructor teach and mark in the offering, and keep the attendance of its cohort."""
    if not teacher.has(Role.INSTRUCTOR):
        raise Refused(_("%(name)s is not an instructor. Ask an administrator for the role first.", name=teacher.name))
    if session.scalar(select(Teaching).where(Teaching.offering_id == offering.id, Teaching.person_id == teacher.id)):
        raise Refused(_("%(name)s teaches here already.", name=teacher.name))
    teaching = Teaching(offering_id=offering.id, person_id=teacher.id)
    session.add(teaching)
    session.flush()
    keepers.appoint(offering.cohort, teacher, by)
    audit.note(by, "offering.teacher_assigned", offering, new={"person": str(teacher.id)})
    return teaching


def relieve(teaching: Teaching, by: Person) -> None:
    """Let somebody teach here no longer; what they marked stays theirs. With their last course they keep no attendance."""
    offering = teaching.offering
    others = select(Offering.id).where(Offering.cohort_id == offering.cohort_id, Offering.id != offering.id)
    elsewhere = exists().where(Teaching.person_id == teaching.person_id, Teaching.offering_id.in_(others))
    kept = keepers.of(offering.cohort).where(Keeper.person_id == teaching.person_id)
    if not session.scalar(select(elsewhere)) and (keeper := session.scalars(kept).one_or_none()):
        keepers.dismiss(keeper, offering.cohort, by)
    audit.note(by, "offering.teacher_relieved", teaching.offering, old={"person": str(teaching.person_id)})
    session.delete(teaching)
    session.flush()


def to_give() -> Select[CourseVersion]:
    """The newest published version of each course that is not archived."""
    other = aliased(CourseVersion)
    newest = (
        select(func.max(other.number))
        .where(other.course_id == CourseVersion.course_id, other.published_at.is_not(None))
        .correlate(CourseVersion)
        .scalar_subquery()
    )
    found = select(CourseVersion).join(CourseVersion.course).options(contains_eager(CourseVersion.course))
    return found.where(CourseVersion.number == newest, Course.archived_at.is_(None))


def give(
    version: CourseVersion, cohort: Cohort, by: Person, *, opens_on: date, closes_on: date, required: bool
) -> Offering:
    """Give a published course to a cohort and enrol everybody who is in it already."""
    if version.published_at is None:
        raise Refused(_("This version is a draft. Publish it before you give it to a cohort."))
    if version.course.archived_at:
        raise Refused(_("This course is archived. Bring it back on its page before you give it to a cohort."))
    given = select(Offering.id).where(Offering.cohort_id == cohort.id, Offering.course_id == version.course_id)
    if session.scalar(given):
        raise Refused(_("This cohort has this course already. Open its page to switch it to a newer version."))
    position = session.scalar(select(func.count()).where(Offering.cohort_id == cohort.id)) or 0
    offering = Offering(
        cohort_id=cohort.id, course_id=version.course_id, version_id=version.id, position=position + 1,
        required=required, opens_on=opens_on, closes_on=closes_on,
    )  # fmt: skip
    session.add(offering)
    session.flush()
    audit.note(by, "offering.given", offering, new={"cohort": str(cohort.id), "version": str(version.id)})
    present = select(Traineeship).where(Traineeship.cohort_id == cohort.id, Traineeship.stage != Stage.LEFT)
    for taking_part in session.scalars(present).all():
        enrolments.enrol(taking_part)
    return offering
