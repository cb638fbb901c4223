"""Pages as of a day, and the page that sets down who counts as an expert."""

from datetime import date, timedelta

import pytest

from lms.kit import clock
from lms.pipeline import traineeships
from lms.pipeline.models import LeavingReason, Stage
from lms.reporting import definitions
from lms.reporting.asof import AsOf
from lms.reporting.models import Achievement
from tests import make
from tests.lms.reporting.test_pages import YEAR, length, lively, numbers

AGO = clock.now() - timedelta(days=9)


def earlier():
    """A cohort that runs, in which somebody left and somebody was certified nine days ago, and one more since."""
    cohort = make.cohort(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 12, 31))
    lead = make.lead(cohort)
    with clock.at(AGO):
        certified, left = (make.traineeship(cohort, stage=Stage.TRAINING) for _each in range(2))
        make.application(cohort)
        traineeships.advance(left, Stage.LEFT, by=None, reason=LeavingReason.EMPLOYED)
        for stage in (Stage.COMPLETED, Stage.CERTIFIED):
            traineeships.advance(certified, stage, by=None)
    late = make.traineeship(cohort, stage=Stage.COMPLETED)
    for stage in (Stage.CERTIFIED, Stage.PLACED):
        traineeships.advance(late, stage, by=None)
    traineeships.advance(certified, Stage.COMPLETED, by=None)
    return lead, cohort


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("address", ["/board?on={on}", "/board/cohorts/{id}?on={on}", "/board?on={on}&known={on}"])
def test_every_number_of_a_past_day_is_as_long_as_its_list(browser, address, language):
    lead, cohort = earlier()
    lead.language = language
    browser.sign_in(lead)
    browser.open(address.format(on=AGO.astimezone(clock.SEOUL).date(), id=cohort.id))
    found = numbers(browser)
    assert len(found) > 5
    for number, href in found:
        assert f"on={AGO.astimezone(clock.SEOUL).date()}" in href
        assert length(browser, href) == (number, number), href


def test_the_board_of_a_past_day_tells_that_day_and_what_changed_since(browser):
    lead, _cohort = earlier()
    browser.sign_in(lead).open("reporting.board")
    assert "What changed since" not in browser.text
    on = AGO.astimezone(clock.SEOUL).date()
    browser.open("/board", query={"on": on, "known": on})
    answer = browser.find("p", class_="answer-number")[0]
    assert "".join(answer.itertext()).strip().startswith("1"), "who was revoked since counted then"
    assert "Nothing: the figures of that day are the same" in browser.text
    assert "need you" not in browser.text


def test_cohorts_of_a_past_day_stand_as_they_did_on_it(browser):
    first = make.cohort(starts_on=date(2025, 3, 1), ends_on=date(2025, 3, 20))
    second = make.cohort(starts_on=date(2025, 3, 25), ends_on=date(2025, 4, 10))
    lead = make.lead(first)
    make.add(make.Lead(person_id=lead.id, cohort_id=second.id))
    browser.sign_in(lead)
    days = {"2025-03-10": {"Running", "Planned"}, "2025-03-28": {"Finished", "Running"}, "2025-05-01": {"Finished"}}
    for on, states in days.items():
        browser.open("/board", query={"on": on, "year": 2025})
        shown = ["".join(node.itertext()).strip() for node in browser.find("td", class_="corner")]
        assert set(shown) == states
        browser.post(f"/board/cohorts/export?on={on}&year=2025", {"format": "csv"}, status=200)
        assert all(state in browser.response.data.decode("utf-8-sig") for state in states)


def test_a_cohort_tells_why_people_left_with_early_employment_apart(browser):
    lead, cohort = earlier()
    browser.sign_in(lead).open("reporting.cohort", cohort_id=cohort.id)
    assert "1 person left early because they found work." in browser.text
    assert "0 people dropped out for another reason." in browser.text
    assert "Placed within 6 months" in browser.text


def test_a_definition_is_set_down_and_changes_the_board(browser):
    lead, cohort, _last = lively()
    slug = cohort.programme.slug
    browser.sign_in(lead).open("reporting.definition", slug=slug)
    assert [
        node.get("value") for node in browser.find("input", type="checkbox") if node.get("checked") is not None
    ] == [f"{slug} certified"]
    typed = {"from_year": str(YEAR), "counts": f"{slug} placed", "reason": "The city counts work.", "seen": "0"}
    browser.post("reporting.set_definition", typed, slug=slug).follow()
    assert "The city counts work." in browser.text
    browser.open("reporting.board")
    answer = " ".join("".join(browser.find("p", class_="answer-number")[0].itertext()).split())
    assert answer.startswith("2 /"), "two people are placed"
    assert definitions.of(cohort.programme, AsOf.now()).clauses == {(cohort.programme_id, Achievement.PLACED)}


def test_the_second_of_two_leads_sees_what_the_first_set_down(browser):
    lead, cohort, _last = lively()
    slug = cohort.programme.slug
    typed = {"from_year": str(YEAR), "counts": f"{slug} placed", "reason": "First.", "seen": "0"}
    browser.sign_in(lead).post("reporting.set_definition", typed, slug=slug)
    browser.sign_in(make.admin()).post("reporting.set_definition", typed | {"reason": "Second."}, status=409, slug=slug)
    assert f"{lead.name} changed the definition in between: First." in browser.text
    assert "Second." in browser.text, "nothing typed is lost"
    assert browser.find("input", name="seen")[0].get("value") == "1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"from_year": "x"},
        {"from_year": "1999"},
        {"counts": "x certified"},
        {"reason": " "},
        {"seen": "x"},
        {"counts": ""},
    ],
)
def test_what_is_wrong_about_a_definition_is_told_at_its_field(browser, wrong):
    lead, cohort, _last = lively()
    slug = cohort.programme.slug
    typed = {"from_year": str(YEAR), "counts": f"{slug} placed", "reason": "So.", "seen": "0"} | wrong
    browser.sign_in(lead).post("reporting.set_definition", typed, status=422, slug=slug)
    assert browser.find("section", class_="summary")
    assert definitions.of(cohort.programme, AsOf.now()).version == 0


def test_nothing_that_counts_is_refused(browser):
    lead, cohort, _last = lively()
    typed = {"from_year": str(YEAR), "reason": "So.", "seen": "0"}
    browser.sign_in(lead).post("reporting.set_definition", typed, status=409, slug=cohort.programme.slug)
    assert "Choose at least one thing that counts." in browser.text


def test_definitions_of_other_programmes_are_not_there(browser):
    lead, _cohort, _last = lively()
    other = make.cohort()
    browser.sign_in(lead).open("reporting.definition", slug=other.programme.slug, status=404)
    typed = {"from_year": str(YEAR), "counts": "x placed", "reason": "So.", "seen": "0"}
    browser.post("reporting.set_definition", typed, status=404, slug=other.programme.slug)
    browser.sign_in(make.admin()).open("reporting.definition", slug=other.programme.slug)
