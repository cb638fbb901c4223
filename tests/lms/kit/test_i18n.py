"""Words, days and figures in the reader's language."""

import re
from datetime import date

import pytest
from markupsafe import Markup

from lms.kit import form_words, i18n
from lms.people.models import Role
from tests import make


@pytest.mark.parametrize(("language", "said"), [("ko", "강사"), ("en", "Instructor")])
def test_a_word_that_is_also_counted_is_found_alone(app, language, said):
    with i18n.speaking(language):
        assert i18n.text("Instructor") == said


def test_values_are_escaped_and_the_sentence_is_not(app):
    with i18n.speaking("ko"):
        assert i18n.text("Question %(number)s", number="<b>") == "문제 &lt;b&gt;"


@pytest.mark.parametrize(
    ("language", "day", "short", "number", "share"),
    [("ko", "2026. 11. 22.(일)", "11. 22.(일)", "1,234.5", "35%"), ("en", "22 Nov 2026", "22 Nov", "1,234.5", "35%")],
)
def test_days_and_figures_are_written_as_the_reader_writes_them(app, language, day, short, number, share):
    with i18n.speaking(language):
        assert i18n.day(date(2026, 11, 22)) == day
        assert i18n.day(date(2026, 11, 22), short=True) == short
        assert i18n.number(1234.5, 1) == number
        assert i18n.percent(0.35) == share


def test_speaking_ends_where_it_began(app):
    with i18n.speaking("en"):
        with i18n.speaking("ko"):
            assert i18n.current() == "ko"
        assert i18n.current() == "en"


def test_a_name_from_right_to_left_turns_nothing_beside_it(app):
    with app.test_request_context():
        said = str(i18n.text_in("en", "%(name)s handed in %(num)s files", name="محمد علي", num=3))
        assert said == "\u2068محمد علي\u2069 handed in 3 files"
        assert str(i18n.text_in("en", "%(name)s, 3", name=Markup("<b>علي</b>"))) == "\u2068<b>علي</b>\u2069, 3"
        assert str(i18n.text_in("en", "%(name)s, 3", name="김하늘")) == "김하늘, 3"


def test_a_page_that_is_not_there_is_said_so_in_ones_own_language(browser):
    person = make.person(Role.TRAINEE, language="en")
    browser.speak("ko").sign_in(person)
    assert "This page is not here" in browser.open("/no/such/page", status=404).text


@pytest.mark.parametrize(
    "language,words", [("en", "This is needed. Fill it in."), ("ko", "꼭 필요한 항목이에요. 채워 주세요.")]
)
def test_fields_speak_in_the_words_of_the_product(browser, language, words):
    assert words in browser.speak(language).post("people.begin_account", {"name": "", "email": ""}, status=422).text


def test_every_sentence_of_a_form_keeps_its_values():
    for theirs, ours in form_words.SAID.items():
        assert re.findall(r"%\(\w+\)\w", theirs) == re.findall(r"%\(\w+\)\w", str(ours))
