"""A placement that was told wrongly: withdrawn with a reason, undone, and what the figures say of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.kit import clock, i18n
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people.models import AuditEntry, Role
from lms.pipeline import traineeships
from lms.pipeline.models import Stage, StageEvent
from lms.placement import outcomes, placements, withdrawing
from lms.placement.models import Placement, PlacementWithdrawal
from lms.placement.outcomes import Known
from lms.placement.placements import Told
from lms.placement.terms import Evidence, RoleKind
from lms.reporting import adjustments, experts, recount
from lms.reporting.asof import AsOf
from lms.reporting.definitions import Achievement
from tests import make

END = date(2025, 10, 31)
WORK = date(2025, 12, 1)
TODAY = clock.day_start(date(2026, 5, 20)) + timedelta(hours=3)
WITHDRAWN = date(2026, 5, 20)


@pytest.fixture(autouse=True)
def today():
    with clock.at(TODAY), i18n.speaking("en"):
        yield


def told(first=WORK):
    return Told(RoleKind.OWN_COMPANY, None, "", first, None, Evidence.OWN_WORD)


@pytest.fixture
def cohort():
    return make.cohort(starts_on=date(2025, 9, 1), ends_on=END)


def certified(of):
    """Somebody who went the whole way and got a certificate on the last day."""
    person = make.person(Role.TRAINEE)
    with clock.at(clock.day_start(END)):
        one = make.traineeship(of, person, stage=Stage.COMPLETED)
        traineeships.advance(one, Stage.CERTIFIED, by=None)
    return one


def placed(of, by, first=WORK):
    one = certified(of)
    with clock.at(clock.day_start(first + timedelta(days=3))):
        return one, placements.record(one, by, told(first))


def test_withdrawn_and_undone(browser, cohort):
    lead, certificate_of = make.lead(cohort), clock.day_start(END)
    one, placement = placed(cohort, lead)
    url = {"placement_id": placement.id}
    browser.sign_in(lead).open("placement.correction", **url)
    assert "It was never true" in browser.text
    browser.post("placement.withdraw", {"withdrawal-reason": " "}, status=422, **url)
    assert session.scalars(select(PlacementWithdrawal)).all() == []
    browser.post("placement.withdraw", {"withdrawal-reason": "Of somebody else"}, **url).follow()
    assert "Withdrawn by" in browser.text
    assert "Of somebody else" in browser.text
    assert (one.stage, one.certified_at) == (Stage.CERTIFIED, certificate_of)
    assert session.scalars(placements.current()).all() == []
    assert list(recount.differences(session())) == []
    browser.open("reporting.person", person_id=one.person_id)
    assert "The placement was withdrawn as wrong" in browser.text
    browser.post("placement.withdraw", {"withdrawal-reason": "Again"}, status=409, **url)
    browser.post("placement.correct", {"kind": "job"}, status=422, **url)
    withdrawal = session.scalars(select(PlacementWithdrawal)).one()
    browser.post("placement.undo_withdrawal", withdrawal_id=withdrawal.id).follow()
    assert "undone by" in browser.text
    assert one.stage is Stage.PLACED
    assert session.scalars(placements.current()).one().id == placement.id
    browser.post("placement.undo_withdrawal", status=409, withdrawal_id=withdrawal.id)
    assert list(recount.differences(session())) == []
    deeds = {entry.deed for entry in session.scalars(select(AuditEntry))}
    assert {"placement.withdrawn", "placement.withdrawal_undone"} <= deeds


def test_it_is_there_for_those_who_lead_the_cohort_only(browser, cohort):
    lead = make.lead(cohort)
    _one, placement = placed(cohort, lead)
    withdrawal = withdrawing.withdraw(placement, lead, "Wrong")
    browser.sign_in(make.lead(make.cohort()))
    browser.post("placement.withdraw", {"withdrawal-reason": "x"}, status=404, placement_id=placement.id)
    browser.post("placement.undo_withdrawal", status=404, withdrawal_id=withdrawal.id)
    assert withdrawal.undone_at is None


def test_another_placement_keeps_somebody_placed(cohort):
    lead = make.lead(cohort)
    one, first = placed(cohort, lead)
    second = placements.record(one, lead, told(date(2026, 2, 2)))
    withdrawing.withdraw(first, lead, "Wrong")
    assert one.stage is Stage.PLACED
    withdrawing.withdraw(second, lead, "Wrong, too")
    assert one.stage is Stage.CERTIFIED
    with pytest.raises(Refused):
        withdrawing.withdraw(placements.record(one, lead, told()), lead, "")


def test_what_was_corrected_is_withdrawn_where_it_stands(cohort):
    lead = make.lead(cohort)
    one, wrong = placed(cohort, lead)
    right = placements.correct(wrong, lead, told(date(2026, 1, 5)), "A month later")
    with pytest.raises(Conflict):
        withdrawing.withdraw(wrong, lead, "Wrong")
    withdrawing.withdraw(right, lead, "Wrong")
    assert session.scalars(placements.current()).all() == []
    assert one.stage is Stage.CERTIFIED


def test_figures_follow_as_a_named_adjustment(cohort):
    """As known before, the person was placed; as known now, on the same day, they were not. Nobody is certified twice."""
    lead = make.lead(cohort)
    one, placement = placed(cohort, lead)
    other, _holds = placed(cohort, lead)
    march = AsOf(date(2026, 3, 1), TODAY - timedelta(days=1))
    now = AsOf(date(2026, 3, 1))
    counting = {Achievement.PLACED: [cohort.id]}
    assert [experts.by_cohort(counting, 2025, at) for at in (march, now)] == [{cohort.id: 2}] * 2
    withdrawing.withdraw(placement, lead, "Of somebody else")
    session.commit()
    assert experts.by_cohort(counting, 2025, march) == {cohort.id: 2}
    assert experts.by_cohort(counting, 2025, now) == {cohort.id: 1}
    certificates = {Achievement.CERTIFIED: [cohort.id]}
    assert experts.by_cohort(certificates, 2025, AsOf.now()) == {cohort.id: 2}
    assert experts.by_cohort(certificates, 2026, AsOf.now()) == {}
    found = adjustments.between([cohort.id], march, AsOf.now())
    assert [(each.kind, each.people) for each in found] == [("unplaced", 1)]
    assert one.stage is Stage.CERTIFIED
    assert other.stage is Stage.PLACED


def test_curves_are_told_as_they_were_known(browser, cohort):
    lead = make.lead(cohort)
    people = [placed(cohort, lead) for _each in range(4)]
    for _each in range(2):
        certified(cohort)
    withdrawing.withdraw(people[0][1], lead, "Wrong")
    early = date(2026, 2, 10)
    with clock.at(clock.day_start(date(2026, 4, 1))):
        last = placements.record(certified(cohort), lead, told(date(2025, 12, 20)))
    assert last.recorded_at.date() > early

    def rates(known):
        return [
            (rate.people, rate.placed, rate.maturing) for rate in outcomes.curves_of([cohort], known)[cohort.id].rates
        ]

    assert rates(Known(WITHDRAWN))[:2] == [(7, 4, False), (7, 4, False)]
    assert rates(Known.of({"on": early.isoformat()}))[:2] == [(7, 4, False), (7, None, True)]
    lines = outcomes.lines_of(cohort, Known.of({"on": early.isoformat()}))
    assert sum(line.first is not None for line in lines) == 4
    assert {line.first.id for line in outcomes.lines_of(cohort) if line.first} == {
        *(placement.id for _one, placement in people[1:]),
        last.id,
    }
    browser.sign_in(lead).open("placement.cohort", cohort_id=cohort.id, query={"on": early.isoformat()})
    assert "As it was known at the end of" in browser.text
    assert browser.find("th", data_label="6 months") == []
    browser.open("placement.cohorts", query={"on": early.isoformat()})
    assert any(f"on={early}" in link for link in browser.links())
    for odd in ("2030-01-01", "x", "0001-01-01"):
        browser.open("placement.cohort", cohort_id=cohort.id, query={"on": odd})
        assert "As it was known at the end of" not in browser.text
    assert session.query(Placement).count() == 5
    assert session.query(StageEvent).filter_by(before=Stage.PLACED, stage=Stage.CERTIFIED).count() == 1
