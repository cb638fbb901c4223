"""What a version of a course consists of, read once in a process: a published version never changes.

Course and lesson pages are the most visited ones and show eighty activities; what is the same for everybody is kept here.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from uuid import UUID

from markupsafe import Markup, escape
from sqlalchemy import select

from courses.catalogue.models import Activity, ActivityKind, CourseVersion, Module
from lms.kit.db import session
from lms.kit.i18n import LANGUAGES
from lms.kit.words import Words

VERSIONS_KEPT = 128


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """One activity. `number` is "3-2": the second of the third module. `labels`: language → number and title, escaped."""

    id: UUID
    id_text: str
    key: str
    kind: ActivityKind
    number: str
    title: Words
    labels: dict[str, Markup]
    minutes: int
    required: bool


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """A module and its activities, in order."""

    number: int
    title: Words
    activities: tuple[ActivityFacts, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version of a course and its modules, in order."""

    title: Words
    number: int
    modules: tuple[ModuleFacts, ...]


def of(version_id: UUID) -> VersionFacts:
    """What a version consists of; kept once it is published."""
    try:
        return _published(version_id)
    except LookupError:
        return _read(version_id)


@lru_cache(maxsize=VERSIONS_KEPT)
def _published(version_id: UUID) -> VersionFacts:
    """Raises LookupError, which nothing keeps, for a version that may still change."""
    if session.scalar(select(CourseVersion.published_at).where(CourseVersion.id == version_id)) is None:
        raise LookupError(version_id)
    return _read(version_id)


def _read(version_id: UUID) -> VersionFacts:
    head = session.execute(
        select(CourseVersion.title, CourseVersion.number).where(CourseVersion.id == version_id)
    ).one()
    return VersionFacts(head.title, head.number, _modules(version_id))


def _modules(version_id: UUID) -> tuple[ModuleFacts, ...]:
    rows = session.execute(
        select(
            Activity.id, Activity.key, Activity.kind, Activity.title, Activity.minutes, Activity.required,
            Module.id.label("module_id"), Module.title.label("module_title"),
        )
        .join(Module, Module.id == Activity.module_id)
        .where(Activity.version_id == version_id)
        .order_by(Module.position, Activity.position)
    )  # fmt: skip
    modules = []
    for number, (_id, group) in enumerate(groupby(rows, key=lambda row: row.module_id), 1):
        found = list(group)
        activities = tuple(
            ActivityFacts(
                row.id, str(row.id), row.key, row.kind, f"{number}-{at}", row.title,
                _labels(f"{number}-{at}", row.title), row.minutes, row.required,
            )
            for at, row in enumerate(found, 1)
        )  # fmt: skip
        minutes = sum(each.minutes for each in activities)
        modules.append(ModuleFacts(number, found[0].module_title, activities, minutes))
    return tuple(modules)


def _labels(number: str, title: Words) -> dict[str, Markup]:
    return {language: escape(f"{number} {title.best(language)}") for language in LANGUAGES}
