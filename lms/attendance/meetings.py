"""Sessions: who may see which, when their doors are open, who sits in them."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from lms.attendance import keepers
from lms.attendance.models import AttendanceRule, Meeting, MeetingState
from lms.attendance.register import CLOSES_AFTER, OPENS_BEFORE
from lms.kit import clock
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Cohort, Stage, Traineeship

LONGEST_WINDOW = timedelta(minutes=240)  # as the CHECK of the rule says


class Window(NamedTuple):
    """From when until when people can be stamped in a session."""

    opens_at: datetime
    closes_at: datetime

    @property
    def state(self) -> str:
        """Where it stands: "ahead", "open" or "over"."""
        now = clock.now()
        return "ahead" if now < self.opens_at else "open" if now < self.closes_at else "over"


def kept_by(person: Person) -> Select[Meeting]:
    """The sessions whose attendance the person keeps."""
    cohorts = keepers.kept_by(person).with_only_columns(Cohort.id)
    return select(Meeting).where(Meeting.cohort_id.in_(cohorts)).options(joinedload(Meeting.cohort))


def of(person: Person) -> Select[Meeting]:
    """The sessions of the cohorts that the person takes part in."""
    own = exists().where(
        Traineeship.cohort_id == Meeting.cohort_id, Traineeship.person_id == person.id, Traineeship.stage != Stage.LEFT
    )
    return select(Meeting).where(own).options(joinedload(Meeting.cohort))


def cohorts_of(person: Person) -> Select[Cohort]:
    """The cohorts that the person takes part in."""
    seated = (Traineeship.person_id == person.id, Traineeship.stage != Stage.LEFT)
    return select(Cohort).where(exists().where(Traineeship.cohort_id == Cohort.id, *seated))


def window(meeting: Meeting) -> Window:
    """When the doors of a session are open, by the rule of its day."""
    rule = session.execute(
        select(AttendanceRule.opens_before, AttendanceRule.closes_after)
        .where(AttendanceRule.cohort_id == meeting.cohort_id, AttendanceRule.valid_from <= meeting.day)
        .order_by(AttendanceRule.version.desc())
        .limit(1)
    ).one_or_none()
    before, after = tuple(rule) if rule else (OPENS_BEFORE, CLOSES_AFTER)
    return Window(meeting.starts_at - timedelta(minutes=before), meeting.ends_at + timedelta(minutes=after))


def near(query: Select[Meeting]) -> list[tuple[Meeting, Window]]:
    """Those of a query that are open now, and the next one ahead; the earliest first."""
    now = clock.now()
    around = query.where(
        Meeting.state != MeetingState.CANCELLED,
        or_(
            and_(Meeting.starts_at <= now + LONGEST_WINDOW, Meeting.ends_at >= now - LONGEST_WINDOW),
            Meeting.starts_at > now,
        ),
    )
    found = [(each, window(each)) for each in session.scalars(around.order_by(Meeting.starts_at).limit(12))]
    return [pair for pair in found if pair[1].state != "over"]


def people_in(meeting: Meeting) -> Select[Person]:
    """Who belongs to a session: whoever is in the cohort on that day, by name."""
    return people_of(meeting.cohort_id)


def people_of(cohort_id: UUID) -> Select[Person]:
    """Who takes part in a cohort now, by name."""
    seated = (Traineeship.cohort_id == cohort_id, Traineeship.stage != Stage.LEFT)
    return select(Person).join(Traineeship, Traineeship.person_id == Person.id).where(*seated).order_by(Person.name)
