"""The forecast in the product: read from the ledger, as known on a day, and shown to those who lead."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.kit import clock
from lms.kit.db import session
from lms.people.models import Role
from lms.pipeline import traineeships
from lms.pipeline.models import Lead, LeavingReason, Stage, Traineeship
from lms.reporting import definitions, experts, forecasting, intakes, outlook, year
from lms.reporting.asof import AsOf
from lms.reporting.definitions import Definition
from lms.reporting.forecast_cohorts import NEVER
from lms.reporting.models import Achievement, Target
from tests import make

TODAY = datetime(2026, 10, 1, 3, tzinfo=UTC)  # noon in Seoul


@pytest.fixture(autouse=True)
def _a_day():
    with clock.at(TODAY):
        yield


def cohort(programme, starts_on, days=100, *, seats=20, made=datetime(2020, 1, 1, tzinfo=UTC), **more):
    return make.cohort(
        programme, seats=seats, starts_on=starts_on, ends_on=starts_on + timedelta(days=days - 1), made_at=made, **more
    )


def noon(day):
    return clock.day_start(day) + timedelta(hours=12)


def moved(taking_part, stage, day, **more):
    with clock.at(noon(day)):
        return traineeships.advance(taking_part, stage, by=None, **more)


def trainee(of, *, until=Stage.CERTIFIED, person=None):
    """Somebody who goes through a cohort on its usual days, to a stage or the stage of today."""
    with clock.at(noon(of.starts_on - timedelta(days=10))):
        made = make.traineeship(of, person, stage=Stage.ADMITTED)
    days = {
        Stage.TRAINING: of.starts_on,
        Stage.LEFT: of.starts_on + timedelta(days=30),
        Stage.COMPLETED: of.ends_on,
        Stage.CERTIFIED: of.ends_on + timedelta(days=12),
    }
    way = [Stage.TRAINING, Stage.LEFT] if until is Stage.LEFT else [Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED]
    for stage in way[: way.index(until) + 1] if until in way else []:
        if days[stage] <= clock.today():
            moved(made, stage, days[stage], reason=LeavingReason.TIME if stage is Stage.LEFT else None)
    return made


def hub():
    """Four earlier cohorts of which three of four arrive, one that runs, one that is planned."""
    programme = make.programme()
    old = [cohort(programme, date(2025, 1, 6) + timedelta(days=120 * place)) for place in range(4)]
    for each in old:
        for number in range(16):
            trainee(each, until=Stage.LEFT if number % 4 == 0 else Stage.CERTIFIED)
    runs = cohort(programme, date(2026, 8, 10))
    for number in range(20):
        trainee(runs, until=Stage.LEFT if number < 2 else Stage.TRAINING)
    planned = cohort(programme, date(2026, 10, 5), 60)
    lead = make.lead(runs)
    for each in (*old, planned):
        make.add(Lead(person_id=lead.id, cohort_id=each.id))
    make.add(Target(programme_id=programme.id, year=2026, version=1, number=60, set_at=noon(date(2026, 1, 5))))
    return lead, programme, old, runs, planned


def told(lead, at=None, of=2026):
    return outlook.of(year.of(lead, of, at=at))


def test_running_and_planned_cohorts_are_carried_to_the_end():
    lead, _programme, old, runs, planned = hub()
    seen = told(lead)
    shares = {each.key: each for each in seen.forecast.shares}
    assert {str(runs.id), str(planned.id)} <= set(shares)
    assert 17 < shares[str(runs.id)].expected < 18  # who was in training on the 53rd day of the earlier ones, arrived
    assert 8 < shares[str(planned.id)].expected < 16
    reached = seen.forecast.floor
    assert reached == sum(each.already for each in seen.lines) == 12 * sum(each.ends_on.year == 2026 for each in old)
    assert reached < seen.forecast.low <= seen.forecast.median <= seen.forecast.high
    assert seen.forecast.history == 4


def test_as_known_on_a_day_it_stays_the_same():
    """A report of that day, asked again: what was recorded later is not in it, though it happened earlier."""
    lead, programme, _old, runs, _planned = hub()
    at = AsOf(date(2026, 9, 20), noon(date(2026, 9, 20)))
    before = told(lead, at)
    with clock.at(TODAY + timedelta(minutes=1)):
        held = traineeships.led_by(lead).where(Traineeship.cohort_id == runs.id, Traineeship.stage == Stage.TRAINING)
        late = session.scalars(held.limit(1)).one()
        traineeships.advance(late, Stage.COMPLETED, by=None, happened_at=noon(date(2026, 9, 2)))
        traineeships.advance(late, Stage.CERTIFIED, by=None, happened_at=noon(date(2026, 9, 3)))
        cohort(programme, date(2026, 10, 12), 50, made=clock.now())
        after, now = told(lead, at), told(lead, AsOf(date(2026, 9, 20)))
    assert repr(after.forecast) == repr(before.forecast)
    assert now.forecast.floor == before.forecast.floor + 1


def test_a_person_counts_once():
    lead, _programme, _old, runs, planned = hub()
    first = told(lead)
    with clock.at(TODAY + timedelta(minutes=1)):
        both = make.person(Role.TRAINEE)
        make.traineeship(planned, both, stage=Stage.ADMITTED)
        other = make.traineeship(runs, both, stage=Stage.ADMITTED)
        traineeships.advance(other, Stage.TRAINING, by=None)
        second = told(lead)
    brings = [next(each for each in seen.forecast.shares if each.key == str(runs.id)) for seen in (first, second)]
    assert brings[1].people == brings[0].people + 1
    seats = [next(each for each in seen.forecast.shares if each.key == str(planned.id)) for seen in (first, second)]
    # The seat is taken, by somebody who is counted where they are further.
    assert (seats[1].people, seats[1].free) == (0, seats[0].free - 1)


def test_a_revoked_certificate_falls_out_of_the_floor():
    lead, _programme, old, _runs, _planned = hub()
    certified = next(each for each in old if each.ends_on.year == 2026)
    floor = told(lead).forecast.floor
    with clock.at(TODAY + timedelta(minutes=1)):
        held = traineeships.led_by(lead).where(Traineeship.cohort_id == certified.id)
        taken = next(each for each in session.scalars(held) if each.stage is Stage.CERTIFIED)
        traineeships.advance(taken, Stage.COMPLETED, by=None)
        assert told(lead).forecast.floor == floor - 1


def test_a_placement_that_was_withdrawn_was_no_arrival():
    """Where placements count: whoever is taken back from one has not arrived, and is certified once."""
    lead, programme, old, *_rest = hub()
    of_placed = Definition(programme.id, 1, frozenset({(programme.id, Achievement.PLACED)}))

    def arrived():
        made_from = forecasting.inputs(intakes.led_by(lead), {programme.id: of_placed}, 2026, AsOf.now())
        (cohort_of,) = [each for each in made_from.earlier if each.key == old[3].id]
        return len(made_from.counted), sum(path.arrived < NEVER for path in cohort_of.paths.values())

    assert arrived() == (0, 0)
    certified = session.query(Traineeship).filter_by(cohort_id=old[3].id, stage=Stage.CERTIFIED).first()
    moved(certified, Stage.PLACED, date(2026, 9, 21))
    assert arrived() == (1, 1)
    traineeships.take_back_placement(certified, by=None, note="Another person.")
    assert arrived() == (0, 0)


def test_it_costs_the_same_for_two_and_for_many(queries):
    lead, programme, *_rest = hub()

    def asked():
        led = intakes.led_by(lead)
        defined = definitions.of_all({each.programme_id for each in led}, AsOf.now(), 2026)
        with queries() as counted:
            forecasting.inputs(led, defined, 2026, AsOf.now())
        return len(counted)

    few = asked()
    for number in range(6):
        more = cohort(programme, date(2026, 8, 1) + timedelta(days=number))
        make.add(Lead(person_id=lead.id, cohort_id=more.id))
        trainee(more, until=Stage.TRAINING)
    assert asked() == few == 4


def test_work_done_is_compared_where_earlier_cohorts_tell_of_theirs():
    """Half of the earlier trainees had done two fifths by half-time, and all of these arrived; the others did nothing, and left."""
    programme = make.programme()
    lead = make.lead(cohort(programme, date(2030, 1, 7)))

    def half_busy(starts_on, busy=8, idle=8):
        made = cohort(programme, starts_on)
        make.add(Lead(person_id=lead.id, cohort_id=made.id))
        for number in range(busy + idle):
            taking_part = trainee(made, until=Stage.TRAINING)
            if number < busy:
                with clock.at(noon(starts_on + timedelta(days=30))):
                    traineeships.note_progress(taking_part, 45)
            if made.ends_on < clock.today():
                if number < busy:
                    moved(taking_part, Stage.COMPLETED, made.ends_on)
                    moved(taking_part, Stage.CERTIFIED, made.ends_on + timedelta(days=12))
                else:
                    moved(taking_part, Stage.LEFT, made.ends_on, reason=LeavingReason.LEVEL)
        return made

    for place in range(3):
        half_busy(date(2025, 1, 6) + timedelta(days=120 * place))
    runs = half_busy(date(2026, 8, 10), busy=12, idle=4)
    session.flush()
    (share,) = told(lead).forecast.shares
    assert share.key == str(runs.id)
    assert 10.5 < share.expected < 12.5  # the busy ones; by stages alone it would be 8


def test_a_year_without_cohorts_and_one_that_is_over(browser):
    alone = make.lead(cohort(make.programme(), date(2030, 1, 7)))
    assert told(alone) is None
    browser.sign_in(alone).open("reporting.forecast")
    assert "There is nothing to forecast" in browser.text
    browser.open("reporting.forecast_method")
    assert "too few cohorts" in browser.text
    lead, *_rest = hub()
    assert told(lead, of=2025) is None


def test_a_year_that_has_not_begun_is_told_from_the_cohorts_that_end_in_it():
    lead, programme, *_rest = hub()
    assert told(lead, of=2028) is None
    later = cohort(programme, date(2028, 3, 6))
    make.add(Lead(person_id=lead.id, cohort_id=later.id))
    assert [each.key for each in told(lead, of=2028).forecast.shares] == [str(later.id)]


def test_the_pages_tell_it(browser):
    lead, *_rest = hub()
    seen = told(lead)
    browser.sign_in(lead).open("reporting.board")
    assert f"ends at {seen.forecast.median} people" in browser.text
    assert f"Forecast {seen.forecast.median}" in browser.text  # in the year's chart
    browser.open("reporting.forecast")
    assert f"{seen.short_by} short of the target of 60" in browser.text
    assert "A week ago" in browser.text
    browser.open("reporting.forecast", month="11", seats="30", points="5")
    assert "instead of" in browser.text
    browser.open("reporting.forecast", month="", seats="0", points="99")
    assert "Give a whole number from -30 to 30." in browser.text
    browser.open("reporting.forecast_method")
    assert "Interval held" in browser.text


def test_what_if_moves_the_forecast():
    lead, *_rest = hub()
    seen = year.of(lead, 2026)
    made_from = outlook.material(seen)
    plain = made_from.told()
    better, _none = outlook.what_if(made_from, outlook.WhatIf(points=10))
    assert better.median > plain.median
    more, ends_on = outlook.what_if(made_from, outlook.WhatIf(seats=30, starts_on=date(2026, 12, 7)))
    assert ends_on.year == 2027
    assert more.median - plain.median <= 2
    early, ends_on = outlook.what_if(made_from, outlook.WhatIf(seats=200, starts_on=date(2026, 10, 2)))
    assert early.high > plain.high


def test_others_do_not_see_it(browser):
    lead, *_rest = hub()
    assert told(lead) is not None
    browser.sign_in(make.person(Role.INSTRUCTOR)).open("reporting.forecast", status=403)
    stranger = make.lead(cohort(make.programme(), date(2026, 10, 12), 40))
    assert told(stranger).forecast.floor == 0
    assert experts.of({}, 2026, AsOf.now()).people == 0
