"""Pages of batches: one asks, another approves, both watch."""

import pytest
from sqlalchemy import select

from certificates import approving, batches
from certificates.issue_models import BatchState, IssueBatch
from certificates.models import Certificate
from lms.kit.db import session
from tests import make
from tests.certificates.making import all_jobs, completed
from tests.certificates.test_batches import ready, requested, running


def the_batch():
    session.expire_all()
    return session.scalars(select(IssueBatch)).one()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_two_leads_issue_from_the_dry_run_to_the_numbers(browser, language):
    cohort, first, second, people = ready(2, name="문가온", latin_name="Moon Gaon")
    first.language = second.language = language
    completed(cohort, name="Late 😀")
    chosen = {"chosen": [str(each.id) for each in people]}
    browser.sign_in(first).open("certificates.issue", cohort_id=cohort.id)
    assert "U+1F600" in browser.text
    browser.post("certificates.confirm", chosen, cohort_id=cohort.id, status=200)
    address = f"/cohorts/{cohort.id}/certificates/batches"
    assert browser.find("form", action=address)
    browser.post("certificates.issue_chosen", chosen, cohort_id=cohort.id, status=200)  # past the page: refused by name
    assert session.scalars(select(Certificate)).all() == []
    browser.post(address, chosen).follow()
    batch = the_batch()
    own = {"batch_id": batch.id}
    assert second.name in browser.text
    approval = f"/certificates/batches/{batch.id}/approval"
    assert not browser.find("form", action=approval)
    browser.post("certificates.approve_batch", status=409, **own)
    browser.open("certificates.issue", cohort_id=cohort.id)
    assert f"/certificates/batches/{batch.id}" in browser.links()
    assert not browser.find("input", name="chosen")
    browser.sign_in(second).open("certificates.batch", **own)
    assert browser.find("form", action=approval)
    assert "Moon Gaon" in browser.text
    browser.post("certificates.approve_batch", **own).follow()
    assert browser.find("div", hx_trigger="every 3s")
    all_jobs()
    browser.open("certificates.batch", **own)
    assert not browser.find("div", hx_trigger="every 3s")
    numbers = {f"/certificates/{each.id}" for each in session.scalars(select(Certificate))}
    assert numbers <= set(browser.links())
    assert len(numbers) == 2
    browser.open(numbers.pop())
    assert first.name in browser.text
    assert second.name in browser.text


def test_a_batch_is_declined_with_a_reason_only(browser):
    batch, first, second = requested(1)
    browser.sign_in(second)
    browser.post("certificates.decline_batch", {"reason": " "}, status=422, batch_id=batch.id)
    assert browser.find("textarea", name="reason")[0].get("aria-invalid") == "true"
    assert the_batch().state is BatchState.WAITING
    browser.post("certificates.decline_batch", {"reason": "Wait for the last marks."}, batch_id=batch.id).follow()
    assert "Wait for the last marks." in browser.text
    browser.sign_in(first).open("certificates.batch", batch_id=batch.id)
    assert "Wait for the last marks." in browser.text


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_batch_is_paused_and_gone_on_with(browser, language):
    batch, first, _second = running(2)
    first.language = language
    batches.step(batch.id)
    browser.sign_in(first)
    browser.post("certificates.pause_batch", batch_id=batch.id).follow()
    assert browser.find("progress", value="1", max="2")
    all_jobs()
    assert len(session.scalars(select(Certificate)).all()) == 1
    browser.post("certificates.resume_batch", batch_id=batch.id)
    browser.post("certificates.resume_batch", batch_id=batch.id, status=409)
    all_jobs()
    browser.open("certificates.batch", batch_id=batch.id)
    assert the_batch().state is BatchState.DONE


def test_nobody_is_chosen_and_nothing_is_asked(browser):
    cohort, first, _second, _people = ready(1)
    other = completed(make.cohort())
    browser.sign_in(first)
    for chosen in ("", "x", str(other.id)):
        browser.post("certificates.request_batch", {"chosen": chosen}, cohort_id=cohort.id).follow()
        assert "Choose at least one person" in browser.text
    assert session.scalars(select(IssueBatch)).all() == []


def test_another_leads_batch_is_not_there(browser):
    batch, _first, second = requested(1)
    assert approving.may_decide(batch, second)
    browser.sign_in(make.lead(make.cohort()))
    browser.open("certificates.batch", batch_id=batch.id, status=404)
    for deed in ("approve", "decline", "pause", "resume", "withdraw"):
        browser.post(f"certificates.{deed}_batch", {"reason": "Mine."}, batch_id=batch.id, status=404)
    browser.post("certificates.request_batch", {"chosen": "x"}, cohort_id=batch.cohort_id, status=404)
    assert the_batch().state is BatchState.WAITING


def test_a_batch_costs_the_same_for_two_and_thirty(browser, queries):
    counts = []
    for people in (2, 30):
        batch, first, _second = running(people)
        all_jobs()
        browser.sign_in(first)
        with queries() as seen:
            browser.open("certificates.batch", batch_id=batch.id)
        counts.append(len(seen))
    assert counts[0] == counts[1] < 16


@pytest.mark.parametrize("language", ["en", "ko"])
def test_whoever_asked_takes_it_back_on_the_page_and_the_board_of_the_other_forgets_it(browser, language):
    batch, first, second = requested(2)
    first.language = language
    address = f"/certificates/batches/{batch.id}"
    browser.sign_in(second).open("reporting.board")
    assert address in browser.links()
    browser.open("certificates.batch", batch_id=batch.id)
    assert not browser.find("form", action=f"{address}/withdrawal")
    browser.post("certificates.withdraw_batch", batch_id=batch.id, status=409)
    browser.sign_in(first).open("reporting.board")
    assert address not in browser.links()
    browser.open("certificates.batch", batch_id=batch.id)
    assert browser.find("form", action=f"{address}/withdrawal")
    browser.post("certificates.withdraw_batch", batch_id=batch.id).follow()
    assert the_batch().state is BatchState.WITHDRAWN
    browser.sign_in(second).open("reporting.board")
    assert address not in browser.links()
    browser.open("certificates.issue", cohort_id=batch.cohort_id)
