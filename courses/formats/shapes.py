"""What any course format is read into: plain data, no database, no web.

Texts that exist in several languages are ``Words``: a mapping from language code ("en", "ko") to text.

In bodies, images and downloads of the course are written as ``asset:NAME`` (NAME is a key of ``CourseShape.assets``),
and links to other activities as ``activity:KEY`` (optionally with ``#fragment``). Whoever renders a body turns those
into addresses. What could not be resolved is left as text or as an external link, and listed in
``CourseShape.problems``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

Words = Mapping[str, str]


@dataclass(frozen=True)
class Problem:
    """Something that could not be resolved; an import lists it and goes on."""

    file: str
    """Relative to the course folder."""
    line: int
    """1-based; 0 when it concerns the whole file."""
    message: str
    """English, one sentence."""


@dataclass
class OptionShape:
    """One answer that can be ticked."""

    text: Words
    correct: bool
    feedback: Words = field(default_factory=dict)


@dataclass
class QuestionShape:
    """One question of a quiz; which of the later fields count depends on its kind."""

    key: str
    kind: str
    """One of "one", "several", "number", "text"."""
    text: Words
    """Markdown."""
    points: int = 1
    options: list[OptionShape] = field(default_factory=list)
    answer: str | None = None
    """Kind "number": the decimal as text."""
    tolerance: str | None = None
    """Kind "number": absolute, a decimal as text."""
    accepted: list[str] = field(default_factory=list)
    """Kind "text": what counts as right."""
    explanation: Words = field(default_factory=dict)
    """Markdown, shown after the attempt."""


@dataclass
class LevelShape:
    """One column of a rubric: a range of points with its description."""

    title: Words
    description: Words
    lowest: int
    """Points, inclusive."""
    highest: int
    """Points, inclusive."""


@dataclass
class CriterionShape:
    """One row of a rubric."""

    key: str
    title: Words
    points: int
    """The maximum."""
    levels: list[LevelShape]


@dataclass
class LessonShape:
    """A text to read."""

    key: str
    """Stable across imports, unique in the course: "2-regression/3-linear"."""
    title: Words
    body: Words
    """Markdown, link targets already rewritten."""
    minutes: int


@dataclass
class QuizShape:
    """Questions that the machine marks."""

    key: str
    title: Words
    questions: list[QuestionShape]
    minutes: int | None = None
    """None: no clock."""
    attempts: int = 3
    pass_percent: int = 60


@dataclass
class AssignmentShape:
    """Work that a person marks by a rubric."""

    key: str
    title: Words
    body: Words
    criteria: list[CriterionShape]
    minutes: int = 120
    pass_percent: int = 60


ActivityShape = LessonShape | QuizShape | AssignmentShape


@dataclass
class ModuleShape:
    """A part of a course: activities in their order."""

    key: str
    title: Words
    activities: list[ActivityShape]


@dataclass
class CourseShape:
    """A whole course as it was read, with what could not be read of it."""

    slug: str
    title: Words
    summary: Words
    hours: int
    licence: str
    source: str
    """The attribution line."""
    modules: list[ModuleShape]
    assets: dict[str, Path]
    """Name used in bodies ("2-regression/3-linear/images/x.png") → file on disk."""
    problems: list[Problem]
    quiz_minimum: int = 60
    """Default completion rule, in percent."""
    assignment_pass: int = 60
    """Default completion rule, in percent."""
