"""The course as one person sees it: modules, activities, what is done, what is due, what is next."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import url_for
from sqlalchemy import Result, Row, and_, select

from courses.catalogue.models import Activity, ActivityKind, CourseVersion, Module
from courses.learning import deadlines
from courses.learning.activities import PAGES
from courses.learning.deadlines import Due
from courses.learning.models import ActivityProgress, Enrolment, Offering
from lms.kit.db import session
from lms.kit.words import Words

NIL = UUID(int=0)


class State(StrEnum):
    """How far one activity is: not begun, begun, done."""

    OPEN = "open"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity in the outline. `number` is "3-2": the second of the third module."""

    id: UUID
    key: str
    kind: ActivityKind
    number: str
    title: Words
    minutes: int
    required: bool
    state: State
    place: str
    due: Due | None
    url: str

    @property
    def done(self) -> bool:
        return self.state is State.DONE

    @property
    def resume_url(self) -> str:
        """The address of the activity, at the heading where its reader stopped."""
        return f"{self.url}#{quote(self.place)}" if self.place and not self.done else self.url


@dataclass(frozen=True, slots=True)
class Part:
    """A module in the outline."""

    number: int
    title: Words
    entries: list[Entry]

    @property
    def done(self) -> int:
        return sum(entry.done for entry in self.entries)

    def has(self, activity_id: UUID | None) -> bool:
        """Whether the activity is one of this module."""
        return any(entry.id == activity_id for entry in self.entries)

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole course of one enrolment. `done` and `needed` count required activities, as the progress does."""

    enrolment: Enrolment
    title: Words
    version: int
    url: str
    modules: list[Part]
    done: int
    needed: int

    def __iter__(self) -> Iterator[Part]:
        return iter(self.modules)

    @property
    def entries(self) -> list[Entry]:
        return [entry for part in self.modules for entry in part.entries]

    @property
    def count(self) -> int:
        return sum(len(part.entries) for part in self.modules)

    def part_of(self, activity_id: UUID) -> Part:
        """The module that an activity of this outline belongs to."""
        return next(part for part in self.modules if part.has(activity_id))

    def entry(self, activity_id: UUID) -> Entry | None:
        return next((entry for entry in self.entries if entry.id == activity_id), None)

    def around(self, activity_id: UUID) -> tuple[Entry | None, Entry | None]:
        """What comes before and after an activity."""
        entries = self.entries
        at = next((index for index, entry in enumerate(entries) if entry.id == activity_id), None)
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
        at = next((index for index, entry in enumerate(entries) if entry.id == last), -1)
        if at >= 0 and entries[at].kind is ActivityKind.LESSON and not entries[at].done:
            return entries[at]
        ahead = [entry for entry in entries[at + 1 :] + entries[: at + 1] if not entry.done]
        return next((entry for entry in ahead if entry.required), ahead[0] if ahead else None)


def outline(enrolment: Enrolment) -> Outline:
    """The outline of an enrolment, in three queries, however long the course."""
    title, number = session.execute(
        select(CourseVersion.title, CourseVersion.number).where(CourseVersion.id == enrolment.version_id)
    ).one()
    modules = _parts(enrolment.version_id, enrolment.id, deadlines.of(enrolment))
    required = [entry for part in modules for entry in part.entries if entry.required]
    done, needed = sum(entry.done for entry in required), len(required)
    url = url_for("learning.course", enrolment_id=enrolment.id)
    return Outline(enrolment, title, number, url, modules, done, needed)


def contents(offering: Offering) -> list[Part]:
    """The modules of an offering's version with everybody's deadlines; nobody's progress."""
    dues = {key: Due(due_at, due_at) for key, due_at in deadlines.common_of(offering).items()}
    return _parts(offering.version_id, NIL, dues)


def _parts(version_id: UUID, enrolment_id: UUID, dues: dict[str, Due]) -> list[Part]:
    addresses = _Addresses(enrolment_id)
    parts: list[Part] = []
    for number, (_id, group) in enumerate(groupby(_rows(version_id, enrolment_id), key=lambda row: row.module_id), 1):
        rows = list(group)
        entries = [_entry(row, f"{number}-{at}", dues.get(row.key), addresses) for at, row in enumerate(rows, 1)]
        parts.append(Part(number, rows[0].module_title, entries))
    return parts


class _Addresses:
    """Addresses of activities: one is built for each kind, the others are written from it."""

    def __init__(self, enrolment_id: UUID) -> None:
        self.enrolment_id = enrolment_id
        self.patterns: dict[ActivityKind, str] = {}

    def of(self, kind: ActivityKind, activity_id: UUID) -> str:
        if kind not in self.patterns:
            self.patterns[kind] = url_for(PAGES[kind], enrolment_id=self.enrolment_id, activity_id=NIL)
        return self.patterns[kind].replace(str(NIL), str(activity_id))


def _rows(version_id: UUID, enrolment_id: UUID) -> Result[Any]:
    """Columns rather than objects: a course has eighty activities and is drawn on every lesson page."""
    here = and_(ActivityProgress.activity_id == Activity.id, ActivityProgress.enrolment_id == enrolment_id)
    return session.execute(
        select(
            Activity.id,
            Activity.key,
            Activity.kind,
            Activity.title,
            Activity.minutes,
            Activity.required,
            Module.id.label("module_id"),
            Module.title.label("module_title"),
            ActivityProgress.opened_at,
            ActivityProgress.done_at,
            ActivityProgress.place,
        )
        .join(Module, Module.id == Activity.module_id)
        .outerjoin(ActivityProgress, here)
        .where(Activity.version_id == version_id)
        .order_by(Module.position, Activity.position)
    )


def _entry(row: Row[Any], number: str, due: Due | None, addresses: _Addresses) -> Entry:
    state = State.DONE if row.done_at else State.BEGUN if row.opened_at else State.OPEN
    url = addresses.of(row.kind, row.id)
    return Entry(
        row.id, row.key, row.kind, number, row.title, row.minutes, row.required, state, row.place or "", due, url
    )
