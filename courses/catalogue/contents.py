"""What a version holds, to be shown: modules, activities, and in which languages their texts are."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from flask import url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from courses.catalogue.models import Activity, ActivityKind, ActivityText, CourseVersion, Module
from lms.kit.db import session
from lms.kit.words import Words

HERE = re.compile(r'href="/learn/here/([0-9a-f-]{36})')


@dataclass(frozen=True)
class Entry:
    """One activity. `number` is "3-2": the second of the third module."""

    id: UUID
    kind: ActivityKind
    number: str
    title: Words
    minutes: int
    languages: list[str]


@dataclass(frozen=True)
class Part:
    """A module with its activities."""

    number: int
    title: Words
    entries: list[Entry] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries)


@dataclass(frozen=True)
class Contents:
    """All modules of a version."""

    parts: list[Part]

    @property
    def counts(self) -> dict[ActivityKind, int]:
        entries = [entry for part in self.parts for entry in part.entries]
        return {kind: sum(entry.kind is kind for entry in entries) for kind in ActivityKind}

    @property
    def texts(self) -> list[Entry]:
        """Those that have a text to read."""
        return [entry for part in self.parts for entry in part.entries if entry.languages]

    def around(self, activity_id: UUID) -> tuple[Entry | None, Entry | None]:
        """The texts before and after one."""
        texts = self.texts
        at = next(index for index, entry in enumerate(texts) if entry.id == activity_id)
        return texts[at - 1] if at else None, texts[at + 1] if at + 1 < len(texts) else None


def contents(version: CourseVersion) -> Contents:
    """The contents of a version, in two queries."""
    languages: dict[UUID, list[str]] = {}
    spoken = select(ActivityText.activity_id, ActivityText.language).join(Activity)
    for activity_id, language in session.execute(spoken.where(Activity.version_id == version.id).order_by("language")):
        languages.setdefault(activity_id, []).append(language)
    rows = session.execute(
        select(
            Activity.id, Activity.kind, Activity.title, Activity.minutes, Module.position, Module.title.label("module")
        )
        .join(Module, Module.id == Activity.module_id)
        .where(Activity.version_id == version.id)
        .order_by(Module.position, Activity.position)
    )
    parts: list[Part] = []
    for at, (_position, group) in enumerate(groupby(rows, key=lambda row: row.position), 1):
        inside = list(group)
        entries = [
            Entry(row.id, row.kind, f"{at}-{place}", row.title, row.minutes, languages.get(row.id, []))
            for place, row in enumerate(inside, 1)
        ]
        parts.append(Part(at, inside[0].module, entries))
    return Contents(parts)


def activity_of(version: CourseVersion, activity_id: UUID) -> Select[Activity]:
    """An activity of a version that has a text, with its texts."""
    return (
        select(Activity)
        .options(selectinload(Activity.texts))
        .where(Activity.version_id == version.id, Activity.id == activity_id, Activity.texts.any())
    )


def previewed(html: str, version: CourseVersion, readable: Collection[UUID]) -> str:
    """A text whose links to other activities lead to their previews (of those without a text: to the version's page),
    because who reads it here is not enrolled."""
    slug, number = version.course.slug, version.number

    def to_preview(link: re.Match[str]) -> str:
        if UUID(link[1]) in readable:
            return f'href="{url_for("catalogue.text", slug=slug, number=number, activity_id=link[1])}'
        return f'href="{url_for("catalogue.version", slug=slug, number=number)}'

    return HERE.sub(to_preview, html)
