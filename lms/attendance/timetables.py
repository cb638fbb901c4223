"""Timetables: sessions planned from the days of the week, and what changes when the plan does.

A plan is compared with the sessions that there are, the difference is shown, and only that difference is applied. A
session with stamps or corrections, or one that has begun, is never deleted: a holiday cancels it and keeps what was stamped.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError

from lms.attendance import days_off
from lms.attendance.models import AttendanceCorrection, Meeting, MeetingState, Stamp, TimetablePattern
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person
from lms.pipeline.models import Cohort


@dataclass(frozen=True, slots=True)
class Planned:
    """From when to when a day is to be taught, and where."""

    day: date
    starts_at: datetime
    ends_at: datetime
    pause_from: datetime | None
    pause_until: datetime | None
    place: str

    @classmethod
    def on(cls, day: date, pattern: TimetablePattern) -> "Planned":
        def moment(of: time | None) -> datetime | None:
            return datetime.combine(day, of, clock.SEOUL) if of else None

        begin, end = (datetime.combine(day, of, clock.SEOUL) for of in (pattern.starts, pattern.ends))
        return cls(day, begin, end, moment(pattern.pause_from), moment(pattern.pause_until), pattern.place)

    def is_as(self, meeting: Meeting) -> bool:
        return all(getattr(self, name) == getattr(meeting, name) for name in FIELDS)

    def fill(self, meeting: Meeting) -> Meeting:
        for name in FIELDS:
            setattr(meeting, name, getattr(self, name))
        return meeting


FIELDS = tuple(Planned.__dataclass_fields__)


@dataclass(frozen=True)
class Difference:
    """What applying a plan would do to a cohort's sessions."""

    added: list[Planned] = field(default_factory=list)
    moved: list[tuple[Meeting, Planned]] = field(default_factory=list)
    removed: list[Meeting] = field(default_factory=list)
    closed: list[tuple[Meeting, Words]] = field(default_factory=list)  # cancelled for a holiday, with its name
    reopened: list[Meeting] = field(default_factory=list)  # the holiday was withdrawn

    @property
    def count(self) -> int:
        return sum(len(each) for each in (self.added, self.moved, self.removed, self.closed, self.reopened))

    @property
    def digest(self) -> str:
        """Tells one difference from another, so that what is applied is what was seen."""
        parts = [
            *(f"+ {each}" for each in self.added),
            *(f"~ {meeting.day} {to}" for meeting, to in self.moved),
            *(f"- {each.day}" for each in self.removed),
            *(f"x {meeting.day} {sorted(name.items())}" for meeting, name in self.closed),
            *(f"o {each.day}" for each in self.reopened),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def pattern_of(cohort: Cohort) -> Select[TimetablePattern]:
    """The days of the week on which a cohort is taught."""
    return select(TimetablePattern).where(TimetablePattern.cohort_id == cohort.id).order_by(TimetablePattern.weekday)


def meetings_of(cohort: Cohort) -> Select[Meeting]:
    """The sessions of a cohort, by day, cancelled ones too."""
    return select(Meeting).where(Meeting.cohort_id == cohort.id).order_by(Meeting.day)


def planned(
    patterns: Iterable[TimetablePattern], first: date, last: date, closed: Collection[date]
) -> dict[date, Planned]:
    """Day → what is to be taught, between two days, without those that are closed."""
    of_day = {each.weekday: each for each in patterns}
    return {
        day: Planned.on(day, of_day[day.weekday()])
        for day in days_off.days(first, last)
        if day.weekday() in of_day and day not in closed
    }


def compare(
    meetings: Sequence[Meeting], wanted: Mapping[date, Planned], closed: Mapping[date, Words], touched: Collection[UUID]
) -> Difference:
    """What has to change so that the sessions are as planned. `touched`: those with stamps or corrections."""
    now, found = clock.now(), Difference()
    for meeting in meetings:
        want, cancelled = wanted.get(meeting.day), meeting.state is MeetingState.CANCELLED
        if meeting.by_hand or (cancelled and not meeting.for_holiday):
            continue
        if meeting.day in closed:
            if not cancelled:
                found.closed.append((meeting, closed[meeting.day]))
        elif cancelled:
            if want:
                found.reopened.append(meeting)
        elif meeting.state is MeetingState.HELD or meeting.id in touched or meeting.starts_at <= now:
            continue
        elif want is None:
            found.removed.append(meeting)
        elif not want.is_as(meeting):
            found.moved.append((meeting, want))
    taken = {meeting.day for meeting in meetings}
    ahead = (each for day, each in wanted.items() if day not in taken)
    found.added.extend(each for each in ahead if not meetings or each.starts_at > now)
    return found


def difference(cohort: Cohort) -> Difference:
    """What the days of the week and the holidays, as they are now, would change. Four queries."""
    closed = days_off.closed(cohort.starts_on, cohort.ends_on)
    wanted = planned(session.scalars(pattern_of(cohort)), cohort.starts_on, cohort.ends_on, closed)
    meetings = session.scalars(meetings_of(cohort)).all()
    return compare(meetings, wanted, closed, _touched(cohort)) if wanted or meetings else Difference()


def apply(cohort: Cohort, by: Person, seen: str) -> Difference:
    """Make the sessions as planned. `seen`: the digest of the difference that was shown; Conflict when it is another now."""
    found = difference(cohort)
    if found.digest != seen:
        raise Conflict(_("The plan changed while you were reading. Look at what would change now, then apply it."))
    for meeting, name in found.closed:
        _cancel(meeting, by, name.best("ko"), for_holiday=True)
    touched = _touched(cohort)
    for meeting in found.reopened:
        _reinstate(meeting, meeting.id in touched)
    for meeting, to in found.moved:
        to.fill(meeting)
    session.execute(delete(Meeting).where(Meeting.id.in_([each.id for each in found.removed])))
    session.add_all([each.fill(Meeting(cohort_id=cohort.id)) for each in found.added])
    session.flush()
    names = ("added", "moved", "removed", "closed", "reopened")
    audit.note(by, "timetable.applied", cohort, new={name: len(getattr(found, name)) for name in names})
    return found


def set_pattern(cohort: Cohort, by: Person, patterns: Sequence[TimetablePattern], seen: str) -> None:
    """Replace the days of the week. `seen`: the digest of those that were shown; Conflict when somebody changed them."""
    before = list(session.scalars(pattern_of(cohort).with_for_update()))
    if pattern_digest(before) != seen:
        raise Conflict(_("Somebody changed the timetable while you were writing. Compare, then save again."))
    old, new = ([_facts(each) for each in those] for those in (before, patterns))
    if old == new:
        return
    session.execute(delete(TimetablePattern).where(TimetablePattern.cohort_id == cohort.id))
    for each in patterns:
        each.cohort_id = cohort.id
    session.add_all(patterns)
    session.flush()
    audit.note(by, "timetable.changed", cohort, old={"days": old}, new={"days": new})


def pattern_digest(patterns: Iterable[TimetablePattern]) -> str:
    return hashlib.sha256(repr([_facts(each) for each in patterns]).encode()).hexdigest()[:16]


def add(cohort: Cohort, by: Person, one: Planned) -> Meeting:
    """Add a session beside the timetable, say to make up for another. Raises Refused when that day has one."""
    if not cohort.starts_on <= one.day <= cohort.ends_on:
        raise Refused(_("This day lies outside the cohort's dates. Choose a day between its first and its last."))
    meeting = one.fill(Meeting(cohort_id=cohort.id, by_hand=True))
    try:
        with session.begin_nested():
            session.add(meeting)
    except IntegrityError:
        raise Refused(_("There is a session on this day already. Reinstate or change that one.")) from None
    audit.note(by, "session.added", meeting, new={"day": one.day.isoformat()})
    return meeting


def cancel(meeting: Meeting, by: Person, reason: str) -> None:
    """Cancel one session; what was stamped stays, and nobody misses anything by it."""
    if meeting.state is MeetingState.CANCELLED:
        raise Refused(_("This session is cancelled already."))
    _cancel(meeting, by, reason)
    audit.note(by, "session.cancelled", meeting, new={"reason": reason})


def reinstate(meeting: Meeting, by: Person) -> None:
    """Take a cancellation back."""
    if meeting.state is not MeetingState.CANCELLED:
        raise Refused(_("This session is not cancelled."))
    old = {"reason": meeting.cancelled_reason}
    has_stamps = session.scalar(select(Stamp.id).where(Stamp.meeting_id == meeting.id).limit(1)) is not None
    meeting.by_hand = meeting.by_hand or meeting.for_holiday  # a new plan must not cancel it again
    _reinstate(meeting, has_stamps)
    audit.note(by, "session.reinstated", meeting, old=old)


def _cancel(meeting: Meeting, by: Person, reason: str, *, for_holiday: bool = False) -> None:
    meeting.state, meeting.cancelled_at, meeting.cancelled_by_id = MeetingState.CANCELLED, clock.now(), by.id
    meeting.cancelled_reason, meeting.for_holiday = reason, for_holiday


def _reinstate(meeting: Meeting, has_stamps: bool) -> None:
    meeting.state = MeetingState.HELD if has_stamps else MeetingState.PLANNED
    meeting.cancelled_at = meeting.cancelled_by_id = None
    meeting.cancelled_reason, meeting.for_holiday = "", False


def _touched(cohort: Cohort) -> set[UUID]:
    own = select(Meeting.id).where(Meeting.cohort_id == cohort.id).scalar_subquery()
    stamped = select(Stamp.meeting_id).where(Stamp.meeting_id.in_(own))
    asked = select(AttendanceCorrection.meeting_id).where(AttendanceCorrection.meeting_id.in_(own))
    return set(session.scalars(stamped.union(asked)))


def _facts(pattern: TimetablePattern) -> dict[str, str]:
    names = ("weekday", "starts", "ends", "pause_from", "pause_until", "place")
    return {name: str(getattr(pattern, name)) for name in names}
