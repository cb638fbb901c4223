"""Placement rates: pure arithmetic over days, with no session and no words.

Time runs from the last day of a cohort. Whoever found work is an event on the first day of it (day 0 when that was before the
end). Everybody else is known to be without work up to their last answer and is censored there; whoever never answered, on day
0. The curve is the estimator of Kaplan and Meier (1958): at each day of events the share still without work is multiplied by
1 - events / at risk. It supposes that the silent fare as those who answer do; the bounds suppose nothing: at the lower one no
silent person found work, at the upper one all did.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lms.placement.terms import HORIZONS

SMALLEST = 5  # people: of fewer no share is told


@dataclass(frozen=True)
class Case:
    """One person. `found_on`: the first day of the first work; `known_until`: the last day of an answer without work."""

    found_on: date | None = None
    known_until: date | None = None


@dataclass(frozen=True)
class Step:
    """The curve from `day` on: who was at risk and found work on that day, and the share that has found work since the end."""

    day: int
    at_risk: int
    found: int
    share: float


@dataclass(frozen=True)
class Rate:
    """How many months after the end; when that is reached; and then what is known of how many.

    `known` people answered at that time or later, or are known to have found work. Everything is None while the rate is
    maturing and where a cohort is too small to be told of; the estimate alone where too few are known.
    """

    months: int
    on: date
    maturing: bool
    people: int
    placed: int | None = None
    known: int | None = None
    estimate: float | None = None
    lowest: float | None = None
    highest: float | None = None

    @property
    def hidden(self) -> bool:
        """Whether the cohort is too small to be told of."""
        return not self.maturing and self.placed is None

    @property
    def response(self) -> float | None:
        return None if self.known is None else self.known / self.people


@dataclass(frozen=True)
class Curve:
    """What is known of a cohort on a day. `steps` reach as far as the last rate that is not maturing."""

    people: int
    rates: tuple[Rate, ...]
    steps: tuple[Step, ...]
    until: int  # the day on which the steps end

    @property
    def told(self) -> Rate | None:
        """The latest rate that can be told."""
        return next((rate for rate in reversed(self.rates) if rate.estimate is not None), None)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a month that is too short for it."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def curve(end: date, cases: Sequence[Case], today: date) -> Curve:
    """The rates of a cohort whose last day was `end`, as known on `today`."""
    rates = tuple(_rate(end, cases, months, today) for months in HORIZONS)
    ripe = [rate for rate in rates if rate.estimate is not None]
    until = (ripe[-1].on - end).days if ripe else 0
    return Curve(len(cases), rates, tuple(_steps(end, cases, until)) if ripe else (), until)


def _rate(end: date, cases: Sequence[Case], months: int, today: date) -> Rate:
    on = months_after(end, months)
    if today < on:
        return Rate(months, on, True, len(cases))
    if len(cases) < SMALLEST:
        return Rate(months, on, False, len(cases))
    days = (on - end).days
    placed = sum(each.found_on is not None and each.found_on <= on for each in cases)
    known = placed + sum(_is_known_without(each, on) for each in cases)
    all_ = len(cases)
    lowest, highest = placed / all_, (placed + all_ - known) / all_
    if known < SMALLEST:
        return Rate(months, on, False, all_, placed, known, None, lowest, highest)
    steps = _steps(end, cases, days)
    estimate = min(max(steps[-1].share if steps else 0.0, lowest), highest)  # rounding alone leads out of the bounds
    return Rate(months, on, False, all_, placed, known, estimate, lowest, highest)


def _is_known_without(case: Case, on: date) -> bool:
    """Whether somebody is known not to have found work by that day: by a later first day, or a later answer."""
    if case.found_on is not None:
        return case.found_on > on
    return case.known_until is not None and case.known_until >= on


def _steps(end: date, cases: Sequence[Case], until: int) -> list[Step]:
    """The curve up to the day `until`. Events come before censoring on the same day."""
    events: dict[int, int] = {}
    lengths: list[int] = []
    for each in cases:
        last = each.found_on or each.known_until or end
        length = max(0, (last - end).days)
        lengths.append(length)
        if each.found_on is not None and length <= until:
            events[length] = events.get(length, 0) + 1
    without, steps = 1.0, []
    for day, found in sorted(events.items()):
        at_risk = sum(length >= day for length in lengths)
        without *= 1 - found / at_risk
        steps.append(Step(day, at_risk, found, 1 - without))
    return steps
