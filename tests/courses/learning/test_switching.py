"""Switching to a newer version: shown before, done on purpose, nothing lost."""

import pytest

from courses.catalogue.models import Activity, CourseVersion, Module
from courses.learning import progress, switching
from courses.learning.models import ActivityProgress
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.words import Words
from lms.people.models import AuditEntry
from tests import make


@pytest.fixture
def switchable():
    """An offering on a version with lessons 1 to 3, and a newer version with lessons 2 to 5."""
    offering = make.offering(make.course(lessons=3))
    newer = another(offering, ("lesson-2", "lesson-3", "lesson-4", "lesson-5"))
    return offering, newer, make.enrolment(offering)


def another(offering, keys, *, number=2, published=True):
    version = make.add(
        CourseVersion(
            course_id=offering.course_id, number=number, title=offering.version.title,
            summary=offering.version.summary, hours=1, digest=str(number),
            published_at=clock.now() if published else None,
        )
    )  # fmt: skip
    make.add(Module(version=version, key="one", position=1, title=Words(en="Module")))
    for key in keys:
        make.lesson(version, key)
    return version


def by_key(version):
    return {row.key: row for row in session.query(Activity).filter_by(version_id=version.id)}


def test_what_was_done_is_found_again_by_key(switchable):
    offering, newer, enrolment = switchable
    old = by_key(offering.version)
    for key in ("lesson-1", "lesson-2"):
        progress.finish(enrolment, old[key])
    progress.opened(enrolment, old["lesson-3"], "half-way")
    seen = offering.version_id
    assert switching.switch(offering, newer, make.admin(), seen=seen) == 1
    new = by_key(newer)
    rows = {row.activity_id: row for row in session.query(ActivityProgress)}
    assert rows[new["lesson-2"].id].done_at is not None
    assert (rows[new["lesson-3"].id].done_at, rows[new["lesson-3"].id].place) == (None, "half-way")
    assert rows[old["lesson-1"].id].done_at is not None
    assert (enrolment.version_id, enrolment.progress) == (newer.id, 25)
    assert enrolment.last_activity_id == new["lesson-3"].id
    assert enrolment.traineeship.progress == 25
    noted = session.query(AuditEntry).filter_by(deed="offering.switched").one()
    assert noted.old == {"version": str(seen)}


def test_plan_says_what_comes_and_goes_and_whom_it_meets(browser, switchable):
    offering, newer, enrolment = switchable
    progress.finish(enrolment, by_key(offering.version)["lesson-1"])
    plan = switching.plan(offering, newer)
    assert [change.key for change in plan.added] == ["lesson-4", "lesson-5"]
    assert [(change.key, change.done) for change in plan.removed] == [("lesson-1", 1)]
    assert (plan.kept, plan.people) == (2, 1)
    browser.sign_in(make.lead(offering.cohort)).open("learning.version", offering_id=offering.id)
    assert "1 person would be switched." in browser.text
    assert "1 person has done it" in browser.text


def test_switching_on_the_page(browser, switchable):
    offering, newer, enrolment = switchable
    data = {"version": str(newer.id), "seen": str(offering.version_id)}
    browser.sign_in(make.lead(offering.cohort))
    browser.post("learning.switch_version", {**data, "seen": "x"}, status=400, offering_id=offering.id)
    browser.post("learning.switch_version", {**data, "seen": str(newer.id)}, status=409, offering_id=offering.id)
    session.refresh(enrolment)
    assert enrolment.version_id != newer.id
    browser.post("learning.switch_version", data, offering_id=offering.id).follow()
    assert "This is the newest version" in browser.text
    session.refresh(enrolment)
    assert enrolment.version_id == newer.id
    browser.post("learning.switch_version", data, status=404, offering_id=offering.id)


def test_drafts_older_and_other_courses_are_not_offered(switchable):
    offering, newer, _enrolment = switchable
    draft = another(offering, ("lesson-9",), number=3, published=False)
    assert session.scalars(switching.newer(offering)).all() == [newer]
    for wrong in (draft, make.course()):
        with pytest.raises(Refused):
            switching.switch(offering, wrong, make.admin(), seen=offering.version_id)
    with pytest.raises(Conflict):
        switching.switch(offering, newer, make.admin(), seen=newer.id)


def test_who_ended_stays_where_they_were(switchable):
    offering, newer, enrolment = switchable
    gone = make.enrolment(offering)
    gone.ended_at = clock.now()
    session.flush()
    assert switching.switch(offering, newer, make.admin(), seen=offering.version_id) == 1
    assert (gone.version_id == newer.id, enrolment.version_id == newer.id) == (False, True)
