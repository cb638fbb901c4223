"""The pages of issuing for one course given to a cohort: the same as a cohort's, for another kind of certificate."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from certificates.views import groups, issuing
from certificates.views.room import blueprint
from lms.kit.web import back
from lms.people import access
from lms.people.models import Role


@blueprint.get("/offerings/<uuid:offering_id>/certificates")
@access.only(Role.LEAD, Role.ADMIN)
def issue_course(offering_id: UUID) -> str:
    """A dry run: everybody who takes the course, who will get its certificate and why the others do not."""
    return issuing.dry_run(groups.of_offering(offering_id))


@blueprint.get("/offerings/<uuid:offering_id>/certificates/confirmation")
@access.only(Role.LEAD, Role.ADMIN)
def to_choice_of_course(offering_id: UUID) -> ResponseReturnValue:
    """Whoever comes here by its address chooses first."""
    return back(groups.of_offering(offering_id).page)


@blueprint.post("/offerings/<uuid:offering_id>/certificates/confirmation")
@access.only(Role.LEAD, Role.ADMIN)
def confirm_course(offering_id: UUID) -> ResponseReturnValue:
    """The last look: the names as they will be printed. Nothing is issued yet."""
    return issuing.last_look(groups.of_offering(offering_id))


@blueprint.post("/offerings/<uuid:offering_id>/certificates")
@access.only(Role.LEAD, Role.ADMIN)
def issue_chosen_course(offering_id: UUID) -> ResponseReturnValue:
    """Issue to the chosen; what was refused is told by name."""
    return issuing.issue_now(groups.of_offering(offering_id))


@blueprint.post("/offerings/<uuid:offering_id>/certificates/batches")
@access.only(Role.LEAD, Role.ADMIN)
def request_batch_course(offering_id: UUID) -> ResponseReturnValue:
    """Ask a second person for the certificates of the chosen."""
    return issuing.ask(groups.of_offering(offering_id))
