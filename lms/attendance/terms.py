"""What a cohort's rule of attendance says, as plain values. Pure: no session, no web, no clock."""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """Which way somebody went when they were stamped."""

    IN = "in"
    OUT = "out"


class Marks(StrEnum):
    """What being late, leaving early and being out cost."""

    TOGETHER = "together"  # so many of them are one absence
    HALF = "half"  # each is half a day


class Alone(StrEnum):
    """What a day is worth with a stamp of one way only."""

    MARK = "mark"  # who was not stamped out left early; who was not stamped in came late
    ABSENT = "absent"


class Unit(StrEnum):
    """How long marks are added up."""

    WHOLE = "whole"
    MONTH = "month"  # from the first day to the same day of the next month, and so on


class Excused(StrEnum):
    """How an excused day counts."""

    PRESENT = "present"
    LEFT_OUT = "left_out"


class Before(StrEnum):
    """How days before somebody joined count."""

    LEFT_OUT = "left_out"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Terms:
    """One rule. Lengths are whole minutes; shares are per cent."""

    late_after: int = 10  # late when later than this after the beginning
    early_before: int = 10  # left early when more than this before the end
    out_over: int = 30  # out when away for longer than this in between
    absent_share: int = 50  # absent when at least this share of the day is missing
    alone: Alone = Alone.MARK
    marks: Marks = Marks.TOGETHER
    per_absence: int = 3  # so many marks are one absence
    unit: Unit = Unit.WHOLE
    excused: Excused = Excused.PRESENT
    before: Before = Before.LEFT_OUT
    threshold: int = 80  # attendance that completion asks for
    warn_at: int = 2  # warn when so many absences are left
