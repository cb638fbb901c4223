"""The year's end, forecast from what is certain, what runs and what is planned: arithmetic on counts, no session, no web.

Certified to date is a floor. Each cohort that still brings somebody is carried to the year's end by the rates and offsets of
earlier cohorts (`forecast_learning`), planned ones by their seats, how full cohorts got, and the same rates. The band holds
what cohorts differ by, not only the luck of single people (`forecast_spread`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lms.reporting import forecast_spread as spread
from lms.reporting.forecast_learning import Learned, Level, Past, learn
from lms.reporting.forecast_spread import Count, Distribution

LOW, HIGH = 0.1, 0.9  # the band: in eight of ten years the number lies inside
FILL, FILL_SPREAD, FILL_COHORTS = 0.9, 0.15, 2  # assumed of how full cohorts get, worth so many cohorts
DECIDED_AFTER = 15.0  # days from the end of a course to the certificate, assumed on average
EARLY = 0.02  # assumed share that arrives before its course ends


@dataclass(frozen=True)
class Running:
    """A cohort that may still bring somebody by the year's end.

    `people`: by level, without those who are counted already. `free`: places that may still be taken. `pasts`: earlier
    cohorts at the same point of their course; `fills`: which share of their places they filled. `days_after`: from the
    end of its course to the year's end, negative when the course goes on after it.
    """

    key: str
    programme: str
    autumn: bool
    people: Mapping[Level, int]
    pasts: Sequence[Past] = ()
    days_after: int = 0
    free: int = 0
    fills: Sequence[float] = ()


@dataclass(frozen=True)
class Share:
    """What one cohort is expected to bring, with its band, and how much was known about it."""

    key: str
    people: int  # on their way
    free: int  # seats that may be taken yet
    expected: float
    low: int
    high: int
    learned: Learned


@dataclass(frozen=True)
class Forecast:
    """A year's end: in half of all cases the number is at most `median`, in eight of ten it lies from `low` to `high`."""

    floor: int
    median: int
    low: int
    high: int
    coming: Distribution = field(repr=False)
    shares: tuple[Share, ...] = ()

    def chance(self, target: int) -> float:
        """How probable it is that the target is reached."""
        return self.coming.at_least(target)

    @property
    def history(self) -> int:
        """From how many earlier cohorts was learned, at most, for one cohort."""
        return max((share.learned.cohorts for share in self.shares), default=0)


def year(floor: int, cohorts: Sequence[Running], *, points: float = 0) -> Forecast:
    """The year's end. `points`: what if so many more of a hundred people completed (or fewer, when negative)?"""
    counts: list[Count] = []
    shares: list[Share] = []
    for each in cohorts:
        if not any(each.people.values()) and not each.free:
            continue
        learned = learn(each.pasts, each.programme, each.autumn, in_time=in_time(each.days_after))
        counted = carried(each, learned, points=points)
        counts.append(counted)
        alone = Distribution(0, counted)
        shares.append(Share(each.key, sum(each.people.values()), each.free, counted.mean, *_band(alone)[1:], learned))
    whole = Distribution(floor, spread.together(counts))
    return Forecast(floor, *_band(whole), coming=whole, shares=tuple(shares))


def carried(cohort: Running, learned: Learned, *, points: float = 0) -> Count:
    """How many of one cohort arrive."""
    fill, doubt = _fill(cohort.fills)
    seats, unsure = cohort.free * fill, (cohort.free * doubt) ** 2
    more = points / 100 * in_time(cohort.days_after)  # who completes after the year's end is none of this year's

    people = [
        (count, learned.against(level), 0.0 if level is Level.COMPLETED else more)
        for level, count in cohort.people.items()
        if count
    ]
    against = learned.against(Level.ADMITTED)

    def given(offset: float) -> tuple[float, float]:
        away = math.exp(-offset)
        mean = variance = 0.0
        for count, odds_against, extra in people:
            rate = 1 / (1 + odds_against * away) + extra
            rate = min(max(rate, 0.0), 1.0) if extra else rate
            mean += count * rate
            variance += count * rate * (1 - rate)
        if not seats:
            return mean, variance
        rate = min(max(1 / (1 + against * away) + more, 0.0), 1.0)
        return mean + seats * rate, variance + seats * rate * (1 - rate) + unsure * rate**2

    return spread.count(given, learned.centre, learned.spread, sum(cohort.people.values()) + cohort.free)


def in_time(days_after: int) -> float:
    """Assumed share of arrivals that make the year, when it ends so many days after the course."""
    if days_after < 0:
        return EARLY
    return EARLY + (1 - EARLY) * (1 - math.exp(-(days_after + 1) / DECIDED_AFTER))


def _fill(fills: Sequence[float]) -> tuple[float, float]:
    """How full a cohort gets, as a share with its standard deviation."""
    weight = len(fills) + FILL_COHORTS
    mean = (sum(fills) + FILL * FILL_COHORTS) / weight
    square = sum((each - mean) ** 2 for each in fills) + FILL_SPREAD**2 * FILL_COHORTS
    return min(mean, 1.0), math.sqrt(square / weight)


def _band(of: Distribution) -> tuple[int, int, int]:
    """Median, low and high as whole people, never outside of what can be."""
    median = round(of.quantile(0.5))
    return median, min(math.floor(of.quantile(LOW)), median), max(math.ceil(of.quantile(HIGH)), median)
