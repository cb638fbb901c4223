"""Days added up are the ledger; a recount finds nothing, and would find anything."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from lms.kit import clock, db
from lms.kit.db import session
from lms.pipeline import traineeships
from lms.pipeline.models import LeavingReason, Stage, StageEvent, Traineeship
from lms.reporting import counting, counts, moves, recount
from lms.reporting.asof import AsOf
from lms.reporting.models import CountedUntil, MoveCount, Recount
from lms.reporting.recount import Kind
from tests import make

START = datetime(2026, 2, 27, 1, tzinfo=UTC)


def history(cohort, people=7):
    """People who go different ways, a step every few days; some steps are recorded late."""
    ways = (
        (Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED, Stage.PLACED),
        (Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED, Stage.COMPLETED),
        (Stage.TRAINING, Stage.LEFT),
        (Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED),
    )
    for number in range(people):
        with clock.at(START + timedelta(days=number % 3)):
            taking_part = make.traineeship(cohort)
        for place, stage in enumerate(ways[number % len(ways)], 1):
            happened = START + timedelta(days=5 * place + number)
            with clock.at(happened + timedelta(days=9 if number % 3 == 1 else 0)):
                reason = LeavingReason.EMPLOYED if stage is Stage.LEFT else None
                traineeships.advance(taking_part, stage, by=None, happened_at=happened, reason=reason)


def found():
    session.flush()
    return list(recount.differences(session()))


@pytest.fixture
def cohorts():
    made = [make.cohort(), make.cohort()]
    for each in made:
        history(each)
    make.application(made[0])
    session.commit()
    db.mean_to_write(True)
    return made


def test_counted_days_and_the_ledger_say_the_same_of_every_day(cohorts):
    ids = [each.id for each in cohorts]
    days = [AsOf(START.date() + timedelta(days=number)) for number in range(-2, 60)]
    days += [AsOf(at.on, clock.day_end(at.on) - timedelta(hours=7)) for at in days]
    before = [moves.of(ids, at) for at in days]
    with clock.at(START + timedelta(days=20)):
        counting.count_moves()
    assert session.scalar(select(CountedUntil.day)) == date(2026, 3, 19)
    assert session.scalar(select(func.count()).select_from(MoveCount)) > 10
    half = [moves.of(ids, at) for at in days]
    counting.count_moves()
    whole = [moves.of(ids, at) for at in days]
    assert before == half == whole
    assert found() == []


def test_counting_goes_on_in_small_steps_and_twice_changes_nothing(cohorts, monkeypatch):
    monkeypatch.setattr(counting, "AT_ONCE", 3)
    counting.count_moves()
    first = session.scalar(select(func.sum(MoveCount.people)))
    counting.count_moves()
    today = clock.day_start(clock.today())
    finished = session.scalar(select(func.count()).where(StageEvent.recorded_at < today))
    assert session.scalar(select(func.sum(MoveCount.people))) == first == finished
    counting.begin_anew()
    assert session.scalar(select(func.sum(MoveCount.people))) == first
    assert found() == []


def test_cohorts_whose_lines_were_joined_are_counted_again(cohorts):
    counting.count_moves()
    event = session.scalars(select(StageEvent).where(StageEvent.cohort_id == cohorts[0].id).limit(1)).one()
    taken_out = session.scalars(select(StageEvent).where(StageEvent.person_id == event.person_id)).all()
    session.query(Traineeship).filter_by(person_id=event.person_id).delete()
    for each in taken_out:
        session.delete(each)
    assert {each.kind for each in found()} == {Kind.DAYS}
    counting.count_again([cohorts[0].id])
    assert found() == []


def test_standing_by_the_ledger_is_the_stage_of_the_rows(cohorts):
    for each in cohorts:
        rows = session.execute(
            select(Traineeship.stage, func.count()).where(Traineeship.cohort_id == each.id).group_by(Traineeship.stage)
        )
        tally = counts.tallies([each.id])[each.id]
        assert {stage: count for stage, count in tally.standing.items() if stage in counts.TAKING_PART} == dict(
            tuple(row) for row in rows
        )


def test_a_row_that_was_moved_past_the_ledger_is_named(cohorts):
    moved = session.scalars(select(Traineeship).where(Traineeship.stage == Stage.LEFT)).first()
    session.execute(update(Traineeship).where(Traineeship.id == moved.id).values(stage=Stage.TRAINING))
    (told,) = found()
    assert (told.kind, told.person, told.said, told.found) == (Kind.STAGE, str(moved.person_id), "training", "left")


def test_each_kind_of_difference_is_named(cohorts):
    counting.count_moves()
    certified = session.scalars(select(Traineeship).where(Traineeship.stage == Stage.CERTIFIED)).first()
    certified.certified_at = START
    make.add(Traineeship(cohort=cohorts[0], person=make.person(), stage=Stage.ADMITTED))
    ghost = make.person()
    make.add(StageEvent(cohort_id=cohorts[0].id, person_id=ghost.id, stage=Stage.APPLIED))
    gap = make.application(cohorts[1]).person
    make.add(StageEvent(cohort_id=cohorts[1].id, person_id=gap.id, stage=Stage.APPLIED, before=Stage.WAITING))
    back = make.application(cohorts[1]).person
    make.add(
        StageEvent(
            cohort_id=cohorts[1].id,
            person_id=back.id,
            stage=Stage.APPLIED,
            before=Stage.APPLIED,
            happened_at=START,
            counts_from=START,
        )
    )
    session.execute(
        update(MoveCount)
        .where(MoveCount.id == select(MoveCount.id).order_by(MoveCount.id).limit(1).scalar_subquery())
        .values(people=99)
    )
    told = {each.kind: each for each in found()}
    assert set(told) == set(Kind) - {Kind.STAGE}
    assert told[Kind.NO_ROW].person == str(ghost.id)
    assert told[Kind.CERTIFIED].person == str(certified.person_id)
    assert told[Kind.GAP].person == str(gap.id)
    assert told[Kind.BACKWARDS].person == str(back.id)
    assert told[Kind.DAYS].said == "99"


def test_the_night_writes_down_what_it_found(cohorts):
    recount.recount()
    first = recount.last()
    assert (first.differences, first.events) == ({"found": []}, session.scalar(select(func.count(StageEvent.id))))
    session.execute(update(Traineeship).where(Traineeship.stage == Stage.LEFT).values(stage=Stage.TRAINING))
    session.commit()
    db.mean_to_write(True)
    recount.recount()
    told = recount.last().differences["found"]
    assert {each["kind"] for each in told} == {"stage"}
    assert len(told) == 4
    assert session.scalar(select(func.count()).select_from(Recount)) == 2
