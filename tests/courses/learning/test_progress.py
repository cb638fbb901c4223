"""How far somebody is: done once, counted once, never over 100 %, also from two tabs."""

import threading
from contextvars import copy_context

import pytest

from courses.catalogue.models import Activity, ActivityKind
from courses.learning import activities, enrolments, progress
from courses.learning.models import ActivityProgress, Enrolment
from lms.kit import db, jobs
from lms.kit.db import session
from lms.pipeline.models import Stage, StageEvent, Traineeship
from tests import make


@pytest.fixture
def heard():
    """The enrolments of which news was told."""
    seen = []

    def hear(enrolment_id):
        seen.append(enrolment_id)

    hear.__name__ = "hear_work_changed"
    jobs.on("work_changed")(hear)
    yield seen
    jobs._readers["work_changed"].remove(hear)
    del jobs._tasks["hear_work_changed"]


def activity_rows(version):
    session.refresh(version, ["modules"])
    return [activity for module in version.modules for activity in module.activities]


def test_required_activities_count_and_are_rounded_down():
    version = make.course(lessons=3)
    make.activity(version, ActivityKind.LESSON, required=False)
    enrolment = make.enrolment(make.offering(version))
    one, two, three, extra = activity_rows(version)
    seen = []
    for activity in (extra, one, two, three):
        progress.finish(enrolment, activity)
        seen.append(enrolment.progress)
    assert seen == [0, 33, 66, 100]


def test_course_that_requires_nothing_misses_nothing():
    version = make.course(lessons=0)
    extra = make.activity(version, ActivityKind.LESSON, required=False)
    enrolment = make.enrolment(make.offering(version))
    progress.finish(enrolment, extra)
    assert enrolment.progress == 100


def test_finishing_again_changes_nothing(heard):
    version = make.course(lessons=2)
    enrolment = make.enrolment(make.offering(version))
    first = activity_rows(version)[0]
    progress.finish(enrolment, first)
    row = session.query(ActivityProgress).one()
    when = row.done_at
    progress.finish(enrolment, first)
    assert (session.query(ActivityProgress).count(), row.done_at, enrolment.progress) == (1, when, 50)
    assert session.query(jobs.Job).filter_by(task="hear_work_changed").count() == 1


def test_first_deed_begins_the_training_and_only_the_first():
    version = make.course(lessons=2)
    enrolment = make.enrolment(make.offering(version))
    for activity in activity_rows(version):
        progress.finish(enrolment, activity)
    moves = session.query(StageEvent).filter_by(stage=Stage.TRAINING).all()
    assert enrolment.traineeship.stage is Stage.TRAINING
    assert [(move.before, move.by_id) for move in moves] == [(Stage.ADMITTED, enrolment.person_id)]


def test_traineeship_stands_at_the_mean_of_its_required_courses():
    cohort = make.cohort()
    whole, half = make.course(lessons=1), make.course(lessons=2)
    extra = make.course(lessons=5)
    for version, required in ((whole, True), (half, True), (extra, False)):
        make.offering(version, cohort, required=required)
    taking_part = make.traineeship(cohort)
    for enrolment in enrolments.enrol(taking_part):
        progress.finish(enrolment, activity_rows(enrolment.offering.version)[0])
    assert taking_part.progress == 75
    assert taking_part.last_activity_at is not None


def test_opening_is_noted_with_the_place_and_an_empty_place_keeps_it():
    version = make.course(lessons=2)
    enrolment = make.enrolment(make.offering(version))
    first, second = activity_rows(version)
    progress.opened(enrolment, first, "part-two")
    progress.opened(enrolment, first)
    row = session.query(ActivityProgress).one()
    assert (row.place, row.done_at, enrolment.last_activity_id) == ("part-two", None, first.id)
    progress.opened(enrolment, second)
    assert enrolment.last_activity_id == second.id
    assert enrolment.traineeship.stage is Stage.ADMITTED


@pytest.mark.parametrize("same", (True, False))
def test_two_tabs_at_once_count_what_both_did(app, same):
    version = make.course(lessons=2)
    enrolment = make.enrolment(make.offering(version))
    first, second = activity_rows(version)
    keys = [first.id, first.id if same else second.id]
    session.commit()
    together, troubles = threading.Barrier(2), []

    def tab(key):
        try:
            with app.app_context(), db.transaction():
                here = session.get_one(Enrolment, enrolment.id)
                activity = session.get_one(type(first), key)
                session.commit()
                together.wait(5)
                progress.finish(here, activity)
        except Exception as error:
            troubles.append(error)
        finally:
            session.remove()

    tabs = [threading.Thread(target=copy_context().run, args=(tab, key)) for key in keys]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join(20)
    session.rollback()
    session.expire_all()
    assert troubles == []
    assert session.query(ActivityProgress).count() == (1 if same else 2)
    assert session.get_one(Enrolment, enrolment.id).progress == (50 if same else 100)
    assert session.query(StageEvent).filter_by(stage=Stage.TRAINING).count() == 1
    assert session.query(Traineeship).one().progress == (50 if same else 100)


def test_two_tabs_that_open_a_lesson_at_once_make_one_row(app):
    version = make.course(lessons=1)
    enrolment = make.enrolment(make.offering(version))
    key, lesson = enrolment.id, activity_rows(version)[0].id
    session.commit()
    together, troubles = threading.Barrier(2), []

    def tab() -> None:
        try:
            with app.app_context(), db.transaction():
                together.wait(5)
                progress.opened(session.get_one(Enrolment, key), session.get_one(Activity, lesson))
        except Exception as error:
            troubles.append(error)
        finally:
            session.remove()

    tabs = [threading.Thread(target=copy_context().run, args=(tab,)) for _number in range(2)]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join(20)
    session.rollback()
    assert troubles == []
    assert session.query(ActivityProgress).count() == 1


def test_enrolling_again_adds_only_what_is_missing():
    cohort = make.cohort()
    make.offering(make.course(), cohort)
    taking_part = make.traineeship(cohort)
    first = enrolments.enrol(taking_part)
    make.offering(make.course(), cohort)
    both = enrolments.enrol(taking_part)
    assert len(first) == 1
    assert len(both) == 2
    assert first[0] in both
    assert session.query(Enrolment).count() == 2


def test_who_left_has_no_open_enrolment_any_more():
    enrolment = make.enrolment(make.offering())
    assert session.scalars(enrolments.of(enrolment.person)).all() == [enrolment]
    enrolment.traineeship.stage = Stage.LEFT
    session.flush()
    assert session.scalars(enrolments.of(enrolment.person)).all() == []


def test_activity_of_another_version_or_person_is_not_open():
    version, other = make.course(lessons=1), make.course(lessons=1)
    enrolment = make.enrolment(make.offering(version))
    stranger = make.enrolment(make.offering(other))
    activity, foreign = activity_rows(version)[0], activity_rows(other)[0]

    assert activities.find(enrolment.person, enrolment.id, activity.id) == (enrolment, activity)
    assert activities.find(enrolment.person, enrolment.id, foreign.id) is None
    assert activities.find(stranger.person, enrolment.id, activity.id) is None
