"""What earlier cohorts teach about a running one: arithmetic on counts, no session, no web.

Two things are learned from cohorts that are through. First the rates: of the people who stood at a level at the same point
of their course, how many arrived in time. Second how far cohorts lie apart: each earlier cohort has an offset, the number
that must be added to the log-odds of all rates so that they give what this cohort really reached. Offsets of one programme
resemble each other, those of one half of the year a little, those of one installation a little. That is a normal model with
four variances; how large the two that matter are is weighed over a small grid, so that a long history tightens the band and
a short one leaves what is assumed beforehand: a wide one. (Empirical Bayes; see Gelman and Hill, "Data Analysis Using
Regression and Multilevel/Hierarchical Models", chapter 12, and for the weighing over a grid "Bayesian Data Analysis", 5.4.)
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from operator import mul


class Level(IntEnum):
    """How far somebody is who may still arrive. From NONE to COMPLETED more is never worse."""

    ADMITTED = 1  # also somebody who will take a place and is not known yet
    BEGUN = 2  # in training, and nothing is due yet or nothing is known of the work
    NONE = 3  # nothing of the due work
    SOME = 4  # less than three fifths of it
    MOST = 5
    ALL = 6
    COMPLETED = 7


CHAIN = (Level.NONE, Level.SOME, Level.MOST, Level.ALL, Level.COMPLETED)
# What is assumed of somebody at each level while there is no history: whoever is not sure of the year's number errs here.
ASSUMED: Mapping[Level, float] = {
    Level.ADMITTED: 0.75,
    Level.BEGUN: 0.78,
    Level.NONE: 0.10,
    Level.SOME: 0.35,
    Level.MOST: 0.65,
    Level.ALL: 0.88,
    Level.COMPLETED: 0.97,
}
MUCH, WHOLE = 0.6, 0.999  # shares of the due work at which the last two levels begin
ASSUMED_PEOPLE = 2.0  # so many people of an assumed cohort stand beside those of the past
MOST_WEIGHT = 400  # a cohort counts as at most so many people, so that one large one does not decide for all
OTHERS_WEIGHT = 0.2  # a cohort of another programme counts as a fifth of one's own: its work is other work
COHORTS, PROGRAMMES = 0.20, 0.45  # assumed spread of offsets: between cohorts of a programme, between programmes
SEASONS, INSTALLATION = 0.10, 0.30  # between halves of the year, and of this installation from what is usual
ASSUMED_SPREAD, ENOUGH = (
    0.9,
    20,
)  # of what is assumed above; it fades as people of the past stand beside it, by half at so many
DOUBT = 0.5  # standard deviation, in log units, of the two spreads that are weighed
SCALES = (0.4, 0.6, 0.85, 1.2, 1.7)
EDGE = 0.002  # no rate is surer than this


@dataclass(frozen=True)
class Past:
    """An earlier cohort at the same point of its course: people by level, and how many of them arrived in time."""

    programme: str
    autumn: bool  # began in the second half of the year
    people: Mapping[Level, int]
    arrived: Mapping[Level, int]

    @property
    def size(self) -> int:
        return sum(self.people.values())


@dataclass(frozen=True)
class Learned:
    """What holds for one cohort: rates by level, and where its own offset is expected, with its standard deviation."""

    rates: Mapping[Level, float] = field(repr=False)
    centre: float
    spread: float
    cohorts: int = 0  # that were learned from
    own: int = 0  # of these, of the same programme

    def rate(self, level: Level, offset: float) -> float:
        """The share of a level that arrives when the cohort lies `offset` from what is usual."""
        return shifted(self.rates[level], offset)

    def against(self, level: Level) -> float:
        """The odds that somebody of a level does not arrive when the cohort is as usual; an offset multiplies them by exp(-offset)."""
        return _against(self.rates[level])


@dataclass(frozen=True)
class _Offset:
    """One earlier cohort's offset with the variance of its own small numbers."""

    of: Past = field(repr=False)
    value: float
    variance: float


def pace(done: float, due: float) -> Level:
    """How much of the work that is due somebody has done."""
    if due <= 0:
        return Level.BEGUN
    share = done / due
    if share <= 0:
        return Level.NONE
    return Level.ALL if share >= WHOLE else Level.MOST if share >= MUCH else Level.SOME


def is_autumn(starts_on: date) -> bool:
    return starts_on.month > 6


def learn(pasts: Sequence[Past], programme: str, autumn: bool, *, in_time: float = 1.0) -> Learned:
    """What `pasts` teach about a cohort of `programme`. `in_time`: the assumed share of arrivals that make the day."""
    told = [each for each in pasts if each.size]
    rates = _rates(told, programme, in_time)
    offsets = [_offset(each, rates) for each in told]
    centre, spread = _expected(offsets, programme, autumn)
    fading = ENOUGH / (ENOUGH + sum(each.size for each in told))
    spread = math.hypot(spread, ASSUMED_SPREAD * fading)
    return Learned(rates, centre, spread, len(told), sum(each.programme == programme for each in told))


def shifted(rate: float, offset: float) -> float:
    """A rate moved by `offset` on the scale of log-odds."""
    return 1 / (1 + _against(rate) * math.exp(-offset))


def _against(rate: float) -> float:
    kept = min(max(rate, EDGE), 1 - EDGE)
    return (1 - kept) / kept


def _rates(pasts: Iterable[Past], programme: str, in_time: float) -> dict[Level, float]:
    people = dict.fromkeys(Level, ASSUMED_PEOPLE)
    arrived = {level: ASSUMED[level] * in_time * ASSUMED_PEOPLE for level in Level}
    for past in pasts:
        weight = min(1.0, MOST_WEIGHT / past.size) * (1 if past.programme == programme else OTHERS_WEIGHT)
        for level, count in past.people.items():
            people[level] += weight * count
            arrived[level] += weight * past.arrived.get(level, 0)
    rates = {level: arrived[level] / people[level] for level in Level}
    return rates | _rising([(level, arrived[level], people[level]) for level in CHAIN])


def _rising(chain: Sequence[tuple[Level, float, float]]) -> dict[Level, float]:
    """Rates that never fall along the chain: neighbours that do are taken together (pool adjacent violators)."""
    blocks: list[tuple[list[Level], float, float]] = []
    for level, arrived, people in chain:
        blocks.append(([level], arrived, people))
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] > blocks[-1][1] / blocks[-1][2]:
            high, low = blocks.pop(), blocks.pop()
            blocks.append((low[0] + high[0], low[1] + high[1], low[2] + high[2]))
    return {level: arrived / people for levels, arrived, people in blocks for level in levels}


def _offset(past: Past, rates: Mapping[Level, float]) -> _Offset:
    """The offset that explains what the cohort reached, by Newton's method; a faint pull to 0 keeps "all" and "none" finite."""
    reached, pull, value, told = sum(past.arrived.values()), 0.25, 0.0, 0.0
    for _turn in range(25):
        moved = [(count, shifted(rates[level], value)) for level, count in past.people.items() if count]
        told = sum(count * rate * (1 - rate) for count, rate in moved)
        step = (reached - sum(count * rate for count, rate in moved) - pull * value) / (told + pull)
        value += min(max(step, -1.0), 1.0)
        if abs(step) < 1e-9:
            break
    return _Offset(past, value, 1 / max(told, 1e-6))


def _expected(offsets: Sequence[_Offset], programme: str, autumn: bool) -> tuple[float, float]:
    """Mean and standard deviation of the next cohort's offset, weighed over how far cohorts and programmes may lie apart."""
    kinds = [*((each.of.programme, each.of.autumn) for each in offsets), (programme, autumn)]
    found: list[tuple[float, float, float]] = []
    for by_programme in SCALES:
        likeness = _likeness(kinds, PROGRAMMES * by_programme)
        for by_cohort in SCALES:
            doubt = -(math.log(by_cohort) ** 2 + math.log(by_programme) ** 2) / (2 * DOUBT**2)
            likely, mean, variance = _given(offsets, likeness, COHORTS * by_cohort)
            found.append((doubt + likely, mean, variance))
    top = max(likely for likely, _mean, _variance in found)
    weights = [math.exp(likely - top) for likely, _mean, _variance in found]
    total = sum(weights)
    mean = sum(weight * each[1] for weight, each in zip(weights, found, strict=True)) / total
    square = sum(weight * (each[2] + each[1] ** 2) for weight, each in zip(weights, found, strict=True)) / total
    return mean, math.sqrt(max(square - mean**2, 1e-9))


def _likeness(kinds: Sequence[tuple[str, bool]], programmes: float) -> list[list[float]]:
    """What the offsets of cohorts (programme, half of the year) have in common, as covariances: the lower triangle."""
    own, season = programmes**2, SEASONS**2
    return [
        [INSTALLATION**2 + own * (one[0] == other[0]) + season * (one[1] == other[1]) for other in kinds[: place + 1]]
        for place, one in enumerate(kinds)
    ]


def _given(
    offsets: Sequence[_Offset], likeness: Sequence[Sequence[float]], cohorts: float
) -> tuple[float, float, float]:
    """For two given spreads: how likely the past is (as a logarithm), and the mean and variance of the next offset.

    `likeness` has a row for each of `offsets` and a last one for the next.
    """
    factor: list[list[float]] = []  # Cholesky, row by row
    seen: list[float] = []  # the offsets, divided by the factor
    likely = 0.0
    for each, alike in zip(offsets, likeness, strict=False):
        row = _divided(alike[:-1], factor)
        row.append(math.sqrt(alike[-1] + cohorts**2 + each.variance - _dot(row, row)))
        factor.append(row)
        seen.append((each.value - _dot(row, seen)) / row[-1])
        likely -= math.log(row[-1]) + seen[-1] ** 2 / 2
    *alike, own = likeness[-1]
    next_one = _divided(alike, factor)
    return likely, _dot(next_one, seen), own + cohorts**2 - _dot(next_one, next_one)


def _divided(row: Sequence[float], factor: Sequence[Sequence[float]]) -> list[float]:
    """The row divided by a lower triangle: forward substitution."""
    found: list[float] = []
    for value, known in zip(row, factor, strict=True):
        found.append((value - _dot(found, known)) / known[-1])
    return found


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    """Over as many as the shorter one has."""
    return sum(map(mul, one, other))
