"""What strangers see: open cohorts with seats and deadlines, and one cohort at every time of its window."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.kit import clock
from lms.kit.words import Words
from lms.people.models import Role
from lms.pipeline.models import Stage
from tests import make

NOON = datetime(2026, 9, 22, 3, 0, tzinfo=UTC)


def windowed(opens, closes, **more):
    return make.cohort(opens_at=NOON + timedelta(days=opens), closes_at=NOON + timedelta(days=closes), **more)


def test_a_stranger_sees_open_and_coming_cohorts_but_no_closed_ones(browser):
    full = windowed(-1, 1, seats=1)
    make.traineeship(full)
    roomy, coming, closed = windowed(-1, 3, seats=9), windowed(2, 4), windowed(-9, -1)
    with clock.at(NOON):
        page = browser.speak("en").open("pipeline.catalogue")
        for cohort in (full, roomy, coming):
            assert cohort.title["en"] in page.text
        assert closed.title["en"] not in page.text
        assert "9 seats free" in page.text
        assert "Full: waiting list" in page.text
        assert "tomorrow 12:00, 24 hours left" in page.text


@pytest.mark.parametrize(
    "language,words", [("ko", "지금은 모집 중인 기수가 없어요"), ("en", "No cohort is open right now")]
)
def test_the_empty_catalogue_says_what_will_be_there(browser, language, words):
    assert words in browser.speak(language).open("pipeline.catalogue").text


@pytest.mark.parametrize(
    "opens,closes,words,button",
    [
        (-1, 1, "until tomorrow", "Apply"),
        (1, 2, "Not open yet", None),
        (-2, -1, "Applications are closed", "See open cohorts"),
    ],
)
def test_a_cohort_page_says_what_can_be_done(browser, opens, closes, words, button):
    cohort = windowed(opens, closes, summary=Words(en="For the curious.", ko="궁금한 사람에게."))
    with clock.at(NOON):
        page = browser.speak("en").open("learning.cohort", slug=cohort.slug)
    assert words in page.text
    assert "For the curious." in page.text
    deeds = ["".join(node.itertext()).strip() for node in page.find("a") if "button" in (node.get("class") or "")]
    assert deeds == ([button] if button else [])


def test_a_full_cohort_offers_the_waiting_list(browser):
    cohort = make.cohort(seats=1)
    make.traineeship(cohort)
    assert "Apply for the waiting list" in browser.speak("en").open("learning.cohort", slug=cohort.slug).text


def test_who_applied_is_led_to_their_own_application(browser):
    cohort, person = make.cohort(), make.person(Role.TRAINEE)
    sent = make.application(cohort, person, stage=Stage.WAITING)
    page = browser.sign_in(person).open("learning.cohort", slug=cohort.slug)
    assert f"/applications/{sent.id}" in page.links()


def test_an_unknown_cohort_is_not_there(browser):
    make.cohort()
    browser.open("learning.cohort", slug="nowhere", status=404)


def test_the_catalogue_costs_the_same_for_two_and_forty(browser, queries):
    person = make.person(Role.TRAINEE)
    browser.sign_in(person)
    programme = make.programme()
    seen = []
    for count in (2, 38):
        for _ in range(count):
            cohort = make.cohort(programme)
            make.traineeship(cohort)
            make.application(cohort, person)
        with queries() as asked:
            browser.open("pipeline.catalogue")
        seen.append(len(asked))
    assert seen[0] == seen[1]
