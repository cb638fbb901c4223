"""Batches: certificates for many, asked for by one person, approved by another, issued one by one in the background."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import joinedload

from certificates import approving, batch_letters, earned, issuing, issuing_rules, keys
from certificates.earned import Earned, Given
from certificates.issue_models import BatchState, IssueBatch, IssueItem
from courses.learning.models import Enrolment, Offering
from lms.kit import clock, db, i18n, jobs
from lms.kit.db import new_key, session
from lms.kit.refusal import Conflict, Refused
from lms.people import audit
from lms.people.models import Person
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort, Traineeship
from lms.reporting import awaiting

log = logging.getLogger("lms.certificates")
TURN = 2.0  # seconds that one job issues before it lets others have their turn
WHOLE = (
    joinedload(IssueBatch.requested_by),
    joinedload(IssueBatch.decided_by),
    joinedload(IssueBatch.cohort),
    joinedload(IssueBatch.offering),
)
_NEXT = (
    select(IssueItem)
    .where(IssueItem.batch_id == bindparam("batch_id"), IssueItem.ended_at.is_(None))
    .options(joinedload(IssueItem.traineeship).joinedload(Traineeship.person), joinedload(IssueItem.enrolment))
    .order_by(IssueItem.position)
    .limit(1)
)


@dataclass(frozen=True)
class Tally:
    """How far a batch has come."""

    people: int = 0
    issued: int = 0
    refused: int = 0

    @property
    def done(self) -> int:
        return self.issued + self.refused


def led_by(person: Person) -> Select[IssueBatch]:
    """The batches of the cohorts that the person leads (an administrator: all)."""
    led = cohorts.led_by(person).with_only_columns(Cohort.id)
    return select(IssueBatch).where(IssueBatch.cohort_id.in_(led)).options(*WHOLE)


def of(given: Given) -> Select[IssueBatch]:
    """Every batch of a cohort's programme, or of an offering, the newest first."""
    course = given.id if isinstance(given, Offering) else None
    mine = select(IssueBatch).where(IssueBatch.cohort_id == earned.cohort(given).id, IssueBatch.offering_id == course)
    return mine.options(*WHOLE).order_by(IssueBatch.id.desc())


def items(batch: IssueBatch) -> Select[IssueItem]:
    """Each person of a batch, with what came of it."""
    own = select(IssueItem).where(IssueItem.batch_id == batch.id).order_by(IssueItem.position)
    return own.options(
        joinedload(IssueItem.traineeship).joinedload(Traineeship.person), joinedload(IssueItem.certificate)
    )


def tallies(ids: Iterable[UUID]) -> dict[UUID, Tally]:
    """Batch → how far it has come, in one query."""
    counted = (
        select(IssueItem.batch_id, func.count(), func.count(IssueItem.certificate_id), func.count(IssueItem.ended_at))
        .where(IssueItem.batch_id.in_(list(ids)))
        .group_by(IssueItem.batch_id)
    )
    return {row[0]: Tally(row[1], row[2], row[3] - row[2]) for row in session.execute(counted)}


def request(of: Given, chosen: Iterable[Earned], by: Person) -> IssueBatch:
    """Ask for certificates for the chosen of one cohort or offering. Nothing is issued before somebody else has approved.

    Raises Refused when nobody is chosen; Conflict when somebody is in another batch that is not finished.
    """
    wanted, cohort = list(chosen), earned.cohort(of)
    if any(earned.given(each) != of for each in wanted):
        raise ValueError("A batch is of one cohort or offering.")
    if not wanted:
        raise Refused(_("Choose at least one person who is ready for a certificate."))
    version = issuing_rules.of_cohort(cohort.id).version
    offering_id = of.id if isinstance(of, Offering) else None
    batch = IssueBatch(
        id=new_key(), cohort_id=cohort.id, offering_id=offering_id, rule_version=version, requested_by_id=by.id
    )
    try:
        with session.begin_nested():
            session.add(batch)
            session.flush()
            session.add_all(_item(batch, place, each) for place, each in enumerate(wanted, start=1))
            session.flush()
    except IntegrityError as error:
        raise Conflict(_("Somebody asked for some of them a moment ago. Look at the list again.")) from error
    audit.note(by, "batch.requested", batch, new={"people": len(wanted), "cohort_id": str(cohort.id)})
    awaiting.begin(batch.id, cohort, by, len(wanted))
    for person in approving.approvers(batch):
        batch_letters.asked(batch, person, len(wanted))
    return batch


def _item(batch: IssueBatch, place: int, of: Earned) -> IssueItem:
    course = of.id if isinstance(of, Enrolment) else None
    return IssueItem(batch_id=batch.id, traineeship_id=earned.traineeship(of).id, enrolment_id=course, position=place)


def approve(batch: IssueBatch, by: Person) -> None:
    """Let a batch be issued, in the background. Raises what `approving.approve` raises."""
    approving.approve(batch, by)
    _start(batch)


def pause(batch: IssueBatch, by: Person) -> None:
    """Stop after the person whose certificate is being issued now. Raises Refused when it does not run."""
    approving.hold(batch)
    if batch.state is not BatchState.RUNNING:
        raise Refused(_("This batch is not running, so it cannot be paused."))
    batch.state = BatchState.PAUSED
    audit.note(by, "batch.paused", batch)


def resume(batch: IssueBatch, by: Person) -> None:
    """Go on with the next person. Raises Refused when it was not paused, and when nothing can be signed."""
    approving.hold(batch)
    if batch.state is not BatchState.PAUSED:
        raise Refused(_("This batch was not paused, so there is nothing to go on with."))
    issuing.check_key()
    batch.state, batch.halt = BatchState.RUNNING, ""
    audit.note(by, "batch.resumed", batch)
    _start(batch)


@jobs.task
def issue_batch(batch_id: str) -> None:
    """Issue to one person after the other, each in a transaction of its own, until the turn is over; then ask for the next.

    Whatever is interrupted, also between two lines, is gone on with by the same job once more: a person who has an outcome
    is not looked at again, and the outcome is written together with the certificate, its number and the letter.
    """
    until = monotonic() + TURN
    while _step_alone(UUID(batch_id)):
        if monotonic() > until:
            with db.transaction():
                jobs.later(issue_batch, batch_id=batch_id)
            jobs.committed()
            return


def step(key: UUID) -> bool:
    """Issue to the next person of a batch that runs; whether there was one. The last step ends the batch. In a transaction."""
    batch = session.scalars(select(IssueBatch).where(IssueBatch.id == key)).one()
    approving.hold(batch)
    if batch.state is not BatchState.RUNNING:
        return False
    item = session.scalar(_NEXT, {"batch_id": key})
    if item is None:
        _finish(batch)
        return False
    keys.current()
    with i18n.speaking(batch.requested_by.language):
        try:
            wanted = item.enrolment or item.traineeship
            certificate = issuing.issue(wanted, batch.requested_by, approved_by=batch.decided_by)
        except Refused as refused:
            item.refusal = refused.sentence
        else:
            item.certificate_id = certificate.id
    item.ended_at = clock.now()
    session.flush()
    return True


def _start(batch: IssueBatch) -> None:
    jobs.later(issue_batch, batch_id=str(batch.id))


def _step_alone(key: UUID) -> bool:
    try:
        with db.transaction():
            more = step(key)
    except OperationalError:  # the database is away or busy: the job is done again
        raise
    except keys.NoKey as no:
        _halt(key, no.sentence)
        return False
    except Exception:
        log.exception("Batch %s stands still.", key)
        _halt(key, _("Something broke on our side and was noted. Nobody's number is lost. Go on, or ask for help."))
        return False
    jobs.committed()
    return more


def _halt(key: UUID, sentence: str) -> None:
    jobs.rolled_back()
    with db.transaction():
        batch = session.get_one(IssueBatch, key)
        approving.hold(batch)
        if batch.state is BatchState.RUNNING:
            batch.state, batch.halt = BatchState.PAUSED, sentence
            batch_letters.halted(batch, batch.requested_by)
    jobs.committed()


def _finish(batch: IssueBatch) -> None:
    batch.state, batch.ended_at = BatchState.DONE, clock.now()
    session.flush()
    batch_letters.done(batch, batch.requested_by, tallies([batch.id])[batch.id].issued)
