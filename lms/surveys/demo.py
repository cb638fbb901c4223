"""One survey that is over, with its answers, and one that is open."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import insert, select

from lms.kit import clock
from lms.kit.db import session
from lms.kit.story import Story
from lms.people.demo import LEAD, known
from lms.pipeline.demo import PLANS
from lms.pipeline.models import Cohort, Traineeship
from lms.surveys import asking, questions
from lms.surveys.models import Survey, SurveyAnswer, SurveyMark
from lms.surveys.questions import Kind

WAIT = len(PLANS) + 1  # chapters until those who complete have completed
ANSWERS = 0.7
STEPS = (1, 2, 3, 4, 5)
SHARES = (2, 5, 14, 41, 38)
WRITTEN = 0.35  # share of those who answer that write something
KEEP = (
    "동료들과 함께한 프로젝트가 가장 좋았어요.",
    "피드백이 기준별로 와서 무엇을 고칠지 알 수 있었어요.",
    "실제 데이터로 평가를 해 본 것이 좋았어요.",
    "질문을 하면 바로 답을 받을 수 있었어요.",
)
CHANGE = (
    "후반 과제의 양을 조금 줄이면 좋겠어요.",
    "저녁 수업을 한 번 더 열어 주세요.",
    "취업 상담을 더 일찍 시작하면 좋겠어요.",
)


def tell(story: Story) -> Iterator[str]:
    """Asked in the cohort that ended last, and in one that runs."""
    for _chapter in range(WAIT):
        yield ""
    found = session.scalars(select(Cohort).order_by(Cohort.ends_on)).all()
    past = [each for each in found if each.ends_on < story.today][-1]
    running = [each for each in found if each.starts_on <= story.today <= each.ends_on]
    with story.at(clock.day_start(past.ends_on) + timedelta(hours=15)):
        asking.begin(
            past, known(LEAD), opens_on=past.ends_on, closes_on=min(past.ends_on + timedelta(days=7), story.day(-1))
        )
    with story.at(story.moment(-2)):
        for each in running[:1]:
            asking.begin(each, known(LEAD), opens_on=story.day(-2), closes_on=story.day(12))
        told = answers(story, session.scalars(select(Survey).where(Survey.cohort_id == past.id)).one())
    yield f"a survey with {told} answers"


def answers(story: Story, survey: Survey) -> int:
    """The answers to a survey, written as they come to lie: without an order. Returns how many people answered."""
    chance = story.chance("survey", survey.subject.partition(":")[0], survey.cohort.slug)
    people = select(Traineeship.person_id).where(
        Traineeship.cohort_id == survey.cohort_id, Traineeship.stage.in_(asking.ASKED)
    )
    marks = [key for key in session.scalars(people.order_by(Traineeship.person_id)) if chance.random() < ANSWERS]
    rows: list[dict[str, object]] = []
    for question in questions.of(survey.questionnaire):
        for _each in marks:
            if question.kind is Kind.SCALE:
                rows.append({"question": question.key, "scale": chance.choices(STEPS, SHARES)[0], "text": None})
            elif chance.random() < WRITTEN:
                words = KEEP if question.key == "keep" else CHANGE
                rows.append({"question": question.key, "scale": None, "text": chance.choice(words)})
    if marks:
        session.execute(insert(SurveyMark), [{"survey_id": survey.id, "person_id": key} for key in marks])
        session.execute(insert(SurveyAnswer), [{"survey_id": survey.id, **row} for row in rows])
    return len(marks)
