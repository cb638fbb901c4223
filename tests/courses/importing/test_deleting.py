"""A course that nobody was given is deleted with everything below it; one that was given is archived."""

import pytest
from sqlalchemy import func, select

from courses.catalogue import archiving
from courses.catalogue.models import Activity, Asset, Course, CourseVersion
from courses.gradebook.models import CompletionRule
from courses.importing import deleting
from courses.learning import teaching
from courses.quizzes.models import Option, Question
from lms.kit import files, jobs
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people.models import AuditEntry, Role
from tests import make


def whole(slug: str = "doomed") -> CourseVersion:
    """A course with a lesson, a quiz, an assignment and a picture."""
    version = make.course(slug=slug)
    make.quiz(version)
    make.assignment(version)
    picture = files.keep_bytes(b"\x89PNG\r\n\x1a\n picture", name="map.png", media_type="image/png")
    make.add(Asset(version_id=version.id, name="map.png", file_id=picture.id))
    session.commit()
    return version


def count(table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_everything_below_it_goes_and_other_courses_stay():
    version, other, admin = whole(), whole("other"), make.admin()
    picture = session.scalars(select(Asset).where(Asset.version_id == version.id)).one().file
    place, other_id = files.path_of(picture), other.id
    before = {table: count(table) for table in (Course, CourseVersion, Activity, Asset, Question, Option)}
    deleting.delete_course(version.course, admin, "doomed")
    session.commit()
    jobs.perform_all()
    session.expire_all()
    assert {table: 2 * count(table) for table in before} == before
    assert session.scalars(select(Course.slug)).all() == ["other"]
    assert place.exists(), "the other course shows the same picture"
    deleting.delete_course(session.get_one(CourseVersion, other_id).course, admin, "other")
    session.commit()
    jobs.perform_all()
    assert not place.exists()
    deeds = session.scalars(select(AuditEntry).where(AuditEntry.deed == "course.deleted")).all()
    assert [entry.old for entry in deeds] == [
        {"course": "doomed", "versions": 1},
        {"course": "other", "versions": 1},
    ]


def test_a_course_that_was_given_stays():
    version, admin = whole(), make.admin()
    make.offering(version)
    with pytest.raises(Refused):
        deleting.delete_course(version.course, admin, "doomed")
    assert count(Question) == 4


def test_a_course_on_which_something_hangs_stays_whole():
    version, admin = whole(), make.admin()
    make.add(CompletionRule(course_id=version.course_id, version=1))
    with pytest.raises(Refused):
        deleting.delete_course(version.course, admin, "doomed")
    assert count(Question) == 4
    assert count(Course) == 1


def test_another_name_deletes_nothing():
    version, admin = whole(), make.admin()
    with pytest.raises(Refused):
        deleting.delete_course(version.course, admin, "dooomed")
    assert count(Course) == 1


def test_an_archived_course_is_given_to_nobody_until_it_is_back():
    version, admin, cohort = whole(), make.admin(), make.cohort()
    archiving.archive(version.course, admin)
    session.flush()
    assert session.scalars(teaching.to_give()).all() == []
    days = {"opens_on": cohort.starts_on, "closes_on": cohort.ends_on, "required": True}
    with pytest.raises(Refused):
        teaching.give(version, cohort, admin, **days)
    with pytest.raises(Refused):
        archiving.archive(version.course, admin)
    archiving.bring_back(version.course, admin)
    session.flush()
    assert session.scalars(teaching.to_give()).all() == [version]
    with pytest.raises(Refused):
        archiving.bring_back(version.course, admin)
    assert teaching.give(version, cohort, admin, **days).version_id == version.id


def test_those_who_take_an_archived_course_go_on(browser):
    version, admin = whole(), make.admin()
    offering = make.offering(version)
    enrolment = make.enrolment(offering)
    archiving.archive(version.course, admin)
    browser.sign_in(enrolment.person).open("learning.course", enrolment_id=enrolment.id)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_from_the_page_of_the_course(browser, language):
    version, lead = whole(), make.person(Role.LEAD, language=language)
    browser.sign_in(lead).open("catalogue.course", slug="doomed")
    assert "/courses/doomed/deletion" in browser.links()
    browser.post("catalogue.archive", slug="doomed").follow()
    assert browser.find("form", action="/courses/doomed/return")
    browser.open("catalogue.courses")
    browser.post("catalogue.bring_back", slug="doomed").follow()
    browser.open("importing.deletion", slug="doomed")
    browser.post("importing.delete", {"typed": "no"}, slug="doomed", status=422)
    make.offering(version)
    browser.open("importing.deletion", slug="doomed")
    assert not browser.find("input", name="typed")
    browser.post("importing.delete", {"typed": "doomed"}, slug="doomed", status=422)
    browser.post("importing.delete", {"typed": whole("free").course.slug}, slug="free").follow()
    assert session.scalars(select(Course.slug)).all() == ["doomed"]


def test_who_may_not(browser):
    whole()
    browser.sign_in(make.person(Role.INSTRUCTOR)).post(
        "importing.delete", {"typed": "doomed"}, slug="doomed", status=403
    )
    browser.sign_in(make.person(Role.TRAINEE)).post("catalogue.archive", slug="doomed", status=403)
    assert session.scalars(select(Course.archived_at)).all() == [None]
