"""Counts that are not known yet, as closed forms: no random numbers, so the same question always has the same answer.

A cohort's count depends on its offset (see `forecast_learning`). Half of an offset's variance is common to the cohorts of a
year: they share teachers, rules and a labour market, so their bad luck does not cancel out. Given that common part the
counts are sums of many small independent ones and nearly normal; the whole is a mixture over the common part.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

COMMON = 0.5  # share of the variance of offsets that the cohorts of a year have in common
# Points and weights for a mean over a standard normal (Gauss and Hermite).
FEW = (
    (-2.856970013872806, 0.01125741132772069),
    (-1.355626179974266, 0.2220759220056126),
    (0.0, 0.5333333333333333),
    (1.355626179974266, 0.2220759220056126),
    (2.856970013872806, 0.01125741132772069),
)
NEAR = 0.005  # people: how exactly a quantile is looked for
SURE = 1e-9  # a variance below which a count does not vary
STEPS = 41  # equally likely values of the common part


@dataclass(frozen=True)
class Count:
    """Mean and variance of a count for each value of the common part; `top`: it cannot be more."""

    parts: tuple[tuple[float, float], ...]
    top: float

    @property
    def mean(self) -> float:
        return sum(mean for mean, _variance in self.parts) / len(self.parts)


@dataclass(frozen=True)
class Distribution:
    """A number of people that is at least `floor`, and what is still to come."""

    floor: int
    coming: Count

    def below(self, value: float) -> float:
        """How probable it is that the number stays under `value`, which is not whole."""
        if value < self.floor:
            return 0.0
        if value > self.floor + self.coming.top:
            return 1.0
        over = self.floor - value
        return sum([math.erfc((over + mean) * scale) for mean, scale in self._scaled]) / (2 * len(self._scaled))

    def at_least(self, number: int) -> float:
        """How probable it is that the number is reached."""
        return 1 - self.below(number - 0.5)

    def quantile(self, share: float) -> float:
        """The value that is passed with probability 1 - share, between the floor and the most that there can be.

        Bisection, and false position where that is nearer (the end that stays counts half: "Illinois").
        """
        low, high = float(self.floor), self.floor + self.coming.top
        under, above = self.below(low) - share, self.below(high) - share
        stayed = 0
        while high - low > NEAR:
            middle = (low + high) / 2
            if under < 0 < above:
                middle = min(max((low * above - high * under) / (above - under), low + NEAR / 2), high - NEAR / 2)
            found = self.below(middle) - share
            if found < 0:
                low, under, above, stayed = middle, found, above / 2 if stayed == 1 else above, 1
            else:
                high, above, under, stayed = middle, found, under / 2 if stayed == -1 else under, -1
        return high

    @cached_property
    def _scaled(self) -> list[tuple[float, float]]:
        """Mean and 1 / (sqrt(2) standard deviation) of each part; what does not vary at all, very nearly so."""
        return [(mean, 1 / math.sqrt(2 * max(variance, SURE))) for mean, variance in self.coming.parts]


def count(given: Callable[[float], tuple[float, float]], centre: float, spread: float, top: float) -> Count:
    """A cohort's count. `given`: mean and variance for an offset, which lies about `centre` with the standard deviation `spread`."""
    common, own = spread * math.sqrt(COMMON), spread * math.sqrt(1 - COMMON)
    parts = []
    for shared in POINTS:
        seen = [(weight, *given(centre + common * shared + own * place)) for place, weight in FEW]
        mean = sum(weight * each for weight, each, _variance in seen)
        square = sum(weight * (variance + each**2) for weight, each, variance in seen)
        parts.append((mean, max(square - mean**2, 0.0)))
    return Count(tuple(parts), top)


def together(counts: Iterable[Count]) -> Count:
    """Several counts added, point by point of what they have in common."""
    every = list(counts)
    if not every:
        return Count(((0.0, 0.0),) * STEPS, 0)
    parts = tuple(_added([each.parts[step] for each in every]) for step in range(STEPS))
    return Count(parts, sum(each.top for each in every))


def _added(parts: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return sum(mean for mean, _variance in parts), sum(variance for _mean, variance in parts)


def _normal_below(value: float) -> float:
    return 0.5 * math.erfc(-value / math.sqrt(2))


def _normal_at(share: float) -> float:
    low, high = -8.0, 8.0
    for _turn in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _normal_below(middle) < share else (low, middle)
    return (low + high) / 2


POINTS = tuple(_normal_at((step + 0.5) / STEPS) for step in range(STEPS))  # values of the common part
