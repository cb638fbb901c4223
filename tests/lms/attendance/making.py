"""Rows of attendance that a test needs, on days that never move: a cohort of November 2026, from the 2nd to the 27th."""

from datetime import date, datetime, time, timedelta

from lms.attendance.models import Meeting, MeetingState, Stamp, TimetablePattern
from lms.attendance.terms import Way
from lms.kit import clock
from lms.people.models import Person
from lms.pipeline.models import Cohort, Lead, Stage, Traineeship
from tests import make

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 27)


def at(hour: str, day: date = FIRST) -> datetime:
    """``9:30`` in Seoul on a day."""
    hours, minutes = (int(part) for part in hour.split(":"))
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=clock.SEOUL)


def cohort(**more: object) -> Cohort:
    return make.cohort(**{"starts_on": FIRST, "ends_on": LAST, **more})


def pattern(of: Cohort, *weekdays: int, starts: time = time(9), ends: time = time(18)) -> None:
    for weekday in weekdays:
        make.add(TimetablePattern(cohort_id=of.id, weekday=weekday, starts=starts, ends=ends, place="302"))


def meeting(of: Cohort, day: date = FIRST, **more: object) -> Meeting:
    """A session from nine to six without a pause."""
    given = {"starts_at": at("9:00", day), "ends_at": at("18:00", day), **more}
    return make.add(Meeting(cohort_id=of.id, day=day, **given))


def meetings(of: Cohort, count: int) -> list[Meeting]:
    """Sessions on so many days, from the first one."""
    return [meeting(of, FIRST + timedelta(days=number)) for number in range(count)]


def trainee(of: Cohort, **more: object) -> Person:
    """Somebody who takes part from before the first day on."""
    person = make.person(**more)
    seat = Traineeship(cohort=of, person=person, stage=Stage.TRAINING, admitted_at=at("9:00", date(2026, 10, 1)))
    return make.add(seat).person


def lead(of: Cohort) -> Person:
    person = make.lead(of)
    assert make.session.query(Lead).filter_by(person_id=person.id).count() == 1
    return person


def there(of: Meeting, person: Person, came: str = "9:00", went: str = "18:00") -> None:
    """Stamps by the code; an empty time leaves one out."""
    for way, hour in ((Way.IN, came), (Way.OUT, went)):
        if hour:
            make.add(
                Stamp(meeting_id=of.id, person_id=person.id, way=way, at=at(hour, of.day), how="code", by_id=person.id)
            )
    of.state = MeetingState.HELD
    make.session.flush()
