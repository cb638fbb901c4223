"""Rules of completion: data, in versions."""

import threading
from contextvars import copy_context

import pytest

from courses.gradebook import rules
from courses.gradebook.models import CompletionRule
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people.models import AuditEntry, Role
from tests import make

HARDER = {"activities_percent": 90, "quiz_minimum": 70, "assignment_minimum": 80}


def test_first_version_is_made_of_the_defaults_of_the_course():
    version = make.course()
    version.quiz_minimum, version.assignment_pass = 65, 55
    rule = rules.current(version.course)
    assert (rule.version, rule.activities_percent, rule.quiz_minimum, rule.assignment_minimum) == (1, 100, 65, 55)
    assert rules.current(version.course) is rule
    assert session.query(CompletionRule).count() == 1


def test_looking_makes_no_version():
    version = make.course()
    version.quiz_minimum = 65
    assert rules.newest_or_default(version.course).quiz_minimum == 65
    assert rules.holding([version.course_id])[version.course_id].quiz_minimum == 65
    session.flush()
    assert session.query(CompletionRule).count() == 0


def test_programme_asks_for_all_courses_at_first():
    rule = rules.current(make.programme())
    assert (rule.version, rule.activities_percent, rule.course_id) == (1, 100, None)


def test_change_adds_a_version_with_who_and_why():
    course, lead = make.course().course, make.person(Role.LEAD)
    rules.change(course, lead, **HARDER, reason=" Employers ask for more. ", seen=1)
    newest, first = session.scalars(rules.history(course)).all()
    assert (first.version, first.quiz_minimum, first.set_by_id) == (1, 60, None)
    assert (newest.version, newest.quiz_minimum, newest.reason) == (2, 70, "Employers ask for more.")
    assert newest.set_by_id == lead.id
    assert rules.newest_or_default(course) is newest
    note = session.query(AuditEntry).filter_by(deed="completion_rule.changed").one()
    assert (note.old["quiz_minimum"], note.new["quiz_minimum"]) == (60, 70)


def test_change_from_an_older_version_is_a_conflict():
    course, lead = make.course().course, make.person(Role.LEAD)
    rules.change(course, lead, **HARDER, reason="First.", seen=1)
    with pytest.raises(Conflict):
        rules.change(course, lead, **{**HARDER, "quiz_minimum": 10}, reason="Second.", seen=1)
    assert session.query(CompletionRule).count() == 2


@pytest.mark.parametrize("numbers, reason", [({}, "Why not."), ({"quiz_minimum": 70}, "  ")])
def test_change_of_nothing_or_without_a_reason_is_refused(numbers, reason):
    course, lead = make.course().course, make.person(Role.LEAD)
    same = {"activities_percent": 100, "quiz_minimum": 60, "assignment_minimum": 60}
    with pytest.raises(Refused):
        rules.change(course, lead, **{**same, **numbers}, reason=reason, seen=1)
    assert session.query(CompletionRule).filter(CompletionRule.version > 1).count() == 0


def test_first_version_made_by_two_at_once_is_one():
    course_id = make.course().course_id
    session.commit()
    ready, troubles = threading.Barrier(2), []

    def worker():
        try:
            ready.wait(10)
            rules.current(session.get(rules.Course, course_id))
            session.commit()
        except Exception as error:  # the test says which
            troubles.append(error)
        finally:
            session.remove()

    threads = [threading.Thread(target=copy_context().run, args=(worker,)) for _each in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    session.rollback()
    assert troubles == []
    assert session.query(CompletionRule).count() == 1
