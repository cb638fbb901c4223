"""The blueprint of this room, and what several of its pages share."""

from uuid import UUID

from flask import Blueprint
from sqlalchemy.orm import joinedload

from lms.kit import files
from lms.kit.web import one_or_404
from lms.people import access
from lms.people.access import me
from lms.pipeline import cohorts, traineeships
from lms.pipeline.models import Cohort, Traineeship
from lms.placement import employers
from lms.placement.forms import WorkForm
from lms.placement.models import Employer
from lms.placement.placements import Told
from lms.placement.terms import Evidence, RoleKind

blueprint = Blueprint("placement", __name__)
staff = access.only(*employers.KEEPERS)
KINDS = ("pdf", "png", "jpg", "jpeg")  # of files that are evidence


def led_cohort(cohort_id: UUID) -> Cohort:
    return one_or_404(cohorts.led_by(me()).where(Cohort.id == cohort_id))


def led(traineeship_id: UUID) -> Traineeship:
    """A traineeship of a cohort that the reader leads."""
    whole = (joinedload(Traineeship.cohort), joinedload(Traineeship.person))
    return one_or_404(traineeships.led_by(me()).where(Traineeship.id == traineeship_id).options(*whole))


def told(form: WorkForm) -> Told:
    """What the form tells about somebody's work. Raises Refused for a file that cannot be taken."""
    upload = form.upload()
    return Told(
        kind=RoleKind(form.kind.data),
        employer=employer_called(form.employer.data),
        title=form.title.data or "",
        started_on=form.started_on.data,
        ended_on=form.ended_on.data,
        evidence=Evidence(form.evidence.data),
        file=files.keep(upload, by=me().id, kinds=KINDS) if upload else None,
    )


def employer_called(name: str | None) -> Employer | None:
    return employers.called(name, me()) if name else None
