"""What is there before a journey begins: a cohort that takes applications, its course, and who leads and teaches it."""

from dataclasses import dataclass
from functools import cache

from courses.assignments.models import Assignment
from courses.learning.models import Enrolment, Offering, Teaching
from courses.quizzes.models import Quiz
from lms.kit.db import session
from lms.kit.words import Words
from lms.people import passwords
from lms.people.models import Person, Role
from lms.pipeline.models import Cohort
from tests import make

PASSWORD = "four plain words in a row"
MOTIVATION = (
    "사람이 손으로 나누던 반품 전표를 읽고, 왜 그렇게 나눴는지 설명해 주는 도구를 만들고 싶어요. "
    "지금은 물류 회사에서 백엔드 개발을 하고 있고, 모델을 정직하게 평가하는 법을 제대로 배우고 싶습니다. 함께 배우는 사람들에게도 도움이 되겠습니다."
)


@cache
def password_hash() -> str:
    return passwords.hash_of(PASSWORD)


@dataclass
class Scene:
    """Rows of one cohort. Read and change them before `session.commit()`; afterwards the browser has the word."""

    cohort: Cohort
    offering: Offering
    quiz: Quiz
    assignment: Assignment
    lead: Person
    second: Person
    instructor: Person


def set_scene(**quiz: int) -> Scene:
    """A cohort whose course has two lessons, a quiz with each kind of question and an assignment."""
    programme = make.programme(title=Words(ko="서울 AI 전문 인재 과정", en="Seoul AI experts"))
    cohort = make.cohort(
        programme, slug="spring", seats=3, title=Words(ko="2026 봄 기수", en="Spring 2026"), summary=Words(ko="여덟 주 과정", en="Eight weeks")
    )  # fmt: skip
    version = make.course(lessons=2, slug="honest")
    version.title = Words(ko="모델을 정직하게 평가하기", en="Evaluating models honestly")
    scene = Scene(
        cohort=cohort,
        offering=make.offering(version, cohort),
        quiz=make.quiz(version, **quiz),
        assignment=make.assignment(version),
        lead=make.lead(cohort),
        second=make.lead(cohort),
        instructor=make.person(Role.INSTRUCTOR),
    )
    make.add(Teaching(offering_id=scene.offering.id, person_id=scene.instructor.id))
    for person, name in ((scene.lead, "Lea Lead"), (scene.second, "Sun Second"), (scene.instructor, "Ian Instructor")):
        person.name, person.password_hash = name, password_hash()
    session.commit()
    return scene


def trainee(scene: Scene, name: str = "오하람", **more: object) -> tuple[Person, Enrolment]:
    """Somebody of the cohort who may begin to learn at once."""
    person = make.person(
        Role.TRAINEE, name=name, language=str(more.pop("language", "ko")), latin_name="OH HARAM", password_hash=password_hash(), **more
    )  # fmt: skip
    taking_part = make.traineeship(scene.cohort, person)
    enrolment = make.enrolment(scene.offering, taking_part)
    session.commit()
    return person, enrolment
