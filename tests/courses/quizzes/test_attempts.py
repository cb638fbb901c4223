"""Sitting a quiz: saved as it is given, ended by the server's clock, scored by the key, never more attempts than allowed."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from courses.learning.models import ActivityProgress
from courses.quizzes import attempts, results
from courses.quizzes.models import Answer, Attempt, QuestionKind
from lms.kit import clock, db, jobs
from lms.kit.db import session
from tests import make


@pytest.fixture
def quiz(app):
    return make.quiz(make.course(), minutes=10)


@pytest.fixture
def enrolment(quiz):
    return make.enrolment(make.offering(quiz.activity.version))


def begin(browser, enrolment, quiz, **more):
    browser.post("quizzes.begin", enrolment_id=enrolment.id, activity_id=quiz.activity_id, **more)
    return session.scalars(
        select(Attempt).where(Attempt.enrolment_id == enrolment.id).order_by(Attempt.number.desc())
    ).first()


def sheet(quiz, *, right=()):
    """A posted sheet in which the questions of these kinds are right and the others wrong."""
    form = {}
    for question in quiz.questions:
        good = question.kind in right
        if question.options:
            wanted = [option for option in question.options if option.correct == good]
            form[f"q-{question.id}"] = [str(option.id) for option in wanted]
        else:
            form[f"q-{question.id}"] = (
                {QuestionKind.NUMBER: "0,255", QuestionKind.TEXT: "Recall"}[question.kind] if good else "7"
            )
    return form


@pytest.mark.parametrize(
    "right,points,passed",
    [
        ((), 0, False),
        (("one", "text"), 2, False),
        (("one", "several", "number"), 3, True),
        (tuple(QuestionKind), 4, True),
    ],
)
def test_the_score_equals_the_hand_marked_key(browser, enrolment, quiz, right, points, passed):
    browser.sign_in(enrolment.person)
    attempt = begin(browser, enrolment, quiz)
    browser.open("quizzes.attempt", attempt_id=attempt.id)
    browser.post("quizzes.hand_in", sheet(quiz, right=right), attempt_id=attempt.id).follow()
    assert (attempt.points, attempt.most, attempt.passed) == (points, 4, passed)
    done = session.scalar(
        select(func.count()).select_from(ActivityProgress).where(ActivityProgress.done_at.is_not(None))
    )
    assert done == (1 if passed else 0)


def test_every_answer_is_kept_as_it_is_given_and_comes_back_on_another_device(app, browser, enrolment, quiz):
    browser.sign_in(enrolment.person)
    attempt = begin(browser, enrolment, quiz)
    number = next(question for question in quiz.questions if question.kind == "number")
    form = sheet(quiz) | {f"q-{number.id}": "0.2"}
    browser.post("quizzes.save", form, attempt_id=attempt.id, status=204, headers={"X-Autosave": "1"})
    other = type(browser)(app).sign_in(enrolment.person)
    other.open("quizzes.attempt", attempt_id=attempt.id)
    assert other.find("input", id=f"q-{number.id}")[0].get("value") == "0.2"
    begin(other, enrolment, quiz)
    assert other.response.location.endswith(f"/attempts/{attempt.id}")


def test_the_clock_is_the_servers(browser, enrolment, quiz):
    browser.sign_in(enrolment.person)
    attempt = begin(browser, enrolment, quiz)
    browser.post("quizzes.save", sheet(quiz, right=("one",)), attempt_id=attempt.id)
    with clock.at(attempt.due_at + timedelta(seconds=6)):
        browser.post("quizzes.save", sheet(quiz, right=tuple(QuestionKind)), attempt_id=attempt.id, status=409)
        browser.open("quizzes.attempt", attempt_id=attempt.id)
        assert not browser.find("form", id="sheet")
        browser.post("quizzes.hand_in", sheet(quiz, right=tuple(QuestionKind)), attempt_id=attempt.id)
    assert attempt.points == 1
    assert attempt.ended_at == attempt.due_at


def test_what_was_left_alone_is_scored_when_its_time_is_over(browser, enrolment, quiz):
    browser.sign_in(enrolment.person)
    attempt = begin(browser, enrolment, quiz)
    browser.post("quizzes.save", sheet(quiz, right=tuple(QuestionKind)), attempt_id=attempt.id)
    jobs.perform_all()
    assert session.get(Attempt, attempt.id, populate_existing=True).ended_at is None
    with clock.at(attempt.due_at + timedelta(minutes=1)):
        jobs.perform_all()
    assert session.get(Attempt, attempt.id, populate_existing=True).points == 4


def test_no_more_attempts_than_allowed(browser, enrolment, quiz):
    browser.sign_in(enrolment.person)
    for _number in range(2):
        attempt = begin(browser, enrolment, quiz)
        browser.post("quizzes.hand_in", sheet(quiz), attempt_id=attempt.id)
    browser.post("quizzes.begin", enrolment_id=enrolment.id, activity_id=quiz.activity_id, status=409)
    assert session.scalar(select(func.count()).select_from(Attempt)) == 2
    browser.open("quizzes.intro", enrolment_id=enrolment.id, activity_id=quiz.activity_id)


def test_two_tabs_begin_one_attempt(app, enrolment, quiz):
    enrolment_id, activity_id = enrolment.id, quiz.activity_id
    session.commit()
    together, begun = threading.Barrier(4), []

    def tab():
        with app.app_context(), db.transaction():
            together.wait()
            mine = session.get(type(enrolment), enrolment_id)
            found = session.get(type(quiz), activity_id)
            begun.append(attempts.begin(mine, found.activity).id)
        session.remove()

    threads = [threading.Thread(target=tab) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(begun) == 4
    assert len(set(begun)) == 1


def test_handing_in_twice_counts_once(browser, enrolment, quiz):
    browser.sign_in(enrolment.person)
    attempt = begin(browser, enrolment, quiz)
    browser.post("quizzes.hand_in", sheet(quiz, right=tuple(QuestionKind)), attempt_id=attempt.id)
    browser.post("quizzes.hand_in", sheet(quiz), attempt_id=attempt.id)
    assert attempt.points == 4


def test_somebody_elses_attempt_is_not_there(app, browser, enrolment, quiz):
    browser.sign_in(enrolment.person)
    attempt = begin(browser, enrolment, quiz)
    outsider = make.enrolment(enrolment.offering)
    stranger = type(browser)(app).sign_in(outsider.person)
    for endpoint in ("quizzes.attempt", "quizzes.result"):
        stranger.open(endpoint, attempt_id=attempt.id, status=404)
    for endpoint in ("quizzes.save", "quizzes.hand_in"):
        stranger.post(endpoint, sheet(quiz), attempt_id=attempt.id, status=404)
    stranger.open("quizzes.intro", enrolment_id=enrolment.id, activity_id=quiz.activity_id, status=404)
    assert session.scalar(select(func.count()).select_from(Answer)) == 0
    browser.open("quizzes.attempt", attempt_id=attempt.id)


def test_the_key_is_in_no_page_while_it_could_help(browser, enrolment, quiz):
    text = next(question for question in quiz.questions if question.kind == "text")
    text.accepted = ["the-secret-key-word"]
    browser.sign_in(enrolment.person)
    attempt = begin(browser, enrolment, quiz)
    browser.open("quizzes.attempt", attempt_id=attempt.id)
    assert "the-secret-key-word" not in browser.html
    browser.post("quizzes.hand_in", sheet(quiz), attempt_id=attempt.id).follow()
    assert "the-secret-key-word" not in browser.html
    last = begin(browser, enrolment, quiz)
    browser.post("quizzes.hand_in", sheet(quiz), attempt_id=last.id).follow()
    assert "the-secret-key-word" in browser.html


def test_options_of_other_questions_and_long_texts_are_not_kept(browser, enrolment, quiz):
    one, several, _number, text = quiz.questions
    browser.sign_in(enrolment.person)
    attempt = begin(browser, enrolment, quiz)
    form = {f"q-{one.id}": [str(several.options[0].id), "nonsense"], f"q-{text.id}": "\0" + "x" * 5000}
    browser.post("quizzes.save", form, attempt_id=attempt.id)
    kept = {answer.question_id: answer.given for answer in attempt.answers}
    assert kept[one.id] == {"options": []}
    assert kept[text.id] == {"text": "x" * 500}


def test_best_counts_through_versions(browser, enrolment, quiz):
    browser.sign_in(enrolment.person)
    for right in ((), ("one", "several", "number")):
        attempt = begin(browser, enrolment, quiz)
        browser.post("quizzes.hand_in", sheet(quiz, right=right), attempt_id=attempt.id)
    assert results.best(enrolment) == {quiz.activity_id: 75.0}


def test_the_sheet_costs_the_same_for_four_and_forty_questions(browser, enrolment, quiz, queries):
    browser.sign_in(enrolment.person)
    attempt = begin(browser, enrolment, quiz)
    with queries() as few:
        browser.open("quizzes.attempt", attempt_id=attempt.id)
    longer = make.quiz(enrolment.version, questions=False)
    for _number in range(40):
        row = make.question(longer, QuestionKind.ONE)
        make.option(row, "A", True), make.option(row, "B", False)
    attempt = begin(browser, enrolment, longer)
    with queries() as many:
        browser.open("quizzes.attempt", attempt_id=attempt.id)
    assert len(many) == len(few)
