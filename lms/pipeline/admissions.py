"""Seats: given, refused, given back, and passed on to the next in line.

Whoever gives seats holds the cohort's row first and counts after that, so two leads at once never give more than there are.
What else follows an admission (enrolment in courses) is done by the rooms above, which read the news "admitted".
"""

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from lms.kit import clock, jobs
from lms.kit.db import new_key, session
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person, Role, RoleGrant
from lms.pipeline import cohorts, letters, traineeships
from lms.pipeline.models import Application, Cohort, CohortState, LeavingReason, Stage, Traineeship


class Full(Refused):
    """No seat is left."""


def admit(application: Application, by: Person | None, message: str = "") -> Traineeship:
    """Give a seat. Raises Full when none is left, Refused when the application is in no stage to be admitted."""
    traineeship = _seat(application, by, message)
    audit.note(by, "application.admitted", application, new={"traineeship_id": str(traineeship.id)})
    letters.admitted(application, message)
    return traineeship


def wait(application: Application, by: Person, message: str = "") -> None:
    """Put on the waiting list, behind those who are there."""
    traineeships.advance(application, Stage.WAITING, by=by, note=message)
    application.waiting_since = clock.now()
    audit.note(by, "application.waiting", application)
    letters.waiting(application, message)


def decline(application: Application, by: Person, message: str = "") -> None:
    """Say no, with a letter."""
    traineeships.advance(application, Stage.DECLINED, by=by, note=message)
    audit.note(by, "application.declined", application)
    letters.declined(application, message)


def withdraw(application: Application, by: Person, reason: LeavingReason, note: str = "") -> None:
    """Take back an application. Who was admitted gives the seat back, and the next in line gets it."""
    if application.stage == Stage.ADMITTED:
        taking_part = select(Traineeship).where(Traineeship.cohort_id == application.cohort_id)
        leave(
            session.scalars(taking_part.where(Traineeship.person_id == application.person_id)).one(), by, reason, note
        )
    else:
        traineeships.advance(application, Stage.WITHDRAWN, by=by, reason=reason, note=note)
        audit.note(by, "application.withdrawn", application, new={"reason": reason.value})
    letters.withdrawn(application)


def leave(traineeship: Traineeship, by: Person, reason: LeavingReason, note: str = "") -> None:
    """End a traineeship before its completion. The seat goes to the next in line."""
    cohort = cohorts.locked(traineeship.cohort_id)
    traineeships.advance(traineeship, Stage.LEFT, by=by, reason=reason, note=note)
    audit.note(by, "traineeship.left", traineeship, new={"reason": reason.value})
    promote_next(cohort, None)


def promote_next(cohort: Cohort, by: Person | None) -> Application | None:
    """Admit who has waited longest, if a seat is free and the cohort is not finished; they are told by letter."""
    cohort = cohorts.locked(cohort.id)
    if cohort.state_on(clock.today()) == CohortState.FINISHED or cohorts.seats_left(cohort) == 0:
        return None
    line = waiting_line(cohort).limit(1).with_for_update(of=Application)
    application = session.scalars(line).one_or_none()
    if application is None:
        return None
    traineeship = _seat(application, by)
    audit.note(by, "application.promoted", application, new={"traineeship_id": str(traineeship.id)})
    letters.promoted(application)
    return application


def waiting_line(cohort: Cohort) -> Select[Application]:
    """The waiting list of a cohort, who has waited longest first."""
    line = select(Application).where(Application.cohort_id == cohort.id, Application.stage == Stage.WAITING)
    return line.order_by(Application.waiting_since, Application.sent_at, Application.id).options(
        joinedload(Application.person), joinedload(Application.cohort)
    )


def place_in_line(application: Application) -> int:
    """The place on the waiting list, from 1; 0 for whoever is not on it."""
    keys = [each.id for each in session.scalars(waiting_line(application.cohort))]
    return keys.index(application.id) + 1 if application.id in keys else 0


def _seat(application: Application, by: Person | None, message: str = "") -> Traineeship:
    cohort = cohorts.locked(application.cohort_id)
    if not traineeships.may_follow(application, Stage.ADMITTED):
        raise Refused(_("%(name)s was decided about already. Look at the current stage.", name=application.person.name))
    if cohorts.seats_left(cohort) == 0:
        raise Full(
            _("No seat is left in this cohort. Put the rest on the waiting list, or give the cohort more seats.")
        )
    traineeships.advance(application, Stage.ADMITTED, by=by, note=message)
    application.waiting_since = None
    if not application.person.has(Role.TRAINEE):
        application.person.grants.append(RoleGrant(role=Role.TRAINEE, granted_by_id=by.id if by else None))
    traineeship = Traineeship(
        id=new_key(),
        cohort_id=cohort.id,
        person_id=application.person_id,
        application_id=application.id,
        stage=Stage.ADMITTED,
        admitted_at=clock.now(),
        progress=0,
    )
    traineeship.cohort, traineeship.person = cohort, application.person
    session.add(traineeship)
    session.flush()
    jobs.announce("admitted", traineeship_id=str(traineeship.id))
    return traineeship
