"""The certificates of the demonstration, issued cohort by cohort and printed beside the story, in every state; one transcript."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from multiprocessing import get_context
from uuid import UUID

from sqlalchemy import select
from werkzeug.utils import import_string

from certificates import (
    batches,
    designing,
    documents,
    eligibility,
    entries,
    issuers,
    replacing,
    revoking,
    rule_demo,
    transcripts,
)
from certificates.design import Drawn
from certificates.facts import Facts
from certificates.models import Certificate, Ground
from lms.kit import clock
from lms.kit.db import session, transaction
from lms.kit.story import Story
from lms.kit.words import Words
from lms.people.demo import ADMIN, BEGINNING, LEAD, TRAINEE, known
from lms.pipeline import cohorts, traineeships
from lms.pipeline.demo import PLANS, Plan
from lms.pipeline.models import Cohort, Stage, Traineeship

COMPLETE = "certificates.sealing:complete"
PRINTERS = 2
ISSUED_AFTER = 7  # days from the cohort's end
TO_ISSUE = 15  # completions of the newest cohort that the lead finds still to be issued
ASKED = 6  # of these, that somebody else asked for
CORRECTED = "vision-and-multimodal-cohort-2"
TRANSCRIBED = -5  # days from today
PLACED = 0.24  # share of certified people who found work and told us
REVOKED = {
    "llm-engineering-cohort-2": (
        Ground.MISCONDUCT,
        "제출한 감사 보고서가 다른 교육생의 것으로 확인됨 (학사위원회 결정)",
    ),
    "mlops-cohort-1": (Ground.WITHDRAWN_BY_HOLDER, "영문 이름이 여권과 달라 본인 요청으로 취소"),
}
EMPLOYERS = (
    "핀테크 기업, 데이터 분석가",
    "의료 AI 스타트업, 머신러닝 엔지니어",
    "게임 회사, 추천 시스템 개발자",
    "공공기관, AI 사업 담당",
    "물류 기업, MLOps 엔지니어",
    "교육 플랫폼, NLP 연구원",
    "제조 대기업, 비전 검사 엔지니어",
    "컨설팅 회사, 데이터 과학자",
)
Printing = deque[tuple[UUID, Drawn, "Future[bytes]"]]


def tell(story: Story) -> Iterator[str]:
    """Who signs; then for each finished cohort the certificates, and in the end the last pages from the printers."""
    with story.at(story.moment(BEGINNING + 2)):
        issuers.appoint(
            Words(ko="서울 AI 허브", en="Seoul AI Hub"),
            Words(ko="이서연", en="Lee Seoyeon"),
            Words(ko="AI 전문가 양성 과정 운영 책임자", en="Head of the AI Expert Programme"),
            known(ADMIN),
        )
    with ExitStack() as at_the_end:
        pool = _printers(story, at_the_end)
        printing: Printing = deque()
        yield ""
        for place, plan in enumerate(PLANS):
            issued = _issue(story, plan, newest=plan.ends == max(each.ends for each in PLANS if each.ends < 0))
            if pool:
                printing.extend(_printed(pool, certificate) for certificate in issued)
            _keep_printed(story, printing, wait=place == len(PLANS) - 1)
            yield f"{len(issued)} certificates" if issued else ""
    _transcribe(story, drawn=pool is not None)


def _transcribe(story: Story, *, drawn: bool) -> None:
    """The trainee made a transcript of what she had completed, for an application elsewhere."""
    story.left_over.add(transcripts.print_transcript.__name__)
    with story.at(story.moment(TRANSCRIBED, 16)):
        trainee = known(TRAINEE)
        made = str(transcripts.issue(trainee, trainee, "both").id)
    if drawn:
        with clock.at(story.moment(TRANSCRIBED, 16)):
            transcripts.print_transcript(made)


def _printers(story: Story, at_the_end: ExitStack) -> ProcessPoolExecutor | None:
    """Processes of their own that never see the database; None where nothing can be printed."""
    story.left_over.add(documents.render_certificate.__name__)
    if story.drawing:
        try:
            import_string(COMPLETE)
        except (ImportError, OSError):
            story.remarks.append("Pango is missing, so no certificate was printed. `lms doctor` says what to install.")
        else:
            pool = ProcessPoolExecutor(PRINTERS, mp_context=get_context("spawn"))
            return at_the_end.enter_context(pool)
    return None


def _issue(story: Story, plan: Plan, *, newest: bool) -> list[Certificate]:
    """Certificates to those who completed; later a revocation here and there, and the news that somebody found work."""
    if plan.ends + ISSUED_AFTER > -1:
        return []
    cohort = session.scalars(cohorts.called(plan.slug)).one()
    rule_demo.decide(story, plan, cohort)
    with story.at(story.moment(plan.ends + ISSUED_AFTER, 11)):
        completed = [each.earned for each in eligibility.ready(cohort)]
        if newest:
            completed = completed[: -story.count(TO_ISSUE)]
        issued = rule_demo.by_two(cohort, completed)
        if newest:
            _ask(story, cohort)
    _revoke(story, plan, issued)
    _place(story, plan, cohort)
    return [*issued, *_correct(story, plan, issued), *rule_demo.for_courses(story, plan, cohort)]


def _ask(story: Story, cohort: Cohort) -> None:
    """Another one asks for some of those that are left; it waits for the lead's decision."""
    ready = [each.earned for each in eligibility.ready(cohort)]
    batches.request(cohort, ready[: story.count(ASKED)], known(ADMIN))


def _correct(story: Story, plan: Plan, issued: list[Certificate]) -> list[Certificate]:
    """One name was spelled in another order than in the passport: a new certificate stands in the place of the old."""
    if plan.slug != CORRECTED or not issued:
        return []
    old = next(each for each in issued if each.person.email != TRAINEE.email and each.revocation is None)
    with story.at(story.moment(plan.ends + 30, 14)):
        family, _space, given = old.person.latin_name.partition(" ")
        old.person.latin_name = f"{given} {family}".strip()
        return [replacing.correct(old, known(LEAD), "영문 이름의 순서가 여권과 다름")]


def _revoke(story: Story, plan: Plan, issued: list[Certificate]) -> None:
    if plan.slug in REVOKED and issued:
        ground, reason = REVOKED[plan.slug]
        certificate = next(each for each in reversed(issued) if each.person.email != TRAINEE.email)
        with story.at(story.moment(min(-3, plan.ends + 60), 16)):
            revoking.revoke(certificate, known(LEAD), reason, ground)


def _place(story: Story, plan: Plan, cohort: Cohort) -> None:
    certified = select(Traineeship).where(Traineeship.cohort_id == cohort.id, Traineeship.stage == Stage.CERTIFIED)
    with transaction():
        for traineeship in session.scalars(certified.order_by(Traineeship.id)).all():
            chance = story.chance("placement", plan.slug, traineeship.person.email)
            day = plan.ends + ISSUED_AFTER + 14 + 150 * chance.random()
            if chance.random() < PLACED and day < -2 and traineeship.person.email != TRAINEE.email:
                with clock.at(story.moment(day)):
                    traineeships.advance(traineeship, Stage.PLACED, by=known(LEAD), note=chance.choice(EMPLOYERS))


def _printed(pool: ProcessPoolExecutor, certificate: Certificate) -> tuple[UUID, Drawn, "Future[bytes]"]:
    with clock.at(certificate.issued_at + timedelta(minutes=1)), transaction():
        facts, drawn, seal = (
            Facts.from_json(certificate.facts),
            designing.drawn_for(certificate),
            entries.seal(certificate),
        )
    return certificate.id, drawn, pool.submit(import_string(COMPLETE), facts, drawn, seal)


def _keep_printed(story: Story, printing: Printing, *, wait: bool) -> None:
    """Keep what has come from the printers, in the order of issue; `wait` for the rest."""
    while printing and (wait or printing[0][2].done()):
        key, drawn, page = printing.popleft()
        content = page.result()
        certificate = session.get_one(Certificate, key)
        with story.at(certificate.issued_at + timedelta(minutes=1)):
            documents.keep(key, content, Facts.from_json(certificate.facts), drawn)
