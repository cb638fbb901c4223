"""The course as one person sees it: modules, activities, what is done, what is due, what is next."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

from flask import url_for
from markupsafe import Markup
from sqlalchemy import Row, bindparam, select

from courses.catalogue.models import ActivityKind
from courses.learning import deadlines, structure
from courses.learning.activities import PAGES
from courses.learning.deadlines import Due
from courses.learning.models import ActivityProgress, Enrolment, Offering
from courses.learning.structure import ActivityFacts, VersionFacts
from lms.kit import db
from lms.kit.db import session
from lms.kit.words import Words

NIL = UUID(int=0)

# Written once: building a statement costs more than sending it, and every lesson page sends it.
REACHED = select(ActivityProgress.activity_id, ActivityProgress.done_at, ActivityProgress.place).where(
    ActivityProgress.enrolment_id == bindparam("enrolment_id")
)


class State(StrEnum):
    """How far one activity is: not begun, begun, done."""

    OPEN = "open"
    BEGUN = "begun"
    DONE = "done"


class Entry(NamedTuple):
    """One activity in the outline: what it is, how far its owner is in it, until when, and where it is opened."""

    facts: ActivityFacts
    state: State
    place: str
    due: Due | None
    url: str

    @property
    def id(self) -> UUID:
        return self.facts.id

    @property
    def key(self) -> str:
        return self.facts.key

    @property
    def kind(self) -> ActivityKind:
        return self.facts.kind

    @property
    def number(self) -> str:
        """ "3-2": the second of the third module."""
        return self.facts.number

    @property
    def title(self) -> Words:
        return self.facts.title

    @property
    def labels(self) -> dict[str, Markup]:
        """Language → number and title."""
        return self.facts.labels

    @property
    def minutes(self) -> int:
        return self.facts.minutes

    @property
    def required(self) -> bool:
        return self.facts.required

    @property
    def done(self) -> bool:
        return self.state is State.DONE

    @property
    def resume_url(self) -> str:
        """The address of the activity, at the heading where its reader stopped."""
        return f"{self.url}#{quote(self.place)}" if self.place and self.state is State.BEGUN else self.url


@dataclass(frozen=True, slots=True)
class Part:
    """A module in the outline."""

    number: int
    title: Words
    entries: list[Entry]
    minutes: int

    @property
    def done(self) -> int:
        return sum(entry.state is State.DONE for entry in self.entries)

    def has(self, activity_id: UUID | None) -> bool:
        """Whether the activity is one of this module."""
        return any(entry.facts.id == activity_id for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole course of one enrolment. `done` and `needed` count required activities, as the progress does."""

    enrolment: Enrolment
    title: Words
    version: int
    url: str
    modules: list[Part]
    entries: list[Entry]
    done: int
    needed: int

    def __iter__(self) -> Iterator[Part]:
        return iter(self.modules)

    @property
    def count(self) -> int:
        return len(self.entries)

    def entry(self, activity_id: UUID) -> Entry | None:
        return next((entry for entry in self.entries if entry.facts.id == activity_id), None)

    def part_of(self, activity_id: UUID) -> Part:
        """The module that an activity of this outline belongs to."""
        return next(part for part in self.modules if part.has(activity_id))

    def around(self, activity_id: UUID) -> tuple[Entry | None, Entry | None]:
        """What comes before and after an activity."""
        entries = self.entries
        at = next((index for index, entry in enumerate(entries) if entry.facts.id == activity_id), None)
        if at is None:
            return None, None
        return entries[at - 1] if at else None, entries[at + 1] if at + 1 < len(entries) else None

    @property
    def next(self) -> Entry | None:
        """Where to go on: the lesson last opened until it is done, then what is not done behind it; None when all is.

        Begun quizzes and assignments wait for somebody or something else, so the way leads past them first.
        """
        entries = self.entries
        last = self.enrolment.last_activity_id
        at = next((index for index, entry in enumerate(entries) if entry.facts.id == last), -1)
        if at >= 0 and entries[at].kind is ActivityKind.LESSON and not entries[at].done:
            return entries[at]
        ahead = [entry for entry in entries[at + 1 :] + entries[: at + 1] if not entry.done]
        return next((entry for entry in ahead if entry.required), ahead[0] if ahead else None)


def outline(enrolment: Enrolment) -> Outline:
    """The outline of an enrolment, in two queries (more when its version is read for the first time)."""
    version = structure.of(enrolment.version_id)
    modules = _parts(version, deadlines.of(enrolment), enrolment)
    entries = [entry for part in modules for entry in part.entries]
    required = [entry for entry in entries if entry.required]
    done = sum(entry.done for entry in required)
    url = url_for("learning.course", enrolment_id=enrolment.id)
    return Outline(enrolment, version.title, version.number, url, modules, entries, done, len(required))


def contents(offering: Offering) -> list[Part]:
    """The modules of an offering's version with everybody's deadlines; nobody's progress, no addresses."""
    dues = {key: Due(due_at, due_at) for key, due_at in deadlines.common_of(offering).items()}
    return _parts(structure.of(offering.version_id), dues, None)


def _parts(version: VersionFacts, dues: dict[str, Due], enrolment: Enrolment | None) -> list[Part]:
    reached = _reached(enrolment) if enrolment else {}
    kinds = {facts.kind for module in version.modules for facts in module.activities}
    addresses = {kind: _address(kind, enrolment) for kind in kinds}
    parts = []
    for module in version.modules:
        entries = []
        for facts in module.activities:
            row = reached.get(facts.id)
            state = State.OPEN if row is None else State.DONE if row.done_at else State.BEGUN
            url = addresses[facts.kind].replace("{}", facts.id_text)
            entries.append(Entry(facts, state, row.place if row else "", dues.get(facts.key), url))
        parts.append(Part(module.number, module.title, entries, module.minutes))
    return parts


def _address(kind: ActivityKind, enrolment: Enrolment | None) -> str:
    """The address of activities of one kind, with {} for the id: one is built, eighty are written from it."""
    if enrolment is None:
        return ""
    return url_for(PAGES[kind], enrolment_id=enrolment.id, activity_id=NIL).replace(str(NIL), "{}")


def _reached(enrolment: Enrolment) -> dict[UUID, Row[*tuple[Any, ...]]]:
    """Activity id → how far; columns rather than objects, because every lesson page asks."""
    session.flush()
    return {row.activity_id: row for row in db.rows(REACHED, {"enrolment_id": enrolment.id})}
