"""The second person: who may decide about a batch, and the two decisions; or the first takes it back before."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select, update

from certificates import batch_letters, issuing
from certificates.issue_models import BatchState, IssueBatch, IssueItem
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people import audit
from lms.people.models import Person, Role, RoleGrant
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort, Lead
from lms.reporting import awaiting


def may_decide(batch: IssueBatch, person: Person) -> bool:
    """Whether `person` may approve or decline: another lead of the cohort, or another administrator."""
    return batch.state is BatchState.WAITING and person.id != batch.requested_by_id and _leads(batch, person)


def approvers(batch: IssueBatch) -> Sequence[Person]:
    """Who is asked for a decision: the other leads of the cohort; where there is none, the administrators."""
    others = (Person.id != batch.requested_by_id, Person.closed_at.is_(None))
    leads = select(Person).join(Lead, Lead.person_id == Person.id).where(Lead.cohort_id == batch.cohort_id, *others)
    admins = (
        select(Person).join(RoleGrant, RoleGrant.person_id == Person.id).where(RoleGrant.role == Role.ADMIN, *others)
    )
    return session.scalars(leads).unique().all() or session.scalars(admins).unique().all()


def approve(batch: IssueBatch, by: Person) -> None:
    """Decide that a batch is issued; `batches.approve` asks for the work, too.

    Raises Refused when `by` asked for it or has no say here, Conflict when it was decided before, and Refused when nothing
    can be signed now.
    """
    _decide(batch, by)
    issuing.check_key()
    batch.state = BatchState.RUNNING
    session.flush()
    awaiting.over(batch.id)
    audit.note(by, "batch.approved", batch)


def decline(batch: IssueBatch, by: Person, reason: str) -> None:
    """Let nothing of a batch be issued; whoever asked for it is told why."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why nothing is issued. Whoever asked for it reads the reason."))
    _decide(batch, by)
    batch.reason = reason
    _end(batch, BatchState.DECLINED, reason)
    audit.note(by, "batch.declined", batch, new={"reason": reason})
    batch_letters.declined(batch, batch.requested_by)


def withdraw(batch: IssueBatch, by: Person) -> None:
    """Take back what one asked for, before anybody decides. Raises Refused for whoever did not ask, Conflict when it is late."""
    if by.id != batch.requested_by_id:
        raise Refused(_("Only whoever asked for these certificates takes that back. You can decline."))
    hold(batch)
    if batch.state is not BatchState.WAITING:
        raise Conflict(_("Somebody decided about this batch already. Look at it again."))
    _end(batch, BatchState.WITHDRAWN, _("Taken back by whoever asked for it."))
    audit.note(by, "batch.withdrawn", batch)


def hold(batch: IssueBatch) -> None:
    """The batch as it is now, held until the end of the transaction."""
    session.refresh(batch, ["state", "decided_by_id", "decided_at", "halt", "ended_at"], with_for_update=True)


def _decide(batch: IssueBatch, by: Person) -> None:
    hold(batch)
    if batch.state is not BatchState.WAITING:
        raise Conflict(_("Somebody decided about this batch already. Look at it again."))
    if by.id == batch.requested_by_id:
        raise Refused(_("You asked for these certificates, so somebody else decides about them."))
    if not _leads(batch, by):
        raise Refused(_("Only a lead of this cohort or an administrator decides about it."))
    batch.decided_by_id, batch.decided_at = by.id, clock.now()


def _end(batch: IssueBatch, state: BatchState, sentence: str) -> None:
    """Nobody of the batch gets anything; `sentence` says why to whoever looks."""
    now = clock.now()
    batch.state, batch.ended_at = state, now
    session.flush()
    session.execute(
        update(IssueItem).where(IssueItem.batch_id == batch.id).values(ended_at=now, refusal=sentence),
        execution_options={"synchronize_session": False},
    )
    awaiting.over(batch.id)


def _leads(batch: IssueBatch, person: Person) -> bool:
    return session.scalar(cohorts.led_by(person).where(Cohort.id == batch.cohort_id)) is not None
