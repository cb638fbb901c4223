"""Marking: the queue, and the page with the work on the left and the rubric on the right."""

from typing import Any
from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.assignments import desk, markings, queue, rubrics, submissions
from courses.assignments.forms import MarkingEntry
from courses.assignments.markings import Overtaken
from courses.assignments.models import Assignment, Marking, Submission
from courses.assignments.queue import Filter, State
from courses.assignments.views import blueprint
from lms.kit import lists
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role


@blueprint.get("/marking", endpoint="queue")
@access.only(Role.INSTRUCTOR, Role.ADMIN)
def waiting() -> str:
    chosen = Filter.read(request.args)
    counts = queue.counts(me(), chosen)
    return render_template(
        "courses/assignments/queue.html",
        page=lists.page_of(queue.listed(me(), chosen), scalars=False),
        counts=counts,
        chosen=chosen,
        states=_state_words(),
        offerings=queue.offering_choices(me()),
        assignments=queue.assignment_choices(me(), chosen.offering),
        to_release=queue.to_release(me(), chosen) if chosen.state is State.MARKED else [],
        first=queue.first(me(), chosen) if counts[State.UNMARKED] else None,
    )


@blueprint.get("/marking/<uuid:submission_id>")
@access.only(Role.INSTRUCTOR, Role.ADMIN)
def mark(submission_id: UUID) -> str:
    submission = desk.submission_for(me(), submission_id) or abort(404)
    return _page(submission, rubrics.shown(submission.activity_id) or abort(404))


@blueprint.post("/marking/<uuid:submission_id>")
@access.only(Role.INSTRUCTOR, Role.ADMIN)
def save_marking(submission_id: UUID) -> ResponseReturnValue:
    submission, assignment = _load(submission_id)
    entry = MarkingEntry.sent(assignment, request.form)
    judgements = entry.judgements()
    if judgements is None:
        return _page(submission, assignment, entry), 422
    try:
        marking = markings.save(submission, assignment, me(), judgements, comment=entry.comment, seen=entry.seen)
    except Overtaken as overtaken:
        entry.seen = overtaken.newest.number
        return _page(submission, assignment, entry, theirs=overtaken.newest), 409
    return _onward(submission, assignment, marking, entry)


def _load(submission_id: UUID) -> tuple[Submission, Assignment]:
    submission = desk.submission_for(me(), submission_id) or abort(404)
    return submission, one_or_404(rubrics.whole(submission.activity_id))


def _page(
    submission: Submission, assignment: Assignment, entry: MarkingEntry | None = None, theirs: Marking | None = None
) -> str:
    laid = desk.lay(me(), submission, assignment, Filter.read(request.args))
    if entry is None:
        entry = MarkingEntry.of(assignment, laid.marking, laid.newest.number)
    return render_template(
        "courses/assignments/mark.html",
        desk=laid,
        entry=entry,
        theirs=theirs,
        their_marks={mark.criterion_id: mark for mark in theirs.marks} if theirs else {},
        most=rubrics.most(assignment),
        filters=laid.chosen.query,
    )


def _onward(
    submission: Submission, assignment: Assignment, marking: Marking, entry: MarkingEntry
) -> ResponseReturnValue:
    """To the oldest unmarked work of the same filter, or back to this page; a version that came meanwhile is told."""
    chosen = Filter.read(request.args)
    said: dict[str, Any] = {"points": marking.points, "most": marking.most, "name": submission.enrolment.person.name}
    message, tone = _("Saved: %(points)s of %(most)s points for %(name)s.", **said), "good"
    newer = session.scalar(submissions.later_than(submission, assignment.activity.key).limit(1))
    if newer is not None and newer.number > entry.newest:
        said["number"] = newer.number
        message, tone = (
            _(
                "Saved: %(points)s of %(most)s points. Meanwhile %(name)s handed in version %(number)s; it waits in the queue.",
                **said,
            ),
            "warn",
        )
    if "next" not in request.form:
        return back(url_for("assignments.mark", submission_id=submission.id, **chosen.query), message, tone)
    following = queue.first(me(), chosen)
    if following is None:
        return back(
            url_for("assignments.queue", **chosen.query), message + " " + _("Nothing is left to mark here."), tone
        )
    return back(url_for("assignments.mark", submission_id=following, **chosen.query), message, tone)


def _state_words() -> dict[State, str]:
    return {
        State.UNMARKED: _("To mark"),
        State.MARKED: _("Marked, not released"),
        State.RELEASED: _("Released"),
        State.LATE: _("Late"),
        State.ALL: _("All"),
    }
