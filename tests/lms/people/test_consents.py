"""Consent: the text's version, the time and the language of each choice are kept; nothing is overwritten."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.kit import clock
from lms.kit.db import session
from lms.kit.words import Words
from lms.people import consents
from lms.people.consent_texts import shipped
from lms.people.models import ConsentChoice, ConsentText, Role
from tests import make


def test_the_shipped_texts_speak_both_languages():
    assert {(text.kind, text.required) for text in shipped()} == {
        ("privacy", True),
        ("outcomes", False),
        ("statistics", False),
    }
    assert all(set(text.text) == set(text.title) == {"ko", "en"} for text in shipped())


def test_a_choice_keeps_version_time_and_language():
    person = make.person()
    text = consents.current("privacy")
    made = consents.choose(person, text, True, "ko")
    assert (made.text.version, made.agreed, made.language) == (1, True, "ko")
    assert made.chosen_at <= clock.now()
    assert consents.missing(person, ["privacy", "outcomes"]) == ["outcomes"]


def test_the_latest_choice_counts_and_the_earlier_one_stays():
    person = make.person()
    consents.choose(person, consents.current("outcomes"), True, "en")
    with clock.at(clock.now() + timedelta(hours=1)):
        consents.choose(person, consents.current("outcomes"), False, "en")
    assert not consents.agreed_to(person, "outcomes")
    assert [choice.agreed for choice in consents.history(person)] == [False, True]


def test_a_shipped_text_becomes_one_row_however_many_choose():
    for _ in range(3):
        consents.choose(make.person(), consents.current("privacy"), True, "en")
    assert session.scalar(select(func.count()).select_from(ConsentText)) == 1
    assert session.scalar(select(func.count()).select_from(ConsentChoice)) == 3


def test_a_new_version_must_be_agreed_to_anew_from_its_day_on():
    person = make.person()
    consents.choose(person, consents.current("privacy"), True, "en")
    day = clock.today() + timedelta(days=10)
    make.add(
        ConsentText(
            kind="privacy", version=2, required=True, title=Words(en="New"), text=Words(en="New"), valid_from=day
        )
    )
    assert consents.missing(person, ["privacy"]) == []
    with clock.at(clock.day_start(day)):
        assert consents.current("privacy").version == 2
        assert consents.missing(person, ["privacy"]) == ["privacy"]


def test_an_unknown_kind_is_an_error_and_versions_are_unique():
    with pytest.raises(LookupError):
        consents.current("cookies")
    consents.choose(make.person(), consents.current("privacy"), True, "en")
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(
            ConsentText(
                kind="privacy", version=1, required=True, title=Words(), text=Words(), valid_from=date(2026, 1, 1)
            )
        )


def test_what_was_optional_is_taken_back_and_given_again_in_the_account(browser):
    person = make.person(Role.TRAINEE)
    for kind in ("privacy", "outcomes"):
        consents.choose(person, consents.current(kind), True, "en")
    browser.sign_in(person).open("people.account")
    assert {form.get("value") for form in browser.find("input", name="kind")} == {"outcomes"}
    browser.post("people.change_consent", {"kind": "outcomes", "agreed": "no"}, status=303)
    assert not consents.agreed_to(person, "outcomes")
    browser.post("people.change_consent", {"kind": "outcomes", "agreed": "yes"}, status=303)
    browser.post("people.change_consent", {"kind": "outcomes", "agreed": "yes"}, status=303)
    assert [choice.agreed for choice in consents.history(person) if choice.text.kind == "outcomes"] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("kind", ["privacy", "statistics", "", "nothing"])
def test_a_condition_is_not_taken_back_by_a_press(browser, kind):
    person = make.person(Role.TRAINEE)
    consents.choose(person, consents.current("privacy"), True, "en")
    browser.sign_in(person).post("people.change_consent", {"kind": kind, "agreed": "no"}, status=409)
    assert consents.agreed_to(person, "privacy")
