"""Words, days and figures in the reader's language."""

from datetime import date

import pytest

from lms.kit import i18n


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
