"""What a rule asks and what somebody has: arithmetic without a database or the web."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from math import floor
from typing import Any
from uuid import UUID

from courses.catalogue.models import ActivityKind
from courses.gradebook.models import CompletionRule
from lms.kit import clock
from lms.kit.words import Words

CLOSE = 1e-9  # shares are divided as floats: two thirds and one third are one


class Ask(StrEnum):
    """What a condition counts."""

    ACTIVITIES = "activities"
    QUIZZES = "quizzes"
    ASSIGNMENTS = "assignments"
    COURSES = "courses"


@dataclass(frozen=True, slots=True)
class Piece:
    """One activity as far as somebody is in it. `percent` is of the best quiz attempt or the newest released mark.

    `number` is "3-2", the second activity of the third module; `place` the heading at which its reader stopped.
    """

    id: UUID
    key: str
    kind: ActivityKind
    number: str
    title: Words
    minutes: int
    required: bool
    done: bool
    place: str = ""
    handed_in: bool = False
    percent: float | None = None
    due_at: datetime | None = None
    extended: bool = False

    @property
    def shown(self) -> float:
        return shown_percent(self.percent or 0)

    @property
    def waits(self) -> bool:
        """Whether it is somebody else's turn: the work is handed in and has no mark yet."""
        return self.handed_in and self.percent is None and not self.done


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is decided from: the activities of one enrolment, and the last day of its offering."""

    pieces: tuple[Piece, ...]
    closes_on: date

    def required(self, *kinds: ActivityKind) -> list[Piece]:
        return [piece for piece in self.pieces if piece.required and (not kinds or piece.kind in kinds)]


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the checklist.

    `number` of `needed` is what was reached: activities or assignments counted, or the mean of the quizzes in per cent.
    `most` is how many there are, `minimum` the per cent that each assignment takes, `until` the last day on which the
    condition can still be met, and `missing` what it takes.
    """

    ask: Ask
    met: bool
    number: float
    needed: float
    most: int
    minimum: int = 0
    until: date | None = None
    missing: tuple[Piece, ...] = ()
    marked: int = field(default=0)  # quizzes taken, assignments with a released mark

    def evidence(self) -> dict[str, Any]:
        """The condition as it is kept with a completion."""
        return {
            "ask": self.ask.value,
            "met": self.met,
            "number": self.number,
            "needed": self.needed,
            "most": self.most,
            "minimum": self.minimum,
            "marked": self.marked,
        }


def read(evidence: dict[str, Any]) -> list[Condition]:
    """The conditions that were kept with a completion."""
    return [Condition(**{**kept, "ask": Ask(kept["ask"])}) for kept in evidence.get("conditions", [])]


def conditions(rule: CompletionRule, facts: Facts) -> list[Condition]:
    """What the rule of a course asks, in the order of the checklist. Nothing is asked of what a course has not."""
    found = [_activities(rule, facts)]
    if facts.required(ActivityKind.QUIZ):
        found.append(_quizzes(rule, facts))
    if facts.required(ActivityKind.ASSIGNMENT):
        found.append(_assignments(rule, facts))
    return found


def courses(rule: CompletionRule, completed: int, most: int, until: date | None) -> Condition:
    """What the rule of a programme asks: its share of the required courses, all of them at 100. None is never enough."""
    needed = max(1, -(-most * rule.activities_percent // 100))
    return Condition(Ask.COURSES, completed >= needed, completed, needed, most, until=until)


def shown_percent(value: float) -> float:
    """Per cent with one digit, never rounded up: 59.96 is not 60."""
    return floor(value * 10 + CLOSE) / 10


def _activities(rule: CompletionRule, facts: Facts) -> Condition:
    pieces = facts.required()
    needed = -(-len(pieces) * rule.activities_percent // 100)
    missing = tuple(piece for piece in pieces if not piece.done)
    done = len(pieces) - len(missing)
    met = done >= needed
    return Condition(
        Ask.ACTIVITIES, met, done, needed, len(pieces),
        until=_until(facts, missing), missing=() if met else missing, marked=done,
    )  # fmt: skip


def _quizzes(rule: CompletionRule, facts: Facts) -> Condition:
    """The mean of the best attempts; a quiz that was not taken counts as nothing."""
    pieces = facts.required(ActivityKind.QUIZ)
    mean = sum(piece.percent or 0 for piece in pieces) / len(pieces)
    met = mean >= rule.quiz_minimum - CLOSE
    missing = tuple(piece for piece in pieces if (piece.percent or 0) < rule.quiz_minimum - CLOSE)
    return Condition(
        Ask.QUIZZES, met, shown_percent(mean), rule.quiz_minimum, len(pieces),
        until=_until(facts, missing), missing=() if met else missing, marked=_marked(pieces),
    )  # fmt: skip


def _assignments(rule: CompletionRule, facts: Facts) -> Condition:
    pieces = facts.required(ActivityKind.ASSIGNMENT)
    minimum = rule.assignment_minimum
    missing = tuple(piece for piece in pieces if piece.percent is None or piece.percent < minimum - CLOSE)
    good = len(pieces) - len(missing)
    return Condition(
        Ask.ASSIGNMENTS, not missing, good, len(pieces), len(pieces),
        minimum=minimum, until=_until(facts, missing), missing=missing, marked=_marked(pieces),
    )  # fmt: skip


def _marked(pieces: list[Piece]) -> int:
    return sum(piece.percent is not None for piece in pieces)


def _until(facts: Facts, missing: tuple[Piece, ...]) -> date | None:
    """The last day of the offering, or of a longer deadline of what is missing. Late work is taken until then."""
    dues = [piece.due_at.astimezone(clock.SEOUL).date() for piece in missing if piece.due_at]
    return max([facts.closes_on, *dues]) if missing else None
