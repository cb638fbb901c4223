"""The list of those who may need help, put together for its readers. It reads; nothing is written or sent because of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from lms.kit import clock, db
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Cohort, StageEvent
from lms.reporting import remembering, risk, risk_facts, risk_learning, support
from lms.reporting.risk import Case, Facts, Ranked, Reason
from lms.reporting.risk_facts import Course
from lms.reporting.risk_learning import Count, Model, Score
from lms.reporting.support_models import SupportContact

SETTLED = timedelta(days=60)  # after its last day, by when it is known who completed
MEMORY = timedelta(days=4 * 366)
LATEST = 24  # earlier cohorts that teach, at most
RECENT = timedelta(days=14)  # a contact that is younger counts as done
TOP = 3  # people that a cohort's page names


@dataclass(frozen=True)
class Learned:
    """What earlier cohorts teach: the model, how good its order was, and what became of people with each reason."""

    model: Model
    scores: Sequence[Score]
    counts: Sequence[Count]

    @property
    def base(self) -> float:
        """The share of earlier people who did not complete: what a list by lot would hit."""
        return self.model.lost / self.model.people if self.model.people else 0.0


@dataclass(frozen=True)
class Line:
    """One person who may need help, with the last time that somebody spoke with them."""

    person: Person
    cohort: Cohort
    ranked: Ranked[tuple[UUID, UUID]]
    contact: SupportContact | None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.ranked.reasons

    @property
    def state(self) -> str:
        """Says "due" when the next look is due, "ahead" or "recent" when somebody did something, "open" otherwise."""
        today = clock.today()
        if self.contact is None:
            return "open"
        if self.contact.next_on is not None:
            return "due" if self.contact.next_on <= today else "ahead"
        return "recent" if self.contact.held_on > today - RECENT else "open"

    @property
    def waits(self) -> bool:
        """Whether somebody should do something now."""
        return self.state in ("open", "due")


@dataclass(frozen=True)
class Sheet:
    """The list for some cohorts, and what it was made with."""

    lines: Sequence[Line]
    people: int  # who take part in these cohorts
    silent_cohorts: Sequence[Cohort]  # of which nothing is known: no timetable, no work, no sign
    learned: Learned

    def only(self, state: str) -> Sequence[Line]:
        """The lines of those who wait, or of those with whom somebody is in touch."""
        return [each for each in self.lines if not state or each.waits == (state == "waiting")]


def of(cohorts: Sequence[Cohort], reader: Person) -> Sheet:
    """The list for these cohorts, without the reader. A fixed number of queries."""
    today = clock.today()
    by_id = {each.id: each for each in cohorts}
    facts = risk_facts.now([Course(each.id, each.starts_on, each.ends_on) for each in cohorts], today)
    told = learned()
    known = {cohort for (cohort, _person), found in facts.items() if _is_known(found)}
    noticed = {key: found for key, found in facts.items() if key[1] != reader.id and risk.reasons(found)}
    people = _people({person for _cohort, person in noticed})
    last = latest_contacts(by_id)
    lines = [
        Line(people[each.case.key[1]], by_id[each.case.key[0]], each, last.get(each.case.key))
        for each in risk.ranked(
            (Case(key, found, people[key[1]].name) for key, found in noticed.items()), told.model.weights
        )
    ]
    nothing = [each for each in cohorts if each.id not in known and any(cohort == each.id for cohort, _person in facts)]
    return Sheet(lines, len(facts), nothing, told)


def facts_of(cohort: Cohort, person_id: UUID) -> Facts | None:
    """What is known today of one person; None for who does not take part any more."""
    course = Course(cohort.id, cohort.starts_on, cohort.ends_on)
    return risk_facts.now([course], clock.today()).get((cohort.id, person_id))


def latest_contacts(cohort_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], SupportContact]:
    """(cohort, person) → the last contact."""
    found: dict[tuple[UUID, UUID], SupportContact] = {}
    for each in session.scalars(support.contacts(cohort_ids)):
        found.setdefault((each.cohort_id, each.person_id), each)
    return found


def learned() -> Learned:
    """What the cohorts of the installation teach that are over. Rates tell of nobody, so every reader learns from all.

    Worked out once a day, and anew when something of these cohorts comes into the ledger.
    """
    today = clock.today()
    rows = db.rows(_over(), {"until": today - SETTLED, "since": today - MEMORY})
    courses = tuple(Course(*row) for row in rows)
    ((newest, count),) = db.rows(_stamp(), {"ids": [each.id for each in courses]})
    state = (db.engine(), today, newest, count)  # of these cohorts alone: what moves elsewhere teaches nothing new
    return remembering.answer(state, ("learned", courses), lambda: _learned(courses))


def _learned(courses: tuple[Course, ...]) -> Learned:
    past = risk_facts.past(courses) if courses else []
    return Learned(risk_learning.learn(past), risk_learning.tried(past), risk_learning.counted(past))


def _is_known(facts: Facts) -> bool:
    return (
        (facts.presence is not None and facts.presence.held > 0) or facts.done is not None or facts.silent is not None
    )


def _people(ids: Iterable[UUID]) -> dict[UUID, Person]:
    return {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(list(ids))))}


@cache
def _over() -> Select[Any]:
    columns: list[Any] = [Cohort.id, Cohort.starts_on, Cohort.ends_on]
    query = select(*columns).where(Cohort.ends_on <= bindparam("until"), Cohort.ends_on >= bindparam("since"))
    return query.order_by(Cohort.ends_on.desc(), Cohort.id).limit(LATEST)


@cache
def _stamp() -> Select[Any]:
    columns: list[Any] = [func.max(StageEvent.recorded_at), func.count(StageEvent.id)]
    return select(*columns).where(StageEvent.cohort_id.in_(bindparam("ids", expanding=True)))
