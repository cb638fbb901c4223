"""Who may need help: from what is known on a day to reasons in words and an order. Pure: no session, no web, no clock.

Three things are looked at: absences, late work, silence. Each is a small number of steps (`Reason`), from fixed borders that
are published to trainees (`STEPS`); whoever takes a step is on the list. How much a step weighs is learned from earlier cohorts
(`lms.reporting.risk_learning`) and only decides who stands first. Nothing follows from the list but that somebody reads it.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
FIFTHS = 5
GRACE = 7  # days after which work counts as due
SILENT = (7, 14, 21)  # days without a sign: a step each
FEW = 2  # days missed below which only the last one that is left matters
BEHIND = (1, 2, 3)  # fifths of the required work: a step each


class Kind(StrEnum):
    """What is looked at."""

    ABSENCES = "absences"
    LATE_WORK = "late_work"
    SILENCE = "silence"


KINDS = tuple(Kind)
MOST = 3  # steps of each kind


@dataclass(frozen=True, slots=True)
class Presence:
    """How somebody stands against the rule of attendance. `lost`: days missed, with what marks cost; `left`: days
    that the rule would still allow."""

    held: int
    lost: float
    left: int
    ahead: int
    lost_for_good: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person in one cohort on a day. None: nothing can be said, because nothing is kept of the cohort."""

    presence: Presence | None = None
    done: int | None = None  # fifths of the required work
    due: int = 0  # fifths that are due, see `due_fifths`
    silent: int | None = None  # days since the last sign, up to the last sign of anybody in the cohort


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is on the list: what, how far (1 to 3), and the numbers for the sentence."""

    kind: Kind
    step: int
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case(Generic[Key]):
    """One person of one cohort on a day, to be put in order."""

    key: Key
    facts: Facts
    name: str = ""


@dataclass(frozen=True, slots=True)
class Ranked(Generic[Key]):
    """A case that has reasons, with what they weigh together."""

    case: Case[Key]
    reasons: tuple[Reason, ...]
    weight: float


def due_fifths(first: date, last: date, on: date, others: Sequence[int]) -> int:
    """Fifths of the work that are due on a day: at an even pace, a week late, and never more than half of the cohort has done.

    So a course that sets most of its work at the end makes nobody late.
    """
    days = (last - first).days + 1
    passed = (on - first).days + 1 - GRACE
    even = max(0, min(FIFTHS, FIFTHS * passed // days))
    middle = sorted(others)[len(others) // 2] if others else 0
    return min(even, middle)


def reasons(facts: Facts) -> tuple[Reason, ...]:
    """The reasons that these facts give, in the order of `Kind`."""
    found = (_absences(facts.presence), _late_work(facts), _silence(facts.silent))
    return tuple(each for each in found if each.step)


def steps(facts: Facts) -> tuple[int, int, int]:
    """How far each kind goes, from 0 to 3: all that the order is made from."""
    of = {each.kind: each.step for each in reasons(facts)}
    absences, late, silence = (of.get(kind, 0) for kind in KINDS)
    return absences, late, silence


def ranked(cases: Iterable[Case[Key]], weights: "Weights") -> list[Ranked[Key]]:
    """Those who have reasons, the weightiest first; among equals who missed more, did less, is silent for longer."""
    found = [Ranked(case, why, weights.of(steps(case.facts))) for case in cases for why in [reasons(case.facts)] if why]
    return sorted(found, key=lambda each: (-each.weight, *_more(each.case.facts), each.case.name, str(each.case.key)))


@dataclass(frozen=True, slots=True)
class Weights:
    """What each step adds to the logarithm of the odds of not completing: `by_step[kind][step - 1]`, never below 0."""

    by_step: tuple[tuple[float, ...], ...]
    base: float = 0.0

    def of(self, taken: Sequence[int]) -> float:
        return sum(sum(added[:step]) for added, step in zip(self.by_step, taken, strict=True))


def _more(facts: Facts) -> tuple[float, float, float]:
    lost = facts.presence.lost if facts.presence else 0
    late = facts.due - facts.done if facts.done is not None else 0
    return -lost, -late, -(facts.silent or 0)


def _absences(presence: Presence | None) -> Reason:
    """Half of what may be missed is gone, or it goes too fast; nothing more may be missed; the rule can no longer be met."""
    if presence is None or not presence.held or not presence.lost:
        return Reason(Kind.ABSENCES, 0)
    step = 0
    if presence.lost_for_good:
        step = 3
    elif presence.left < presence.ahead:
        step = 2 if presence.left <= 0 else int(_goes_too_fast(presence))
    return Reason(Kind.ABSENCES, step, (round(presence.lost), presence.held, max(0, presence.left)))


def _goes_too_fast(presence: Presence) -> bool:
    """Two days at least, and as many as are left, or more than the rule allows on average until now."""
    allowed = presence.lost + presence.left
    quick = presence.lost * (presence.held + presence.ahead) > allowed * presence.held
    return presence.lost >= FEW and (presence.lost >= presence.left or quick)


def _late_work(facts: Facts) -> Reason:
    if facts.done is None:
        return Reason(Kind.LATE_WORK, 0)
    behind = facts.due - facts.done
    return Reason(Kind.LATE_WORK, _taken(behind, BEHIND), (facts.done, facts.due))


def _silence(silent: int | None) -> Reason:
    return Reason(Kind.SILENCE, _taken(silent or 0, SILENT), (silent or 0,))


def _taken(value: int, borders: Sequence[int]) -> int:
    return sum(value >= border for border in borders)
