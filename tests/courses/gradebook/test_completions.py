"""Completion: decided once, by the rule that held, with its numbers; never taken away."""

import threading
from contextvars import copy_context
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from courses.catalogue.models import ActivityKind
from courses.gradebook import completions, rules
from courses.gradebook.conditions import Ask
from courses.gradebook.models import Completion, CompletionRule
from courses.learning import deadlines
from courses.learning.models import Enrolment
from lms.kit import clock, jobs
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.pipeline.models import Stage, StageEvent, Traineeship
from tests import make
from tests.courses.gradebook import doing


def whole_course():
    version = make.course(lessons=2)
    quiz, assignment = make.quiz(version, questions=False), make.assignment(version)
    return version, quiz, assignment


def by(asked):
    return {condition.ask: condition for condition in asked}


def test_checklist_says_what_is_reached_and_what_is_missing():
    version, quiz, assignment = whole_course()
    enrolment = make.enrolment(make.offering(version, closes_on=date(2026, 12, 1)))
    doing.finish_all(enrolment, but=2)
    doing.take(enrolment, quiz, 4)
    doing.take(enrolment, quiz, 5)
    doing.mark(enrolment, assignment, 59)
    found = by(completions.checklist(enrolment))
    assert [(each.met, each.number, each.needed) for each in found.values()] == [
        (False, 2, 4),
        (False, 50, 60),
        (False, 0, 1),
    ]
    assert [piece.key for piece in found[Ask.QUIZZES].missing] == [quiz.activity.key]
    assert {each.until for each in found.values()} == {date(2026, 12, 1)}
    assert session.query(CompletionRule).count() == 0, "looking writes nothing"


def test_last_day_is_the_longer_one_of_an_extension():
    version, _quiz, assignment = whole_course()
    offering = make.offering(version, closes_on=date(2026, 12, 1))
    enrolment, teacher = make.enrolment(offering), make.instructor(offering)
    deadlines.set_common(offering, assignment.activity, teacher, datetime(2026, 11, 1, tzinfo=UTC))
    assert by(completions.checklist(enrolment))[Ask.ASSIGNMENTS].until == date(2026, 12, 1)
    deadlines.extend(enrolment, assignment.activity, teacher, datetime(2026, 12, 9, 14, 59, tzinfo=UTC), "ill")
    assert by(completions.checklist(enrolment))[Ask.ASSIGNMENTS].until == date(2026, 12, 9)


def test_nothing_is_asked_that_the_course_has_not():
    enrolment = make.enrolment(make.offering(make.course(lessons=1)))
    assert [each.ask for each in completions.checklist(enrolment)] == [Ask.ACTIVITIES]


def test_optional_activities_are_not_asked_for():
    version = make.course(lessons=1)
    extra = make.activity(version, ActivityKind.LESSON, required=False)
    enrolment = make.enrolment(make.offering(version))
    assert by(completions.checklist(enrolment))[Ask.ACTIVITIES].most == 1
    assert extra.required is False


def test_marks_that_are_not_released_count_for_nothing():
    version, _quiz, assignment = whole_course()
    enrolment = make.enrolment(make.offering(version))
    doing.mark(enrolment, assignment, 90, released=False)
    assert by(completions.checklist(enrolment))[Ask.ASSIGNMENTS].marked == 0


def test_quizzes_count_on_average_and_are_never_rounded_up():
    version = make.course(lessons=0)
    first, second = make.quiz(version, questions=False), make.quiz(version, questions=False)
    enrolment = make.enrolment(make.offering(version))
    doing.take(enrolment, first, 1000, most=1000)
    doing.take(enrolment, second, 199, most=1000)
    found = by(completions.checklist(enrolment))[Ask.QUIZZES]
    assert (found.met, found.number) == (False, 59.9)
    doing.take(enrolment, second, 200, most=1000)
    assert by(completions.checklist(enrolment))[Ask.QUIZZES].met


def test_course_and_programme_are_completed_when_everything_is_met():
    version, quiz, assignment = whole_course()
    enrolment = make.enrolment(make.offering(version))
    doing.take(enrolment, quiz, 8)
    doing.mark(enrolment, assignment, 75)
    doing.finish_all(enrolment)
    doing.decide_all()
    course, programme = session.query(Completion).order_by(Completion.enrolment_id.is_(None)).all()
    assert course.enrolment_id == enrolment.id
    assert course.rule.version == 1
    assert [(each["ask"], each["number"]) for each in course.evidence["conditions"]] == [
        ("activities", 4),
        ("quizzes", 80.0),
        ("assignments", 1),
    ]
    assert programme.traineeship_id == enrolment.traineeship_id
    assert session.query(Traineeship).one().stage is Stage.COMPLETED
    assert session.query(Letter).filter(Letter.subject.like("You have completed%")).count() == 1


def test_programme_waits_for_every_required_course():
    cohort = make.cohort()
    one, two = make.offering(make.course(), cohort), make.offering(make.course(), cohort)
    make.offering(make.course(), cohort, required=False)
    person = make.trainee(cohort)
    enrolments = {each.offering_id: each for each in session.query(Enrolment).filter_by(person_id=person.id)}
    doing.finish_all(enrolments[one.id])
    doing.decide_all()
    assert session.query(Traineeship).one().stage is Stage.TRAINING
    doing.finish_all(session.get(Enrolment, enrolments[two.id].id))
    doing.decide_all()
    assert session.query(Traineeship).one().stage is Stage.COMPLETED
    assert session.query(Completion).count() == 3


def test_deciding_again_changes_nothing():
    enrolment = make.enrolment(make.offering())
    doing.finish_all(enrolment)
    doing.decide_all()
    completions.decide_completion(str(enrolment.id))
    assert session.query(Completion).count() == 2
    assert session.query(StageEvent).filter_by(stage=Stage.COMPLETED).count() == 1
    assert session.query(Letter).count() == 1


def test_two_decisions_at_once_complete_once():
    one = make.enrolment(make.offering())
    other = make.enrolment(one.offering)
    doing.finish_all(one)
    doing.finish_all(other)
    session.query(jobs.Job).delete()
    session.commit()
    ready, troubles = threading.Barrier(6), []

    def worker(key):
        try:
            ready.wait(10)
            completions.decide_completion(key)
        except Exception as error:  # the test says which
            troubles.append(error)
        finally:
            session.remove()

    keys = [str(one.id), str(other.id)] * 3
    threads = [threading.Thread(target=copy_context().run, args=(worker, key)) for key in keys]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    session.rollback()
    session.expire_all()
    assert troubles == []
    assert session.query(Completion).count() == 4
    assert session.query(CompletionRule).count() == 2, "one for the course, one for the programme"
    assert session.query(StageEvent).filter_by(stage=Stage.COMPLETED).count() == 2
    assert session.query(Letter).count() == 2


@pytest.mark.parametrize("of", ["enrolment_id", "traineeship_id"])
def test_database_keeps_one_completion_each(of):
    enrolment = make.enrolment(make.offering())
    rule = rules.current(enrolment.offering.course)
    subject = {"enrolment_id": enrolment.id, "traineeship_id": enrolment.traineeship_id}[of]
    first = make.add(Completion(person_id=enrolment.person_id, rule_id=rule.id, evidence={}, **{of: subject}))
    assert first.decided_at
    session.commit()
    with pytest.raises(IntegrityError):
        make.add(Completion(person_id=enrolment.person_id, rule_id=rule.id, evidence={}, **{of: subject}))
    session.rollback()
    assert session.query(Completion).count() == 1


def test_later_change_of_the_rule_touches_no_completion():
    version, quiz, assignment = whole_course()
    enrolment, slower = make.enrolment(offering := make.offering(version)), make.enrolment(offering)
    for each in (enrolment, slower):
        doing.take(each, quiz, 7)
        doing.mark(each, assignment, 75)
    doing.finish_all(enrolment)
    doing.decide_all()
    before = session.query(Completion).filter_by(enrolment_id=enrolment.id).one()
    kept = (before.rule_id, before.decided_at, before.evidence)
    lead = make.lead(offering.cohort)
    harder = {"activities_percent": 100, "quiz_minimum": 90, "assignment_minimum": 90}
    rules.change(offering.course, lead, **harder, reason="Harder.", seen=1)
    doing.finish_all(session.get(Enrolment, slower.id))
    doing.decide_all()
    after = session.query(Completion).filter_by(enrolment_id=enrolment.id).one()
    assert (after.rule_id, after.decided_at, after.evidence) == kept
    assert completions.standings([enrolment])[enrolment.id].rule.version == 1
    assert session.query(Completion).filter_by(enrolment_id=slower.id).count() == 0
    assert completions.standings([slower])[slower.id].rule.version == 2


def test_milder_rule_completes_when_decided_again():
    version, quiz, assignment = whole_course()
    enrolment = make.enrolment(offering := make.offering(version))
    doing.take(enrolment, quiz, 5)
    doing.mark(enrolment, assignment, 75)
    doing.finish_all(enrolment)
    doing.decide_all()
    assert session.query(Completion).count() == 0
    lead = make.lead(offering.cohort)
    milder = {"activities_percent": 100, "quiz_minimum": 50, "assignment_minimum": 60}
    rules.change(offering.course, lead, **milder, reason="Milder.", seen=1)
    assert completions.decide_again(offering.cohort, [offering.cohort_id], lead) == 1
    doing.decide_all()
    assert session.query(Completion).count() == 2


@pytest.mark.parametrize("stage", [Stage.LEFT, Stage.ADMITTED])
def test_who_left_or_has_not_begun_completes_nothing(stage):
    enrolment = make.enrolment(make.offering(make.course(lessons=0)))
    enrolment.traineeship.stage = stage
    session.commit()
    completions.decide_completion(str(enrolment.id))
    assert session.query(Completion).count() == 0


def test_progress_and_numbers_stay_within_the_whole():
    version = make.course(lessons=2)
    enrolment = make.enrolment(make.offering(version))
    doing.finish_all(enrolment)
    doing.finish_all(enrolment)
    activities = by(completions.checklist(enrolment))[Ask.ACTIVITIES]
    assert enrolment.progress == 100
    assert activities.number == activities.needed == activities.most == 2


def test_completion_is_dated_by_the_moment_it_was_decided():
    enrolment = make.enrolment(make.offering())
    doing.finish_all(enrolment)
    session.commit()
    with clock.at(datetime(2030, 5, 1, 3, tzinfo=UTC)):
        completions.decide_completion(str(enrolment.id))
    assert session.query(Completion).first().decided_at == datetime(2030, 5, 1, 3, tzinfo=UTC)
