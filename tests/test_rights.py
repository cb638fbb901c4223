"""Every address with an id, opened by a person without the right: 404 or 403, and nothing is changed.

A row of each kind exists and belongs to others, who do have the right; so what is refused is really there.
"""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from lms.kit import db
from lms.kit.db import session
from lms.people import access
from lms.people.models import Role
from tests import make
from tests.world import make_world

# Addresses with an argument that everybody signed in may open, and why.
FOR_EVERYBODY = {
    "learning.cohort": "the public page of a cohort",
    "pipeline.apply": "anybody may apply to an open cohort",
    "pipeline.write": "one's own application",
    "pipeline.autosave": "one's own application",
    "pipeline.review": "one's own application",
    "pipeline.send": "one's own application",
    "catalogue.course": "the public description of a course",
    "catalogue.asset": "pictures of published courses are not personal",
    "certificates.verified": "whoever has the code may verify",
    "certificates.by_hash": "whoever has the file has its code",
    "people.link": "the token is the right",
    "people.open_link": "the token is the right",
}
# Courses belong to the house, not to an offering: whoever teaches or leads may look at drafts and decide about them.
# So do employers and what they offer, to whoever leads.
FOR_STAFF = {"catalogue.version", "catalogue.text", "catalogue.publish", "catalogue.discard", "gradebook.rules"}
FOR_STAFF |= {"placement.employer", "placement.change_employer", "placement.offer", "placement.close_opening"}
FOR_STAFF |= {"catalogue.archive", "catalogue.bring_back", "importing.deletion", "importing.delete"}
OUTSIDERS = [(), (Role.TRAINEE,), (Role.INSTRUCTOR,), (Role.LEAD,)]


@pytest.fixture
def world(app: Flask) -> dict[str, Any]:
    """One row of each kind, all in one cohort that the outsider has nothing to do with."""
    return make_world()


def arguments(rule: Rule, world: dict[str, Any]) -> dict[str, Any]:
    """Values for an address: by the name of the argument, from the world."""
    return {name: world[name] for name in rule.arguments if name not in (rule.defaults or {})}


@pytest.mark.parametrize("roles", OUTSIDERS, ids=lambda roles: "+".join(roles) or "nobody")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_address_with_an_id_opens_to_an_outsider(app: Flask, browser, world, roles, method):
    outsider = make.person(*roles)
    browser.sign_in(outsider)
    before = counts()
    opened = []
    for rule in app.url_map.iter_rules():
        open_to_all = access.mark_of(app.view_functions[rule.endpoint]) if rule.endpoint != "static" else None
        if (
            rule.endpoint == "static"
            or not rule.arguments
            or method not in rule.methods
            or rule.endpoint in FOR_EVERYBODY
        ):
            continue
        assert open_to_all
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **arguments(rule, world))
        status = send(browser, method, address)
        staff = bool({Role.INSTRUCTOR, Role.LEAD} & set(roles)) and rule.endpoint in FOR_STAFF
        if status not in (403, 404) and not staff:
            opened.append((rule.endpoint, address, status))
    assert [endpoint for endpoint, _address, _status in opened] == []
    if not {Role.INSTRUCTOR, Role.LEAD} & set(roles):  # staff may have decided about the draft
        assert counts() == before


def send(browser, method: str, address: str) -> int:
    for status in (404, 403, 200, 303, 302, 409, 422, 400, 204, 405):
        try:
            if method == "GET":
                browser.open(address, status=status, inspect=False)
            else:
                browser.post(address, {}, status=status, inspect=False)
        except AssertionError:
            return browser.response.status_code
        return status
    return 0


def counts() -> dict[str, int]:
    """Rows in every table that a deed of an outsider could touch."""
    left_out = {"job", "device", "held_form"}
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in db.Base.metadata.sorted_tables
        if table.name not in left_out
    }


def test_the_world_has_a_value_for_every_argument(app: Flask, world):
    wanted = {name for rule in app.url_map.iter_rules() if rule.endpoint != "static" for name in rule.arguments}
    assert {name for name in wanted if name not in world} == set()
    assert all(isinstance(value, UUID | str | int) for value in world.values())


def test_a_stranger_is_sent_to_sign_in_by_everything_that_is_not_open(app: Flask, browser, world):
    strayed = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        mark = access.mark_of(app.view_functions[rule.endpoint])
        if mark is None or mark.open:
            continue
        method = "GET" if "GET" in rule.methods else "POST"
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **arguments(rule, world))
        status = send(browser, method, address)
        if status != 303 or not browser.response.location.startswith("/sign-in"):
            strayed.append((rule.endpoint, status))
    assert strayed == []
