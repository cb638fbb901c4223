"""What the programme of the demonstration decided about its certificates: how long they hold, a design of its own, and
certificates for single courses; and the first of these."""

from dataclasses import replace
from math import cos, radians, sin
from uuid import UUID

from sqlalchemy import select

from certificates import batches, designing, eligibility, issuing_rules, seal_pictures
from certificates.designing import Look
from certificates.earned import Earned, Given
from certificates.issue_models import ForCourses
from certificates.models import Certificate
from courses.learning.models import Offering
from lms.kit.db import session
from lms.kit.story import Story
from lms.kit.words import Words
from lms.people.demo import ADMIN, LEAD, TRAINEE, known
from lms.pipeline.demo import Plan
from lms.pipeline.models import Cohort

HELD = {
    "llm-engineering-cohort-1": (12, "첫 기수는 시범 운영이므로 1년 동안 유효"),
    "vision-and-multimodal-cohort-1": (None, "정규 운영을 시작하여 유효 기간을 두지 않음"),
}
OWN = "vision-and-multimodal-cohort-2"  # the first cohort whose certificates have the programme's own design
BY_COURSE = "data-science-cohort-2"  # the first whose courses have certificates of their own
TRAINEES = "vision-and-multimodal-cohort-1"  # where the trainee completed
SINGLE = 9  # people who asked for the certificate of a course
DECIDED = 6  # days from the cohort's end
ISSUED = 9
WORDING = {
    "ko": {
        "statement": "위 사람은 %(issuer)s에서 운영한 위 교육과정을 성실히 이수하고 실무 과제를 마쳐 "
        "수료 요건을 모두 갖추었으므로 이 증서를 드립니다."
    },
    "en": {
        "statement": "has completed the programme stated here and its practical projects, run by %(issuer)s, "
        "and has met every requirement for its completion."
    },
}
LOOK = Look(
    folder="programme-portrait",
    signatory=Words(ko="박도현", en="Park Dohyun"),
    signatory_title=Words(ko="서울 AI 허브 센터장", en="Director of the Seoul AI Hub"),
)


def decide(story: Story, plan: Plan, cohort: Cohort) -> None:
    """What was decided before the certificates of this cohort were issued."""
    with story.at(story.moment(plan.ends + DECIDED, 10)):
        now = issuing_rules.current(cohort.programme_id)
        wanted, reason = issuing_rules.choice(now), ""
        if plan.slug in HELD:
            months, reason = HELD[plan.slug]
            wanted = replace(wanted, valid_months=months)
        if plan.slug == OWN:
            reason = "센터장 명의와 직인으로 발급"
            wanted = replace(wanted, own_design_id=_design(cohort))
        if plan.slug == BY_COURSE:
            reason = "강좌 하나만 증명해야 하는 교육생이 많음"
            wanted = replace(wanted, for_courses=ForCourses.ASKED)
        if reason:
            issuing_rules.change(cohort.programme, known(ADMIN), wanted, reason=reason, seen=now.version)


def for_courses(story: Story, plan: Plan, cohort: Cohort) -> list[Certificate]:
    """Some of the cohort wanted a certificate for its first course; the trainee wanted one for a course of long ago."""
    if plan.slug != BY_COURSE:
        return []
    before = session.scalars(select(Cohort).where(Cohort.slug == TRAINEES)).one()
    with story.at(story.moment(plan.ends + ISSUED, 15)):
        return [*_asked(_first(cohort), story.count(SINGLE)), *_asked(_first(before), 1, TRAINEE.email)]


def by_two(given: Given, chosen: list[Earned]) -> list[Certificate]:
    """The lead asks, the administrator approves, and the batch is issued."""
    if not chosen:
        return []
    batch = batches.request(given, chosen, known(LEAD))
    batches.approve(batch, known(ADMIN))
    while batches.step(batch.id):
        pass
    return [each.certificate for each in session.scalars(batches.items(batch)) if each.certificate]


def _asked(offering: Offering, most: int, email: str = "") -> list[Certificate]:
    found = [each for each in eligibility.ready(offering) if email in (each.traineeship.person.email, "")]
    return by_two(offering, [each.earned for each in found[:most]])


def _first(cohort: Cohort) -> Offering:
    given = select(Offering).where(Offering.cohort_id == cohort.id).order_by(Offering.position, Offering.id)
    return session.scalars(given.limit(1)).one()


def _design(cohort: Cohort) -> UUID:
    """The design with its two versions."""
    admin = known(ADMIN)
    seal = seal_pictures.keep(seal_pictures.checked(_seal()), admin)
    look = replace(LOOK, seal_id=seal.id)
    made = designing.begin(cohort.programme, admin, "센터장 명의 (세로)", look, reason="센터장 직인 등록")
    worded = replace(look, wording=WORDING)
    designing.change(made.design, admin, worded, reason="실무 과제를 문구에 넣음", seen=made.version)
    return made.design_id


def _seal() -> bytes:
    """A round seal of two rings and a blossom: nobody's registered one."""
    petals = "".join(
        f'<circle cx="{57 + 21 * sin(radians(turn)):.2f}" cy="{57 - 21 * cos(radians(turn)):.2f}" r="13"/>'
        for turn in range(0, 360, 72)
    )
    rings = '<circle cx="57" cy="57" r="54" stroke-width="4"/><circle cx="57" cy="57" r="46" stroke-width="1.6"/>'
    drawn = f'<g fill="none" stroke="#b3261e" stroke-width="2.4">{rings}{petals}<circle cx="57" cy="57" r="6"/></g>'
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="22mm" height="22mm" viewBox="0 0 114 114">'
    return f"{head}{drawn}</svg>".encode()
