"""Figures as of a day and as known then: every one is as long as its list, and both ways to today's numbers agree."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import func, select

from lms.kit import clock
from lms.kit.db import session
from lms.pipeline import traineeships
from lms.pipeline.models import Application, LeavingReason, Stage, Traineeship
from lms.reporting import adjustments, counting, counts, definitions, experts, filters, intakes, ledger, roster
from lms.reporting.asof import AsOf
from lms.reporting.figures import KEYS
from lms.reporting.filters import Filters
from lms.reporting.models import Achievement, ExpertDefinition
from tests import make

JUNE = datetime(2026, 6, 1, 3, tzinfo=UTC)


def day(number):
    return JUNE + timedelta(days=number)


def step(taking_part, stage, number, *, recorded=None, reason=None):
    """A move that happened on one day and was recorded on the same one, or later."""
    with clock.at(day(number if recorded is None else recorded)):
        return traineeships.advance(taking_part, stage, by=None, happened_at=day(number), reason=reason)


def taking_part(cohort, person=None, number=0):
    with clock.at(day(number)):
        person = person or make.person()
        make.application(cohort, person, stage=Stage.ADMITTED)
        return make.traineeship(cohort, person)


@pytest.fixture
def summer():
    """A lead with two cohorts of 2026 in June and July, people on all ways, some of them told of late."""
    programme = make.programme()
    one, two = (
        make.cohort(programme, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 30), seats=9) for _number in range(2)
    )
    lead = make.lead(one)
    make.add(make.Lead(person_id=lead.id, cohort_id=two.id))
    both = make.person()
    for cohort in (one, two):
        certified = taking_part(cohort, both)
        placed, late, revoked, early, dropped, waits = (taking_part(cohort, number=1) for _each in range(6))
        for each in (certified, placed, late, revoked, early, dropped):
            step(each, Stage.TRAINING, 2)
        for each in (certified, placed, revoked):
            step(each, Stage.COMPLETED, 10)
            step(each, Stage.CERTIFIED, 12)
        step(placed, Stage.PLACED, 11, recorded=20)  # began work a day before the certificate
        step(late, Stage.COMPLETED, 10, recorded=40)
        step(late, Stage.CERTIFIED, 13, recorded=40)
        step(revoked, Stage.COMPLETED, 45)
        step(early, Stage.LEFT, 8, reason=LeavingReason.EMPLOYED)
        step(dropped, Stage.LEFT, 9, recorded=41, reason=LeavingReason.HEALTH)
        for stage in (Stage.APPLIED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN):
            with clock.at(day(3)):
                make.application(cohort, stage=stage)
        waits.progress = 3
    return lead


def listed(lead, address, at):
    asked = dict(parse_qsl(urlsplit(address).query))
    wanted = filters.question(intakes.led_by(lead), Filters.of(asked), AsOf.of(asked))
    assert wanted.at.end == at.end or at.is_now
    find = roster.people if wanted.asked.by_person else roster.rows
    return session.execute(find(wanted)).all()


@pytest.mark.parametrize(
    "at",
    [
        AsOf(date(2026, 6, 9)),
        AsOf(date(2026, 6, 30)),
        AsOf(date(2026, 6, 30), day(29)),
        AsOf(date(2026, 7, 31)),
        AsOf(date(2026, 12, 31)),
    ],
    ids=str,
)
@pytest.mark.parametrize("counted", [False, True])
def test_every_figure_is_as_long_as_its_list(app, summer, at, counted):
    if counted:
        session.commit()
        counting.count_moves()
    with clock.at(datetime(2027, 1, 5, tzinfo=UTC)), app.test_request_context():
        found = ledger.figures(summer, 2026, at)
        assert set(found.values) == set(KEYS)
        compared = 0
        for key in KEYS:
            if address := found.address(key):
                assert len(listed(summer, address, at)) == found.values[key], key
                compared += found.values[key] > 0
            for cohort, values in found.by_cohort.items():
                if (address := found.address(key, cohort)) and not KEYS[key].total_only:
                    assert len(listed(summer, address, at)) == values[key], key
        assert compared > 15


def test_a_report_that_was_told_is_told_again_and_what_is_known_now_differs(summer):
    told = ledger.figures(summer, 2026, AsOf(date(2026, 6, 30), day(29)))
    known = ledger.figures(summer, 2026, AsOf(date(2026, 6, 30)))
    later = ledger.figures(summer, 2026, AsOf(date(2026, 7, 31)))
    assert [each.values["experts"] for each in (told, known, later)] == [5, 7, 5]
    assert [each.values["standing.training"] for each in (told, known, later)] == [4, 0, 0]
    assert [each.values["left.health"] for each in (told, known)] == [0, 2]
    assert told.values["left.employed"] == 2
    assert told.values["left.dropped"] == 0
    assert known.values["experts.traineeships"] == 8
    assert known.values["experts.several"] == 1
    assert later.values["standing.revoked"] == 2


def test_stages_sum_to_the_roster_on_every_day(summer):
    for number in range(-1, 60):
        for at in (AsOf(day(number).date()), AsOf(day(number).date(), day(number))):
            found = ledger.figures(summer, 2026, at)
            for values in found.by_cohort.values():
                standing = sum(values[f"standing.{stage.value}"] for stage in (*counts.FUNNEL, *counts.BESIDE))
                assert standing == values["entered"]


def test_both_ways_to_todays_numbers_agree(summer):
    found = ledger.figures(summer, 2026)
    for table, stages in (
        (Traineeship, counts.TAKING_PART),
        (Application, ("applied", "waiting", "declined", "withdrawn")),
    ):
        for stage in stages:
            rows = session.scalar(select(func.count()).where(table.stage == stage))
            assert found.values[f"standing.{stage}"] == rows, stage
    issued = select(func.count(Traineeship.person_id.distinct())).where(Traineeship.certified_at.is_not(None))
    assert found.values["experts"] == session.scalar(issued)


def test_a_placement_counts_from_its_certificate_on(summer):
    before = ledger.figures(summer, 2026, AsOf(date(2026, 6, 12)))
    assert before.values["standing.placed"] == 0, "it began on the 12th, the certificate is of the 13th"
    after = ledger.figures(summer, 2026, AsOf(date(2026, 6, 13)))
    assert (after.values["standing.placed"], after.values["placed.3"]) == (2, 2)


def test_what_changed_is_named_with_its_people(app, summer):
    ids = [each.id for each in intakes.led_by(summer)]
    told, now = AsOf(date(2026, 6, 30), day(29)), AsOf(date(2026, 7, 31))
    with clock.at(datetime(2027, 1, 5, tzinfo=UTC)):
        found = {each.kind: each for each in adjustments.between(ids, told, now)}
        assert {kind: each.people for kind, each in found.items()} == {"late": 4, "revoked": 2}
        for each in found.values():
            wanted = filters.question(intakes.led_by(summer), Filters.of(each.filters), AsOf.of(each.filters))
            assert len(session.execute(roster.people(wanted)).all()) == each.people
        assert adjustments.between(ids, told, told) == []


def test_a_change_of_the_definition_is_an_adjustment(summer):
    (intake, _other) = intakes.led_by(summer)
    programme = session.get_one(make.Programme, intake.programme_id)
    with clock.at(day(50)):
        definitions.set_down(
            programme,
            summer,
            from_year=2026,
            clauses={(programme.id, Achievement.COMPLETED), (programme.id, Achievement.EMPLOYED)},
            reason="The city counts completions.",
            seen=0,
        )
    told, now = AsOf(date(2026, 6, 30), day(29)), AsOf(date(2026, 6, 30))
    assert ledger.figures(summer, 2026, told).values["experts"] == 5, "what was told stays as it was"
    assert ledger.figures(summer, 2026, now).values["experts"] == 9
    assert [each.kind for each in adjustments.between([intake.id], told, now)][-1] == "defined"


def test_definitions_hold_from_their_year_on_and_are_known_from_their_day_on(summer):
    (intake, _other) = intakes.led_by(summer)
    programme, now = session.get_one(make.Programme, intake.programme_id), AsOf(date(2026, 12, 1))
    for number, what in enumerate((Achievement.COMPLETED, Achievement.PLACED)):
        with clock.at(day(number)):
            definitions.set_down(
                programme, summer, from_year=2026 + number, clauses={(programme.id, what)}, reason="So.", seen=number
            )
    assert definitions.of(programme, now, 2025).clauses == {(programme.id, Achievement.CERTIFIED)}
    assert definitions.of(programme, now).clauses == {(programme.id, Achievement.COMPLETED)}
    assert definitions.of(programme, now, 2028).version == 2
    assert definitions.of(programme, AsOf(now.on, day(-1))).version == 0


def test_who_reaches_two_things_that_count_counts_once(summer):
    every = intakes.led_by(summer)
    counting_both = {kind: [each.id for each in every] for kind in (Achievement.COMPLETED, Achievement.CERTIFIED)}
    found = experts.of(counting_both, 2026, AsOf(date(2026, 12, 31)))
    assert (found.people, found.traineeships, found.several) == (7, 8, 1)


def test_a_cohort_of_zero_of_one_and_a_year_without_cohorts():
    empty, single = make.cohort(), make.cohort(starts_on=date(2024, 2, 29), ends_on=date(2024, 2, 29))
    lead = make.lead(empty)
    make.add(make.Lead(person_id=lead.id, cohort_id=single.id))
    with clock.at(datetime(2024, 2, 29, 5, tzinfo=UTC)):
        make.traineeship(single)
    assert ledger.figures(lead, 2024, AsOf(date(2024, 2, 28))).values["traineeships"] == 0
    leap = ledger.figures(lead, 2024, AsOf(date(2024, 2, 29)))
    assert (leap.values["traineeships"], leap.by_cohort[empty.id]["entered"]) == (1, 0)
    assert set(ledger.figures(lead, 2001).values.values()) == {0}
    assert ledger.figures([], 2024).values["experts"] == 0


@pytest.mark.parametrize(
    ("asked", "on"),
    [
        ({"on": "2024-02-29"}, date(2024, 2, 29)),
        ({"on": "2023-02-29"}, None),
        ({"on": "30.06.2026"}, None),
        ({"on": "1066-10-14"}, None),
        ({"on": "9999-12-31"}, None),
        ({"on": ""}, None),
    ],
)
def test_a_day_that_is_none_is_today(asked, on):
    found = AsOf.of(asked)
    assert found.on == (on or clock.today())
    assert found.is_now == (on is None)


def test_an_address_carries_both_days():
    at = AsOf(date(2026, 6, 30), datetime(2026, 7, 1, 3, tzinfo=UTC))
    assert AsOf.of(at.pairs()) == at
    assert AsOf.of({"on": "2026-06-30", "known": "2026-06-30"}).known == datetime(
        2026, 6, 30, 14, 59, 59, 999999, tzinfo=UTC
    )
    assert AsOf.of({"known": "2999-01-01"}).known is None
    assert AsOf.now().pairs() == {}


def test_the_database_keeps_definitions_sane():
    programme = make.programme()
    made = ExpertDefinition(programme_id=programme.id, version=1, from_year=2026, reason="So.")
    make.add(made)
    assert definitions.newest(programme) == made
