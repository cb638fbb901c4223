"""The arithmetic of a year, by a table of cases."""

import itertools
from datetime import date, timedelta

import pytest
from flask_babel import force_locale

from lms.reporting import pace, sentences
from lms.reporting.pace import Outlook, Pace

CASES = [
    # today, reached, target → outlook, words of the sentence
    (
        date(2026, 9, 22),
        312,
        500,
        Outlook.SHORT,
        "At this pace the year ends at 430 people, 70 short of the target.",
    ),
    (date(2026, 9, 22), 400, 500, Outlook.ON_TRACK, "On track: at this pace the year ends at 551 people."),
    (date(2026, 9, 22), 500, 500, Outlook.REACHED, "The target is reached, and 100 days of the year are left."),
    (date(2026, 12, 30), 500, 500, Outlook.REACHED, "The target is reached, and 1 day of the year is left."),
    (
        date(2026, 9, 22),
        312,
        None,
        Outlook.NO_TARGET,
        "No target is set for 2026. With one, this page tells whether the year is on track.",
    ),
    (date(2025, 12, 31), 0, 500, Outlook.NOT_BEGUN, "2026 has not begun. The target asks for 42 people a month."),
    (date(2025, 12, 31), 0, None, Outlook.NOT_BEGUN, "2026 has not begun, and no target is set for it."),
    (
        date(2026, 1, 1),
        3,
        500,
        Outlook.EARLY,
        "It is too early for a straight line. 42 people a month reach the target.",
    ),
    (date(2027, 1, 1), 500, 500, Outlook.MET, "2026 ended with 500 people: the target of 500 was met."),
    (date(2027, 3, 1), 499, 500, Outlook.MISSED, "2026 ended with 499 people, 1 short of the target."),
    (date(2026, 9, 22), 0, 0, Outlook.REACHED, "The target is reached, and 100 days of the year are left."),
    (date(2026, 9, 22), 0, 500, Outlook.SHORT, "At this pace the year ends at 0 people, 500 short of the target."),
]


@pytest.mark.parametrize("today, reached, target, outlook, words", CASES)
def test_each_case_has_its_sentence(today, reached, target, outlook, words):
    seen = Pace(2026, today, reached, target)
    assert seen.outlook == outlook
    with force_locale("en"):
        assert sentences.answer(seen) == words


def test_every_outlook_is_in_the_table():
    assert {case[3] for case in CASES} == set(Outlook)


def test_a_leap_year_has_a_day_more():
    assert Pace(2028, date(2028, 2, 29), 60, 366).passed == 60
    assert Pace(2028, date(2028, 2, 29), 60, 366).even == 60
    assert Pace(2028, date(2028, 12, 31), 1, 1).left == 0
    assert (Pace(2028, date(2028, 2, 28), 0, 0).days, Pace(2027, date(2027, 2, 28), 0, 0).days) == (366, 365)
    february = pace.months(Pace(2028, date(2028, 3, 15), 10, 366), [5, 8] + [10] * 10)[1]
    assert (february.day, february.people, february.even) == (date(2028, 2, 29), 8, 60)


@pytest.mark.parametrize(
    "today, reached, words",
    [
        (date(2026, 9, 22), 312, "58 people a month"),
        (date(2026, 12, 21), 312, "188 people in 10 days"),
        (date(2026, 12, 30), 499, "1 people in 1 day"),
        (date(2026, 12, 31), 499, "1 people today"),
        (date(2026, 9, 22), 500, "nothing more"),
    ],
)
def test_what_is_needed_from_now_on(today, reached, words):
    with force_locale("en"):
        assert sentences.needed(Pace(2026, today, reached, 500)) == words


def test_beside_an_even_pace():
    with force_locale("en"):
        said = [sentences.against_even(Pace(2026, date(2026, 9, 22), reached, 500)) for reached in (312, 363, 400)]
    assert said == ["51 behind", "exactly there", "37 ahead"]


def test_a_target_below_what_is_reached_gets_a_sentence():
    with force_locale("en"):
        assert sentences.below_reached(312, 300) == "It lies below the 312 people who are certified already."
        assert sentences.below_reached(312, 312) == ""


def test_months_end_where_today_is_and_go_on_as_a_straight_line():
    by_month = [0, 24, 61, 98, 141, 203, 241, 288, 312, 312, 312, 312]
    months = pace.months(Pace(2026, date(2026, 9, 22), 312, 500), by_month)
    assert [(m.number, m.people) for m in months if not m.ahead] == [*enumerate(by_month[:8], 1), (9, 312)]
    assert [m.current for m in months].index(True) == 8
    assert [(m.number, m.people) for m in months if m.ahead] == [(9, 321), (10, 358), (11, 393), (12, 430)]
    assert months[-1].even == 500


def test_months_of_other_years():
    assert pace.months(Pace(2026, date(2025, 5, 1), 0, 500), [0] * 12) == []
    over = pace.months(Pace(2026, date(2027, 1, 1), 78, None), list(range(1, 13)))
    assert [m.people for m in over] == list(range(1, 13))
    assert not any(m.ahead or m.current or m.even for m in over)
    last = pace.months(Pace(2026, date(2026, 1, 31), 4, 10), [4] * 12)[0]
    assert (last.people, last.ahead, last.current) == (4, False, False)
    early = pace.months(Pace(2026, date(2026, 1, 15), 4, 10), [4] * 12)
    assert [(m.number, m.current) for m in early] == [(1, True)], "no straight line in the first days"


def test_whatever_the_day_the_numbers_hold_together():
    days = [date(2025, 1, 1) + timedelta(days=count) for count in range(0, 3 * 365, 13)]
    for today, reached, target in itertools.product(days, (0, 1, 7, 499, 5000), (None, 0, 1, 500, 4999)):
        seen = Pace(2026, today, reached, target)
        assert 0 <= seen.passed <= seen.days
        assert seen.passed + seen.left == seen.days
        assert seen.projected is None or seen.projected >= reached
        assert seen.needed is None or seen.needed * seen.left * 12 >= seen.missing * seen.days
        people = [month.people for month in pace.months(seen, [reached] * 12)]
        assert people == sorted(people)
        with force_locale("en"):
            assert sentences.answer(seen)
