"""The lead's cohorts and the administrator's programmes."""

from datetime import date

import pytest
from sqlalchemy import select

from lms.kit.db import session
from lms.people.models import AuditEntry, Role
from lms.pipeline.models import Cohort, Lead, Programme, Stage
from tests import make


def filled(programme, **more):
    return {
        "programme_id": str(programme.id),
        "title_ko": "언어 모델 7기",
        "title_en": "Language Models 7",
        "summary_ko": "소개",
        "summary_en": "About",
        "track": "LLM",
        "seats": "30",
        "opens_at": "2026-10-01T09:00",
        "closes_at": "2026-10-20T18:00",
        "starts_on": "2026-11-02",
        "ends_on": "2027-02-26",
        "version": "1",
        **more,
    }


def test_a_lead_makes_a_cohort_and_leads_it(browser):
    programme, lead = make.programme(), make.person(Role.LEAD)
    browser.sign_in(lead).open("pipeline.new_cohort")
    browser.post("pipeline.create_cohort", filled(programme)).follow()
    made = session.scalars(select(Cohort)).one()
    assert (made.slug, made.seats, made.title["ko"]) == ("language-models-7", 30, "언어 모델 7기")
    assert made.closes_at.isoformat() == "2026-10-20T09:00:00+00:00"  # six in the evening in Seoul
    assert session.scalar(select(Lead.person_id)) == lead.id
    browser.post("pipeline.create_cohort", filled(programme))
    assert session.scalars(select(Cohort.slug).order_by(Cohort.made_at)).all() == [
        "language-models-7",
        "language-models-7-2",
    ]


def test_a_title_that_would_be_another_page_gets_another_address(browser):
    browser.sign_in(make.person(Role.LEAD)).post("pipeline.create_cohort", filled(make.programme(), title_en="New"))
    assert session.scalar(select(Cohort.slug)) == "new-2"


@pytest.mark.parametrize(
    "wrong,field",
    [
        ({"title_ko": ""}, "title_ko"),
        ({"seats": "0"}, "seats"),
        ({"seats": "many"}, "seats"),
        ({"closes_at": "2026-09-01T09:00"}, "closes_at"),
        ({"ends_on": "2026-11-01"}, "ends_on"),
        ({"opens_at": "soon"}, "opens_at"),
        ({"title_en": "x" * 121}, "title_en"),
        ({"track": "a\x00"}, "track"),
    ],
)
def test_mistakes_are_told_at_the_field_and_nothing_is_lost(browser, wrong, field):
    browser.sign_in(make.person(Role.LEAD)).post(
        "pipeline.create_cohort", filled(make.programme(), **wrong), status=422
    )
    assert browser.find("p", id=f"{field}-error")
    assert browser.find("input", name="track")
    assert "About" in browser.text
    assert session.scalar(select(Cohort)) is None


def test_a_lead_sees_and_changes_their_own_cohorts_only(browser):
    mine, other = make.cohort(), make.cohort()
    lead = make.lead(mine)
    make.lead(other)
    browser.sign_in(lead).open("pipeline.cohorts")
    assert mine.title["en"] in browser.text
    assert other.title["en"] not in browser.text
    browser.open("pipeline.edit_cohort", cohort_id=mine.id)
    browser.open("pipeline.edit_cohort", cohort_id=other.id, status=404)
    browser.post("pipeline.change_cohort", filled(other.programme), cohort_id=other.id, status=404)
    browser.sign_out().sign_in(make.admin()).open("pipeline.edit_cohort", cohort_id=other.id)
    browser.sign_out().sign_in(make.person(Role.TRAINEE)).open("pipeline.cohorts", status=403)


def test_the_second_of_two_who_save_is_told_and_loses_nothing(browser):
    cohort = make.cohort(seats=10)
    programme = cohort.programme
    browser.sign_in(make.lead(cohort)).post(
        "pipeline.change_cohort", filled(programme, seats="12"), cohort_id=cohort.id
    )
    browser.post("pipeline.change_cohort", filled(programme, seats="40"), cohort_id=cohort.id, status=409)
    assert browser.find("input", name="seats")[0].get("value") == "40"
    assert "12" in browser.text
    again = browser.find("input", name="version")[0].get("value")
    assert session.scalar(select(Cohort.seats)) == 12
    browser.post("pipeline.change_cohort", filled(programme, seats="40", version=again), cohort_id=cohort.id)
    session.expire_all()
    assert session.scalar(select(Cohort.seats)) == 40
    deeds = session.scalars(
        select(AuditEntry).where(AuditEntry.deed == "cohort.changed").order_by(AuditEntry.happened_at)
    ).all()
    assert (deeds[-1].old["seats"], deeds[-1].new["seats"]) == (12, 40)


def test_seats_that_are_taken_cannot_be_taken_away(browser):
    cohort = make.cohort(seats=3)
    make.traineeship(cohort)
    make.traineeship(cohort)
    browser.sign_in(make.lead(cohort)).post(
        "pipeline.change_cohort", filled(cohort.programme, seats="1"), cohort_id=cohort.id, status=422
    )
    assert "2 seats are taken already" in browser.text
    session.expire_all()
    assert session.scalar(select(Cohort.seats)) == 3


def test_the_address_stays_when_the_title_changes(browser):
    cohort = make.cohort(slug="printed-on-posters")
    browser.sign_in(make.lead(cohort)).post("pipeline.change_cohort", filled(cohort.programme), cohort_id=cohort.id)
    session.expire_all()
    assert session.scalar(select(Cohort.slug)) == "printed-on-posters"


def test_administrators_name_leads_and_end_them(browser):
    cohort, person = make.cohort(), make.person(name="Yuna", email="yuna@example.org")
    browser.sign_in(make.admin()).post("pipeline.appoint", {"email": " Yuna@Example.org"}, cohort_id=cohort.id).follow()
    assert "Yuna" in browser.text
    session.refresh(person)
    assert person.has(Role.LEAD)
    browser.post("pipeline.appoint", {"email": "yuna@example.org"}, cohort_id=cohort.id, status=422)
    browser.post("pipeline.appoint", {"email": "nobody@example.org"}, cohort_id=cohort.id, status=422)
    assert "Invite the person first" in browser.text
    lead = session.scalars(select(Lead)).one()
    browser.post("pipeline.dismiss", cohort_id=cohort.id, lead_id=lead.id)
    assert session.scalar(select(Lead)) is None
    browser.sign_out().sign_in(make.lead(cohort)).post(
        "pipeline.appoint", {"email": "yuna@example.org"}, cohort_id=cohort.id, status=403
    )


def test_the_list_costs_the_same_for_two_and_forty(browser, queries):
    programme, lead = make.programme(), make.person(Role.LEAD)
    browser.sign_in(lead)
    seen = []
    for count in (2, 38):
        for _ in range(count):
            cohort = make.cohort(programme)
            make.add(Lead(person_id=lead.id, cohort_id=cohort.id))
            make.application(cohort)
            make.application(cohort, stage=Stage.WAITING)
            make.traineeship(cohort)
        with queries() as asked:
            browser.open("pipeline.cohorts")
        seen.append(len(asked))
    assert seen[0] == seen[1]


def test_programmes_are_made_and_changed_by_administrators(browser):
    texts = {"title_ko": "전문 인재", "title_en": "Experts", "summary_ko": "", "summary_en": "Five hundred a year."}
    browser.sign_in(make.admin()).open("pipeline.new_programme")
    browser.post("pipeline.create_programme", texts).follow()
    assert "Experts" in browser.text
    made = session.scalars(select(Programme)).one()
    assert made.slug == "experts"
    browser.post("pipeline.create_programme", texts, status=422)
    assert browser.find("p", id="title_en-error")
    browser.open("pipeline.edit_programme", programme_id=made.id)
    seen = browser.find("input", name="seen")[0].get("value")
    browser.post("pipeline.change_programme", {**texts, "title_en": "Masters", "seen": seen}, programme_id=made.id)
    browser.post("pipeline.change_programme", {**texts, "title_en": ""}, programme_id=made.id, status=422)
    session.expire_all()
    assert (session.scalars(select(Programme)).one().title["en"], made.slug) == ("Masters", "experts")
    browser.sign_out().sign_in(make.person(Role.LEAD)).open("pipeline.programmes", status=403)


def test_the_second_of_two_who_change_a_programme_sees_what_the_first_saved(browser):
    programme = make.programme()
    browser.sign_in(make.admin()).open("pipeline.edit_programme", programme_id=programme.id)
    names = ("title_ko", "title_en", "seen")
    texts = {name: browser.find("input", name=name)[0].get("value") for name in names} | {"summary_en": "Mine"}
    browser.post("pipeline.change_programme", texts | {"title_en": "Theirs"}, programme_id=programme.id)
    browser.post("pipeline.change_programme", texts | {"title_en": "Ours"}, programme_id=programme.id, status=409)
    assert "Theirs" in browser.text
    assert browser.find("input", name="title_en")[0].get("value") == "Ours", "nothing typed is lost"
    session.expire_all()
    assert session.get_one(Programme, programme.id).title["en"] == "Theirs"
    again = texts | {"title_en": "Ours", "seen": browser.find("input", name="seen")[0].get("value")}
    browser.post("pipeline.change_programme", again, programme_id=programme.id)
    session.expire_all()
    assert session.get_one(Programme, programme.id).title["en"] == "Ours"


def test_certificates_are_issued_from_the_pages_of_a_cohort_that_has_begun(browser):
    """Before its first day nobody can have completed: the list leaves the button out."""
    soon = make.cohort(starts_on=date(2099, 1, 1), ends_on=date(2099, 6, 1))
    cohort = make.cohort(soon.programme, starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1))
    lead = make.lead(cohort)
    make.add(Lead(person_id=lead.id, cohort_id=soon.id))
    issue = f"/cohorts/{cohort.id}/certificates"
    browser.sign_in(lead)
    for endpoint, values in (
        ("pipeline.cohorts", {}),
        ("admissions.page", {"cohort_id": cohort.id}),
        ("reporting.cohort", {"cohort_id": cohort.id}),
    ):
        browser.open(endpoint, **values)
        assert issue in browser.links(), endpoint
    assert f"/cohorts/{soon.id}/certificates" not in browser.open("pipeline.cohorts").links()
    browser.open(issue)
