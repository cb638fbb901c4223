"""The frame's menus: which link a page belongs to, for each kind of reader."""

import pytest

from lms import menus
from lms.people.models import Role


def current(roles: set[Role] | None, endpoint: str) -> list[tuple[str, str]]:
    found = menus.of(None if roles is None else frozenset(roles), endpoint, "en")["nav"]
    return [(str(link.label), link.current) for link in found if link.current]


@pytest.mark.parametrize(
    "role,endpoint,label",
    [
        (Role.TRAINEE, "learning.lesson", "My learning"),
        (Role.TRAINEE, "quizzes.attempt", "My learning"),
        (Role.TRAINEE, "pipeline.application", "My applications"),
        (Role.TRAINEE, "certificates.shares", "My certificates"),
        (Role.INSTRUCTOR, "assignments.mark", "Marking"),
        (Role.INSTRUCTOR, "gradebook.person", "Offerings"),
        (Role.INSTRUCTOR, "importing.new", "Courses"),
        (Role.INSTRUCTOR, "reporting.support_of", "Support"),
        (Role.LEAD, "reporting.people", "Board"),
        (Role.LEAD, "reporting.support", "Board"),
        (Role.LEAD, "admissions.application", "Cohorts"),
        (Role.LEAD, "certificates.issue", "Cohorts"),
        (Role.LEAD, "certificates.issuer", "Certificates"),
        (Role.LEAD, "gradebook.rules", "Courses"),
        (Role.LEAD, "surveys.survey", "Placement"),
        (Role.ADMIN, "people.person", "Accounts"),
        (Role.ADMIN, "pipeline.edit_programme", "Cohorts"),
    ],
)
def test_a_page_says_in_the_menu_where_one_is(app, role, endpoint, label):
    with app.test_request_context():
        assert current({role}, endpoint) == [(label, "true")]


def test_the_page_itself_is_told_from_the_pages_under_it(app):
    with app.test_request_context():
        assert current({Role.LEAD}, "pipeline.cohorts") == [("Cohorts", "page")]
        assert current(None, "catalogue.course") == [("Open cohorts", "true")]


def test_what_belongs_to_nobodys_work_is_under_nothing(app):
    with app.test_request_context():
        assert [current({role}, "people.account") for role in Role] == [[]] * len(Role)


def test_whoever_has_several_roles_is_in_one_place(app):
    with app.test_request_context():
        for endpoint in ("learning.roster", "attendance.session", "certificates.certificate", "assignments.mark"):
            assert len(current(set(Role), endpoint)) >= 1
            assert len({state for _label, state in current(set(Role), endpoint)}) == 1
