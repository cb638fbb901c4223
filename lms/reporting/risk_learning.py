"""How much each reason weighs: logistic regression on earlier cohorts, in plain Python. Pure: no session, no web, no clock.

The steps of `risk.steps` are the only inputs. Before there is history each step is assumed to double the odds of not
completing (`ASSUMED`); what is learned moves away from that as far as the numbers carry it, and never below 0, so that
nobody stands lower for missing more. The same people give the same weights, to the last digit.

How good the order is, is tried cohort by cohort: each is put in order with what the others teach, and compared with what
became of its people.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from lms.reporting.risk import KINDS, MOST, Facts, Weights, steps

SHARES = (0.25, 0.5, 0.75)  # of the course, when earlier people are looked at
ASSUMED = math.log(2)  # what a step adds before anything is known
FIRM = 4.0  # how firmly: one over the variance of the assumption
LOOSE = 0.01  # the same for the base, of which nothing is assumed
ENOUGH_COHORTS = 3
ENOUGH_PEOPLE = 10  # who did not complete, below which nothing is said about how good the order is
TOP = 0.1  # of the people of a cohort: the top of its list
_SWEEPS = 100
_EXACT = 1e-7

Taken = tuple[int, int, int]
_PLACES = [(kind, step) for kind in range(len(KINDS)) for step in range(1, MOST + 1)]


@dataclass(frozen=True, slots=True)
class Past:
    """One person of an earlier cohort as known at a share of its course, and whether they did not complete."""

    cohort: UUID
    share: float
    facts: Facts
    lost: bool


@dataclass(frozen=True, slots=True)
class Model:
    """What the order is made with, and how much is behind it."""

    weights: Weights
    cohorts: int
    people: int
    lost: int

    @property
    def learned(self) -> bool:
        """Whether there is enough history to speak of it."""
        return self.cohorts >= ENOUGH_COHORTS and self.lost >= ENOUGH_PEOPLE


@dataclass(frozen=True, slots=True)
class Score:
    """How good the list was at one share of the course, over all earlier cohorts: the top of it, or all of it."""

    share: float
    top: bool
    people: int  # who were in training then
    lost: int  # of them, who did not complete
    named: int
    right: int  # of those named, who did not complete

    @property
    def precision(self) -> float | None:
        return self.right / self.named if self.named else None

    @property
    def recall(self) -> float | None:
        return self.right / self.lost if self.lost else None


@dataclass(frozen=True, slots=True)
class Count:
    """Of earlier people with a reason at some time: how many they were, and how many of them did not complete."""

    kind: str
    people: int
    lost: int


def learn(past: Iterable[Past]) -> Model:
    """The weights that these people teach."""
    seen = [(each, steps(each.facts)) for each in past]
    counts: dict[Taken, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for each, taken in seen:
        counts[taken][each.lost] += 1 / len(SHARES)  # one person is looked at three times
    of_share = [each for each, _taken in seen if each.share == SHARES[0]]
    return Model(
        _fitted({taken: (kept, lost) for taken, (kept, lost) in sorted(counts.items())}),
        len({each.cohort for each, _taken in seen}),
        len(of_share),
        sum(each.lost for each in of_share),
    )


def tried(past: Sequence[Past]) -> list[Score]:
    """Precision and recall on each cohort with what the others teach, added up; empty where there is too little to say."""
    if not learn(past).learned:
        return []
    sums: dict[tuple[float, bool], list[int]] = {(share, top): [0] * 4 for share in SHARES for top in (True, False)}
    for cohort in sorted({each.cohort for each in past}):
        weights = learn(each for each in past if each.cohort != cohort).weights
        for share in SHARES:
            people = [each for each in past if each.cohort == cohort and each.share == share]
            for top, (named, right) in _named(people, weights).items():
                of = sums[share, top]
                of[0] += len(people)
                of[1] += sum(each.lost for each in people)
                of[2] += named
                of[3] += right
    return [Score(share, top, *of) for (share, top), of in sums.items()]


def counted(past: Sequence[Past]) -> list[Count]:
    """For each kind of reason, of the looks at which somebody had it, how often they did not complete."""
    found = []
    for place, kind in enumerate(KINDS):
        had = [each for each in past if steps(each.facts)[place]]
        found.append(Count(kind, len(had), sum(each.lost for each in had)))
    return found


def _named(people: Sequence[Past], weights: Weights) -> dict[bool, tuple[int, int]]:
    """Top of the list or all of it → how many were named, and how many of them did not complete.

    Where equals stand at the border of the top, each counts by the share of them that lies above it, rounded once.
    """
    listed = [(weights.of(taken), each.lost) for each in people for taken in [steps(each.facts)] if any(taken)]
    most = min(len(listed), math.ceil(TOP * len(people)))
    listed.sort(key=lambda pair: -pair[0])
    right = 0.0
    if most:
        border = listed[most - 1][0]
        above = [lost for weight, lost in listed if weight > border]
        equal = [lost for weight, lost in listed if weight == border]
        right = sum(above) + (most - len(above)) * sum(equal) / len(equal)
    return {True: (most, round(right)), False: (len(listed), sum(lost for _weight, lost in listed))}


def _fitted(counts: dict[Taken, tuple[float, float]]) -> Weights:
    """Coordinate by coordinate, a Newton step each, until nothing moves. The assumption is a normal prior around `ASSUMED`."""
    rows = [(taken, kept + lost, lost) for taken, (kept, lost) in counts.items()]
    users = [[row for row, (taken, _n, _lost) in enumerate(rows) if taken[kind] >= step] for kind, step in _PLACES]
    weights = [ASSUMED] * len(_PLACES)
    base = 0.0
    odds = [sum(weights[at] for at, users_of in enumerate(users) if row in users_of) for row in range(len(rows))]
    for _sweep in range(_SWEEPS):
        moved = _newton(rows, odds, range(len(rows)), base, 0.0, LOOSE)
        base += moved
        for row in range(len(rows)):
            odds[row] += moved
        most = abs(moved)
        for at, users_of in enumerate(users):
            moved = _newton(rows, odds, users_of, weights[at], ASSUMED, FIRM)
            moved = max(moved, -weights[at])
            weights[at] += moved
            for row in users_of:
                odds[row] += moved
            most = max(most, abs(moved))
        if most < _EXACT:
            break
    by_step = tuple(tuple(weights[kind * MOST : (kind + 1) * MOST]) for kind in range(len(KINDS)))
    return Weights(by_step, base)


def _newton(
    rows: Sequence[tuple[Taken, float, float]],
    odds: Sequence[float],
    users: Iterable[int],
    now: float,
    assumed: float,
    firm: float,
) -> float:
    """How far one weight moves, by at most 1."""
    slope, bend = firm * (assumed - now), firm
    for row in users:
        _taken, number, lost = rows[row]
        chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds[row]))))
        slope += lost - number * chance
        bend += number * chance * (1 - chance)
    return max(-1.0, min(1.0, slope / bend))
