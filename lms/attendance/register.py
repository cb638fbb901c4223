"""Everything that the arithmetic wants to know about cohorts, read in four queries however many there are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Executable, Text, Uuid, bindparam, func, select, type_coerce, union_all
from sqlalchemy.types import NullType

from lms.attendance import models
from lms.attendance.arithmetic import Day, Hours, Outcome, Rates, Stamp, State, judge, rates
from lms.attendance.models import AttendanceCorrection, AttendanceRule, CorrectionKind, Meeting, MeetingState
from lms.attendance.terms import Before, Terms, Way
from lms.kit import clock, db
from lms.pipeline.models import Cohort, Stage, StageEvent, Traineeship

OPENS_BEFORE, CLOSES_AFTER = 30, 30  # minutes, where a cohort has no rule yet
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_TERMS = tuple(Terms.__dataclass_fields__)


class Rule(NamedTuple):
    """One version of a cohort's rule."""

    version: int
    valid_from: date
    terms: Terms
    opens_before: int
    closes_after: int


FIRST_RULE = Rule(0, date.min, Terms(), OPENS_BEFORE, CLOSES_AFTER)


class Seat(NamedTuple):
    """From when to when somebody belongs to the cohort."""

    joined: date
    left_at: datetime | None


class Slot(NamedTuple):
    """A meeting as it counts."""

    id: UUID
    day: date
    hours: Hours
    state: MeetingState
    over_at: datetime  # when nobody can check out any more
    terms: Terms  # of the rule of that day

    @property
    def counts(self) -> bool:
        return self.state is not MeetingState.CANCELLED


Pair = tuple[UUID, UUID]  # meeting, person


@dataclass
class Register:
    """One cohort: its days, its people, and what was stamped."""

    cohort_id: UUID
    begins: date
    now: datetime = field(default_factory=clock.now)
    rules: list[Rule] = field(default_factory=list)  # by version
    slots: list[Slot] = field(default_factory=list)  # by day
    seats: dict[UUID, Seat] = field(default_factory=dict)
    stamps: dict[Pair, list[Stamp]] = field(default_factory=dict)
    excused: set[Pair] = field(default_factory=set)

    def rule_on(self, day: date) -> Rule:
        """The latest version that holds on that day."""
        holding = [rule for rule in self.rules if rule.valid_from <= day]
        return holding[-1] if holding else self.rules[0] if self.rules else FIRST_RULE

    @property
    def rule(self) -> Rule:
        return self.rule_on(clock.today())

    def outcome(self, slot: Slot, person_id: UUID) -> Outcome | None:
        """What a session was for somebody; None while it is ahead or not recorded."""
        if slot.state is not MeetingState.HELD or self.now < slot.over_at:
            return None
        pair = (slot.id, person_id)
        return judge(slot.hours, self.stamps.get(pair, ()), slot.terms, excused=pair in self.excused)

    def days_of(self, person_id: UUID) -> Iterator[tuple[Slot, Outcome | None]]:
        """The sessions that count for somebody, with what they were."""
        seat, early = self.seats[person_id], self.rule.terms.before
        for slot in self.slots:
            if not slot.counts or (seat.left_at and slot.hours.starts_at >= seat.left_at):
                continue
            outcome = self.outcome(slot, person_id)
            if slot.day >= seat.joined:
                yield slot, outcome
            elif early is Before.ABSENT and slot.state is MeetingState.HELD:
                yield slot, outcome and (outcome if outcome.state is State.EXCUSED else Outcome(State.ABSENT))

    def rates_of(self, person_id: UUID) -> Rates:
        """How somebody stands today."""
        days = [Day(slot.day, outcome) for slot, outcome in self.days_of(person_id)]
        return rates(days, self.rule.terms, self.begins)

    def everybody(self) -> dict[UUID, Rates]:
        return {person_id: self.rates_of(person_id) for person_id in self.seats}


def of(cohort_ids: Iterable[UUID], person_id: UUID | None = None) -> dict[UUID, Register]:
    """Cohort → its register, of everybody or of one person. Four queries, however many cohorts."""
    given: dict[str, Any] = {"ids": list(cohort_ids)}
    if not given["ids"]:
        return {}
    seats, marks = (_SEATS, _MARKS) if person_id is None else (_SEAT, _MARKS_OF_ONE)
    found: dict[UUID, Register] = {}
    for row in db.rows(_COHORTS, given):
        register = found.setdefault(row.id, Register(row.id, row.starts_on))
        if row.version is not None:
            terms = Terms(**{name: getattr(row, name) for name in _TERMS})
            register.rules.append(Rule(row.version, row.valid_from, terms, row.opens_before, row.closes_after))
    for row in db.rows(_MEETINGS, given):
        register = found[row.cohort_id]
        rule = register.rule_on(row.day)
        over_at = row.ends_at + timedelta(minutes=rule.closes_after)
        hours = Hours(row.starts_at, row.ends_at, row.pause_from, row.pause_until)
        register.slots.append(Slot(row.id, row.day, hours, row.state, over_at, rule.terms))
    if person_id is not None:
        given["person"] = person_id
    for row in db.rows(seats, given):
        joined = row.admitted_at.astimezone(clock.SEOUL).date()
        found[row.cohort_id].seats[row.person_id] = Seat(joined, row.left_at)
    books = {slot.id: book for book in found.values() for slot in book.slots}
    keys = _Keys()
    for row in db.rows(marks, given):
        pair = (keys[row.meeting_id], keys[row.person_id])
        _note(books[pair[0]], pair, row.at, row.what)
    return found


class _Keys(dict[Any, UUID]):
    """Keys as the driver gives them → UUIDs, each made once: there are two in every stamp, and few different ones."""

    def __missing__(self, raw: Any) -> UUID:
        self[raw] = raw if isinstance(raw, UUID) else UUID(raw)
        return self[raw]


def _note(register: Register, pair: Pair, at: datetime, what: str) -> None:
    """A stamp, or what was decided last about excusing the day."""
    if what == CorrectionKind.EXCUSE:
        register.excused.add(pair)
    elif what == CorrectionKind.TIMES:
        register.excused.discard(pair)
    else:
        register.stamps.setdefault(pair, []).append((at, Way(what)))


def _seats(one: bool) -> Executable:
    left = select(func.max(StageEvent.happened_at)).where(
        StageEvent.cohort_id == Traineeship.cohort_id,
        StageEvent.person_id == Traineeship.person_id,
        StageEvent.stage == Stage.LEFT,
        Traineeship.stage == Stage.LEFT,
    )
    columns = (Traineeship.cohort_id, Traineeship.person_id, Traineeship.admitted_at)
    query = select(*columns, left.correlate(Traineeship).scalar_subquery().label("left_at"))
    query = query.where(Traineeship.cohort_id.in_(_IDS))
    return query.where(Traineeship.person_id == bindparam("person", type_=Uuid())) if one else query


def _marks(one: bool) -> Executable:
    stamp, decided = models.Stamp, AttendanceCorrection
    stamps = select(
        type_coerce(stamp.meeting_id, NullType).label("meeting_id"),
        type_coerce(stamp.person_id, NullType).label("person_id"),
        stamp.at.label("at"),
        type_coerce(stamp.way, Text).label("what"),
    )
    stamps = stamps.join(Meeting, Meeting.id == stamp.meeting_id)
    stamps = stamps.where(Meeting.cohort_id.in_(_IDS), stamp.struck_at.is_(None))
    excuses = select(
        type_coerce(decided.meeting_id, NullType),
        type_coerce(decided.person_id, NullType),
        decided.decided_at,
        type_coerce(decided.kind, Text),
    )
    excuses = excuses.join(Meeting, Meeting.id == decided.meeting_id)
    excuses = excuses.where(Meeting.cohort_id.in_(_IDS), decided.accepted.is_(True))
    if one:
        person = bindparam("person", type_=Uuid())
        stamps, excuses = stamps.where(stamp.person_id == person), excuses.where(decided.person_id == person)
    return union_all(stamps, excuses).order_by("at")


# Put together once: building a select costs more than sending it.
_COHORTS = (
    select(
        Cohort.id,
        Cohort.starts_on,
        AttendanceRule.version,
        AttendanceRule.valid_from,
        *(getattr(AttendanceRule, name) for name in _TERMS),
        AttendanceRule.opens_before,
        AttendanceRule.closes_after,
    )
    .outerjoin(AttendanceRule, AttendanceRule.cohort_id == Cohort.id)
    .where(Cohort.id.in_(_IDS))
    .order_by(AttendanceRule.version)
)
_MEETINGS = (
    select(
        Meeting.id,
        Meeting.cohort_id,
        Meeting.day,
        Meeting.starts_at,
        Meeting.ends_at,
        Meeting.pause_from,
        Meeting.pause_until,
        Meeting.state,
    )
    .where(Meeting.cohort_id.in_(_IDS))
    .order_by(Meeting.day)
)
_SEATS, _SEAT = _seats(one=False), _seats(one=True)
_MARKS, _MARKS_OF_ONE = _marks(one=False), _marks(one=True)
