"""What a certificate says: every printed fact, frozen.

The row of a certificate keeps ``as_json()``; what was printed can be told from it for ever after, whatever is renamed
or deleted. Plain data: no database, no web, no drawing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

Words = Mapping[str, str]  # "ko" and "en" to the text in that language

LANGUAGES = ("ko", "en")
DATES = ("starts_on", "ends_on", "completed_on", "issued_on")
LAST_DAY = "expires_on"  # not on every certificate, and not in those frozen before there was one
COURSE = "course"  # of a certificate for one course; not in those frozen before there were any
WORDS = ("programme", "cohort", "issuer", "signatory", "signatory_title")


class Printable(Protocol):
    """Whatever can be put on paper: it knows its texts, and itself as plain values."""

    def texts(self) -> list[str]: ...

    def as_json(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class CourseFact:
    """One course of the programme, with its hours of study."""

    title: Words
    hours: int


@dataclass(frozen=True)
class Facts:
    """Everything that is printed on one certificate.

    ``name`` is the name as written, ``latin_name`` its Latin spelling ("" when there is none to print). ``hours`` are
    those of the whole programme. ``code`` is printed in groups of four; ``verify_url`` is what the QR code holds.
    ``expires_on`` is the last day on which it holds (None: no end). ``course`` is the title of the one course that was
    completed (None: the programme was); then days and hours are those of the course, and ``courses`` is empty.
    """

    year: int
    serial: int
    code: str
    name: str
    latin_name: str
    programme: Words
    cohort: Words
    courses: tuple[CourseFact, ...]
    hours: int
    starts_on: date
    ends_on: date
    completed_on: date
    issued_on: date
    issuer: Words
    signatory: Words
    signatory_title: Words
    verify_url: str
    expires_on: date | None = None
    course: Words | None = None

    @property
    def achieved(self) -> Words:
        """What was completed, by its title: the one course, or the programme."""
        return self.course or self.programme

    @property
    def number(self) -> str:
        """The number by year, as Korean documents write it: 제2026-0001호."""
        return f"제{self.year}-{self.serial:04d}호"

    @property
    def number_en(self) -> str:
        return f"No. {self.year}-{self.serial:04d}"

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON column; ``from_json`` gives back an equal ``Facts``."""
        plain: dict[str, Any] = dict(vars(self))
        plain |= {key: dict(plain[key]) for key in WORDS}
        plain |= {key: plain[key].isoformat() for key in DATES}
        plain[LAST_DAY] = self.expires_on.isoformat() if self.expires_on else None
        plain[COURSE] = dict(self.course) if self.course else None
        plain["courses"] = [{"title": dict(course.title), "hours": course.hours} for course in self.courses]
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Facts":
        own = dict(plain)
        own |= {key: date.fromisoformat(own[key]) for key in DATES}
        own[LAST_DAY] = date.fromisoformat(own[LAST_DAY]) if own.get(LAST_DAY) else None
        own["courses"] = tuple(CourseFact(course["title"], course["hours"]) for course in own["courses"])
        return cls(**own)

    def texts(self) -> list[str]:
        """Each text that somebody wrote, for a look at its letters before anything is issued."""
        words: list[Words] = [getattr(self, key) for key in WORDS]
        words += [course.title for course in self.courses]
        words += [self.course] if self.course else []
        written = [text for each in words for text in each.values()]
        return [self.name, self.latin_name, self.code, self.verify_url, *written]
