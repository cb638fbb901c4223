"""Timetables of the cohorts that run or will and of some that are over, and who came when: mostly everybody, mostly in time."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from lms.attendance import corrections, register, rules, timetables, warning
from lms.attendance.models import CorrectionKind, How, Meeting, MeetingState, Stamp, TimetablePattern
from lms.attendance.register import FIRST_RULE, Register
from lms.attendance.terms import Way
from lms.kit import clock
from lms.kit.db import new_key, session
from lms.kit.story import Story
from lms.people.demo import ADMIN, LEAD, TRAINEE, known
from lms.people.models import Person
from lms.pipeline import cohorts
from lms.pipeline import demo_troubles as troubles
from lms.pipeline.demo import PLANS, Plan
from lms.pipeline.models import Cohort

DAYTIME = (time(9, 30), time(17, 30), time(12), time(13), "양재 허브 302호")
EVENING = (time(19), time(22), None, None, "양재 허브 201호")
Taught = tuple[time, time, time | None, time | None, str]
WEEKS: dict[str, dict[int, Taught]] = {
    "llm": {0: DAYTIME, 1: DAYTIME, 2: DAYTIME, 3: DAYTIME},
    "agents": {1: EVENING, 3: EVENING, 5: DAYTIME},
}
OTHERS: dict[int, Taught] = {0: DAYTIME, 2: DAYTIME, 4: DAYTIME}
RULE_REASON = "운영 지침에 따른 출석 기준"
EXCUSES = (
    "예비군 훈련 소집 통지서를 받았습니다.",
    "조모상으로 하루 참석하지 못합니다.",
    "정보처리기사 실기 시험일입니다.",
)
KEPT = 4  # of the cohorts that are over, the last so many kept attendance
STEADY = 0.93  # how well those come at least who completed
FADING = 0.5  # how much of their care those keep who will leave or stall
SUMMONED = "동원훈련 소집 통지서를 받았습니다. 사흘 동안 참석하지 못합니다."
FORGOTTEN = "휴대폰 전원이 꺼져 퇴실을 찍지 못했습니다. 강사님과 끝까지 함께 있었습니다."


def tell(story: Story) -> Iterator[str]:
    """When everything else of these cohorts is told, so that those who left have left."""
    for _chapter in range(len(PLANS) + 1):
        yield ""
    over = [plan for plan in PLANS if plan.ends < 0][-KEPT:]
    for plan in over:
        yield _told(story, plan)
    for plan in PLANS:
        if plan.ends >= 0 and plan.closes <= 20:
            yield _told(story, plan)


def _told(story: Story, plan: Plan) -> str:
    with story.at(story.moment(min(plan.starts - 20, -2), 11)):
        cohort = session.scalars(cohorts.called(plan.slug)).one()
        lead = known(LEAD)
        rules.change(cohort, lead, FIRST_RULE._replace(valid_from=cohort.starts_on), RULE_REASON)
        week = WEEKS.get(plan.track, OTHERS)
        patterns = [
            TimetablePattern(
                weekday=day, starts=hours[0], ends=hours[1], pause_from=hours[2], pause_until=hours[3], place=hours[4]
            )
            for day, hours in sorted(week.items())
        ]
        timetables.set_pattern(cohort, lead, patterns, timetables.pattern_digest([]))
        count = len(timetables.apply(cohort, lead, timetables.difference(cohort).digest).added)
    if plan.starts >= 0:
        return f"{count} sessions planned"
    with story.at(story.moment(-0.3, 9)):
        stamps = _stamp(story, plan, cohort)
    if plan.ends < 0:
        return f"{count} sessions, {stamps} stamps"
    with story.at(story.moment(-0.2, 9)):
        _ask(story, cohort)
        warning.warn(cohort)
    return f"{count} sessions, {stamps} stamps"


def _stamp(story: Story, plan: Plan, cohort: Cohort) -> int:
    """Everybody's stamps of the sessions that are over; written past the session's machinery, because there are thousands."""
    book = register.of([cohort.id])[cohort.id]
    trainee = known(TRAINEE).id
    over = [slot for slot in book.slots if slot.over_at < clock.now()]
    emails = dict(session.execute(select(Person.id, Person.email).where(Person.id.in_(list(book.seats)))).all())
    rows: list[dict[str, Any]] = []
    for number, (person_id, seat) in enumerate(sorted(book.seats.items())):
        chance = story.chance("attendance", cohort.slug, number)
        care = 0.97 if person_id == trainee else min(0.99, chance.betavariate(14, 1.1))
        trouble = troubles.of(story, plan, emails[person_id])
        if plan.ends < 0 and trouble is troubles.NONE:
            care = max(STEADY, care)
        for slot in over:
            passed = (slot.day - cohort.starts_on).days / (cohort.ends_on - cohort.starts_on).days
            if passed >= trouble.stalls:
                break
            if slot.day >= seat.joined and not (seat.left_at and seat.left_at <= slot.hours.starts_at):
                now = care * FADING if passed >= trouble.fades else care
                rows += _day(slot.id, person_id, slot.hours.starts_at, slot.hours.ends_at, now, chance)
    for meeting in session.scalars(select(Meeting).where(Meeting.id.in_([slot.id for slot in over]))):
        meeting.state = MeetingState.HELD
    session.flush()
    if rows:
        session.execute(insert(Stamp), rows)
    return len(rows)


def _day(
    meeting_id: UUID, person_id: UUID, begins: datetime, ends: datetime, care: float, chance: Random
) -> Iterator[dict[str, Any]]:
    """In and out on one day; the less somebody cares, the more often late, early, or not at all."""
    if chance.random() > care:
        return
    late = chance.random() > care
    came = begins + timedelta(minutes=chance.randint(11, 70) if late else chance.randint(-25, 8))
    early = chance.random() > (care + 2) / 3
    went = ends + timedelta(minutes=-chance.randint(12, 90) if early else chance.randint(0, 14))
    for way, at in ((Way.IN, came), (Way.OUT, went)):
        exact = at + timedelta(seconds=chance.randint(0, 59))
        yield {
            "id": new_key(), "meeting_id": meeting_id, "person_id": person_id, "way": way, "at": exact, "how": How.CODE,
            "by_id": person_id, "noted_at": exact,
        }  # fmt: skip


def _ask(story: Story, cohort: Cohort) -> None:
    """Some who missed a day ask for it to be excused; one is answered, the others wait."""
    book = register.of([cohort.id])[cohort.id]
    missed = _missed(book)[: len(EXCUSES) + 1]
    people = {
        each.id: each for each in session.scalars(select(Person).where(Person.id.in_([key for key, _day in missed])))
    }
    for place, (person_id, meeting_id) in enumerate(missed):
        person, meeting = people[person_id], session.get_one(Meeting, meeting_id)
        if place == len(EXCUSES):
            came, went = _hour(meeting.starts_at), _hour(meeting.ends_at)
            corrections.ask(meeting, person, person, CorrectionKind.TIMES, reason=FORGOTTEN, came=came, went=went)
            continue
        asked = corrections.ask(meeting, person, person, CorrectionKind.EXCUSE, reason=EXCUSES[place])
        if place == 0:
            corrections.decide(asked, known(ADMIN), True, "")
            _ask_for_several(cohort, person)


def _ask_for_several(cohort: Cohort, person: Person) -> None:
    """Three sessions that are still ahead, for one reason."""
    ahead = select(Meeting).where(Meeting.cohort_id == cohort.id, Meeting.starts_at > clock.now())
    days = session.scalars(ahead.order_by(Meeting.day).offset(2).limit(3)).all()
    if days:
        corrections.ask_for_several(days, person, person, reason=SUMMONED)


def _missed(book: Register) -> list[tuple[UUID, UUID]]:
    """Who missed which day, one day each, the latest first."""
    found: dict[UUID, tuple[date, UUID]] = {}
    for person_id, seat in sorted(book.seats.items()):
        for slot, outcome in book.days_of(person_id):
            if seat.left_at is None and outcome and outcome.state == "absent":
                found[person_id] = (slot.day, slot.id)
    latest = sorted(found.items(), key=lambda pair: pair[1], reverse=True)
    return [(person_id, meeting_id) for person_id, (_day, meeting_id) in latest]


def _hour(moment: datetime) -> time:
    return moment.astimezone(clock.SEOUL).time()
