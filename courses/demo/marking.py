"""What is handed in and how it is marked: on time, late, a second time; released; in the running cohort still waiting."""

from math import ceil
from random import Random

from sqlalchemy import select

from courses.assignments import drafts, markings, releases, submissions
from courses.assignments.models import Submission
from courses.demo import learning, words
from courses.demo.material import Material
from courses.learning import deadlines
from courses.learning.models import Enrolment, Teaching
from lms.kit import clock
from lms.kit.db import session
from lms.kit.story import Story
from lms.people.demo import TRAINEE
from lms.people.models import Person
from lms.pipeline.demo import Plan

LATE, MISSING, AGAIN = 0.06, 0.02, 0.07  # shares of those who stay
EAGER = 0.5  # share of a running cohort that has handed in before the deadline
MARKED = 4  # of these already marked, not yet released
PASSING = 60
DUE_SHARE = 0.6


def hand_in_and_mark(story: Story, plan: Plan, material: Material, staying: list[Enrolment], due: int) -> None:
    """Everything about the assignment of one cohort, in the order in which it happened."""
    if due < -14:
        _finished(story, plan, material, staying, due)
    elif due < 10:
        _under_way(story, plan, material, staying)


def _finished(story: Story, plan: Plan, material: Material, staying: list[Enrolment], due: int) -> None:
    """Handed in until the deadline, marked within five days, released at once; the rest and second versions a week later."""
    first, second = [], []
    for enrolment in staying:
        own = learning.way(story, plan, enrolment.person)
        chance = story.chance("assignment", plan.slug, enrolment.person.email)
        if own.trouble.stalls < DUE_SHARE or chance.random() < MISSING:
            continue
        late = chance.random() < LATE and enrolment.person.email != TRAINEE.email
        day = due + 0.3 + 1.5 * chance.random() if late else due + 0.9 - 6 * chance.betavariate(1.1, 2.6)
        first.append((_hand_in(story, material, enrolment, day, own.talent, chance), own.talent, chance))
    points = _mark(story, material, first, due + 2.2)
    _release(story, material, due + 6)
    for (submission, talent, chance), reached in zip(first, points, strict=True):
        if reached < PASSING or chance.random() < AGAIN:
            day, better = due + 7 + 2.5 * chance.random(), min(0.95, max(0.6, talent) + 0.15)
            handed_in = _hand_in(story, material, submission.enrolment, day, better, chance, again=True)
            second.append((handed_in, better, chance))
    if second:
        _mark(story, material, second, due + 10.2)
        _release(story, material, due + 11)


def _under_way(story: Story, plan: Plan, material: Material, staying: list[Enrolment]) -> None:
    """The eager ones have handed in; the first few are marked, the others wait in the queue. One has a draft."""
    begun = [each for each in staying if each.progress and each.person.email != TRAINEE.email]
    quickest = sorted(begun, key=lambda each: -each.progress)[: ceil(EAGER * len(begun))]
    eager = []
    for enrolment in quickest:
        own = learning.way(story, plan, enrolment.person)
        chance = story.chance("assignment", plan.slug, enrolment.person.email)
        day = -9 + 8.5 * chance.random()
        eager.append((day, _hand_in(story, material, enrolment, day, own.talent, chance), own.talent, chance))
    eager.sort(key=lambda each: each[0])
    early = [(submission, talent, chance) for _day, submission, talent, chance in eager[: min(MARKED, len(eager) // 4)]]
    _mark(story, material, early, -1.5)
    for enrolment in staying:
        if enrolment.person.email == TRAINEE.email:
            with clock.at(story.moment(-1, 21)):
                text = words.audit("ko", story.chance("draft"), 0.4)
                drafts.save(enrolment, material.assignment.activity, text=text)
    _extend(story, material, staying)


def _extend(story: Story, material: Material, staying: list[Enrolment]) -> None:
    """Two have longer, for a reason."""
    activity = material.assignment.activity
    everybody = deadlines.common_of(material.offering)[activity.key]
    for enrolment, (days, reason) in zip(staying[5:20:9], words.EXTENSIONS, strict=False):
        with clock.at(story.moment(-3, 11)):
            longer = everybody + days
            deadlines.extend(enrolment, activity, _teachers(material)[0], longer, reason)


def _hand_in(
    story: Story,
    material: Material,
    enrolment: Enrolment,
    day: float,
    talent: float,
    chance: Random,
    *,
    again: bool = False,
) -> Submission:
    text = words.audit(enrolment.person.language, chance, talent)
    if again:
        text = f"{words.CHANGED[enrolment.person.language]}\n\n{text}"
    with clock.at(story.moment(day)):
        return submissions.hand_in(enrolment, material.assignment.activity, text=text)


def _mark(story: Story, material: Material, work: list[tuple[Submission, float, Random]], day: float) -> list[float]:
    """One marking each, by the instructors in turn; returns the points in per cent."""
    teachers, reached = _teachers(material), []
    for place, (submission, talent, chance) in enumerate(work):
        language = submission.enrolment.person.language
        judgements = []
        for criterion in material.assignment.criteria:
            share = min(1.0, max(0.1, 0.3 + 0.65 * talent + chance.gauss(0, 0.09)))
            judged = markings.judge(criterion, round(criterion.points * share))
            level = len(criterion.levels) - criterion.levels.index(judged.level) - 1 if judged.level else 0
            comment = words.about(criterion.key, level, language, chance)
            judgements.append(markings.judge(criterion, judged.points, comment))
        share_done = sum(each.points for each in judgements) / sum(each.points for each in material.assignment.criteria)
        with clock.at(story.moment(day + 3 * place / max(1, len(work)))):
            marking = markings.save(
                submission, material.assignment, teachers[place % len(teachers)], judgements,
                comment=words.overall(share_done, language, chance),
            )  # fmt: skip
        reached.append(marking.points * 100 / marking.most)
    return reached


def _release(story: Story, material: Material, day: float) -> None:
    with clock.at(story.moment(day, 10)):
        releases.release(material.offering, material.assignment.activity, _teachers(material)[0])


def _teachers(material: Material) -> list[Person]:
    teaching = select(Person).join(Teaching, Teaching.person_id == Person.id)
    return list(session.scalars(teaching.where(Teaching.offering_id == material.offering.id).order_by(Person.email)))
