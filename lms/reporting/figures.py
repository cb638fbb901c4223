"""Every figure of the ledger by its key: what it is called, what it counts, and the filters of the list behind it.

Keys are stable: reports that were frozen name them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from lms.pipeline.models import LeavingReason
from lms.pipeline.words import STAGES
from lms.reporting import counts
from lms.reporting.asof import AsOf
from lms.reporting.definitions import Definition
from lms.reporting.filters import WITHIN
from lms.reporting.intakes import Intake

Text = Any  # a text that is put into the reader's language when it is shown


@dataclass(frozen=True)
class Key:
    """A figure: its name on screen, the sentence that defines it, and the filters of its list (None: it counts no people)."""

    words: Text
    sentence: Text
    filters: Mapping[str, str] | None = field(default_factory=dict)
    of_year: str = "year"  # the filter that takes the year
    total_only: bool = False  # makes no sense for one cohort


GROUP_WORDS = {
    "undecided": _l("Applied or on the waiting list"),
    "learning": _l("Admitted or in training"),
    "awarded": _l("Certified or placed"),
    "uncertified": _l("Completed, without a certificate"),
    "revoked": _l("Certificate revoked"),
}
REASON_WORDS: dict[str, Text] = {
    "employed": _l("Found work"),
    "health": _l("Health"),
    "time": _l("Not enough time"),
    "level": _l("The level did not suit"),
    "moved": _l("Moved away"),
    "rules": _l("Rules were not kept"),
    "other": _l("Another reason"),
    "unsaid": _l("No reason was given"),
    "dropped": _l("Dropped out"),
}
_STANDING = _l("People in a cohort whose last move led to this stage. Each person stands at one stage in each cohort.")
_GROUP = _l("People in a cohort who stand at one of these stages.")
_LEFT = _l("Traineeships that ended before completion, by the reason that was written down.")
_WITHDRAWN = _l("Applications that were taken back before admission, by the reason that was written down.")


def _within(months: int) -> Key:
    return Key(
        _l("Placed within %(months)s months", months=months),
        _l("Placements that began by so many months after the cohort's last day and hold."),
        {"within": str(months)},
    )


KEYS: dict[str, Key] = {
    "experts": Key(
        _l("Experts"),
        _l("People who reached what the definition counts within the year. Each counts once, and revoked ones do not."),
        {"what": "people"},
        of_year="experts",
    ),
    "experts.traineeships": Key(
        _l("Traineeships of experts"),
        _l("Traineeships in which somebody reached what the definition counts within the year."),
        {"what": "traineeships"},
        of_year="experts",
    ),
    "experts.several": Key(
        _l("Experts in several cohorts"),
        _l("Experts of the year who reached it in more than one cohort. They count once."),
        {"what": "people", "several": "1"},
        of_year="experts",
        total_only=True,
    ),
    "seats": Key(_l("Seats"), _l("Seats of the cohorts, as they are set now."), None),
    "entered": Key(
        _l("Applied in all"),
        _l("Everybody who sent an application or was admitted without one."),
        {"reached": "entered"},
    ),
    "admitted": Key(
        _l("Admitted in all"), _l("Everybody who ever got a seat, wherever they stand."), {"reached": "admitted"}
    ),
    "trained": Key(_l("Began"), _l("Everybody who ever began the course days."), {"reached": "trained"}),
    "completed": Key(
        _l("Completed in all"), _l("Everybody who ever met the rule of completion."), {"reached": "completed"}
    ),
    **{f"placed.{months}": _within(months) for months in WITHIN},
    "people": Key(
        lazy_pgettext("heads", "People"),
        _l("People in at least one cohort of the year, each once."),
        {"what": "people"},
        total_only=True,
    ),
    "people.several": Key(
        _l("People in several cohorts"),
        _l("People in more than one cohort of the year. They count once."),
        {"what": "people", "several": "1"},
        total_only=True,
    ),
    "traineeships": Key(
        _l("Traineeships"), _l("People in cohorts: who is in two cohorts is counted twice."), {"what": "traineeships"}
    ),
    "applications": Key(
        _l("Applications"),
        _l("Applications that were sent: who applied twice is counted twice."),
        {"what": "applications"},
    ),
    "applicants": Key(
        _l("Applicants"),
        _l("People who sent at least one application, each once."),
        {"what": "applicants"},
        total_only=True,
    ),
    **{f"standing.{name}": Key(words, _STANDING, {"stage": name}) for name, words in STAGES.items()},
    **{f"standing.{name}": Key(words, _GROUP, {"stage": name}) for name, words in GROUP_WORDS.items()},
    "left.dropped": Key(
        _l("Dropped out"),
        _l("Traineeships that ended before completion for any reason but early employment."),
        {"stage": "left", "reason": "dropped"},
    ),
    **{
        f"left.{name}": Key(words, _LEFT, {"stage": "left", "reason": name})
        for name, words in REASON_WORDS.items()
        if name != "dropped"
    },
    **{
        f"withdrawn.{name}": Key(words, _WITHDRAWN, {"stage": "withdrawn", "reason": name})
        for name, words in REASON_WORDS.items()
        if name != "dropped"
    },
}
COLUMNS = (
    "seats",
    "entered",
    "trained",
    "completed",
    "placed.3",
    "placed.6",
)  # of HRD-Net: 정원, 신청, 수강, 수료, 취업


@dataclass(frozen=True)
class Figures:
    """A year as of a day: each figure over all its cohorts, and over each of them."""

    year: int
    at: AsOf
    programme: str  # its address, "" for all
    cohorts: list[Intake]
    values: Mapping[str, int]
    by_cohort: Mapping[UUID, Mapping[str, int]]
    definitions: Mapping[UUID, Definition]  # by programme
    target: int | None
    by_month: tuple[int, ...] = ()  # experts by the end of each month

    def address(self, key: str, cohort: UUID | None = None, **more: str) -> str | None:
        """The address of the list behind a figure; None where it counts no people."""
        query = filters(key, self.year, cohort)
        if query is None:
            return None
        programme = {"programme": self.programme} if self.programme and cohort is None else {}
        return f"{url_for('reporting.people')}?{urlencode(programme | query | self.at.pairs() | more)}"


def filters(key: str, year: int, cohort: UUID | None = None) -> dict[str, str] | None:
    """The filters of the list behind a figure, over the cohorts of a year or in one cohort."""
    known = KEYS[key]
    if known.filters is None:
        return None
    found = dict(known.filters)
    if cohort is None or known.of_year == "experts":
        found[known.of_year] = str(year)
    return found | ({"cohort": str(cohort)} if cohort else {})


def of_tally(tally: counts.Tally) -> dict[str, int]:
    """The figures that follow from how the people of a cohort stand."""
    found = {name: getattr(tally, name) for name in counts.REACHED}
    found |= {f"standing.{name}": tally.of(name) for name in counts.GROUPS}
    found["traineeships"] = tally.traineeships
    for word, reasons in (("left", tally.left), ("withdrawn", tally.withdrawn)):
        found |= {f"{word}.{reason.value}": reasons.get(reason, 0) for reason in LeavingReason}
        found[f"{word}.unsaid"] = reasons.get(None, 0)
    found["left.dropped"] = sum(tally.left.values()) - tally.employed_early
    return found
