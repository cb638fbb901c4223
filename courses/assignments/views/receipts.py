"""Receipts of handed-in work, and its parts to download: for their owner and for those who teach."""

from uuid import UUID

from flask import Response, render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from courses.assignments import submissions
from courses.assignments.models import Assignment, Submission, SubmittedFile
from courses.assignments.views import blueprint
from courses.learning import activities
from courses.learning.models import Enrolment, Offering
from lms.kit import files
from lms.kit.db import session
from lms.kit.web import one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Person


@blueprint.get("/submissions/<uuid:submission_id>/receipt")
@access.signed_in
def receipt(submission_id: UUID) -> str:
    enrolment = joinedload(Submission.enrolment)
    submission = one_or_404(
        submissions.visible_to(me())
        .where(Submission.id == submission_id)
        .options(
            enrolment.joinedload(Enrolment.person).lazyload(Person.grants),
            enrolment.joinedload(Enrolment.offering).joinedload(Offering.cohort),
            enrolment.joinedload(Enrolment.version),
            joinedload(Submission.assignment).joinedload(Assignment.activity),
            selectinload(Submission.files).joinedload(SubmittedFile.file),
        )
    )
    mine = submission.enrolment.person_id == me().id
    return render_template(
        "courses/assignments/receipt.html",
        submission=submission,
        mine=mine,
        activity=submission.assignment.activity,
        open_here=mine and _still_open(submission),
        markable=not mine and session.scalar(submissions.gradable_by(me()).where(Submission.id == submission_id)),
    )


@blueprint.get("/submissions/<uuid:submission_id>/files/<int:position>")
@access.signed_in
def download(submission_id: UUID, position: int) -> Response:
    submission = one_or_404(submissions.visible_to(me()).where(Submission.id == submission_id))
    handed_in = one_or_404(
        select(SubmittedFile)
        .where(SubmittedFile.submission_id == submission.id, SubmittedFile.position == position)
        .options(joinedload(SubmittedFile.file))
    )
    return files.send(handed_in.file)


@blueprint.get("/submissions/<uuid:submission_id>/text")
@access.signed_in
def text(submission_id: UUID) -> Response:
    """The text byte by byte as it was hashed, so that a receipt can be checked."""
    submission = one_or_404(submissions.visible_to(me()).where(Submission.id == submission_id, Submission.text != ""))
    response = Response(submission.text.encode(), mimetype="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{submission.receipt}.txt"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _still_open(submission: Submission) -> bool:
    return activities.find(me(), submission.enrolment_id, submission.activity_id) is not None
