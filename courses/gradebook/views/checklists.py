"""What a trainee still has to do to complete a course, and the programme behind it."""

from uuid import UUID

from flask import render_template
from sqlalchemy.orm import joinedload

from courses.gradebook import completions, programmes
from courses.gradebook.views import blueprint
from courses.learning import enrolments
from courses.learning.models import Enrolment, Offering
from courses.learning.wording import kind_words
from lms.kit import clock
from lms.kit.web import one_or_404
from lms.people import access
from lms.people.access import me
from lms.pipeline.models import Cohort, Traineeship

WHOLE = (
    joinedload(Enrolment.offering).joinedload(Offering.cohort).joinedload(Cohort.programme),
    joinedload(Enrolment.version),
    joinedload(Enrolment.traineeship).joinedload(Traineeship.cohort),
)


@blueprint.get("/learn/<uuid:enrolment_id>/completion")
@access.signed_in
def checklist(enrolment_id: UUID) -> str:
    enrolment = one_or_404(enrolments.of(me()).where(Enrolment.id == enrolment_id).options(*WHOLE))
    return render_template(
        "courses/gradebook/checklist.html",
        enrolment=enrolment,
        standing=completions.standings([enrolment])[enrolment.id],
        programme=programmes.standing(enrolment.traineeship),
        kind_words=kind_words(),
        today=clock.today(),
    )
