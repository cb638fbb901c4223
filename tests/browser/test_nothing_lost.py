"""What goes wrong on a real day: a killed browser, a session that ended, the back button, a second click, a second tab."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error
from sqlalchemy import func, select

from courses.assignments.models import Submission
from courses.learning.models import Enrolment
from courses.quizzes.models import Answer, Attempt, Option, Question
from lms.kit.db import session
from lms.people.models import Person, Role
from lms.pipeline.models import Application, Stage, StageEvent
from tests import make
from tests.browser.conftest import Visitor, end_sessions
from tests.browser.scene import MOTIVATION, PASSWORD, Scene, password_hash, set_scene, trainee
from tests.certificates import making

ESSAY = "재현율을 먼저 본 까닭을 길게 적었어요.\n둘째 줄도 그대로 남아야 해요. " * 3
SEND = ".task-end button[data-kind=main]"
HAND_IN = "#hand-in ~ form .task-end button[data-kind=main]"


@pytest.fixture
def scene(site: str) -> Scene:
    return set_scene()


@pytest.fixture
def learner(visitor, scene) -> Visitor:
    """Somebody of the cohort, signed in."""
    person, _enrolment = trainee(scene)
    return visitor("ko").enter(person.email, PASSWORD)


@pytest.fixture
def applicant(visitor, scene) -> Visitor:
    """Somebody who wants to apply, signed in."""
    person = make.person(
        Role.TRAINEE, name="오하람", language="ko", latin_name="OH HARAM", password_hash=password_hash()
    )
    session.commit()
    return visitor("ko").enter(person.email, PASSWORD)


def again(visitor, window: Visitor) -> Visitor:
    """The browser dies; the same person comes back with another one, which knows nothing."""
    kill(window)
    window.page.context.close()
    return visitor("ko").enter(email(), PASSWORD)


def kill(window: Visitor) -> None:
    """As the system does it: the page gets no chance to save anything."""
    with window.page.expect_event("crash"), suppress(Error):
        window.page.goto("chrome://crash")


def email() -> str:
    session.rollback()
    return session.scalars(select(Person.email).where(Person.name == "오하람")).one()


def quiz_of(scene: Scene) -> str:
    return f"/learn/{enrolment_id()}/quizzes/{scene.quiz.activity_id}"


def assignment_of(scene: Scene) -> str:
    return f"/learn/{enrolment_id()}/assignments/{scene.assignment.activity_id}"


def enrolment_id() -> object:
    return session.scalars(select(Enrolment.id)).one()


def count(model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def posts(window: Visitor, part: str) -> list[str]:
    """Fills with the addresses that hold `part` as the window posts to them."""
    seen: list[str] = []
    window.page.on(
        "request", lambda asked: seen.append(asked.url) if asked.method == "POST" and part in asked.url else None
    )
    return seen


def given() -> list[object]:
    """What is kept of the one attempt, in the order of the questions: words of the options, or a text."""
    session.rollback()
    words = {str(option.id): option.html.best("en") for option in session.scalars(select(Option))}
    kept = session.scalars(select(Answer).join(Question).order_by(Question.position)).all()
    return [
        answer.given.get("text") or [re.sub("<[^>]+>", "", words[each]).strip() for each in answer.given["options"]]
        for answer in kept
    ]


def begin_quiz(window: Visitor, scene: Scene) -> None:
    window.open(quiz_of(scene))
    window.press("main form[action*='/quizzes/'] button[type=submit]")


def test_a_browser_killed_in_a_quiz_loses_no_answer(visitor, learner, scene):
    begin_quiz(learner, scene)
    address = learner.path
    with learner.saving("/answers"):
        learner.page.get_by_role("radio", name="Wrong", exact=True).check()
    with learner.saving("/answers"):
        learner.page.get_by_role("checkbox", name="B", exact=True).check()
        learner.page.fill("#sheet input[inputmode=decimal]", "0.2")
        learner.page.locator("#sheet input[inputmode=decimal]").blur()
    back = again(visitor, learner).open(quiz_of(scene))
    back.press("main article a.button[data-kind=main]")
    assert back.path == address
    page = back.page
    assert page.get_by_role("radio", name="Wrong", exact=True).is_checked()
    assert page.get_by_role("checkbox", name="B", exact=True).is_checked()
    assert not page.get_by_role("checkbox", name="A", exact=True).is_checked()
    assert page.input_value("#sheet input[inputmode=decimal]") == "0.2"
    assert count(Attempt) == 1


def test_answers_given_without_a_network_come_back_from_the_browser(learner, visitor, scene):
    begin_quiz(learner, scene)
    learner.page.route("**/answers", lambda route: route.abort())
    learner.page.get_by_role("radio", name="Right", exact=True).check()
    learner.page.wait_for_selector("[data-saved][data-state=failed]")
    address = learner.path
    kill(learner)
    tab = visitor(like=learner)
    with tab.saving("/answers"):
        tab.open(address)
    assert tab.page.get_by_role("radio", name="Right", exact=True).is_checked()


def test_two_tabs_of_one_attempt_write_only_what_each_changed(learner, visitor, scene):
    begin_quiz(learner, scene)
    older, newer = learner, visitor(like=learner).open(learner.path)
    with newer.saving("/answers"):
        newer.page.get_by_role("radio", name="Right", exact=True).check()
    with newer.saving("/answers"):
        newer.page.get_by_role("checkbox", name="A", exact=True).check()
        newer.page.get_by_role("checkbox", name="B", exact=True).check()
    with newer.saving("/answers"):
        newer.page.get_by_role("checkbox", name="B", exact=True).uncheck()
    with older.saving("/answers"):
        older.page.fill("#sheet input[inputmode=decimal]", "0.2")
        older.page.locator("#sheet input[inputmode=decimal]").blur()
    with newer.saving("/answers"):
        newer.page.fill("#sheet input[inputmode=decimal]", "0.5")
        newer.page.locator("#sheet input[inputmode=decimal]").blur()
    older.press("#sheet .task-end button[data-kind=main]")
    assert given() == [["Right"], ["A"], "0.5"]


def test_what_was_taken_back_while_the_network_was_gone_is_taken_back_by_handing_in(learner, scene):
    begin_quiz(learner, scene)
    with learner.saving("/answers"):
        learner.page.get_by_role("checkbox", name="A", exact=True).check()
    learner.page.route("**/answers", lambda route: (route.fetch(), route.abort()))  # it arrives, and nobody hears of it
    learner.page.get_by_role("checkbox", name="B", exact=True).check()
    learner.page.wait_for_selector("[data-saved][data-state=failed]")
    learner.page.get_by_role("checkbox", name="B", exact=True).uncheck()
    learner.press("#sheet .task-end button[data-kind=main]")
    learner.errors.clear()
    assert given() == [["A"]]


def test_the_text_of_an_assignment_survives_a_killed_browser(visitor, learner, scene):
    learner.open(assignment_of(scene))
    with learner.saving("/draft"):
        learner.page.fill("#text", ESSAY)
    back = again(visitor, learner).open(assignment_of(scene))
    assert back.page.input_value("#text") == ESSAY
    assert count(Submission) == 0


def test_an_application_typed_while_the_session_ended_is_sent_after_signing_in(applicant):
    applicant.open("/cohorts/spring/application")
    applicant.page.fill("#motivation", MOTIVATION)
    end_sessions()
    applicant.press(".task-end button[value=continue]")
    applicant.errors.clear()  # the autosave may have been refused meanwhile
    applicant.look()
    assert applicant.path.startswith("/sign-in")
    applicant.page.fill("#email", email())
    applicant.page.fill("#password", PASSWORD)
    applicant.press("form[action^='/sign-in'] button[type=submit]").look()
    assert applicant.path == "/held"
    assert MOTIVATION in applicant.page.input_value("main textarea")
    applicant.press("main form[action*='/application'] button[type=submit]").look().says(MOTIVATION)
    assert applicant.path == "/cohorts/spring/application/review"


def test_an_assignment_typed_while_the_session_ended_is_handed_in_after_signing_in(learner, scene):
    learner.open(assignment_of(scene))
    learner.page.fill("#text", ESSAY)
    end_sessions()
    learner.press(HAND_IN)
    learner.errors.clear()
    learner.page.fill("#email", email())
    learner.page.fill("#password", PASSWORD)
    learner.press("form[action^='/sign-in'] button[type=submit]")
    assert learner.page.input_value("main textarea") == ESSAY
    learner.press("main form[action*='/assignments/'] button[type=submit]")
    assert learner.path.endswith("/receipt")
    session.rollback()
    assert session.scalars(select(Submission.text)).one().split() == ESSAY.split()


def test_back_and_send_again_sends_an_application_once(applicant):
    applicant.open("/cohorts/spring/application")
    applicant.page.fill("#motivation", MOTIVATION)
    applicant.press(".task-end button[value=continue]")
    applicant.page.check("#privacy")
    applicant.press(SEND)
    sent = applicant.path
    applicant.page.go_back()
    if applicant.page.locator("#privacy").count():  # where the browser kept the page
        applicant.page.check("#privacy")
        applicant.press(SEND)
    assert applicant.path == sent
    assert applicant.look()
    assert session.scalars(select(Application.stage)).all() == [Stage.APPLIED]
    assert count(StageEvent) == 1


def test_back_and_hand_in_again_makes_no_second_version(learner, scene):
    learner.open(assignment_of(scene))
    learner.page.fill("#text", ESSAY)
    learner.press(HAND_IN)
    receipt = learner.path
    learner.page.go_back()
    learner.press(HAND_IN)
    assert learner.path == receipt
    assert count(Submission) == 1


def test_back_after_a_quiz_leads_to_its_result(learner, scene):
    begin_quiz(learner, scene)
    learner.press("#sheet .task-end button[data-kind=main]")
    result = learner.path
    learner.page.go_back()
    learner.page.reload()
    assert learner.path == result
    assert count(Attempt) == 1


def test_a_double_click_hands_in_once(learner, scene):
    learner.open(assignment_of(scene))
    learner.page.fill("#text", ESSAY)
    seen = posts(learner, f"/assignments/{scene.assignment.activity_id}")
    with learner.page.expect_navigation():
        learner.page.dblclick(HAND_IN)
    assert learner.path.endswith("/receipt")
    assert [each for each in seen if not each.endswith("/draft")] == seen[:1]
    assert count(Submission) == 1


def test_a_double_click_sends_an_application_once(applicant):
    applicant.open("/cohorts/spring/application")
    applicant.page.fill("#motivation", MOTIVATION)
    applicant.press(".task-end button[value=continue]")
    applicant.page.check("#privacy")
    seen = posts(applicant, "/review")
    with applicant.page.expect_navigation():
        applicant.page.dblclick(SEND)
    assert applicant.path.startswith("/applications/")
    assert len(seen) == 1
    assert count(StageEvent) == 1


def test_an_application_sent_in_one_tab_is_not_written_on_in_the_other(applicant, visitor):
    applicant.open("/cohorts/spring/application")
    other = visitor(like=applicant).open("/cohorts/spring/application")
    applicant.page.fill("#motivation", MOTIVATION)
    applicant.press(".task-end button[value=continue]")
    applicant.page.check("#privacy")
    applicant.press(SEND)
    other.page.fill("#motivation", "Something else. " * 10)
    other.press(".task-end button[value=continue]", status=409)
    other.look()
    session.rollback()
    assert session.scalars(select(Application.motivation)).all() == [MOTIVATION]


def test_a_second_tab_that_only_lies_there_overwrites_nothing(learner, visitor, scene):
    learner.open(assignment_of(scene))
    other = visitor(like=learner).open(assignment_of(scene))
    with learner.saving("/draft"):
        learner.page.fill("#text", ESSAY)
    other.page.close(run_before_unload=True)
    learner.page.reload()
    assert learner.page.input_value("#text") == ESSAY


def test_work_handed_in_from_two_tabs_is_two_versions(learner, visitor, scene):
    learner.open(assignment_of(scene))
    other = visitor(like=learner).open(assignment_of(scene))
    learner.page.fill("#text", ESSAY)
    learner.press(HAND_IN)
    other.page.fill("#text", "In the other tab.")
    other.press(HAND_IN)
    session.rollback()
    kept = session.scalars(select(Submission.text).order_by(Submission.number)).all()
    assert [each.split() for each in kept] == [ESSAY.split(), ["In", "the", "other", "tab."]]


@pytest.mark.parametrize("path", ["/board/people", "/certificates/register"])
def test_a_list_is_taken_along_in_both_forms_from_one_page(visitor, scene, path):
    making.issued(scene.cohort, scene.lead)
    session.commit()
    window = visitor("en").enter(scene.lead.email, PASSWORD).open(path)
    names = []
    for form in ("xlsx", "csv", "xlsx"):
        window.page.click("button[popovertarget=take-along]")
        window.page.fill("#take-along-reason", "The city asked for it.")
        with window.page.expect_download() as caught:
            window.page.click(f"form[action^='{path}/export'] button[value={form}]")
        window.page.click("button[popovertargetaction=hide]")
        names.append(caught.value.suggested_filename.rpartition(".")[2])
    assert names == ["xlsx", "csv", "xlsx"]
