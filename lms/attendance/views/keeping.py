"""The keeper's pages: what waits, a cohort, its sessions, one session with its list and its code."""

from collections.abc import Collection
from datetime import time
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.attendance import codes, keepers, meetings, overview, register, stamping, timetables
from lms.attendance.arithmetic import told
from lms.attendance.forms import ReasonForm
from lms.attendance.models import Meeting
from lms.attendance.stamping import Span
from lms.attendance.views.room import blueprint, kept, kept_meeting
from lms.kit import clock
from lms.kit.db import session as rows
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Person, Role
from lms.pipeline.models import Cohort

KEEPERS = (Role.INSTRUCTOR, Role.LEAD, Role.ADMIN)


@blueprint.get("/kept")
@access.only(*KEEPERS)
def waiting() -> str:
    """The cohorts whose attendance one keeps, those that run first."""
    today = clock.today()
    found = rows.scalars(keepers.kept_by(me()).where(Cohort.ends_on >= today).order_by(Cohort.starts_on)).all()
    past = rows.scalars(keepers.kept_by(me()).where(Cohort.ends_on < today).order_by(Cohort.ends_on.desc())).all()
    return render_template("lms/attendance/kept.html", kept=overview.kept(found), past=past, today=today)


@blueprint.get("/cohorts/<uuid:cohort_id>")
@access.only(*KEEPERS)
def cohort(cohort_id: UUID) -> str:
    """How everybody in a cohort stands, those in danger first."""
    of = kept(cohort_id)
    book = register.of([of.id])[of.id]
    found = overview.standings(of, book)
    return render_template("lms/attendance/cohort.html", cohort=of, standings=found, rule=book.rule, told=told)


@blueprint.get("/cohorts/<uuid:cohort_id>/people/<uuid:person_id>")
@access.only(*KEEPERS)
def person(cohort_id: UUID, person_id: UUID) -> str:
    """One person's days."""
    of = kept(cohort_id)
    one = one_or_404(meetings.people_of(of.id).where(Person.id == person_id))
    own = overview.of_person(of, one.id)
    return render_template("lms/attendance/person.html", cohort=of, person=one, own=own, told=told)


@blueprint.get("/cohorts/<uuid:cohort_id>/sessions")
@access.only(*KEEPERS)
def sessions(cohort_id: UUID) -> str:
    """Every session of a cohort with how many were there."""
    of = kept(cohort_id)
    found = rows.scalars(timetables.meetings_of(of)).all()
    held = overview.held(register.of([of.id])[of.id], found)
    return render_template("lms/attendance/sessions.html", cohort=of, held=held, today=clock.today())


@blueprint.get("/sessions/<uuid:meeting_id>")
@access.only(*KEEPERS)
def session(meeting_id: UUID) -> str:
    return _list(kept_meeting(meeting_id))


@blueprint.post("/sessions/<uuid:meeting_id>/list")
@access.only(*KEEPERS)
def keep_list(meeting_id: UUID) -> ResponseReturnValue:
    """Keep the list as it was filled in; only rows that were changed are touched."""
    meeting = kept_meeting(meeting_id)
    people = [each.id for each in rows.scalars(meetings.people_in(meeting))]
    fill = _others(meeting, people) if request.form.get("deed") == "rest" else ()
    changes, wrong = _changes(meeting, people, fill)
    if wrong:
        return _list(meeting, wrong=wrong), 422
    try:
        count = stamping.by_list(meeting, me(), changes)
    except Refused as no:
        return _list(meeting, refused=no.sentence), 409
    said = ngettext("The list is kept: %(num)s row was changed.", "The list is kept: %(num)s rows were changed.", count)
    return back(url_for("attendance.session", meeting_id=meeting.id), said)


@blueprint.get("/sessions/<uuid:meeting_id>/code")
@access.only(*KEEPERS)
def code(meeting_id: UUID) -> str:
    """The page for the projector; it shows the next code by itself."""
    return _code("lms/attendance/code.html", kept_meeting(meeting_id))


@blueprint.get("/sessions/<uuid:meeting_id>/code/now")
@access.only(*KEEPERS)
def code_now(meeting_id: UUID) -> str:
    """The part of that page which changes."""
    return _code("lms/attendance/_code.html", kept_meeting(meeting_id))


@blueprint.post("/sessions/<uuid:meeting_id>/cancellation")
@access.only(*KEEPERS)
def cancel(meeting_id: UUID) -> ResponseReturnValue:
    meeting = kept_meeting(meeting_id)
    form = ReasonForm()
    if not form.validate():
        return _list(meeting, reason=form), 422
    timetables.cancel(meeting, me(), form.reason.data)
    return back(url_for("attendance.session", meeting_id=meeting.id), _("The session is cancelled."))


@blueprint.post("/sessions/<uuid:meeting_id>/reinstatement")
@access.only(*KEEPERS)
def reinstate(meeting_id: UUID) -> ResponseReturnValue:
    meeting = kept_meeting(meeting_id)
    timetables.reinstate(meeting, me())
    return back(url_for("attendance.session", meeting_id=meeting.id), _("The session takes place again."))


def _code(template: str, meeting: Meeting) -> str:
    window = meetings.window(meeting)
    cancelled = meeting.state == "cancelled"
    there = sum(bool(span.came and not span.went) for span in stamping.spans(meeting).values())
    return render_template(
        template,
        meeting=meeting,
        window=window,
        code=codes.shown(meeting.id) if window.state == "open" and not cancelled else "",
        seconds=max(1, round(codes.until_change().total_seconds())),
        of_seconds=codes.SECONDS,
        there=there,
    )


def _list(
    meeting: Meeting, *, wrong: dict[UUID, str] | None = None, refused: str = "", reason: ReasonForm | None = None
) -> str:
    book = register.of([meeting.cohort_id])[meeting.cohort_id]
    slot = next(each for each in book.slots if each.id == meeting.id)
    people = rows.scalars(meetings.people_in(meeting)).all()
    return render_template(
        "lms/attendance/session.html",
        meeting=meeting,
        window=meetings.window(meeting),
        people=people,
        spans=stamping.spans(meeting),
        outcomes={each.id: book.outcome(slot, each.id) for each in people},
        excused={each.id for each in people if (meeting.id, each.id) in book.excused},
        sent=request.form if wrong or refused else {},
        wrong=wrong or {},
        refused=refused,
        reason=reason or ReasonForm(formdata=None),
        now=clock.now(),
    )


def _others(meeting: Meeting, people: list[UUID]) -> set[UUID]:
    """Who may be noted as there throughout: everybody who is not excused."""
    excused = register.of([meeting.cohort_id])[meeting.cohort_id].excused
    return {key for key in people if (meeting.id, key) not in excused}


def _changes(
    meeting: Meeting, people: list[UUID], fill: Collection[UUID]
) -> tuple[dict[UUID, tuple[Span, Span]], dict[UUID, str]]:
    """The rows that say something else than they showed, and what is wrong with others. `fill`: who was there throughout."""
    changes, wrong = {}, {}
    whole = stamping.whole(meeting)
    for key in people:
        seen = Span(*(_time(part) for part in request.form.get(f"was-{key}", "–").split("–", 1)))
        came, went = (request.form.get(f"{way}-{key}", "").strip() for way in ("in", "out"))
        said = Span(_time(came), _time(went))
        if (came and not said.came) or (went and not said.went):
            wrong[key] = _("Write times as 09:30.")
        elif said.came and said.went and said.went <= said.came:
            wrong[key] = _("Leaving comes after coming. Give a later time.")
        if key in fill and not said and not seen and f"in-{key}" in request.form:
            said = whole
        if said != seen and f"in-{key}" in request.form:
            changes[key] = (seen, said)
    return changes, wrong


def _time(typed: str) -> time | None:
    try:
        return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
