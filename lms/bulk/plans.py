"""What a file would do, row by row, before anything is done."""

import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from lms.bulk.findings import Finding
from lms.bulk.known import KnownPerson, Place
from lms.bulk.models import Kind
from lms.bulk.walking import Step


class Outcome(StrEnum):
    """What becomes of a row."""

    MADE = "made"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True)
class NewPerson:
    id: UUID
    email: str
    name: str
    latin_name: str
    language: str


@dataclass
class NewCohort:
    """A past cohort as its first row describes it. `seats` None: as many as held one."""

    id: UUID
    programme_id: UUID
    title: str
    title_en: str
    starts_on: date
    ends_on: date
    seats: int | None
    track: str
    row: int
    first_day: date  # that an application came in


@dataclass
class Way:
    """The steps of one person in one cohort, with what an application needs beside them."""

    cohort_id: UUID
    person_id: UUID
    place: Place
    steps: list[Step]
    name: str = ""
    latin_name: str = ""
    background: str = ""
    motivation: str = ""


@dataclass
class Renaming:
    person: KnownPerson
    name: str
    latin_name: str


@dataclass
class Plan:
    """Everything that would be written, and everything that was found."""

    kind: Kind
    findings: list[Finding] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    details: dict[int, list[Any]] = field(default_factory=dict)
    people: dict[str, NewPerson] = field(default_factory=dict)
    grants: set[UUID] = field(default_factory=set)  # known persons who become trainees
    renamings: list[Renaming] = field(default_factory=list)
    cohorts: list[NewCohort] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)

    def wrong(self, row: int, column: str, code: str, **values: Any) -> None:
        self.findings.append(Finding(row, column, code, values))

    @property
    def errors(self) -> int:
        return sum(each.is_error for each in self.findings)

    def settle(self, rows: list[int]) -> "Plan":
        """Give each row its outcome, now that everything about it is known."""
        for finding in self.findings:
            if finding.row and finding.is_error:
                self.outcomes[finding.row] = Outcome.WRONG
        for row in rows:
            self.outcomes.setdefault(row, Outcome.SAME)
        self.findings.sort(key=lambda each: (each.row, not each.is_error))
        return self

    def does(self, row: int, outcome: Outcome, *detail: Any) -> None:
        """Say that `row` makes or changes something; `detail` tells one such deed from another."""
        if self.outcomes.get(row) is not Outcome.MADE:
            self.outcomes[row] = outcome
        self.details.setdefault(row, []).append(detail)

    def marks(self) -> dict[str, str]:
        """Row → a short mark of what becomes of it; equal marks do the same."""
        said: dict[int, list[Any]] = {row: [*self.details.get(row, ())] for row in self.outcomes}
        for each in self.findings:
            said.setdefault(each.row, []).append((each.column, each.code))
        return {
            str(row): f"{self.outcomes.get(row, Outcome.SAME)[0]}{zlib.crc32(repr(deeds).encode()):08x}"
            for row, deeds in said.items()
        }

    def counts(self) -> dict[str, int]:
        """What would be made and changed, by its kind."""
        steps = Counter(step.stage.value for way in self.ways for step in way.steps)
        return {
            "people": len(self.people),
            "renamed": len(self.renamings),
            "cohorts": len(self.cohorts),
            "applications": steps["applied"],
            "steps": sum(steps.values()),
            **{f"stage.{stage}": count for stage, count in sorted(steps.items())},
        }
