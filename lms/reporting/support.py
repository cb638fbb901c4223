"""Speaking with those who may need help: whom somebody sees, and the log of what was said."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from lms.attendance import keepers
from lms.kit import clock
from lms.kit.db import session
from lms.kit.i18n import day as told_day
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person
from lms.pipeline.models import Cohort, Stage, Traineeship
from lms.reporting.support_models import ContactWay, SupportContact

TAIL = timedelta(days=30)  # after the last course day, for those who have not completed
REACH = timedelta(days=366)  # how far back a contact may lie, and how far ahead the next


def cohorts_of(reader: Person) -> Select[Cohort]:
    """The cohorts whose people the reader may help now: those led, taught or kept, from the first day on."""
    today = clock.today()
    mine = keepers.kept_by(reader).where(Cohort.starts_on <= today, Cohort.ends_on >= today - TAIL)
    return mine.order_by(Cohort.starts_on.desc(), Cohort.id)


def visible_to(reader: Person) -> Select[Traineeship]:
    """Those who take or took part in a cohort that the reader leads, teaches or keeps; never oneself."""
    mine = keepers.kept_by(reader).with_only_columns(Cohort.id)
    query = select(Traineeship).where(Traineeship.cohort_id.in_(mine), Traineeship.person_id != reader.id)
    return query.options(joinedload(Traineeship.person), joinedload(Traineeship.cohort))


def contacts(cohort_ids: Iterable[UUID], person_id: UUID | None = None) -> Select[SupportContact]:
    """Every contact in these cohorts (with one person), the latest first."""
    query = select(SupportContact).where(SupportContact.cohort_id.in_(list(cohort_ids)))
    if person_id is not None:
        query = query.where(SupportContact.person_id == person_id)
    latest = (SupportContact.held_on.desc(), SupportContact.noted_at.desc(), SupportContact.id.desc())
    return query.options(joinedload(SupportContact.by)).order_by(*latest)


def check_held(day: date) -> None:
    """Raises Refused when a contact cannot have been on that day."""
    today = clock.today()
    if not today - REACH <= day <= today:
        first, last = told_day(today - REACH), told_day(today)
        raise Refused(_("Give the day on which you spoke: from %(first)s to %(last)s.", first=first, last=last))


def check_next(day: date) -> None:
    """Raises Refused when nobody can look again on that day."""
    today = clock.today()
    if not today <= day <= today + REACH:
        first, last = told_day(today), told_day(today + REACH)
        raise Refused(_("Give the day on which you look again: from %(first)s to %(last)s.", first=first, last=last))


def note(
    traineeship: Traineeship, by: Person, *, held_on: date, how: ContactWay, agreed: str, next_on: date | None
) -> SupportContact:
    """Write down that somebody was spoken with. Raises Refused when the days cannot be right, or about somebody who left."""
    if traineeship.stage is Stage.LEFT:
        raise Refused(_("This person has left the cohort. Nothing more is noted about them."))
    check_held(held_on)
    if next_on is not None:
        check_next(next_on)
    made = SupportContact(
        cohort_id=traineeship.cohort_id,
        person_id=traineeship.person_id,
        by_id=by.id,
        held_on=held_on,
        how=how,
        agreed=agreed,
        next_on=next_on,
    )
    session.add(made)
    session.flush()
    audit.note(by, "support.contact_noted", made, new={"person": str(made.person_id), "how": how.value})
    return made
