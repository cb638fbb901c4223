"""Whoever teaches a cohort keeps its attendance, for as long as they teach there."""

from courses.learning import teaching
from courses.learning.models import Teaching
from lms.attendance import keepers
from lms.kit.db import session
from lms.people.models import Role
from tests import make


def kept(person) -> list:
    return session.scalars(keepers.kept_by(person)).all()


def test_keeping_begins_with_the_first_course_and_ends_with_the_last():
    cohort, teacher, admin = make.cohort(), make.person(Role.INSTRUCTOR), make.admin()
    first, second = (teaching.assign(make.offering(to=cohort), teacher, admin) for _each in range(2))
    teaching.assign(make.offering(to=cohort), make.person(Role.INSTRUCTOR), admin)
    assert kept(teacher) == [cohort]
    teaching.relieve(first, admin)
    assert kept(teacher) == [cohort]
    teaching.relieve(second, admin)
    assert kept(teacher) == []
    assert session.query(Teaching).count() == 1


def test_teaching_elsewhere_keeps_nothing_here():
    here, there, teacher, admin = make.cohort(), make.cohort(), make.person(Role.INSTRUCTOR), make.admin()
    teaching.assign(make.offering(to=there), teacher, admin)
    teaching.relieve(teaching.assign(make.offering(to=here), teacher, admin), admin)
    assert kept(teacher) == [there]
