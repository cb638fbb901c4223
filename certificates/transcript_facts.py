"""What a transcript says: every printed fact, frozen. Plain data: no database, no web, no drawing."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from certificates.facts import Words

PASSED = "P"  # completed in a course that has no marks
WORDS = ("issuer", "signatory", "signatory_title")


@dataclass(frozen=True)
class CourseDone:
    """One completed course. ``grade`` is the mean of its required quizzes and assignments, of 100 ("92.5"), or PASSED."""

    title: Words
    hours: int
    starts_on: date
    ends_on: date
    completed_on: date
    grade: str


@dataclass(frozen=True)
class Part:
    """The courses of one cohort. ``completed_on``: the programme, if it was; ``certificate`` is its number by year, or ""."""

    programme: Words
    cohort: Words
    completed_on: date | None
    certificate: str
    courses: tuple[CourseDone, ...]


@dataclass(frozen=True)
class TranscriptFacts:
    """Everything that is printed on one transcript; names, code and address as on certificates."""

    year: int
    serial: int
    code: str
    name: str
    latin_name: str
    parts: tuple[Part, ...]
    hours: int
    issued_on: date
    issuer: Words
    signatory: Words
    signatory_title: Words
    verify_url: str

    @property
    def number(self) -> str:
        """The number by year. Its letter tells it from those of certificates."""
        return f"제T{self.year}-{self.serial:04d}호"

    @property
    def number_en(self) -> str:
        return f"No. T{self.year}-{self.serial:04d}"

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON column; ``from_json`` gives back equal facts."""
        told: dict[str, Any] = _plain(self)
        return told

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "TranscriptFacts":
        parts = tuple(_part(each) for each in plain["parts"])
        return cls(**{**plain, "parts": parts, "issued_on": date.fromisoformat(plain["issued_on"])})

    def texts(self) -> list[str]:
        """Each text that somebody wrote, for a look at its letters before anything is issued."""
        words = [getattr(self, key) for key in WORDS]
        for part in self.parts:
            words += [part.programme, part.cohort, *(course.title for course in part.courses)]
        return [
            self.name,
            self.latin_name,
            self.code,
            self.verify_url,
            *(text for each in words for text in each.values()),
        ]


def _part(plain: Mapping[str, Any]) -> Part:
    courses = tuple(
        CourseDone(
            **{**each, **{key: date.fromisoformat(each[key]) for key in ("starts_on", "ends_on", "completed_on")}}
        )
        for each in plain["courses"]
    )
    completed_on = date.fromisoformat(plain["completed_on"]) if plain["completed_on"] else None
    return Part(**{**plain, "courses": courses, "completed_on": completed_on})


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(each) for each in value]
        case Mapping():
            return dict(value)
        case CourseDone() | Part() | TranscriptFacts():
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
