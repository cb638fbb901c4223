"""Placement rates, case by case: days from the last day of a cohort of ten, 31 March 2025."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.placement.arithmetic import SMALLEST, Case, curve, months_after

END = date(2025, 3, 31)
LATER = date(2026, 6, 1)  # every rate is ripe


def found(*days: int) -> list[Case]:
    return [Case(found_on=END + timedelta(days=day)) for day in days]


def without(day: int, count: int = 1) -> list[Case]:
    return [Case(known_until=END + timedelta(days=day))] * count


SILENT = Case()


@pytest.mark.parametrize(
    "day, months, expected",
    [
        (date(2025, 3, 31), 3, date(2025, 6, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_end_where_the_month_does(day, months, expected):
    assert months_after(day, months) == expected


# What is known of ten people, and after 3, 6 and 12 months: placed, known, estimate, lowest, highest (per cent).
CASES = {
    "all answered, none works": (without(400, 10), [(0, 10, 0, 0, 0), (0, 10, 0, 0, 0), (0, 10, 0, 0, 0)]),
    "all work at once": (found(*[0] * 10), [(10, 10, 100, 100, 100)] * 3),
    "work begun before the last day counts from it": (found(*[-20] * 5) + without(400, 5), [(5, 10, 50, 50, 50)] * 3),
    "half find work in the second quarter": (
        found(*[120] * 5) + without(400, 5),
        [(0, 10, 0, 0, 0), (5, 10, 50, 50, 50), (5, 10, 50, 50, 50)],
    ),
    "the silent widen the bounds and leave the estimate": (
        found(*[30] * 3) + without(400, 3) + [SILENT] * 4,
        [(3, 6, 50, 30, 70)] * 3,
    ),
    "those who fall silent are counted as far as they spoke": (
        found(10, 200) + without(100, 4) + without(400, 4),
        # 1/10 at day 10; at day 200 five are left, of whom one finds work: 1 - 0.9 × 0.8
        [(1, 10, 10, 10, 10), (1, 6, 10, 10, 50), (2, 6, 28, 20, 60)],
    ),
    "too few answers for an estimate": (found(5) + [SILENT] * 9, [(1, 1, None, 10, 100)] * 3),
    "nobody answered": ([SILENT] * 10, [(0, 0, None, 0, 100)] * 3),
}  # fmt: skip


@pytest.mark.parametrize("cases, expected", CASES.values(), ids=CASES)
def test_rates(cases, expected):
    for rate, wanted in zip(curve(END, cases, LATER).rates, expected, strict=True):
        shares = [None if share is None else round(share * 100) for share in (rate.estimate, rate.lowest, rate.highest)]
        assert (rate.placed, rate.known, *shares) == wanted, rate.months


def test_the_classic_curve():
    """Ten people, worked out by hand: at risk 10, 9, 6 → 1 - 0.9 × 8/9 × 4/6."""
    cases = found(10, 20, 60, 60) + without(30, 2) + without(91, 4)
    assert [(step.day, step.at_risk, step.found, round(step.share, 4)) for step in curve(END, cases, LATER).steps] == [
        (10, 10, 1, 0.1), (20, 9, 1, 0.2), (60, 6, 2, 0.4667),
    ]  # fmt: skip


def test_an_answer_on_the_day_of_an_event_is_still_at_risk_on_it():
    steps = curve(END, found(50) + without(50, 4) + without(400, 5), LATER).steps
    assert (steps[0].at_risk, steps[0].found) == (10, 1)


@pytest.mark.parametrize(
    "today, maturing", [(END, 3), (date(2025, 6, 29), 3), (date(2025, 6, 30), 2), (date(2026, 3, 31), 0)]
)
def test_young_cohorts_mature_instead_of_being_zero(today, maturing):
    seen = curve(END, without(500, 10), today)
    assert sum(rate.maturing for rate in seen.rates) == maturing
    assert all(rate.estimate is None and rate.lowest is None for rate in seen.rates if rate.maturing)
    assert (seen.until > 0) == (maturing < 3)


@pytest.mark.parametrize("count", range(SMALLEST))
def test_nothing_is_told_of_fewer_than_five(count):
    seen = curve(END, found(*range(count)), LATER)
    assert all(rate.hidden and rate.placed is None and rate.response is None for rate in seen.rates)
    assert (seen.steps, seen.told) == ((), None)


def test_a_cohort_of_five_is_told_of():
    assert curve(END, found(1) + without(400, 4), LATER).told.estimate == pytest.approx(0.2)


CASE = st.one_of(
    st.just(SILENT),
    st.integers(-30, 500).map(lambda day: Case(found_on=END + timedelta(days=day))),
    st.integers(0, 500).map(lambda day: Case(known_until=END + timedelta(days=day))),
)


@given(st.lists(CASE, min_size=5, max_size=60))
def test_the_estimate_lies_between_its_bounds_and_never_falls(cases):
    seen = curve(END, cases, LATER)
    for rate in seen.rates:
        assert 0 <= rate.lowest <= rate.highest <= 1
        assert rate.estimate is None or rate.lowest <= rate.estimate <= rate.highest
        assert rate.placed <= rate.known <= rate.people
    shares = [step.share for step in seen.steps]
    assert shares == sorted(shares)
