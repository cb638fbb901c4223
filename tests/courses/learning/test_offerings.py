"""Offerings as those who teach and lead meet them; nobody else does."""

from datetime import date, timedelta

import pytest

from courses.catalogue.models import CourseVersion
from courses.learning import deadlines, progress
from courses.learning.models import Deadline, Enrolment, Offering, Teaching
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people.models import AuditEntry, Role, RoleGrant
from lms.pipeline.models import Lead
from tests import make

FIRST, LATER = make.FAR_AHEAD.replace(year=2090), make.FAR_AHEAD.replace(year=2091)


@pytest.fixture
def taught():
    """An offering with an instructor and one trainee."""
    offering = make.offering(make.course(lessons=2))
    return offering, make.instructor(offering), make.enrolment(offering)


def first_activity(offering):
    return offering.version.modules[0].activities[0]


def test_list_shows_what_one_teaches_or_leads_and_nothing_else(browser, taught):
    offering, teacher, _enrolment = taught
    foreign = make.offering()
    make.instructor(foreign)
    lead = make.lead(offering.cohort)
    for person in (teacher, lead):
        browser.sign_out().sign_in(person).open("learning.offerings")
        assert f"/offerings/{offering.id}" in browser.links()
        assert f"/offerings/{foreign.id}" not in browser.links()
    browser.sign_out().sign_in(make.admin()).open("learning.offerings", query={"state": "all"})
    assert {f"/offerings/{offering.id}", f"/offerings/{foreign.id}"} <= set(browser.links())


def test_list_tells_running_from_planned_and_finished(browser):
    lead = make.admin()
    today = clock.today()
    planned = make.offering(opens_on=today + timedelta(days=9), closes_on=today + timedelta(days=99))
    finished = make.offering(opens_on=date(2019, 1, 1), closes_on=date(2019, 6, 1))
    browser.sign_in(lead).open("learning.offerings")
    assert "No course is running" in browser.text
    for state, there, away in (("planned", planned, finished), ("finished", finished, planned)):
        browser.open("learning.offerings", query={"state": state})
        assert f"/offerings/{there.id}" in browser.links()
        assert f"/offerings/{away.id}" not in browser.links()


@pytest.mark.parametrize("page", ("offering", "deadlines", "survey", "teachers", "version"))
def test_other_offerings_are_not_there(browser, taught, page):
    offering, teacher, _enrolment = taught
    own = make.offering()
    outsiders = [make.instructor(own), make.lead(own.cohort)]
    lead = make.lead(offering.cohort)
    browser.sign_in(lead).open(f"learning.{page}", offering_id=offering.id)
    if page in ("offering", "deadlines"):
        browser.sign_out().sign_in(teacher).open(f"learning.{page}", offering_id=offering.id)
    for outsider in outsiders:
        refused = 403 if page in ("teachers", "version") and not outsider.has(Role.LEAD) else 404
        browser.sign_out().sign_in(outsider).open(f"learning.{page}", offering_id=offering.id, status=refused)


def test_deeds_on_other_offerings_do_nothing(browser, taught):
    offering, teacher, enrolment = taught
    activity, teaching = first_activity(offering), session.query(Teaching).filter_by(person_id=teacher.id).one()
    deadlines.set_common(offering, activity, teacher, FIRST)
    deadlines.extend(enrolment, activity, teacher, LATER, "Ill")
    newer = make.add(
        CourseVersion(
            course_id=offering.course_id, number=2, title=offering.version.title, summary=offering.version.summary,
            hours=1, digest="2", published_at=clock.now(),
        )
    )  # fmt: skip
    mine = make.offering()
    before = session.query(Deadline).count()
    for outsider in (make.instructor(mine), make.lead(mine.cohort)):
        browser.sign_out().sign_in(outsider)
        lead_only = 404 if outsider.has(Role.LEAD) else 403
        person = {"offering_id": offering.id, "enrolment_id": enrolment.id}
        browser.open("learning.learner", status=404, **person)
        browser.open("learning.learner", status=404, offering_id=mine.id, enrolment_id=enrolment.id)
        browser.post("learning.set_deadlines", {str(activity.id): ""}, status=404, offering_id=offering.id)
        browser.post("learning.extend", {"activity": str(activity.id)}, status=404, **person)
        browser.post("learning.withdraw_extension", status=404, activity_id=activity.id, **person)
        browser.post("learning.assign", {"person": str(outsider.id)}, status=lead_only, offering_id=offering.id)
        browser.post("learning.relieve", status=lead_only, offering_id=offering.id, teaching_id=teaching.id)
        data = {"version": str(newer.id), "seen": str(offering.version_id)}
        browser.post("learning.switch_version", data, status=lead_only, offering_id=offering.id)
    browser.sign_out().sign_in(make.admin())
    browser.open("learning.learner", status=404, offering_id=mine.id, enrolment_id=enrolment.id)
    assert session.query(Deadline).count() == before
    assert session.query(Teaching).filter_by(offering_id=offering.id).one().person_id == teacher.id
    session.refresh(offering)
    assert offering.version_id != newer.id


def test_who_teaches_here_and_leads_elsewhere_may_not_change_who_teaches(browser, taught):
    offering, teacher, _enrolment = taught
    teacher.grants.append(RoleGrant(role=Role.LEAD))
    mine = make.offering()
    make.add(Lead(person_id=teacher.id, cohort_id=mine.cohort_id))
    browser.sign_in(teacher).open("learning.teachers", offering_id=mine.id)
    browser.open("learning.offering", offering_id=offering.id)
    assert f"/offerings/{offering.id}/instructors" not in browser.links()
    for page in ("teachers", "version"):
        browser.open(f"learning.{page}", offering_id=offering.id, status=404)


def test_trainee_is_told_that_it_is_not_for_them(browser, taught):
    offering, _teacher, enrolment = taught
    browser.sign_in(enrolment.person).open("learning.offering", offering_id=offering.id, status=403)
    browser.open("learning.offerings", status=403)


def test_roster_is_sorted_searched_and_keeps_who_left_out(browser, taught):
    offering, teacher, enrolment = taught
    enrolment.person.name, enrolment.person.email = "Zoe 100%", "zoe@example.org"
    other = make.enrolment(offering)
    other.person.name = "김하늘"
    progress.finish(enrolment, first_activity(offering))
    gone = make.enrolment(offering)
    gone.person.name = "Gone Away"
    gone.ended_at = clock.now()
    browser.sign_in(teacher)

    def names(**query):
        browser.open("learning.offering", query=query, offering_id=offering.id)
        return [cell.find(".//*").text for cell in browser.find("th", scope="row")]

    assert names(sort="-progress") == ["Zoe 100%", "김하늘"]
    assert names(sort="progress") == ["김하늘", "Zoe 100%"]
    assert names(sort="x; DROP") == names(sort="name")
    assert names(q="하늘") == ["김하늘"]
    assert names(q="ZOE@") == ["Zoe 100%"]
    assert names(q="0%") == ["Zoe 100%"]
    assert names(q="_oe") == []
    assert "Nobody by that name" in browser.text


@pytest.mark.parametrize("page", ("learning.offering", "learning.offerings"))
def test_lists_cost_the_same_however_long(browser, queries, page):
    costs = []
    for count in (2, 30):
        cohort = make.cohort()
        version = make.course()
        offering = make.offering(version, cohort)
        for _each in range(count):
            make.enrolment(offering)
        for _each in range(count // 2):
            make.instructor(make.offering(make.course(), cohort))
        lead = make.lead(cohort)
        values = {"offering_id": offering.id} if page == "learning.offering" else {}
        browser.sign_out().sign_in(lead)
        with queries() as seen:
            browser.open(page, **values)
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_deadlines_for_everybody_are_set_kept_and_taken_away(browser, taught):
    offering, teacher, enrolment = taught
    one, two = offering.version.modules[0].activities
    teacher.time_zone = "Asia/Seoul"
    browser.sign_in(teacher)
    browser.post("learning.set_deadlines", {str(one.id): "2090-01-01T09:00"}, offering_id=offering.id).follow()
    assert "1 deadline changed." in browser.text
    assert browser.find("input", name=str(one.id))[0].get("value") == "2090-01-01T09:00"
    assert deadlines.due(enrolment, one) == FIRST
    assert deadlines.due(enrolment, two) is None
    browser.post("learning.set_deadlines", {str(one.id): "2090-01-01T09:00"}, offering_id=offering.id).follow()
    assert "Nothing changed." in browser.text
    browser.post("learning.set_deadlines", {str(one.id): "soon"}, status=422, offering_id=offering.id)
    assert browser.find("input", name=str(one.id))[0].get("value") == "soon"
    browser.post("learning.set_deadlines", {str(one.id): ""}, offering_id=offering.id)
    assert deadlines.due(enrolment, one) is None
    assert session.query(Deadline).count() == 2


def test_one_person_gets_longer_with_a_reason(browser, taught):
    offering, teacher, enrolment = taught
    activity, other = first_activity(offering), make.enrolment(offering)
    deadlines.set_common(offering, activity, teacher, FIRST)
    address = {"offering_id": offering.id, "enrolment_id": enrolment.id}
    data = {"activity": str(activity.id), "due_at": "2091-01-01T09:00", "reason": "In hospital"}
    browser.sign_in(teacher)
    browser.post("learning.extend", {**data, "reason": " "}, status=422, **address)
    assert "Write why" in browser.text
    browser.post("learning.extend", {**data, "due_at": "2089-01-01T09:00"}, status=409, **address)
    browser.post("learning.extend", data, **address).follow()
    assert "In hospital" in browser.text
    assert deadlines.due(enrolment, activity) == LATER
    assert deadlines.due(other, activity) == FIRST
    assert deadlines.due_many(enrolment, [activity]) == {activity.id: LATER}
    browser.post("learning.withdraw_extension", activity_id=activity.id, **address)
    assert deadlines.due(enrolment, activity) == FIRST


def test_extension_never_shortens(taught):
    offering, teacher, enrolment = taught
    activity = first_activity(offering)
    with pytest.raises(Refused):
        deadlines.extend(enrolment, activity, teacher, FIRST, "Without a deadline there is nothing to extend")
    deadlines.set_common(offering, activity, teacher, FIRST)
    with pytest.raises(Refused):
        deadlines.extend(enrolment, activity, teacher, FIRST, "The same moment")
    deadlines.extend(enrolment, activity, teacher, FIRST + timedelta(days=1), "A day")
    deadlines.set_common(offering, activity, teacher, LATER)
    due = deadlines.of(enrolment)[activity.key]
    assert (due.due_at, due.extended) == (LATER, False)


def test_lead_assigns_and_relieves_instructors(browser, taught):
    offering, teacher, _enrolment = taught
    newcomer, lead = make.person(Role.INSTRUCTOR), make.lead(offering.cohort)
    nobody = make.person(Role.TRAINEE)
    browser.sign_in(lead)
    browser.post("learning.assign", {"person": str(nobody.id)}, status=422, offering_id=offering.id)
    browser.post("learning.assign", {"person": str(newcomer.id)}, offering_id=offering.id).follow()
    assert newcomer.name in browser.text
    row = session.query(Teaching).filter_by(person_id=teacher.id).one()
    browser.post("learning.relieve", offering_id=offering.id, teaching_id=row.id)
    assert [each.person_id for each in session.query(Teaching)] == [newcomer.id]
    deeds = {entry.deed for entry in session.query(AuditEntry)}
    assert {"offering.teacher_assigned", "offering.teacher_relieved"} <= deeds


def test_course_given_to_a_cohort_enrols_who_is_there(browser):
    cohort, version = make.cohort(), make.course(lessons=2)
    draft = make.course(published=False)
    present = make.traineeship(cohort)
    browser.sign_in(make.lead(cohort)).open("learning.new_offering", query={"cohort": str(cohort.id)})
    assert browser.find("input", name="opens_on")[0].get("value") == "2020-02-01"
    assert str(draft.id) not in browser.html
    data = {"cohort": str(cohort.id), "version": str(version.id), "opens_on": "2026-01-05", "closes_on": "2026-03-05"}
    browser.post("learning.give", {**data, "closes_on": "2025-01-01"}, status=422)
    browser.post("learning.give", data)
    offering = session.query(Offering).one()
    assert (offering.version_id, offering.required) == (version.id, False)
    assert session.query(Enrolment).one().traineeship_id == present.id
    browser.post("learning.give", data, status=409)


def test_course_cannot_be_given_to_somebody_elses_cohort(browser):
    theirs, version = make.cohort(), make.course()
    make.lead(theirs)
    browser.sign_in(make.lead(make.cohort()))
    data = {"cohort": str(theirs.id), "version": str(version.id), "opens_on": "2026-01-05", "closes_on": "2026-03-05"}
    browser.post("learning.give", data, status=422)
    assert session.query(Offering).count() == 0
