"""The forecast tried on cohorts whose outcome is known: what it would have said, and what came. No session, no web."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from lms.reporting import forecast
from lms.reporting.forecast_cohorts import Known, running

SHARES = (0.25, 0.5, 0.75)  # of the course
SETTLED = 60  # days after its end by which everybody who arrives has arrived
LATEST = 12  # cohorts that are tried, at most
ENOUGH = 3  # below that many nothing is said


@dataclass(frozen=True)
class Try:
    """What would have been told about one cohort at a share of its course, and what came."""

    cohort: UUID
    share: float
    told: int
    low: int
    high: int
    came: int
    learned_from: int

    @property
    def holds(self) -> bool:
        return self.low <= self.came <= self.high


@dataclass(frozen=True)
class Score:
    """How good the forecasts at one share of the course were. `error`: mean distance as a share of what came."""

    share: float
    cohorts: int
    error: float
    holds: float


def on(cohorts: Sequence[Known], today: date) -> list[Try]:
    """Try the latest cohorts that are settled, each learning only from what was known then."""
    settled = [each for each in cohorts if each.ends_on + timedelta(days=SETTLED) <= today and each.paths]
    settled.sort(key=lambda each: each.ends_on, reverse=True)
    found = [_one(each, share, cohorts) for each in settled[:LATEST] for share in SHARES]
    return [each for each in found if each.learned_from]


def scores(tries: Sequence[Try]) -> list[Score]:
    """By share of the course; empty where fewer than three cohorts could be tried."""
    found = []
    for share in SHARES:
        of_share = [each for each in tries if each.share == share and each.came]
        if len(of_share) >= ENOUGH:
            error = statistics.mean(abs(each.told - each.came) / each.came for each in of_share)
            found.append(Score(share, len(of_share), error, statistics.mean(each.holds for each in of_share)))
    return found


def _one(cohort: Known, share: float, cohorts: Sequence[Known]) -> Try:
    day = int(share * cohort.course.days)
    last = cohort.ends_on + timedelta(days=SETTLED)
    (told,) = running([cohort], cohorts, cohort.starts_on + timedelta(days=day), last)
    already = sum(path.arrived <= day for path in cohort.paths.values())
    said = forecast.year(already, [told])
    came = sum(path.arrived <= cohort.on(last) for path in cohort.paths.values())
    return Try(cohort.key, share, said.median, said.low, said.high, came, said.history)
