"""Stamping people in and out: by the code on the projector, or by a keeper's list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, select

from lms.attendance import codes, meetings
from lms.attendance.models import AttendanceCorrection, How, Meeting, MeetingState, Stamp
from lms.attendance.terms import Way
from lms.kit import clock, i18n
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people import audit
from lms.people.models import Person


@dataclass(frozen=True, slots=True)
class Span:
    """When somebody came first and went last, by Seoul's clock, to the minute."""

    came: time | None = None
    went: time | None = None

    def __str__(self) -> str:
        return "–".join(f"{each:%H:%M}" if each else "" for each in (self.came, self.went))

    def __bool__(self) -> bool:
        return bool(self.came or self.went)


def holding(meeting: Meeting) -> Select[Stamp]:
    """The stamps of a session that count, in the order in which people came and went."""
    return select(Stamp).where(Stamp.meeting_id == meeting.id, Stamp.struck_at.is_(None)).order_by(Stamp.at, Stamp.id)


def of_person(meeting: Meeting, person: Person) -> Sequence[Stamp]:
    return session.scalars(holding(meeting).where(Stamp.person_id == person.id)).all()


def next_way(stamps: Sequence[Stamp]) -> Way:
    """What somebody does next: come, or go."""
    return Way.OUT if stamps and stamps[-1].way is Way.IN else Way.IN


def by_code(meeting: Meeting, person: Person, way: Way, typed: str) -> Stamp:
    """Stamp oneself in or out with the code of this moment. Raises Refused with what to do about it."""
    session.refresh(meeting, ["state"], with_for_update=True)  # one after the other: two taps are one stamp
    _check_open(meeting)
    known = of_person(meeting, person)
    if known and known[-1].at > clock.now():
        raise Refused(_("Your day is on the list already. Ask for a correction if it is wrong there."))
    if next_way(known) is not way:
        raise Refused(_("You are checked in already.") if way is Way.IN else _("You are not checked in now."))
    if way is Way.IN and clock.now() >= meeting.ends_at:
        raise Refused(_("This session is over. Ask for a correction if you were there."))
    if not codes.is_taken(meeting.id, typed):
        raise Refused(_("This code is not valid now. Type the one that is on the screen at this moment."))
    return _stamp(meeting, person.id, way, clock.now(), How.CODE, person)


def spans(meeting: Meeting) -> dict[UUID, Span]:
    """Person → when they came first and went last, of everybody with a stamp."""
    found: dict[UUID, list[tuple[datetime, Way]]] = {}
    for stamp in session.scalars(holding(meeting)):
        found.setdefault(stamp.person_id, []).append((stamp.at, stamp.way))
    return {person_id: span_of_stamps(stamps) for person_id, stamps in found.items()}


def span_of_stamps(stamps: Iterable[tuple[datetime, Way]]) -> Span:
    """The first time in and the last time out."""
    pairs = list(stamps)
    came = [at for at, way in pairs if way is Way.IN]
    went = [at for at, way in pairs if way is Way.OUT]
    return Span(_minute(min(came)) if came else None, _minute(max(went)) if went else None)


def by_list(meeting: Meeting, by: Person, changes: Mapping[UUID, tuple[Span, Span]]) -> int:
    """Keep what a keeper's list says: person → what it showed and what it says now. Returns how many were changed.

    A person whose stamps changed meanwhile is not overwritten: Conflict names them. The session counts as held from
    here on, also when nobody came.
    """
    if meeting.state is MeetingState.CANCELLED:
        raise Refused(_("This session is cancelled. Reinstate it before you keep its list."))
    if meetings.window(meeting).state == "ahead":
        raise Refused(_("This session has not begun. Its list can be kept from half an hour before."))
    session.refresh(meeting, ["state"], with_for_update=True)
    now = spans(meeting)
    overtaken = [person_id for person_id, (seen, _said) in changes.items() if now.get(person_id, Span()) != seen]
    if overtaken:
        names = session.scalars(select(Person.name).where(Person.id.in_(overtaken)).order_by(Person.name))
        raise Conflict(
            _("Meanwhile somebody was stamped: %(names)s. Look again before you save.", names=", ".join(names))
        )
    for person_id, (_seen, said) in changes.items():
        replace(meeting, person_id, said, How.LIST, by)
    meeting.state = MeetingState.HELD
    if changes:
        old, new = ({str(key): str(pair[place]) for key, pair in changes.items()} for place in (0, 1))
        audit.note(by, "attendance.list_kept", meeting, old=old, new=new)
    return len(changes)


def replace(
    meeting: Meeting, person_id: UUID, span: Span, how: How, by: Person, correction: AttendanceCorrection | None = None
) -> None:
    """Strike somebody's stamps of a session and write these in their place."""
    for stamp in session.scalars(holding(meeting).where(Stamp.person_id == person_id)).all():
        stamp.struck_at, stamp.struck_by_id = clock.now(), by.id
    for way, at in ((Way.IN, span.came), (Way.OUT, span.went)):
        if at:
            _stamp(meeting, person_id, way, on_day(meeting, at), how, by, correction)


def whole(meeting: Meeting) -> Span:
    """From the beginning to the end of a session."""
    return Span(_minute(meeting.starts_at), _minute(meeting.ends_at))


def on_day(meeting: Meeting, at: time) -> datetime:
    """A time of the session's day as a moment."""
    return datetime.combine(meeting.day, at, clock.SEOUL)


def _check_open(meeting: Meeting) -> None:
    if meeting.state is MeetingState.CANCELLED:
        raise Refused(_("This session is cancelled. You need not check in."))
    window = meetings.window(meeting)
    if window.state == "ahead":
        raise Refused(_("Checking in opens at %(time)s. Come back then.", time=i18n.time(window.opens_at)))
    if window.state == "over":
        raise Refused(_("Checking in and out is over for this session. Ask for a correction if you were there."))


def _stamp(
    meeting: Meeting,
    person_id: UUID,
    way: Way,
    at: datetime,
    how: How,
    by: Person,
    correction: AttendanceCorrection | None = None,
) -> Stamp:
    stamp = Stamp(meeting_id=meeting.id, person_id=person_id, way=way, at=at, how=how, by_id=by.id)
    stamp.correction_id = correction.id if correction else None
    session.add(stamp)
    if meeting.state is MeetingState.PLANNED:
        meeting.state = MeetingState.HELD
    session.flush()
    return stamp


def _minute(moment: datetime) -> time:
    return moment.astimezone(clock.SEOUL).time().replace(second=0, microsecond=0)
