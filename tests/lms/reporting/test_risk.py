"""Who may need help: reasons by the table, an order that never rewards missing more, weights that numbers carry."""

from datetime import date
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.reporting import risk, risk_learning
from lms.reporting.risk import Case, Facts, Kind, Presence, Weights
from lms.reporting.risk_learning import ASSUMED, SHARES, Past

EVEN = Weights(((0.7, 0.5, 0.4), (0.7, 0.5, 0.4), (0.7, 0.5, 0.4)))


def presence(held, lost, left, ahead, lost_for_good=False):
    return Presence(held, lost, left, ahead, lost_for_good)


CASES = [
    (Facts(), {}),
    (Facts(presence(10, 0, 4, 10)), {}),
    (Facts(presence(0, 0, 4, 20)), {}),  # nothing was held yet
    (Facts(presence(10, 1, 3, 10)), {}),
    (Facts(presence(1, 1, 3, 19)), {}),  # a single day is no habit
    (Facts(presence(10, 2, 2, 10)), {Kind.ABSENCES: 1}),
    (Facts(presence(5, 4, 8, 55)), {Kind.ABSENCES: 1}),  # too fast, though much is left
    (Facts(presence(40, 6, 6, 20)), {Kind.ABSENCES: 1}),
    (Facts(presence(40, 4, 8, 20)), {}),
    (Facts(presence(10, 4, 0, 10)), {Kind.ABSENCES: 2}),
    (Facts(presence(10, 6, -2, 10, True)), {Kind.ABSENCES: 3}),
    (Facts(presence(20, 4, 0, 0)), {}),  # over, and met
    (Facts(presence(20, 6, -2, 0, True)), {Kind.ABSENCES: 3}),
    (Facts(done=2, due=2), {}),
    (Facts(done=3, due=2), {}),
    (Facts(done=1, due=2), {Kind.LATE_WORK: 1}),
    (Facts(done=0, due=2), {Kind.LATE_WORK: 2}),
    (Facts(done=0, due=5), {Kind.LATE_WORK: 3}),
    (Facts(done=None, due=5), {}),
    (Facts(silent=6), {}),
    (Facts(silent=7), {Kind.SILENCE: 1}),
    (Facts(silent=14), {Kind.SILENCE: 2}),
    (Facts(silent=90), {Kind.SILENCE: 3}),
    (Facts(presence(10, 4, 0, 10), 0, 1, 8), {Kind.ABSENCES: 2, Kind.LATE_WORK: 1, Kind.SILENCE: 1}),
]


@pytest.mark.parametrize(("facts", "expected"), CASES)
def test_reasons_by_the_table(facts, expected):
    assert {each.kind: each.step for each in risk.reasons(facts)} == expected


def test_a_reason_carries_the_numbers_of_its_sentence():
    told = risk.reasons(Facts(presence(10, 6, -2, 10, True), 1, 3, 15))
    assert [each.numbers for each in told] == [(6, 10, 0), (1, 3), (15,)]


FIRST, LAST = date(2026, 3, 2), date(2026, 6, 9)  # a hundred days


@pytest.mark.parametrize(
    ("on", "others", "due"),
    [
        (date(2026, 3, 2), [5, 5, 5], 0),
        (date(2026, 3, 27), [5, 5, 5], 0),  # 26 days, 19 of them due: less than a fifth
        (date(2026, 3, 28), [5, 5, 5], 1),
        (date(2026, 6, 9), [5, 5, 5], 4),
        (date(2026, 6, 16), [5, 5, 5], 5),
        (date(2026, 12, 1), [5, 5, 5], 5),
        (date(2026, 6, 16), [0, 2, 5], 2),  # never more than half of the cohort has done
        (date(2026, 6, 16), [0, 0, 5], 0),
        (date(2026, 6, 16), [], 0),
        (date(2026, 2, 1), [5], 0),
    ],
)
def test_what_is_due(on, others, due):
    assert risk.due_fifths(FIRST, LAST, on, others) == due


def test_a_course_of_one_day_has_its_work_due_a_week_later():
    assert risk.due_fifths(FIRST, FIRST, FIRST, [5]) == 0
    assert risk.due_fifths(FIRST, FIRST, date(2026, 3, 9), [5]) == 5


def missed(held, lost, allowed, ahead):
    """Somebody who may miss `allowed` of all days and missed `lost`."""
    return presence(held, lost, allowed - lost, ahead, lost > allowed)


STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
PLACES = st.tuples(
    st.integers(1, 40),
    st.integers(0, 40),
    st.integers(0, 12),
    st.integers(0, 40),
    st.integers(0, 5),
    st.integers(0, 30),
)
WEIGHTS = st.lists(st.floats(0, 3), min_size=9, max_size=9).map(
    lambda values: Weights((tuple(values[:3]), tuple(values[3:6]), tuple(values[6:])))
)


@STEADY
@given(PLACES, st.integers(0, 5), WEIGHTS, st.lists(st.integers(0, 12), max_size=6))
def test_more_absences_never_lower_the_rank(place, due, weights, others):
    held, lost, allowed, ahead, done, silent = place
    lost = min(lost, held)
    crowd = [Case(f"other {each}", Facts(missed(20, each, 4, 20), 2, 3, each)) for each in others]
    places = []
    for more in range(min(3, held - lost) + 1):
        me = Case("me", Facts(missed(held, lost + more, allowed, ahead), done, due, silent))
        order = [each.case.key for each in risk.ranked([*crowd, me], weights)]
        places.append(order.index("me") if "me" in order else len(order))
    assert places == sorted(places, reverse=True)


@STEADY
@given(PLACES, st.integers(0, 5), WEIGHTS)
def test_less_work_and_longer_silence_never_weigh_less(place, due, weights):
    *_rest, done, silent = place
    now = weights.of(risk.steps(Facts(None, done, due, silent)))
    assert weights.of(risk.steps(Facts(None, max(0, done - 1), due, silent))) >= now
    assert weights.of(risk.steps(Facts(None, done, due, silent + 5))) >= now


def test_nobody_without_a_reason_is_listed_and_equals_stand_by_what_they_missed():
    people = [
        Case("b", Facts(presence(10, 2, 2, 10)), "B"),
        Case("a", Facts(presence(10, 2, 2, 10)), "A"),
        Case("most", Facts(presence(10, 3, 1, 10)), "Z"),
        Case("fine", Facts(presence(10, 0, 4, 10)), "F"),
    ]
    assert [each.case.key for each in risk.ranked(people, EVEN)] == ["most", "a", "b"]
    assert risk.ranked(reversed(people), EVEN) == risk.ranked(people, EVEN)


def history(cohorts=5, people=40, *, of_silent=0.8, of_others=0.05, seed=1):
    """Earlier cohorts in which a quarter fell silent, and who was silent mostly did not complete."""
    chance, found = Random(seed), []
    for cohort in range(cohorts):
        for number in range(people):
            silent = number % 4 == 0
            lost = chance.random() < (of_silent if silent else of_others)
            for share in SHARES:
                facts = Facts(presence(10, 2, 2, 10) if number % 3 == 0 else None, 2, 2, 25 if silent else 0)
                found.append(Past(UUID(int=cohort + 1), share, facts, lost))
    return found


def test_without_history_each_step_doubles_the_odds():
    model = risk_learning.learn([])
    assert model.weights.by_step == ((ASSUMED,) * 3,) * 3
    assert not model.learned
    assert risk_learning.tried([]) == []


def test_what_told_earlier_people_apart_weighs_most():
    absences, late, silence = risk_learning.learn(history()).weights.by_step
    assert sum(silence) > 3 > 0.7 > absences[0]
    assert late == pytest.approx((ASSUMED,) * 3)  # nobody was late: the assumption stays
    assert all(weight >= 0 for kind in (absences, late, silence) for weight in kind)


def test_what_spoke_against_a_reason_never_makes_it_count_less_than_nothing():
    upside_down = history(of_silent=0.0, of_others=0.5)
    assert risk_learning.learn(upside_down).weights.by_step[2] == (0.0, 0.0, 0.0)


def test_few_people_move_the_assumption_little():
    few, many = (risk_learning.learn(history(cohorts=number)).weights.by_step[2] for number in (1, 8))
    assert 3 * ASSUMED < sum(few) < sum(many)


def test_the_weights_make_what_happened_most_probable():
    """The base and the weights together tell the share that was lost, where many are behind it."""
    past = history(cohorts=40)
    model = risk_learning.learn(past)
    for taken in ((0, 0, 0), (0, 0, 3)):
        of = [each.lost for each in past if risk.steps(each.facts) == taken]
        odds = model.weights.base + model.weights.of(taken)
        assert 1 / (1 + 2.718281828**-odds) == pytest.approx(sum(of) / len(of), abs=0.04)


def test_the_same_people_give_the_same_weights_in_any_order():
    past = history()
    assert risk_learning.learn(reversed(past)) == risk_learning.learn(past)


def test_precision_and_recall_are_counted_on_cohorts_that_did_not_teach():
    past = history()
    scores = {(each.share, each.top): each for each in risk_learning.tried(past)}
    assert set(scores) == {(share, top) for share in SHARES for top in (True, False)}
    whole, top = scores[0.5, False], scores[0.5, True]
    assert (whole.people, whole.named) == (200, 5 * len({n for n in range(40) if n % 4 == 0 or n % 3 == 0}))
    assert whole.lost == sum(each.lost for each in past if each.share == 0.5)
    assert top.named == 5 * 4
    assert top.precision > 0.7 > whole.precision > whole.lost / whole.people
    assert whole.recall > top.recall > 0.25


def test_a_cohort_that_is_different_is_judged_by_what_the_others_teach():
    """In the last one the silent complete and the others do not: its list is wrong, and is counted as wrong."""
    past = history(cohorts=4)
    odd = [Past(UUID(int=99), each.share, each.facts, not each.facts.silent) for each in history(cohorts=1)]
    usual = next(each for each in risk_learning.tried(past) if each.top and each.share == 0.5)
    with_odd = next(each for each in risk_learning.tried([*past, *odd]) if each.top and each.share == 0.5)
    assert with_odd.named == usual.named + 4
    assert with_odd.right <= usual.right


@pytest.mark.parametrize(("cohorts", "people"), [(2, 40), (3, 4)])
def test_too_little_history_tells_nothing(cohorts, people):
    past = history(cohorts, people)
    assert not risk_learning.learn(past).learned
    assert risk_learning.tried(past) == []


def test_reasons_are_counted_with_what_became_of_their_people():
    past = history()
    by_kind = {each.kind: each for each in risk_learning.counted(past)}
    silent = [each.lost for each in past if each.facts.silent]
    assert (by_kind[Kind.SILENCE].people, by_kind[Kind.SILENCE].lost) == (len(silent), sum(silent))
    assert by_kind[Kind.LATE_WORK].people == 0
