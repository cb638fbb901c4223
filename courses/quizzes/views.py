"""Pages of a quiz: what it asks, the sheet, the result."""

from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.catalogue.models import Activity, ActivityKind
from courses.learning import activities
from courses.learning.outline import outline
from courses.quizzes import attempts, papers, sheet
from courses.quizzes.models import Attempt
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import back
from lms.people import access
from lms.people.access import me

blueprint = Blueprint("quizzes", __name__)


def _mine(attempt_id: UUID) -> Attempt:
    return attempts.in_full(me(), attempt_id) or abort(404)


@blueprint.get("/learn/<uuid:enrolment_id>/quizzes/<uuid:activity_id>")
@access.signed_in
def intro(enrolment_id: UUID, activity_id: UUID) -> str:
    enrolment, activity = activities.in_enrolment(me(), enrolment_id, activity_id, ActivityKind.QUIZ)
    paper, taken = papers.of(activity.id), attempts.taken(enrolment, activity)
    whole = outline(enrolment)
    before, after = whole.around(activity.id)
    open_one = next((attempt for attempt in taken if not attempts.is_over(attempt)), None)
    return render_template(
        "courses/quizzes/intro.html",
        outline=whole,
        current=whole.entry(activity.id),
        before=before,
        after=after,
        paper=paper,
        taken=taken,
        open_one=open_one,
        left=max(0, paper.attempts - len(taken)),
    )


@blueprint.post("/learn/<uuid:enrolment_id>/quizzes/<uuid:activity_id>")
@access.signed_in
def begin(enrolment_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    enrolment, activity = activities.in_enrolment(me(), enrolment_id, activity_id, ActivityKind.QUIZ)
    attempt = attempts.begin(enrolment, activity)
    return redirect(url_for("quizzes.attempt", attempt_id=attempt.id), 303)


@blueprint.get("/attempts/<uuid:attempt_id>")
@access.signed_in
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    mine = _mine(attempt_id)
    if mine.ended_at is not None:
        return redirect(url_for("quizzes.result", attempt_id=mine.id), 303)
    lines = sheet.lines(mine)
    return render_template(
        "courses/quizzes/attempt.html",
        attempt=mine,
        paper=papers.of(mine.activity_id),
        lines=lines,
        over=attempts.is_over(mine),
        now=clock.now(),
    )


@blueprint.post("/attempts/<uuid:attempt_id>/answers")
@access.signed_in
def save(attempt_id: UUID) -> ResponseReturnValue:
    """Keep what is answered so far; asked for by the page itself at every answer, and by its own button without script."""
    mine = _mine(attempt_id)
    attempts.keep(mine, sheet.changed_in(request.form, mine))
    if request.headers.get("X-Autosave"):
        return Response(status=204)
    return back(url_for("quizzes.attempt", attempt_id=mine.id), _("Your answers are saved."))


@blueprint.post("/attempts/<uuid:attempt_id>/end")
@access.signed_in
def hand_in(attempt_id: UUID) -> ResponseReturnValue:
    mine = _mine(attempt_id)
    result = url_for("quizzes.result", attempt_id=mine.id)
    try:
        attempts.keep(mine, sheet.changed_in(request.form, mine))
    except Refused as refused:
        attempts.end(mine)
        return back(result, refused.sentence, "warn")
    attempts.end(mine)
    return redirect(result, 303)


@blueprint.get("/attempts/<uuid:attempt_id>/result")
@access.signed_in
def result(attempt_id: UUID) -> ResponseReturnValue:
    mine = _mine(attempt_id)
    if mine.ended_at is None:
        return redirect(url_for("quizzes.attempt", attempt_id=mine.id), 303)
    whole = outline(mine.enrolment)
    paper = papers.of(mine.activity_id)
    left = max(0, paper.attempts - len(attempts.taken(mine.enrolment, session.get_one(Activity, mine.activity_id))))
    current = whole.entry(mine.activity_id)
    return render_template(
        "courses/quizzes/result.html",
        attempt=mine,
        paper=paper,
        lines=sheet.lines(mine),
        outline=whole,
        current=current,
        left=left,
        after=whole.around(mine.activity_id)[1],
        reveal=bool(mine.passed) or left == 0,
    )
