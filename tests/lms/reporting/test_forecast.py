"""The forecast's arithmetic: what must hold for any cohort, told with made-up ones."""

import math
import time
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.reporting import forecast
from lms.reporting.forecast import Running
from lms.reporting.forecast_learning import CHAIN, Level, Past, is_autumn, learn, pace
from lms.reporting.forecast_timing import Course, Work, level, same_day

people = st.dictionaries(st.sampled_from(list(Level)), st.integers(0, 120), max_size=5)


@st.composite
def pasts(draw, programmes=("a", "b")):
    standing = draw(people)
    arrived = {each: draw(st.integers(0, count)) for each, count in standing.items()}
    return Past(draw(st.sampled_from(programmes)), draw(st.booleans()), standing, arrived)


@st.composite
def cohorts(draw):
    return Running(
        key="one",
        programme=draw(st.sampled_from(("a", "c"))),
        autumn=draw(st.booleans()),
        people=draw(people),
        pasts=draw(st.lists(pasts(), max_size=4)),
        days_after=draw(st.integers(-60, 120)),
        free=draw(st.integers(0, 30)),
        fills=draw(st.lists(st.floats(0, 1), max_size=3)),
    )


def typical(programme="a", *, size=40, share=0.75, autumn=False):
    """An earlier cohort whose people had done all due work and of whom a share arrived."""
    return Past(programme, autumn, {Level.ALL: size}, {Level.ALL: round(size * share)})


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 500), st.lists(cohorts(), max_size=3))
def test_certified_is_a_floor_and_the_band_holds_the_median(floor, running):
    told = forecast.year(floor, running)
    most = floor + sum(sum(each.people.values()) + each.free for each in running)
    assert floor <= told.low <= told.median <= told.high <= most
    assert told.chance(floor) == 1
    assert told.chance(most + 1) == 0
    chances = [told.chance(target) for target in range(floor, most + 2, max(1, (most - floor) // 7))]
    assert chances == sorted(chances, reverse=True)


@settings(max_examples=40, deadline=None)
@given(cohorts(), st.integers(0, 3))
def test_more_done_is_never_worse(cohort, place):
    """One person a level further, everything else the same, never lowers what is expected."""
    learned = learn(cohort.pasts, cohort.programme, cohort.autumn)
    behind = Running("one", "a", True, {CHAIN[place]: 10})
    ahead = Running("one", "a", True, {CHAIN[place]: 9, CHAIN[place + 1]: 1})
    assert forecast.carried(ahead, learned).mean >= forecast.carried(behind, learned).mean - 1e-9


def test_without_history_it_says_so_and_is_wide():
    told = forecast.year(0, [Running("new", "a", False, {Level.ALL: 100}, days_after=90)])
    taught = forecast.year(0, [Running("new", "a", False, {Level.ALL: 100}, [typical(share=0.8)] * 8, days_after=90)])
    assert (told.history, taught.history) == (0, 8)
    assert told.high - told.low > 1.5 * (taught.high - taught.low)


def test_the_spread_between_cohorts_is_in_the_band():
    """Many like each other or many that differ: the same mean, another band. Luck of single people alone would be equal."""
    alike = [typical(size=400, share=0.7)] * 6
    apart = [typical(size=400, share=share) for share in (0.45, 0.55, 0.65, 0.75, 0.85, 0.95)]
    calm, wild = (forecast.year(0, [Running("x", "a", False, {Level.ALL: 400}, past, 90)]) for past in (alike, apart))
    assert wild.high - wild.low > 1.4 * (calm.high - calm.low)
    lucky = 2 * 1.2816 * math.sqrt(400 * 0.7 * 0.3)
    assert calm.high - calm.low > lucky


def test_a_cohort_of_one_and_none():
    nobody = forecast.year(7, [Running("none", "a", False, {})])
    assert (nobody.low, nobody.median, nobody.high) == (7, 7, 7)
    assert (nobody.chance(7), nobody.chance(8)) == (1, 0)
    one = forecast.year(0, [Running("one", "a", False, {Level.ALL: 1}, [typical()] * 3, 90)])
    assert (one.median, one.high) == (1, 1)
    assert 0.5 < one.chance(1) < 0.95
    assert forecast.year(0, []).median == 0


def test_a_past_cohort_of_one_teaches_little():
    before = learn([typical(share=0.7)] * 4, "a", False)
    after = learn([*[typical(share=0.7)] * 4, Past("a", False, {Level.ALL: 1}, {})], "a", False)
    assert 0 < before.rate(Level.ALL, before.centre) - after.rate(Level.ALL, after.centre) < 0.05


def test_its_own_programme_teaches_most():
    history = [typical("a", share=0.9), typical("a", share=0.9), *[typical("b", share=0.6)] * 4]
    own, other = learn(history, "a", False), learn(history, "c", False)
    assert own.rate(Level.ALL, own.centre) > 0.83 > other.rate(Level.ALL, other.centre)
    assert own.spread < other.spread
    assert (own.own, other.own) == (2, 0)


def test_a_planned_cohort_brings_its_places_times_fill_times_completion():
    past = [Past("a", False, {Level.ADMITTED: 40}, {Level.ADMITTED: 28})] * 6
    told = forecast.year(0, [Running("next", "a", False, {}, past, 90, free=40, fills=[0.8] * 6)])
    assert abs(told.shares[0].expected - 40 * 0.82 * 0.7) < 2
    sure = forecast.year(0, [Running("next", "a", False, {Level.ADMITTED: 33}, past, 90)])
    assert told.high - told.low > sure.high - sure.low  # how full it gets is not known


def test_what_if_more_complete():
    cohort = Running("x", "a", False, {Level.ALL: 100}, [typical(share=0.6)] * 5, 90)
    plain, better, worse = (forecast.year(10, [cohort], points=points) for points in (0, 5, -5))
    assert better.median - plain.median == plain.median - worse.median == 5


def test_the_year_ends_before_the_course():
    late = forecast.year(0, [Running("x", "a", False, {Level.ALL: 100}, days_after=-20)])
    early = forecast.year(0, [Running("x", "a", False, {Level.ALL: 100}, days_after=40)])
    assert late.median < 10 < 70 < early.median


def test_levels_of_work():
    assert [pace(done, 10) for done in (0, 1, 5.9, 6, 9.9, 10)] == [
        Level.NONE,
        Level.SOME,
        Level.SOME,
        Level.MOST,
        Level.MOST,
        Level.ALL,
    ]
    assert pace(0, 0) is Level.BEGUN
    course = Course(100, [Work("a", 10), Work("b", 30, 2), Work("practice", 5, 0)])
    assert level(course.due(16.9), {"a"}) is Level.BEGUN  # due a week after its date
    assert level(course.due(17), set()) is Level.NONE
    assert level(course.due(37), {"b"}) is Level.MOST
    assert level(course.due(37), {"a", "b"}) is Level.ALL


def test_the_same_point_of_another_course():
    plain, long = Course(100), Course(200)
    assert [same_day(plain, day, long) for day in (-5, 0, 25, 100, 130)] == [-5, 0, 50, 200, 230]
    assert same_day(Course(0), 0, long) == 200  # a course of one day is over on it
    here = Course(100, [Work("a", 20), Work("b", 60)])
    there = Course(100, [Work("c", 35), Work("d", 60)])
    assert here.share_due(30) == 0.5
    assert same_day(here, 30, there) == 42  # its first work is due only then


def test_a_leap_day_is_a_day():
    assert not is_autumn(date(2028, 2, 29))
    before, after = date(2028, 2, 28), date(2028, 3, 1)
    assert same_day(Course(2), (date(2028, 2, 29) - before).days, Course((after - before).days)) == 1


def test_the_same_question_has_the_same_answer_and_it_is_quick():
    """A year at 100,000 people: the work grows with cohorts and levels, not with people."""
    past = [typical(size=2000, share=0.6 + 0.02 * step) for step in range(12)]
    year = [Running(str(key), "a", bool(key % 2), {Level.ALL: 1500, Level.SOME: 500}, past, 60) for key in range(50)]
    begun = time.process_time()
    first = forecast.year(100, year)
    assert time.process_time() - begun < 5  # about half a second on an idle machine
    assert repr(first) == repr(forecast.year(100, year))
