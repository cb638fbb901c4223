"""Until when activities are due: for everybody in an offering, and longer for one person.

A deadline is never changed: a new row takes the place of the older ones. Activities are named by key, so a deadline
outlives a switch to another version.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from courses.catalogue.models import Activity
from courses.learning.models import Deadline, Enrolment, Offering
from lms.kit import clock, db
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person

# Written once: every lesson page sends it.
FOR_PEOPLE = (
    select(Deadline.offering_id, Deadline.person_id, Deadline.activity_key, Deadline.due_at, Deadline.reason)
    .where(
        Deadline.offering_id.in_(bindparam("offerings", expanding=True)),
        Deadline.person_id.is_(None) | Deadline.person_id.in_(bindparam("people", expanding=True)),
    )
    .order_by(Deadline.set_at, Deadline.id)
)


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due for one person; `common` is everybody's deadline, `reason` why this person has another."""

    due_at: datetime
    common: datetime | None
    reason: str = ""

    @property
    def extended(self) -> bool:
        return self.due_at != self.common


def due(enrolment: Enrolment, activity: Activity) -> datetime | None:
    """When the activity is due for this person, or None. An own extension goes before the common deadline."""
    return due_many(enrolment, [activity]).get(activity.id)


def due_many(enrolment: Enrolment, activities: Iterable[Activity]) -> dict[UUID, datetime]:
    """Activity id → when it is due for this person; those without a deadline are left out. One query."""
    dues = of(enrolment)
    return {activity.id: dues[activity.key].due_at for activity in activities if activity.key in dues}


def of(enrolment: Enrolment) -> dict[str, Due]:
    """Activity key → deadline, for one person in one offering."""
    return of_many([enrolment])[enrolment.id]


def of_many(enrolments: Iterable[Enrolment]) -> dict[UUID, dict[str, Due]]:
    """Enrolment id → activity key → deadline. One query, however many enrolments."""
    wanted = list(enrolments)
    common: dict[UUID, dict[str, datetime | None]] = defaultdict(dict)
    own: dict[tuple[UUID, UUID], dict[str, tuple[datetime | None, str]]] = defaultdict(dict)
    people = {enrolment.person_id for enrolment in wanted}
    session.flush()
    rows = db.rows(FOR_PEOPLE, {"offerings": [each.offering_id for each in wanted], "people": list(people)})
    for offering_id, person_id, key, due_at, reason in rows:
        if person_id is None:
            common[offering_id][key] = due_at
        else:
            own[offering_id, person_id][key] = (due_at, reason)
    return {
        enrolment.id: _join(common[enrolment.offering_id], own[enrolment.offering_id, enrolment.person_id])
        for enrolment in wanted
    }


def set_common(
    offering: Offering, activity: Activity, by: Person, due_at: datetime | None, reason: str = ""
) -> Deadline:
    """Set when the activity is due for everybody in the offering (None: no longer)."""
    return _set(offering, activity, by, due_at, None, reason)


def extend(enrolment: Enrolment, activity: Activity, by: Person, due_at: datetime, reason: str) -> Deadline:
    """Give one person longer. Raises Refused when that would not be longer than what everybody has."""
    everybody = common_of(enrolment.offering).get(activity.key)
    if everybody is None:
        raise Refused(_("This activity has no deadline that could be extended. Set one for everybody first."))
    if due_at <= everybody:
        raise Refused(_("An extension must end later than the deadline for everybody. Choose a later moment."))
    return _set(enrolment.offering, activity, by, due_at, enrolment.person, reason)


def withdraw(enrolment: Enrolment, activity: Activity, by: Person, reason: str) -> Deadline:
    """Take an extension back: from now on the common deadline holds for this person."""
    return _set(enrolment.offering, activity, by, None, enrolment.person, reason)


def common_of(offering: Offering) -> dict[str, datetime]:
    """Activity key → the deadline that everybody in the offering has."""
    rows = session.execute(
        select(Deadline.activity_key, Deadline.due_at)
        .where(Deadline.offering_id == offering.id, Deadline.person_id.is_(None))
        .order_by(Deadline.set_at, Deadline.id)
    )
    latest = {row.activity_key: row.due_at for row in rows}
    return {key: due_at for key, due_at in latest.items() if due_at is not None}


def _join(common: dict[str, datetime | None], own: dict[str, tuple[datetime | None, str]]) -> dict[str, Due]:
    joined: dict[str, Due] = {}
    for key in common.keys() | own.keys():
        everybody = common.get(key)
        mine, reason = own.get(key, (None, ""))
        if mine is not None and (everybody is None or mine > everybody):
            joined[key] = Due(mine, everybody, reason)
        elif everybody is not None:
            joined[key] = Due(everybody, everybody)
    return joined


def _set(
    offering: Offering, activity: Activity, by: Person, due_at: datetime | None, person: Person | None, reason: str
) -> Deadline:
    deadline = Deadline(
        offering_id=offering.id,
        activity_key=activity.key,
        person_id=person.id if person else None,
        due_at=due_at,
        set_by_id=by.id,
        set_at=clock.now(),
        reason=reason,
    )
    session.add(deadline)
    session.flush()
    audit.note(
        by,
        "deadline.set",
        deadline,
        new={
            "offering": str(offering.id),
            "activity": activity.key,
            "person": str(person.id) if person else None,
            "due_at": due_at.isoformat() if due_at else None,
            "reason": reason,
        },
    )
    return deadline
