"""Two years of cohorts: who applied when, who got a seat, who waited, who thought better of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

from sqlalchemy import select

from lms.kit import clock, db
from lms.kit.db import session
from lms.kit.story import Story
from lms.kit.words import Words
from lms.people.demo import ADMIN, BEGINNING, LEAD, TRAINEE, Newcomer, agree, known, newcomers
from lms.people.models import Person, Role
from lms.pipeline import admissions, applications, cohorts, demo_words, profiles
from lms.pipeline.models import (
    Application,
    Cohort,
    Employment,
    Field,
    LeavingReason,
    Programme,
    Region,
    Sex,
)

DECIDED_AFTER = 2  # days from the end of the window
REASONS = (LeavingReason.EMPLOYED, LeavingReason.TIME, LeavingReason.MOVED, LeavingReason.HEALTH)
ANSWERS: dict[str, tuple[tuple[object, int], ...]] = {  # what people tell for statistics, and how often
    "sex": ((Sex.FEMALE, 41), (Sex.MALE, 53), (Sex.OTHER, 1), (None, 5)),
    "region": ((Region.YANGJAE, 24), (Region.SEOUL, 45), (Region.CAPITAL, 24), (Region.ELSEWHERE, 7)),
    "field": (
        (Field.COMPUTING, 34), (Field.ENGINEERING, 22), (Field.SCIENCE, 15), (Field.BUSINESS, 11), (Field.HUMANITIES, 8),
        (Field.HEALTH, 4), (Field.ARTS, 3), (Field.OTHER, 2), (None, 1),
    ),
    "employment": (
        (Employment.SEEKING, 46), (Employment.STUDYING, 23), (Employment.EMPLOYED, 22), (Employment.SELF_EMPLOYED, 6), (None, 3),
    ),
}  # fmt: skip


class Fate(StrEnum):
    """What becomes of an application before the cohort begins."""

    DRAFT = "draft"
    OPEN = "open"
    DECLINE = "decline"
    ADMIT = "admit"
    CANCEL = "cancel"  # admitted, withdraws before the first day
    WAIT = "wait"  # on the list; whoever is still there when the cohort begins is declined
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Plan:
    """One cohort, its days counted from today, and how many get which fate on the full scale."""

    track: str
    number: int
    seats: int
    opens: int
    closes: int
    starts: int
    ends: int
    fates: tuple[tuple[Fate, int], ...]
    keeps_waiting: bool = False

    @property
    def title(self) -> Words:
        name = demo_words.TRACKS[self.track][0]
        return Words(ko=f"{name['ko']} {self.number}기", en=f"{name['en']}, cohort {self.number}")

    @property
    def slug(self) -> str:
        return cohorts.slug_of(self.title["en"])

    @property
    def decided(self) -> bool:
        return self.closes + DECIDED_AFTER < 0


def monday_until(day: date) -> date:
    """That day, or the Monday before it."""
    return day - timedelta(days=day.weekday())


def _fates(
    admit: int, *, decline: int, cancel: int = 0, wait: int = 0, withdraw: int = 0
) -> tuple[tuple[Fate, int], ...]:
    return (
        (Fate.ADMIT, admit), (Fate.CANCEL, cancel), (Fate.WAIT, wait), (Fate.DECLINE, decline), (Fate.WITHDRAW, withdraw),
    )  # fmt: skip


OPEN = ((Fate.OPEN, 34), (Fate.DRAFT, 7), (Fate.WITHDRAW, 2), (Fate.DECLINE, 4), (Fate.ADMIT, 6))
PLANS = (
    Plan("llm", 1, 40, -735, -710, -700, -640, _fates(37, cancel=1, decline=4)),
    Plan("vision", 1, 40, -640, -615, -605, -548, _fates(38, cancel=2, wait=2, decline=6, withdraw=1)),
    Plan("data", 1, 50, -415, -390, -380, -322, _fates(48, decline=9, withdraw=1)),
    Plan("llm", 2, 60, -340, -318, -308, -250, _fates(57, cancel=3, wait=6, decline=18, withdraw=2)),
    Plan("mlops", 1, 50, -270, -246, -236, -178, _fates(47, cancel=1, decline=8, withdraw=1)),
    Plan("vision", 2, 55, -190, -166, -156, -98, _fates(53, cancel=2, wait=4, decline=12, withdraw=1)),
    Plan("data", 2, 60, -104, -80, -70, -11, _fates(57, cancel=3, wait=5, decline=14, withdraw=2)),
    Plan("llm", 3, 60, -68, -44, -34, 26, _fates(58, cancel=2, wait=8, decline=24, withdraw=2)),
    Plan("agents", 1, 60, -41, -16, -6, 54, _fates(59, cancel=1, wait=7, decline=21, withdraw=2), keeps_waiting=True),
    Plan("mlops", 2, 60, -20, 12, 30, 90, OPEN),
    Plan("health", 1, 40, 25, 50, 70, 130, ()),
)
# Who takes part twice: from the cohort at this place to the one at that place.
RETURNS = ((0, 4), (0, 6), (1, 3), (2, 7), (3, 8))
HANEUL = (1, 7)  # the cohorts of the trainee whom one can sign in as


@dataclass(frozen=True)
class Applying:
    """One application to be written: by whom, with which fate, and when it is sent (days from today)."""

    newcomer: Newcomer
    fate: Fate
    sent: float


def applying(story: Story) -> list[list[Applying]]:
    """For each plan its applications in the order of sending; the same people each time."""
    fresh = newcomers(story)
    found: list[list[Applying]] = []
    for place, plan in enumerate(PLANS):
        fates = [fate for fate, number in plan.fates for _each in range(story.count(number) if number else 0)]
        coming = [found[back][1 + n].newcomer for n, (back, to) in enumerate(RETURNS) if to == place]
        coming += [TRAINEE] if place in HANEUL else []
        people = [*coming, *islice(fresh, max(0, len(fates) - len(coming)))][: len(fates)]
        chance = story.chance("applying", plan.slug)
        last = min(plan.closes, -0.5)
        drawn = [
            Applying(
                newcomer, fate, round(plan.opens + 0.5 + (last - plan.opens - 0.6) * chance.betavariate(1.6, 1.1), 3)
            )
            for newcomer, fate in zip(people, fates, strict=True)
        ]
        found.append(drawn)
    return [sorted(each, key=lambda one: one.sent) for each in found]


def tell(story: Story) -> Iterator[str]:
    """The programme, then each cohort up to its first day."""
    with story.at(story.moment(BEGINNING, 10)):
        programme = Programme(title=demo_words.PROGRAMME, summary=demo_words.PROGRAMME_SUMMARY)
        cohorts.create_programme(programme, known(ADMIN))
    yield "the programme"
    for plan, people in zip(PLANS, applying(story), strict=True):
        with db.transaction():
            cohort = _open(story, plan, people)
            sent = {each.newcomer.email: _apply(story, cohort, each) for each in people}
        if plan.decided or plan.closes > 0:
            with db.transaction():
                _decide(story, plan, cohort, [(sent[each.newcomer.email], each.fate) for each in people])
        yield f"{cohort.title['en']}: {len(people)} applications"


def _open(story: Story, plan: Plan, people: list[Applying]) -> Cohort:
    """Make the cohort, with as many seats as the scale of the story asks for."""
    seated = sum(each.fate in (Fate.ADMIT, Fate.CANCEL) for each in people)
    full = any(each.fate is Fate.WAIT for each in people) and plan.closes < 0
    with clock.at(story.moment(min(plan.opens - 12, -3))):
        cohort = Cohort(
            programme_id=session.scalars(select(Programme.id)).one(),
            title=plan.title,
            summary=demo_words.TRACKS[plan.track][1],
            track=demo_words.TRACKS[plan.track][0]["ko"],
            seats=seated if full else max(story.count(plan.seats), seated),
            opens_at=story.due(plan.opens),
            closes_at=story.due(plan.closes, 18),
            starts_on=monday_until(story.day(plan.starts)),
            ends_on=monday_until(story.day(plan.ends + 2)) + timedelta(days=4),
        )
        return cohorts.create(cohort, known(LEAD))


def _apply(story: Story, cohort: Cohort, each: Applying) -> Application:
    """One person makes themselves known, writes, agrees and sends."""
    chance = story.chance("application", cohort.slug, each.newcomer.email)
    language = each.newcomer.language
    with clock.at(story.moment(each.sent)):
        person = known(each.newcomer, Role.TRAINEE)
        draft = applications.begin(cohort, person)
        text = demo_words.motivation(language, chance)
        if each.fate is Fate.DRAFT:
            text = text[: chance.randint(20, 140)]
        applications.save(draft, motivation=text, background=demo_words.background(language, chance))
        if each.fate is not Fate.DRAFT:
            agree(person, chance)
            applications.send(draft, person)
            _tell(story, person)
    return draft


def _tell(story: Story, person: Person) -> None:
    """Most answer the questions for statistics, some leave a few empty."""
    chance = story.chance("profile", person.email)
    if chance.random() < 0.14:
        return
    told = {name: chance.choices(*zip(*answers, strict=True))[0] for name, answers in ANSWERS.items()}
    born = story.today.year - round(19 + chance.betavariate(1.6, 4) * 38)
    profiles.tell(person, {**told, "birth_year": born}, agreed=True, language=person.language)


def _decide(story: Story, plan: Plan, cohort: Cohort, people: list[tuple[Application, Fate]]) -> None:
    """The lead reads, decides about all of them, and those who thought better of it take their leave."""
    day = plan.closes + DECIDED_AFTER if plan.decided else -1
    _withdraw(story, cohort, [sent for sent, fate in people if fate is Fate.WITHDRAW], day - 0.5)
    with clock.at(story.moment(day, 14)):
        lead = known(LEAD)
        for wanted in (Fate.ADMIT, Fate.CANCEL, Fate.WAIT, Fate.DECLINE):
            for sent in (sent for sent, fate in people if fate is wanted):
                _answer(sent, wanted, lead)
    _withdraw(story, cohort, [sent for sent, fate in people if fate is Fate.CANCEL], day + 0.6)
    if plan.decided and not plan.keeps_waiting:
        with clock.at(story.moment(plan.starts - 6.2)):
            for application in session.scalars(admissions.waiting_line(cohort)).all():
                admissions.decline(application, lead)


def _answer(application: Application, fate: Fate, by: Person) -> None:
    language = application.person.language
    if fate in (Fate.ADMIT, Fate.CANCEL):
        admissions.admit(application, by, demo_words.WELCOME.best(language))
    elif fate is Fate.WAIT:
        admissions.wait(application, by)
    else:
        admissions.decline(application, by, demo_words.SORRY.best(language))


def _withdraw(story: Story, cohort: Cohort, those: list[Application], day: float) -> None:
    for application in those:
        chance = story.chance("withdrawal", cohort.slug, application.person.email)
        with clock.at(story.moment(day + chance.random() * 0.9)):
            admissions.withdraw(application, application.person, chance.choice(REASONS))
