"""Moves: each pair of stages, the ledger, and what the database keeps by itself."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people.models import Role
from lms.pipeline import traineeships
from lms.pipeline.models import Application, LeavingReason, Stage, StageEvent, Traineeship
from lms.pipeline.progress_marks import ProgressMark
from tests import make

# Written out by hand, apart from the table in the rule, so that a slip there shows here.
ALLOWED = {
    (None, "applied"),
    ("applied", "admitted"),
    ("applied", "waiting"),
    ("applied", "declined"),
    ("applied", "withdrawn"),
    ("waiting", "admitted"),
    ("waiting", "declined"),
    ("waiting", "withdrawn"),
    ("declined", "admitted"),
    ("declined", "waiting"),
    ("admitted", "training"),
    ("admitted", "left"),
    ("training", "completed"),
    ("training", "left"),
    ("completed", "certified"),
    ("certified", "placed"),
    ("certified", "completed"),
    ("placed", "completed"),
}
PAIRS = list(product([None, *Stage], Stage))


def subjects(stage):
    """The rows that can stand at a stage: an application, a traineeship, or both."""
    cohort = make.cohort()
    if stage is None or stage in traineeships.OF_APPLICATIONS:
        yield make.application(cohort, stage=stage)
    if stage in traineeships.OF_TRAINEESHIPS:
        yield make.traineeship(cohort, stage=stage)


@pytest.mark.parametrize("before,after", PAIRS, ids=lambda stage: str(stage))
def test_every_pair_of_stages(before, after):
    moved = 0
    for subject in subjects(before):
        own = traineeships.OF_APPLICATIONS if isinstance(subject, Application) else traineeships.OF_TRAINEESHIPS
        if (before, after) in ALLOWED and after in own:
            with session.no_autoflush:
                if before is None:
                    subject.sent_at, subject.receipt = clock.now(), "R-1"
                event = traineeships.advance(subject, after, by=None)
            assert (subject.stage, event.stage, event.before) == (after, after, before)
            moved += 1
        else:
            with pytest.raises(Refused):
                traineeships.advance(subject, after, by=None)
            assert subject.stage == before
    assert moved == ((before, after) in ALLOWED)


def test_a_move_is_written_into_the_ledger_with_who_when_and_why():
    lead = make.person(Role.LEAD)
    taking_part = make.traineeship(make.cohort(), stage=Stage.TRAINING)
    earlier = clock.now() - timedelta(days=9)
    traineeships.advance(
        taking_part, Stage.LEFT, by=lead, reason=LeavingReason.EMPLOYED, note="New job.", happened_at=earlier
    )
    first, event = session.scalars(
        traineeships.ledger(taking_part.cohort_id, taking_part.person_id).order_by(None).order_by(StageEvent.id)
    )
    assert (event.by_id, event.reason, event.note) == (lead.id, LeavingReason.EMPLOYED, "New job.")
    assert event.happened_at == earlier
    assert event.recorded_at > earlier
    assert first.stage == Stage.TRAINING


def test_nothing_has_happened_in_the_future():
    taking_part = make.traineeship(make.cohort())
    with pytest.raises(Refused):
        traineeships.advance(taking_part, Stage.TRAINING, by=None, happened_at=clock.now() + timedelta(minutes=1))
    assert taking_part.stage == Stage.ADMITTED


def test_progress_stays_between_0_and_100():
    taking_part = make.traineeship(make.cohort())
    traineeships.note_progress(taking_part, 130)
    session.flush()
    assert (taking_part.progress, taking_part.last_activity_at is not None) == (100, True)
    traineeships.note_progress(taking_part, -5)
    assert taking_part.progress == 0


def test_each_fifth_of_the_work_is_kept_once():
    taking_part = make.traineeship(make.cohort())
    for percent in (10, 25, 39, 70, 5, 30, 100):
        traineeships.note_progress(taking_part, percent)
    session.flush()
    kept = session.scalars(select(ProgressMark).order_by(ProgressMark.fifth)).all()
    assert [each.fifth for each in kept] == [1, 3, 5]
    session.delete(taking_part)
    session.execute(delete(StageEvent))
    session.flush()
    assert session.scalars(select(ProgressMark)).all() == []


@pytest.mark.parametrize("fifth", [0, 6])
def test_there_are_five_fifths(fifth):
    taking_part = make.traineeship(make.cohort())
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(ProgressMark).values(traineeship_id=taking_part.id, fifth=fifth, reached_at=clock.now()))


@pytest.mark.parametrize("wrong", [{"progress": 101}, {"stage": Stage.WAITING}])
def test_the_database_refuses_a_wrong_traineeship(wrong):
    cohort, person = make.cohort(), make.person(Role.TRAINEE)
    good = {"stage": Stage.ADMITTED, "progress": 0}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(Traineeship(cohort_id=cohort.id, person_id=person.id, **{**good, **wrong}))
    session.add(Traineeship(cohort_id=cohort.id, person_id=person.id, **good))
    session.flush()
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(Traineeship(cohort_id=cohort.id, person_id=person.id, **good))


def test_a_lead_sees_the_traineeships_of_their_own_cohorts_only():
    mine, other = make.cohort(), make.cohort()
    lead, stranger = make.lead(mine), make.lead(other)
    taking_part = make.traineeship(mine)
    assert session.scalars(traineeships.led_by(lead)).all() == [taking_part]
    assert session.scalars(traineeships.led_by(stranger)).all() == []
    assert session.scalars(traineeships.led_by(make.admin())).all() == [taking_part]
    assert session.scalars(select(Traineeship)).all() == session.scalars(traineeships.of(taking_part.person)).all()
