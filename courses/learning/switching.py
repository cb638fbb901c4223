"""Moving those who are enrolled from one version of a course to another: shown first, then done on purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Result, Row, Select, func, select

from courses.catalogue.models import Activity, ActivityKind, CourseVersion
from courses.learning import progress
from courses.learning.models import ActivityProgress, Enrolment, Offering
from lms.kit import jobs
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person


@dataclass(frozen=True, slots=True)
class Change:
    """One activity that comes or goes; `done` is how many of those who are switched have done it."""

    key: str
    kind: ActivityKind
    title: Words
    required: bool
    done: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a switch would do: to how many people, and to which activities."""

    version: CourseVersion
    people: int
    added: list[Change]
    removed: list[Change]
    kept: int


def newer(offering: Offering) -> Select[CourseVersion]:
    """Published versions of the offering's course with a higher number than the offering's, the newest first."""
    here = select(CourseVersion.number).where(CourseVersion.id == offering.version_id).scalar_subquery()
    return (
        select(CourseVersion)
        .where(
            CourseVersion.course_id == offering.course_id,
            CourseVersion.published_at.is_not(None),
            CourseVersion.number > here,
        )
        .order_by(CourseVersion.number.desc())
    )


def plan(offering: Offering, version: CourseVersion) -> Plan:
    """What switching everybody in the offering to `version` would change."""
    people = session.scalars(_to_switch(offering, version).with_only_columns(func.count(Enrolment.id))).one()
    before, after = _activities(offering.version_id), _activities(version.id)
    done = _done(offering)
    added = [_change(row, 0) for key, row in after.items() if key not in before]
    removed = [_change(row, done.get(row.id, 0)) for key, row in before.items() if key not in after]
    return Plan(version, people, added, removed, len(before.keys() & after.keys()))


def switch(offering: Offering, version: CourseVersion, by: Person, *, seen: UUID) -> int:
    """Move the offering and everybody in it to `version`; returns how many people moved.

    What somebody has done is found again by the activity's key; what they did in activities that are gone stays on
    record. `seen` is the version that the offering had when the change was shown; another one is a Conflict.
    """
    session.refresh(offering, ["version_id"], with_for_update=True)
    if offering.version_id != seen:
        raise Conflict(_("Somebody switched this offering a moment ago. Look at what would change now."))
    if version.published_at is None or version.course_id != offering.course_id:
        raise Refused(_("People can only be switched to a published version of the same course."))
    moving = session.scalars(_to_switch(offering, version)).all()
    _carry(moving, version)
    offering.version_id = version.id
    for enrolment in moving:
        progress.recount(enrolment)
        jobs.announce("work_changed", enrolment_id=str(enrolment.id))
    audit.note(
        by, "offering.switched", offering,
        old={"version": str(seen)}, new={"version": str(version.id), "people": len(moving)},
    )  # fmt: skip
    return len(moving)


def _to_switch(offering: Offering, version: CourseVersion) -> Select[Enrolment]:
    return select(Enrolment).where(
        Enrolment.offering_id == offering.id, Enrolment.ended_at.is_(None), Enrolment.version_id != version.id
    )


def _activities(version_id: UUID) -> dict[str, Row[Any]]:
    rows: Result[Any] = session.execute(
        select(Activity.id, Activity.key, Activity.kind, Activity.title, Activity.required)
        .where(Activity.version_id == version_id)
        .order_by(Activity.position)
    )
    return {row.key: row for row in rows}


def _done(offering: Offering) -> dict[UUID, int]:
    """Activity id → how many people of the offering have done it."""
    rows = session.execute(
        select(ActivityProgress.activity_id, func.count(ActivityProgress.done_at).label("done"))
        .join(Enrolment, Enrolment.id == ActivityProgress.enrolment_id)
        .where(Enrolment.offering_id == offering.id, Enrolment.ended_at.is_(None))
        .group_by(ActivityProgress.activity_id)
    )
    return {row.activity_id: row.done for row in rows}


def _change(row: Row[Any], done: int) -> Change:
    return Change(row.key, row.kind, row.title, row.required, done)


def _carry(moving: Sequence[Enrolment], version: CourseVersion) -> None:
    """Give each enrolment its progress on the activities of the same key, beside the old rows."""
    after = _activities(version.id)
    ids = [enrolment.id for enrolment in moving]
    keys: dict[UUID, str] = {}
    there: set[tuple[UUID, UUID]] = set()
    earlier: list[ActivityProgress] = []
    rows = session.execute(
        select(ActivityProgress, Activity.key, Activity.version_id)
        .join(Activity, Activity.id == ActivityProgress.activity_id)
        .where(ActivityProgress.enrolment_id.in_(ids))
    )
    versions = {enrolment.id: enrolment.version_id for enrolment in moving}
    for row, key, version_id in rows:
        keys[row.activity_id] = key
        if version_id == version.id:
            there.add((row.enrolment_id, row.activity_id))
        elif version_id == versions[row.enrolment_id]:
            earlier.append(row)
    for row in earlier:
        to = after.get(keys[row.activity_id])
        if to is not None and (row.enrolment_id, to.id) not in there:
            session.add(
                ActivityProgress(
                    enrolment_id=row.enrolment_id, activity_id=to.id,
                    opened_at=row.opened_at, done_at=row.done_at, place=row.place,
                )
            )  # fmt: skip
    for enrolment in moving:
        last = after.get(keys.get(enrolment.last_activity_id, "")) if enrolment.last_activity_id else None
        enrolment.last_activity_id = last.id if last else None
        enrolment.version_id = version.id
    session.flush()
