"""From a stage that was reached elsewhere to the row of the table that told it."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from lms.bulk import origins, uploads, work
from lms.bulk.models import BroughtIn, Kind
from lms.kit import clock, i18n
from lms.kit.db import session
from lms.people import merging
from lms.people.models import Person
from lms.pipeline.models import Cohort, StageEvent
from tests import make
from tests.lms.bulk.making import PAST_HEAD, brought_in, past, xlsx


@pytest.fixture(autouse=True)
def in_english(app):
    with i18n.speaking("en"):
        yield


@pytest.fixture
def admin():
    return make.admin()


@pytest.fixture
def upload(admin):
    make.programme(slug="programme")
    way = {
        "admitted": date(2024, 2, 20),
        "training": date(2024, 3, 4),
        "completed": date(2024, 6, 28),
    }
    rows = [past(email=f"old{number}@example.org", name=f"옛사람{number}", **way) for number in range(3)]
    return brought_in(Kind.COHORTS, xlsx(PAST_HEAD, *rows), admin, "past-2024.xlsx")


def test_every_move_that_a_table_made_names_its_row(upload):
    moves = session.scalars(select(StageEvent)).all()
    assert moves
    found = origins.of([each.id for each in moves])
    assert set(found) == {each.id for each in moves}
    emails = dict(session.execute(select(Person.id, Person.email)).all())
    for move in moves:
        number = int(re.search(r"\d", emails[move.person_id])[0])
        assert (found[move.id].line, found[move.id].upload_id) == (number + 2, upload.id)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_from_the_number_to_the_person_to_the_row(browser, admin, upload, language):
    admin.language = language
    person = session.scalars(select(Person).where(Person.email == "old1@example.org")).one()
    browser.sign_in(admin).open("reporting.person", person_id=person.id)
    assert "past-2024.xlsx" in browser.text
    assert upload.file.sha256[:12] in browser.text
    assert f"/tables/{upload.id}" in browser.links()
    said = "Reached elsewhere" if language == "en" else "다른 곳에서"
    assert said in browser.text
    with clock.at(clock.now() + uploads.KEPT_FOR * 2):
        work.forget_old_tables()
        browser.sign_out().sign_in(admin).open("reporting.person", person_id=person.id)
        assert upload.file.sha256[:12] in browser.text, "the name goes with the file, the mark of its content stays"


def test_a_lead_who_did_not_send_the_table_is_led_to_no_table(browser, upload):
    cohort = session.scalars(select(Cohort)).one()
    person = session.scalars(select(Person).where(Person.email == "old1@example.org")).one()
    browser.sign_in(make.lead(cohort)).open("reporting.person", person_id=person.id)
    assert "past-2024.xlsx" in browser.text
    assert f"/tables/{upload.id}" not in browser.links()


def test_what_happened_here_names_no_table(browser, admin):
    one = make.traineeship(make.cohort())
    browser.sign_in(admin).open("reporting.person", person_id=one.person_id)
    assert "Row " not in browser.text
    assert session.scalar(select(func.count()).select_from(BroughtIn)) == 0


def test_joining_two_accounts_and_undoing_it_keeps_the_rows(admin, upload):
    gone, kept = (
        session.scalars(select(Person).where(Person.email == f"old{number}@example.org")).one() for number in (0, 1)
    )
    before = session.scalar(select(func.count()).select_from(BroughtIn))
    moves = {each.id for each in session.scalars(select(StageEvent).where(StageEvent.person_id == gone.id))}
    merge = merging.merge(kept, gone, admin, "The same person")
    merging.undo(merge, admin)
    assert session.scalar(select(func.count()).select_from(BroughtIn)) == before
    assert set(origins.of(moves)) == moves
