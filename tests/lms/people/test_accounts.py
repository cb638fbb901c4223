"""One's own account, and the administrator's lists."""

import pytest
from sqlalchemy import func, select

from lms.kit.db import session
from lms.kit.mail import Letter
from lms.people import accounts, passwords
from lms.people.models import AuditEntry, Device, Person, Role
from tests import make


def test_names_language_and_zone_are_ones_own(browser):
    mine = make.person(Role.TRAINEE)
    form = {"name": "Nguyễn Thị Mai", "latin_name": "NGUYEN THI MAI", "language": "ko", "time_zone": "Asia/Ho_Chi_Minh"}
    browser.sign_in(mine).open("people.account")
    browser.post("people.save_account", form).follow()
    assert (mine.name, mine.latin_name, mine.time_zone) == ("Nguyễn Thị Mai", "NGUYEN THI MAI", "Asia/Ho_Chi_Minh")
    assert browser.find("html")[0].get("lang") == "ko"
    assert session.scalars(select(AuditEntry.new)).one()["name"] == "Nguyễn Thị Mai"


@pytest.mark.parametrize(
    "field,value",
    [("name", ""), ("name", "x" * 101), ("latin_name", "홍길동"), ("language", "fr"), ("time_zone", "Mars/Olympus")],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_lost(browser, field, value):
    mine = make.person(Role.TRAINEE, name="Before")
    form = {"name": "After", "latin_name": "AFTER", "language": "en", "time_zone": "Asia/Seoul", field: value}
    browser.sign_in(mine).post("people.save_account", form, status=422)
    assert browser.find("p", id=f"{field}-error")
    kept = {node.get("name"): node.get("value") for node in browser.find("input")}
    assert kept["name"] == form["name"]
    assert mine.name == "Before"


def test_changing_the_password_needs_the_old_one_and_ends_other_devices(app, browser):
    mine = make.person(Role.TRAINEE, password_hash=passwords.hash_of("the old sentence"))
    other = type(browser)(app).sign_in(mine)
    browser.sign_in(mine)
    new = {"password": "a brand new sentence", "again": "a brand new sentence"}
    browser.post("people.change_password", {"current": "wrong", **new}, status=422)
    other.open("people.account")
    browser.post("people.change_password", {"current": "the old sentence", **new}).follow()
    other.open("people.account", status=303)


def test_the_language_of_a_stranger_is_remembered_here_and_of_a_person_everywhere(app, browser):
    browser.post("people.language", {"language": "en", "next": "/privacy"}).follow()
    assert browser.find("html")[0].get("lang") == "en"
    mine = make.person(language="ko")
    browser.sign_in(mine).post("people.language", {"language": "en", "next": "https://evil.example/"})
    assert browser.response.location == "/start"
    assert mine.language == "en"
    browser.post("people.language", {"language": "xx"}, status=400)


def test_an_administrator_invites_and_grants(browser):
    admin = make.admin()
    form = {"name": "Kim", "email": "Kim@Example.org", "language": "en", "roles": ["instructor", "lead"]}
    browser.sign_in(admin).open("people.invitation")
    browser.post("people.invite", form).follow()
    person = session.scalars(select(Person).where(Person.email == "kim@example.org")).one()
    assert person.roles == {Role.INSTRUCTOR, Role.LEAD}
    assert session.scalars(select(Letter.to_address)).one() == "kim@example.org"
    browser.post("people.set_roles", {"roles": ["trainee"]}, person_id=person.id)
    session.refresh(person)
    assert person.roles == {Role.TRAINEE}
    assert session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.deed.startswith("role."))) == 5


def test_the_last_administrator_stays_one(browser):
    admin = make.admin()
    browser.sign_in(admin).post("people.set_roles", {"roles": []}, person_id=admin.id, status=409)
    browser.post("people.close", person_id=admin.id, status=409)
    make.admin()
    browser.post("people.set_roles", {"roles": ["lead"]}, person_id=admin.id)


def test_closing_signs_out_and_reopening_lets_in(app, browser):
    someone = make.person(Role.TRAINEE)
    theirs = type(browser)(app).sign_in(someone)
    browser.sign_in(make.admin()).post("people.close", person_id=someone.id)
    theirs.open("people.account", status=303)
    assert session.scalars(select(Device.ended_at).where(Device.person_id == someone.id)).one()
    browser.post("people.reopen", person_id=someone.id)
    theirs.sign_in(someone).open("people.account")


@pytest.mark.parametrize("endpoint", ["people.accounts", "people.invitation", "people.audit_trail"])
def test_the_lists_are_for_administrators(browser, endpoint):
    browser.sign_in(make.person(Role.LEAD)).open(endpoint, status=403)
    browser.sign_out().sign_in(make.admin()).open(endpoint)


def test_finding_people_by_part_of_a_name_and_by_role(browser):
    make.person(Role.LEAD, name="남궁 슬기")
    make.person(Role.TRAINEE, name="Smith %_")
    browser.sign_in(make.admin()).open("people.accounts", query={"text": "남궁"})
    assert "남궁 슬기" in browser.text
    assert "Smith" not in browser.text
    browser.open("people.accounts", query={"role": "trainee"})
    assert "남궁" not in browser.text
    browser.open("people.accounts", query={"text": "nobody at all"})
    assert browser.find("div", class_="empty") or browser.find("div", **{"class": "empty"})


def test_the_list_costs_the_same_for_two_and_forty(browser, queries):
    browser.sign_in(make.admin())
    make.person(Role.LEAD)
    with queries() as few:
        browser.open("people.accounts")
    for _number in range(40):
        make.person(Role.TRAINEE, Role.LEAD)
    with queries() as many:
        browser.open("people.accounts")
    assert len(many) == len(few)


def test_what_only_a_demo_shows(app, browser):
    browser.open("people.demo_mail")
    browser.open("people.look")
    app.config["DEMO"] = False
    try:
        browser.open("people.demo_mail", status=404)
        browser.open("people.look", status=404)
        assert "demo-demo-demo" not in browser.open("people.sign_in").html
    finally:
        app.config["DEMO"] = True


def test_open_pages_speak_both_languages(browser):
    for language in ("ko", "en"):
        browser.speak(language)
        for endpoint in (
            "people.sign_in",
            "people.register",
            "people.forgotten",
            "people.privacy",
            "pipeline.catalogue",
        ):
            browser.open(endpoint)
            assert browser.find("html")[0].get("lang") == language


def test_an_error_page_is_in_the_readers_language(browser):
    browser.speak("ko").open("/nowhere", status=404)
    assert "화면을 찾을 수 없어요" in browser.text
    browser.speak("en").open("/nowhere", status=404)
    assert "This page is not here" in browser.text


def test_every_answer_carries_its_headers(browser):
    headers = browser.open("people.sign_in").response.headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_name_cannot_turn_the_direction_of_a_page():
    assert accounts.tidy_name(" محمد\u202e علي\u2066 \u0000") == "محمد علي"
    assert accounts.tidy_name("می\u200cخواهم 👩🏽\u200d💻 𠮷野 e\u0301") == "می\u200cخواهم 👩🏽\u200d💻 𠮷野 é"


def test_the_trail_is_readable_and_offers_what_was_done(browser):
    admin = make.admin()
    for number in range(1200):
        session.add(AuditEntry(deed="profile.told", subject_kind="Person", subject_id=admin.id, old={}, new={"fields": ["sex", "region"], "no": number}))  # fmt: skip
    session.add(
        AuditEntry(
            deed="target.set", subject_kind="Target", subject_id=admin.id, old={"people": None}, new={"people": 500}
        )
    )
    session.flush()
    said = browser.speak("en").sign_in(admin).open("people.audit_trail").text
    assert "1,201 entries" in said
    assert "sex, region" in said
    assert "– → 500" in " ".join(browser.open("people.person", person_id=admin.id).text.split())
    assert [option.get("value") for option in browser.open("people.audit_trail").find("option")] == [
        "profile.told",
        "target.set",
    ]
