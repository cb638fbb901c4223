"""Two tabs of one attempt: each writes what was changed in it, and nothing else."""

import pytest
from sqlalchemy import select

from courses.quizzes.models import Answer, Attempt
from lms.kit.db import session
from tests import make

SAVES = ("quizzes.save", "quizzes.hand_in")


@pytest.fixture
def quiz(app):
    return make.quiz(make.course(), minutes=10)


@pytest.fixture
def attempt(browser, quiz):
    enrolment = make.enrolment(make.offering(quiz.activity.version))
    browser.sign_in(enrolment.person)
    browser.post("quizzes.begin", enrolment_id=enrolment.id, activity_id=quiz.activity_id)
    return session.scalars(select(Attempt)).one()


class Tab:
    """A sheet as it was when it was opened, filled in by hand and posted whole, as a browser without script does it."""

    def __init__(self, browser, attempt):
        self.browser, self.attempt, self.fields = browser, attempt, {}
        browser.open("quizzes.attempt", attempt_id=attempt.id)
        for node in browser.find("form", id="sheet")[0].iter():
            name, kind = node.get("name"), node.get("type")
            if not name or name == "csrf_token":
                continue
            if kind not in ("radio", "checkbox") or node.get("checked") is not None:
                self.fields.setdefault(name, []).append(node.get("value"))

    def give(self, question, *values):
        self.fields[f"q-{question.id}"] = list(values)
        return self

    def post(self, endpoint="quizzes.save"):
        self.browser.post(endpoint, self.fields, attempt_id=self.attempt.id)


def kept():
    """Question → what is kept of its answer: option ids or a text."""
    session.expire_all()
    rows = session.scalars(select(Answer))
    return {answer.question_id: answer.given.get("text", answer.given.get("options")) for answer in rows}


@pytest.mark.parametrize("endpoint", SAVES)
def test_an_older_tab_writes_no_blanks_over_a_newer_one(browser, quiz, attempt, endpoint):
    one, several, number, text = quiz.questions
    older, newer = Tab(browser, attempt), Tab(browser, attempt)
    all_of_it = [str(option.id) for option in several.options]
    newer.give(one, str(one.options[0].id)).give(several, *all_of_it).give(text, "Recall").post()
    older.give(number, "0.25").post(endpoint)
    assert kept() == {
        one.id: [str(one.options[0].id)],
        several.id: sorted(all_of_it),
        number.id: "0.25",
        text.id: "Recall",
    }


@pytest.mark.parametrize("endpoint", SAVES)
def test_older_answers_do_not_come_back_either(browser, quiz, attempt, endpoint):
    one, _several, number, text = quiz.questions
    first, second = (str(option.id) for option in one.options[:2])
    Tab(browser, attempt).give(one, first).give(number, "1").post()
    older, newer = Tab(browser, attempt), Tab(browser, attempt)
    newer.give(one, second).give(number, "2").post()
    older.give(text, "Recall").post(endpoint)
    assert kept() == {one.id: [second], number.id: "2", text.id: "Recall"}


@pytest.mark.parametrize("endpoint", SAVES)
def test_of_a_question_changed_in_both_tabs_the_last_save_counts(browser, quiz, attempt, endpoint):
    one, _several, _number, text = quiz.questions
    first, second = (str(option.id) for option in one.options[:2])
    older, newer = Tab(browser, attempt), Tab(browser, attempt)
    newer.give(one, second).give(text, "Recall").post()
    older.give(one, first).give(text, "Precision").post(endpoint)
    assert kept() == {one.id: [first], text.id: "Precision"}


@pytest.mark.parametrize("endpoint", SAVES)
def test_a_tick_taken_away_and_a_text_wiped_out_are_changes(browser, quiz, attempt, endpoint):
    _one, several, _number, text = quiz.questions
    ticks = [str(option.id) for option in several.options]
    Tab(browser, attempt).give(several, *ticks).give(text, "two words").post()
    Tab(browser, attempt).give(several, ticks[0]).give(text, "").post(endpoint)
    assert kept() == {several.id: [ticks[0]], text.id: ""}


def test_the_last_tick_taken_away_is_a_change(browser, quiz, attempt):
    several = quiz.questions[1]
    Tab(browser, attempt).give(several, *(str(option.id) for option in several.options)).post()
    Tab(browser, attempt).give(several).post()
    assert kept() == {several.id: []}


def test_words_in_another_order_are_another_text(browser, quiz, attempt):
    text = quiz.questions[3]
    Tab(browser, attempt).give(text, "true positive").post()
    Tab(browser, attempt).give(text, "positive true").post()
    assert kept() == {text.id: "positive true"}


def test_a_tab_that_cannot_know_what_the_server_has_is_taken_at_its_word(browser, quiz, attempt):
    """As the page posts it while its last save is on the way, or failed: what it showed is empty."""
    several = quiz.questions[1]
    tab = Tab(browser, attempt)
    tab.give(several, *(str(option.id) for option in several.options)).post()
    tab.fields[f"was-{several.id}"] = [""]
    tab.give(several).post()
    assert kept() == {several.id: []}


def test_a_sheet_that_says_not_what_it_showed_is_taken_at_its_word(browser, quiz, attempt):
    _one, _several, number, text = quiz.questions
    browser.post("quizzes.save", {f"q-{number.id}": "1", f"q-{text.id}": "Recall"}, attempt_id=attempt.id)
    browser.post("quizzes.save", {f"q-{text.id}": ""}, attempt_id=attempt.id)
    assert kept() == {number.id: "1", text.id: ""}
