"""The arithmetic of attendance, as a table of cases: days first, then the rates of a person."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.attendance.arithmetic import Danger, Day, Hours, Outcome, State, danger, judge, months_after, rates, unit_of
from lms.attendance.terms import Alone, Excused, Marks, Terms, Unit, Way


def at(hour: str) -> datetime:
    """``9:30`` on the day of these tests."""
    hours, minutes, *seconds = (int(part) for part in hour.split(":"))
    return datetime(2026, 11, 23, hours, minutes, *seconds, tzinfo=UTC)


NINE_TO_SIX = Hours(at("9:00"), at("18:00"), at("12:00"), at("13:00"))  # 480 minutes taught
EVENING = Hours(at("19:00"), at("21:00"))
RULE = Terms()

# Name, hours, stamps ("i" in, "o" out), rule, what the day was.
DAYS = [
    ("on time", NINE_TO_SIX, "i9:00 o18:00", RULE, [State.PRESENT]),
    ("before it begins", NINE_TO_SIX, "i8:31 o18:20", RULE, [State.PRESENT]),
    ("at the last minute that is in time", NINE_TO_SIX, "i9:10:59 o18:00", RULE, [State.PRESENT]),
    ("a minute later", NINE_TO_SIX, "i9:11 o18:00", RULE, [State.LATE]),
    ("leaving at the first minute that is allowed", NINE_TO_SIX, "i9:00 o17:50", RULE, [State.PRESENT]),
    ("leaving a minute earlier", NINE_TO_SIX, "i9:00 o17:49:59", RULE, [State.EARLY]),
    ("late and early", NINE_TO_SIX, "i9:30 o17:00", RULE, [State.LATE, State.EARLY]),
    ("away for half an hour", NINE_TO_SIX, "i9:00 o10:00 i10:30 o18:00", RULE, [State.PRESENT]),
    ("away for a minute more", NINE_TO_SIX, "i9:00 o10:00 i10:31 o18:00", RULE, [State.OUT]),
    ("away over lunch", NINE_TO_SIX, "i9:00 o11:50 i13:10 o18:00", RULE, [State.PRESENT]),
    ("away twice", NINE_TO_SIX, "i9:00 o10:00 i10:40 o14:00 i14:40 o18:00", RULE, [State.OUT, State.OUT]),
    ("all three", NINE_TO_SIX, "i9:20 o14:00 i15:00 o17:00", RULE, [State.LATE, State.OUT, State.EARLY]),
    ("only the morning and an hour", NINE_TO_SIX, "i9:00 o14:01", RULE, [State.EARLY]),
    ("half the day missing", NINE_TO_SIX, "i9:00 o14:00", RULE, [State.ABSENT]),
    ("half the day missing at the beginning", NINE_TO_SIX, "i14:00 o18:00", RULE, [State.ABSENT]),
    ("nothing", NINE_TO_SIX, "", RULE, [State.ABSENT]),
    ("after the end", NINE_TO_SIX, "i18:05 o18:10", RULE, [State.ABSENT]),
    ("no stamp out", NINE_TO_SIX, "i9:00", RULE, [State.EARLY]),
    ("no stamp out, and late", NINE_TO_SIX, "i9:20", RULE, [State.LATE, State.EARLY]),
    ("no stamp out, and came after half the day", NINE_TO_SIX, "i14:30", RULE, [State.ABSENT]),
    ("no stamp in", NINE_TO_SIX, "o18:00", RULE, [State.LATE]),
    ("no stamp out, strict", NINE_TO_SIX, "i9:00", Terms(alone=Alone.ABSENT), [State.ABSENT]),
    ("no stamp in, strict", NINE_TO_SIX, "o18:00", Terms(alone=Alone.ABSENT), [State.ABSENT]),
    ("stamped in twice", NINE_TO_SIX, "i8:55 i9:40 o18:00", RULE, [State.PRESENT]),
    ("stamped out twice", NINE_TO_SIX, "i9:00 o18:00 o18:30", RULE, [State.PRESENT]),
    ("an evening, strict minutes", EVENING, "i19:01 o21:00", Terms(late_after=0), [State.LATE]),
    ("an evening without a pause", EVENING, "i19:00 o20:00", RULE, [State.ABSENT]),
    ("an evening where 70 % may be missing", EVENING, "i19:00 o20:00", Terms(absent_share=70), [State.EARLY]),
]  # fmt: skip


def stamps(written: str) -> list[tuple[datetime, Way]]:
    return [(at(each[1:]), Way.IN if each[0] == "i" else Way.OUT) for each in written.split()]


@pytest.mark.parametrize("hours, written, rule, wanted", [case[1:] for case in DAYS], ids=[case[0] for case in DAYS])
def test_what_a_day_was(hours, written, rule, wanted):
    found = judge(hours, stamps(written), rule)
    assert (list(found.marks) or [found.state]) == wanted
    assert found.state is wanted[0]
    assert judge(hours, reversed(stamps(written)), rule) == found


def test_an_excused_day_needs_no_stamp():
    assert judge(NINE_TO_SIX, [], RULE, excused=True) == Outcome(State.EXCUSED, minutes=480)
    assert judge(NINE_TO_SIX, stamps("i15:00"), RULE, excused=True).state is State.EXCUSED


LETTERS = {
    "p": Outcome(State.PRESENT),
    "l": Outcome(State.LATE, (State.LATE,)),
    "e": Outcome(State.EARLY, (State.EARLY,)),
    "o": Outcome(State.OUT, (State.OUT,)),
    "2": Outcome(State.LATE, (State.LATE, State.EARLY)),
    "4": Outcome(State.LATE, (State.LATE, State.OUT, State.OUT, State.EARLY)),
    "x": Outcome(State.EXCUSED),
    "a": Outcome(State.ABSENT),
    ".": None,
}


def days(written: str, first: date = date(2026, 3, 2)) -> list[Day]:
    """A letter for each day, from `first`; spaces are days without a session."""
    found = enumerate(written)
    return [Day(first + timedelta(days=number), LETTERS[letter]) for number, letter in found if letter != " "]


HALF = Terms(marks=Marks.HALF)
MONTHLY = Terms(unit=Unit.MONTH)
# Name, days, rule, so far, at best, final (per cent, None: not yet), absences left, whether it cannot be reached.
PEOPLE = [
    ("nothing planned", "", RULE, None, None, None, 0, False),
    ("nothing held yet", ".........." , RULE, None, 100, None, 2, False),
    ("all there", "pppppppppp", RULE, 100, 100, 100, 0, False),
    ("one absence", "pppppa....", RULE, 100 * 5 / 6, 90, None, 1, False),
    ("two absences, none left", "aap.......", RULE, 100 / 3, 80, None, 0, False),
    ("three absences are too many", "aaap......", RULE, 25, 70, None, 0, True),
    ("two marks cost nothing", "lepppp....", RULE, 100, 100, None, 2, False),
    ("three marks are one absence", "leoppp....", RULE, 100 * 5 / 6, 90, None, 1, False),
    ("five marks are one absence", "leole.....", RULE, 80, 90, None, 1, False),
    ("three in two days", "2lpppp....", RULE, 100 * 5 / 6, 90, None, 1, False),
    ("a day costs one day at most", "4.........", RULE, 0, 90, None, 1, False),
    ("half a day each", "leoppp....", HALF, 75, 85, None, 0, False),
    ("half a day each, twice on one day", "2.........", HALF, 0, 90, None, 1, False),
    ("half a day each, four on one day", "4.........", HALF, 0, 90, None, 1, False),
    ("half days round against nobody", "aal.......", HALF, 100 / 6, 75, None, 0, True),
    ("excused counts as present", "xxaaaa....", Terms(threshold=60), 100 / 3, 60, None, 0, False),
    ("excused is left out", "xxpa......", Terms(excused=Excused.LEFT_OUT), 50, 87.5, None, 0, False),
    ("everything excused is left out", "xxx", Terms(excused=Excused.LEFT_OUT), None, None, None, 0, False),
    ("dropped out after four of ten", "ppaa", RULE, 50, 50, 50, 0, True),
    ("joined late, earlier days left out", "ppppa.", RULE, 80, 100 * 5 / 6, None, 0, False),
    ("joined late, earlier days are absences", "aaaappppa.", RULE, 100 * 4 / 9, 50, None, 0, True),
    ("a holiday added later takes an absence away", "ppapp.....", RULE, 80, 90, None, 1, False),
    ("… and the day is not there any more", "pp pp.....", RULE, 100, 100, None, 1, False),
    ("a holiday added later takes allowed absences away", "aapppppp..", RULE, 75, 80, None, 0, False),
    ("… so that it cannot be reached", "aappppp..", RULE, 100 * 5 / 7, 100 * 7 / 9, None, 0, True),
    ("no more may be missed than is ahead", "ppppppppp.", RULE, 100, 100, None, 1, False),
    ("a cohort of one session", ".", RULE, None, 100, None, 0, False),
    ("a cohort of one session, missed", "a", RULE, 0, 0, 0, 0, True),
    ("exactly the threshold", "ppppppppaa", RULE, 80, 80, 80, 0, False),
    ("marks of two months are not added up", "le" + " " * 30 + "op......", MONTHLY, 100, 100, None, 2, False),
    ("marks of one month are", "leo" + " " * 30 + "p......", MONTHLY, 75, 90, None, 1, False),
    ("nothing is asked for", "aaaa", Terms(threshold=0), 0, 0, 0, 0, False),
    ("everything is asked for", "pppl......", Terms(threshold=100), 100, 100, None, 0, False),
]  # fmt: skip


@pytest.mark.parametrize("case", PEOPLE, ids=[case[0] for case in PEOPLE])
def test_how_somebody_stands(case):
    _name, written, rule, so_far, at_best, final, left, lost = case
    found = rates(days(written), rule)
    shares = [None if share is None else pytest.approx(share / 100) for share in (so_far, at_best, final)]
    assert [found.so_far, found.at_best, found.final] == shares
    assert (found.absences_left, found.cannot_reach) == (left, lost)


def test_units_are_months_from_the_first_day():
    begins = date(2027, 12, 31)
    assert [months_after(begins, count) for count in range(4)] == [
        begins, date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31),
    ]  # fmt: skip
    turns = {
        date(2028, 1, 30): 0,
        date(2028, 1, 31): 1,
        date(2028, 2, 28): 1,
        date(2028, 2, 29): 2,
        date(2028, 3, 30): 2,
    }
    assert {day: unit_of(day, begins, Unit.MONTH) for day in turns} == turns
    assert unit_of(date(2028, 3, 30), begins, Unit.WHOLE) == 0


def test_a_leap_day_is_a_day_like_others():
    found = rates(days("pappp", date(2028, 2, 28)), MONTHLY, date(2028, 1, 29))
    assert (found.total, found.absent) == (5, 1)
    assert [(part.first, part.last, part.held) for part in found.parts] == [
        (date(2028, 1, 29), date(2028, 2, 28), 1),
        (date(2028, 2, 29), date(2028, 3, 28), 4),
    ]


def test_marks_left_until_the_next_absence():
    assert [rates(days(each + "."), RULE).until_absence for each in ("", "l", "le", "leo", "leol")] == [3, 2, 1, 3, 2]
    assert rates(days("l."), HALF).until_absence == 0


@pytest.mark.parametrize(
    "written, wanted",
    [
        ("pppp......", None),
        ("le........", None),
        ("." * 30, None),
        ("aaa" + "." * 27, None),
        ("aaaa" + "." * 26, Danger.CLOSE),
        ("aaaaaa" + "." * 24, Danger.LAST),
        ("aaaaaaa" + "." * 23, Danger.LOST),
        ("aaaa" + "p" * 24 + "..", None),
        ("aaaaa" + "p" * 23 + "..", Danger.CLOSE),
        ("aaaaaa" + "p" * 24, None),
        ("aaaaaaa" + "p" * 23, Danger.LOST),
    ],
)
def test_who_is_warned(written, wanted):
    assert danger(rates(days(written), RULE), RULE) is wanted


@given(
    some.text("pleo24xa.", max_size=80), some.sampled_from([RULE, HALF, MONTHLY, Terms(threshold=73, per_absence=2)])
)
def test_what_is_promised_holds(written, rule):
    """Missing as many as are left keeps the threshold in reach, one more does not; no rate leaves its bounds."""
    found = rates(days(written), rule)
    for share in (found.so_far, found.at_best, found.final):
        assert share is None or 0 <= share <= 1
    missed = days(written)
    ahead = [place for place, day in enumerate(missed) if day.outcome is None]
    begins = missed[0].on if missed else None
    for count, place in enumerate(ahead, 1):
        missed[place] = Day(missed[place].on, LETTERS["a"])
        lost = rates(missed, rule, begins).cannot_reach
        assert lost == (found.cannot_reach or count > found.spare)
    if ahead and not found.cannot_reach and found.spare < len(ahead):
        assert found.absences_left == found.spare
