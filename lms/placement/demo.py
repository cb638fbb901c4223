"""What became of the demonstration's people: employers, placements, the rounds in which they were asked."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.kit import clock
from lms.kit.db import new_key, session
from lms.kit.story import Story
from lms.people.demo import LEAD, known
from lms.people.models import Person
from lms.pipeline.demo import PLANS
from lms.pipeline.models import Cohort, Stage, Traineeship
from lms.placement import demo_words, rounds
from lms.placement.arithmetic import months_after
from lms.placement.models import Contact, Employer, FollowUp, Opening, Placement
from lms.placement.terms import ROUNDS, Evidence, Outcome, RoleKind

WAIT = len(PLANS) + 1  # chapters until the last certificate is issued and the last placement is in the ledger
ANSWERS = 0.78  # share of those asked who answer
KINDS = (RoleKind.JOB, RoleKind.JOB, RoleKind.JOB, RoleKind.INTERNSHIP)
OFFERED = 12


def tell(story: Story) -> Iterator[str]:
    """Everything at the end, when it is known who found work."""
    for _chapter in range(WAIT):
        yield ""
    with story.at(story.moment(0, 8)):
        lead = known(LEAD)
        employers = _employers(story, lead)
        count = sum(_cohort(story, cohort, employers, lead) for cohort in session.scalars(select(Cohort)).all())
    yield f"{len(employers)} employers, {count} placements"


def _employers(story: Story, lead: Person) -> list[Employer]:
    made = []
    since = story.moment(-600)
    for text, in_hub in ((demo_words.HUB, True), (demo_words.OTHERS, False)):
        for line in text.replace("\n", " ").split(";"):
            name, business = (part.strip() for part in line.split("="))
            made.append(
                Employer(id=new_key(), name=name, business=business, in_hub=in_hub, made_by_id=lead.id, made_at=since)
            )
    session.add_all(made)
    chance = story.chance("openings")
    for each in made[:OFFERED]:
        title, kind = chance.choice(demo_words.TITLES), chance.choice(KINDS)
        seats, until = chance.randint(1, 3), story.day(chance.randint(10, 50))
        session.add(Opening(employer=each, kind=kind, title=title, seats=seats, until=until, made_by_id=lead.id))
    session.flush()
    return made


def _cohort(story: Story, cohort: Cohort, employers: list[Employer], lead: Person) -> int:
    """Placements of a cohort and what came of its rounds; returns how many placements."""
    query = select(Traineeship).where(Traineeship.cohort_id == cohort.id, Traineeship.stage.in_(rounds.ASKED))
    people = session.scalars(query.options(joinedload(Traineeship.person)).order_by(Traineeship.id)).all()
    agreed = rounds.who_agreed([each.person_id for each in people])
    count = 0
    for each in people:
        chance = story.chance("placement", cohort.slug, each.person.email)
        started = _found_work(story, each, chance)
        if started:
            session.add(_placement(each, started, chance, employers, lead))
            count += 1
        if each.person_id in agreed:
            _rounds(story, each, started, chance, lead)
    session.flush()
    return count


def _found_work(story: Story, each: Traineeship, chance: Random) -> date | None:
    """The first day of work of those whom the ledger has as placed."""
    if each.stage is not Stage.PLACED:
        return None
    latest = (story.today - each.cohort.ends_on).days - 1
    return each.cohort.ends_on + timedelta(days=min(round(chance.expovariate(1 / 70)), max(0, latest)))


def _placement(each: Traineeship, started: date, chance: Random, employers: list[Employer], lead: Person) -> Placement:
    employer = chance.choice(employers)
    evidence = chance.choices(list(Evidence), [4, 3, 2, 1])[0]
    by = each.person_id if evidence is Evidence.OWN_WORD else lead.id
    return Placement(
        traineeship=each,
        employer_id=employer.id,
        kind=chance.choice(KINDS),
        title=chance.choice(demo_words.TITLES),
        started_on=started,
        evidence=evidence,
        recorded_by_id=by,
        recorded_at=_at(started + timedelta(days=1)),
    )


def _rounds(story: Story, each: Traineeship, started: date | None, chance: Random, lead: Person) -> None:
    """A letter in each round that has come; most answer, some after a call, some never."""
    answers = chance.random() < ANSWERS
    for months in ROUNDS:
        asked = months_after(each.cohort.ends_on, months) + timedelta(days=1)
        if asked >= story.today:
            return
        follow_up = FollowUp(id=new_key(), traineeship=each, months=months, begun_at=_at(asked), asked_at=_at(asked))
        session.add(follow_up)
        told = asked + timedelta(days=chance.randint(1, 12))
        if told >= story.today:
            return
        if not answers and chance.random() < 0.5:
            _contact(follow_up, Outcome.NOT_REACHED, Evidence.PHONE, told, lead.id, chance.choice(demo_words.NOTES))
        elif answers:
            works = started is not None and started <= told
            outcome = Outcome.EMPLOYED if works else chance.choice((Outcome.SEEKING, Outcome.SEEKING, Outcome.STUDYING))
            _contact(follow_up, outcome, Evidence.OWN_WORD, told, each.person_id, "")


def _contact(follow_up: FollowUp, outcome: Outcome, evidence: Evidence, day: date, by: UUID, note: str) -> None:
    session.add(
        Contact(follow_up_id=follow_up.id, outcome=outcome, evidence=evidence, at=_at(day), by_id=by, note=note)
    )


def _at(day: date) -> datetime:
    return min(clock.day_start(day) + timedelta(hours=11), clock.now())
