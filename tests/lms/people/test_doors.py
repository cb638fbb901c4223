"""Signing in and out, registering, and what a mailed link opens."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.kit import clock, jobs, throttle
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.people import devices, links, passwords
from lms.people.models import Device, Person, Purpose, Role
from tests import make

PASSWORD = "tall trees by the river"


@pytest.fixture
def jiwoo(app):
    return make.person(Role.TRAINEE, email="jiwoo@example.org", password_hash=passwords.hash_of(PASSWORD))


def link_in_the_last_letter() -> str:
    text = session.scalars(select(Letter).order_by(Letter.written_at.desc(), Letter.id.desc())).first().text
    return re.search(r"http://localhost(/links/\S+)", text)[1]


def sign_in(browser, email="jiwoo@example.org", password=PASSWORD, **more):
    return browser.post("people.enter", {"email": email, "password": password}, **more)


def test_signing_in_leads_to_the_page_that_asked(browser, jiwoo):
    browser.open("people.account", status=303)
    assert browser.response.location == "/sign-in?next=/account"
    sign_in(browser, status=303)
    assert browser.response.location == "/start"
    browser.open("people.account")
    assert jiwoo.email in browser.text


def test_an_address_may_be_written_in_capitals(browser, jiwoo):
    sign_in(browser, email=" JiWoo@Example.ORG ")


@pytest.mark.parametrize("email,password", [("jiwoo@example.org", "wrong password"), ("nobody@example.org", PASSWORD)])
def test_the_same_answer_for_a_wrong_password_and_an_unknown_address(browser, jiwoo, email, password):
    sign_in(browser, email, password, status=422)
    assert (
        "E-mail or password is not right"
        in browser.speak("en").post("people.enter", {"email": email, "password": password}, status=422).text
    )
    assert session.scalar(select(func.count()).select_from(Device)) == 0


def test_no_redirect_leads_out(browser, jiwoo):
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        browser.post(f"/sign-in?next={elsewhere}", {"email": jiwoo.email, "password": PASSWORD})
        assert browser.response.location == "/start"
        browser.post("people.sign_out")


def test_signing_out_ends_the_device_on_the_server(browser, jiwoo):
    sign_in(browser)
    kept = browser.client.get_cookie("lms").value
    browser.post("people.sign_out")
    browser.client.set_cookie("lms", kept)  # a copy of the cookie is worth nothing now
    browser.open("people.account", status=303)


def test_signing_out_everywhere_else(app, browser, jiwoo):
    sign_in(browser)
    other = type(browser)(app)
    sign_in(other)
    other.post("people.sign_out_everywhere")
    browser.open("people.account", status=303)
    other.open("people.account")


def test_nobody_ends_somebody_elses_device(browser, jiwoo):
    other = make.person(Role.TRAINEE)
    theirs = make.add(Device(person_id=other.id, expires_at=make.FAR_AHEAD))
    browser.sign_in(jiwoo).post("people.end_device", device_id=theirs.id, status=404)
    assert session.get(Device, theirs.id).ended_at is None
    browser.sign_out().sign_in(other).post("people.end_device", device_id=theirs.id)
    assert session.get(Device, theirs.id).ended_at


def test_a_device_expires(browser, jiwoo):
    sign_in(browser)
    with clock.at(clock.now() + timedelta(days=15)):
        browser.open("people.account", status=303)


def test_a_closed_account_is_out_at_once_and_stays_out(browser, jiwoo):
    sign_in(browser)
    jiwoo.closed_at = clock.now()
    browser.open("people.account", status=303)
    sign_in(browser, status=422)


def test_registering_by_letter(browser, app):
    browser.post(
        "people.begin_account", {"name": "김  지우", "latin_name": "KIM JIWOO", "email": "New@Example.org"}, status=200
    )
    person = session.scalars(select(Person)).one()
    assert (person.name, person.email, person.password_hash) == ("김 지우", "new@example.org", None)
    assert person.has(Role.TRAINEE)
    address = link_in_the_last_letter()
    browser.open(address)
    browser.post(address, {"password": PASSWORD, "again": PASSWORD})
    browser.open("people.account")
    assert person.email_confirmed_at


def test_registering_twice_tells_the_owner_not_the_screen(browser, jiwoo):
    first = browser.post("people.begin_account", {"name": "A", "email": "free@example.org"}, status=200).text
    second = browser.post("people.begin_account", {"name": "A", "email": jiwoo.email}, status=200).text
    assert first.replace("free@example.org", "") == second.replace(jiwoo.email, "")
    assert jiwoo.name != "A"
    assert session.scalar(select(func.count()).select_from(Letter).where(Letter.to_address == jiwoo.email)) == 1


def test_a_reset_link_opens_once_and_signs_out_elsewhere(app, browser, jiwoo):
    sign_in(browser)
    stranger = type(browser)(app)
    stranger.post("people.send_reset", {"email": jiwoo.email}, status=200)
    address = link_in_the_last_letter()
    stranger.post(address, {"password": "another good sentence", "again": "another good sentence"})
    browser.open("people.account", status=303)
    type(browser)(app).post(address, {"password": PASSWORD, "again": PASSWORD}, status=404)
    sign_in(browser, password="another good sentence")


def test_a_reset_link_expires_and_cannot_be_forged(browser, jiwoo):
    browser.post("people.send_reset", {"email": jiwoo.email}, status=200)
    address = link_in_the_last_letter()
    browser.open(address[:-3] + "abc", status=404)
    with clock.at(clock.now() + timedelta(hours=3)):
        browser.open(address, status=404)
    browser.open(address)


def test_only_the_newest_letter_opens(browser, jiwoo):
    browser.post("people.send_reset", {"email": jiwoo.email}, status=200)
    first = link_in_the_last_letter()
    browser.post("people.send_reset", {"email": jiwoo.email}, status=200)
    browser.post(link_in_the_last_letter(), {"password": PASSWORD, "again": PASSWORD})
    browser.post(first, {"password": PASSWORD, "again": PASSWORD}, status=404)


def test_asking_for_a_reset_of_nobody_says_the_same(browser, app):
    browser.post("people.send_reset", {"email": "nobody@example.org"}, status=200)
    assert session.scalar(select(func.count()).select_from(Letter)) == 0


@pytest.mark.parametrize("password", ["short", "1234567890", "aaaaaaaaaaaa", "x" * 300])
def test_weak_passwords_are_refused_at_the_field(browser, jiwoo, password):
    browser.post("people.send_reset", {"email": jiwoo.email}, status=200)
    browser.post(link_in_the_last_letter(), {"password": password, "again": password}, status=422)
    assert browser.find("p", id="password-error")


@pytest.mark.parametrize("name", ["", "   ", "\u202e", "n" * 101])
def test_names_that_are_none_are_refused(browser, name, app):
    browser.post("people.begin_account", {"name": name, "email": "a@example.org"}, status=422)


def test_what_was_typed_survives_the_end_of_a_session(browser, jiwoo):
    sign_in(browser)
    session.query(Device).update({"ended_at": clock.now()})
    browser.post(
        "people.save_account", {"name": "Typed with care <b>", "language": "en", "time_zone": "Asia/Seoul"}, status=303
    ).follow()
    assert session.get(Person, jiwoo.id).name != "Typed with care <b>"
    sign_in(browser)
    assert browser.response.location == "/held"
    browser.follow()
    assert browser.find("input", name="name")[0].get("value") == "Typed with care <b>"
    assert browser.find("form", action="/account")


def test_what_one_browser_left_is_not_given_to_another(app, browser, jiwoo):
    browser.post("people.save_account", {"name": "Mine", "language": "en", "time_zone": "Asia/Seoul"})
    other = type(browser)(app)
    sign_in(other)
    assert other.response.location == "/start"


def test_a_form_without_its_token_is_refused(browser, jiwoo):
    browser.post("people.enter", {"email": jiwoo.email, "password": PASSWORD}, token=False, status=400)
    browser.sign_in(jiwoo).post("people.save_account", {"name": "Forged"}, token=False, status=400)
    assert session.get(Person, jiwoo.id).name != "Forged"


def test_attempts_are_throttled_by_account_and_address(app, browser, jiwoo):
    with throttle.counting(app):
        for _attempt in range(10):
            sign_in(browser, password="wrong password", status=422)
        sign_in(browser, status=429)
        other = make.person(Role.TRAINEE, password_hash=passwords.hash_of(PASSWORD))
        sign_in(browser, email=other.email)


def test_letters_go_into_readable_files(app, browser, settings, jiwoo):
    browser.post("people.send_reset", {"email": jiwoo.email}, status=200)
    assert jobs.perform_all() == 1
    letter = session.scalars(select(Letter)).one()
    assert letter.sent_at
    assert (
        jiwoo.email.encode()
        in (settings.data_dir / "mail" / f"{letter.written_at:%Y%m%d-%H%M%S}-{letter.id}.eml").read_bytes()
    )


def test_whoever_is_sent_to_sign_in_is_told_that_it_goes_on(browser, jiwoo):
    told = "You come back to the page that you asked for."
    assert told not in browser.speak("en").open("people.sign_in").text
    assert told in browser.open("people.sign_in", next="/account").text
    assert told not in browser.open("people.sign_in", next="https://evil.example/").text


def test_a_bad_password_keeps_the_page_of_the_invitation(app, browser):
    person = make.person(Role.INSTRUCTOR)
    with app.test_request_context():
        token = links.make(person, Purpose.INVITATION).rpartition("/")[2]
    heading = browser.speak("en").open("people.link", token=token).find("h1")[0].text
    browser.post(f"/links/{token}", {"password": "short", "again": "short"}, status=422)
    assert browser.find("h1")[0].text == heading


@pytest.mark.parametrize(
    "agent,words",
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Whale/3.25 Safari/537.36", "Whale · Windows"),
        ("Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 SamsungBrowser/24.0 Chrome/117 Mobile Safari/537.36", "Samsung Internet · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile Safari/604.1", "Safari · iPhone"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_devices_are_called_as_people_call_them(agent, words):
    assert devices.browser_of(Device(browser=agent)) == words
