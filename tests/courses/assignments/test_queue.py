"""The queue: whose work, in which order, narrowed by the address."""

from datetime import timedelta

import pytest

from courses.learning.models import Deadline, Teaching
from lms.kit import clock
from tests import make


def names(browser) -> list[str]:
    return ["".join(node.itertext()).strip() for node in browser.find("th", scope="row")]


def test_only_own_offerings_oldest_first_newest_version_of_each_person(browser, room, other):
    other.hand_in("Foreign.")
    late_comer = make.enrolment(room.offering)
    with clock.at(make.ago(days=3)):
        room.hand_in("First.")
    with clock.at(make.ago(days=2)):
        room.hand_in("Second person.", late_comer)
    with clock.at(make.ago(days=1)):
        room.hand_in("First again.")
    browser.sign_in(room.instructor).open("assignments.queue")
    assert [line.split("Cohort")[0] for line in names(browser)] == [late_comer.person.name, room.trainee.name]
    assert "2 pieces of work wait" in browser.text


@pytest.mark.parametrize(
    "state, count", [("", 1), ("unmarked", 1), ("marked", 1), ("released", 1), ("late", 1), ("all", 3), ("nonsense", 1)]
)
def test_states(browser, room, state, count):
    waiting, marked, released = (make.enrolment(room.offering) for _time in range(3))
    make.add(
        Deadline(
            offering_id=room.offering.id,
            activity_key=room.activity.key,
            person_id=waiting.person_id,
            due_at=make.ago(days=1),
        )
    )
    room.mark(room.hand_in("R", released))
    browser.sign_in(room.instructor).post("assignments.release", **room.place)
    room.mark(room.hand_in("M", marked))
    room.hand_in("W", waiting)
    browser.open("assignments.queue", query={"state": state})
    assert len(names(browser)) == count


def test_filters_by_offering_and_assignment_stay_in_the_address(browser, room, other):
    make.add(Teaching(offering_id=other.offering.id, person_id=room.instructor.id))
    room.hand_in()
    other.hand_in()
    browser.sign_in(room.instructor).open("assignments.queue")
    assert len(names(browser)) == 2
    browser.open("assignments.queue", query={"offering": str(room.offering.id)})
    [name] = names(browser)
    assert name.startswith(room.trainee.name)
    assert all(f"offering={room.offering.id}" in link for link in browser.links() if link.startswith("/marking/"))
    course = other.offering.course.slug
    browser.open("assignments.queue", query={"assignment": f"{course}/{other.activity.key}"})
    assert [name.startswith(other.trainee.name) for name in names(browser)] == [True]
    browser.open("assignments.queue", query={"offering": "no-uuid", "assignment": "nothing/here"})
    assert names(browser) == []


def test_work_of_those_who_left_and_own_work_is_not_there(browser, room):
    room.hand_in()
    gone = make.enrolment(room.offering)
    room.hand_in("Gone.", gone)
    gone.ended_at = clock.now()
    mine = make.enrolment(room.offering, make.traineeship(room.offering.cohort, room.instructor))
    own = room.hand_in("Mine.", mine)
    browser.sign_in(room.instructor).open("assignments.queue", query={"state": "all"})
    assert len(names(browser)) == 1
    browser.open("assignments.mark", submission_id=own.id, status=404)


def test_costs_the_same_for_two_and_sixty_rows_and_comes_in_pages(browser, room, queries):
    for count in range(2):
        room.hand_in(f"{count}", make.enrolment(room.offering))
    browser.sign_in(room.instructor).open("assignments.queue")
    with queries() as few:
        browser.open("assignments.queue")
    for count in range(58):
        room.mark(room.hand_in(f"{count}", make.enrolment(room.offering))) if count % 3 == 0 else room.hand_in(
            f"{count}", make.enrolment(room.offering)
        )
    with queries() as many:
        browser.open("assignments.queue", query={"state": "all"})
    assert len(few) == len(many)
    assert len(names(browser)) == 50
    browser.open("assignments.queue", query={"state": "all", "page": "2"})
    assert len(names(browser)) == 10


def test_due_moment_itself_is_late(room):
    moment = clock.now()
    make.add(Deadline(offering_id=room.offering.id, activity_key=room.activity.key, due_at=moment))
    with clock.at(moment):
        assert room.hand_in().late
    with clock.at(moment - timedelta(seconds=1)):
        assert not room.hand_in("Earlier.").late
