"""One's own attendance: checking in and out, how one stands, asking for a correction."""

from uuid import UUID

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.attendance import corrections, meetings, overview, stamping
from lms.attendance.arithmetic import told
from lms.attendance.forms import CodeForm, CorrectionForm
from lms.attendance.models import AttendanceCorrection, CorrectionKind, Meeting
from lms.attendance.terms import Way
from lms.attendance.views.room import blueprint, kept_meeting
from lms.kit import clock, files, i18n, throttle
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Person, Role

TRIES = "12 per minute"  # of one person at one session; a whole class shares an address, so people are told apart


@blueprint.get("")
@access.signed_in
def mine() -> str:
    return _mine(CodeForm(formdata=None))


@blueprint.post("/sessions/<uuid:meeting_id>/stamps")
@access.signed_in
def stamp(meeting_id: UUID) -> ResponseReturnValue:
    """Check in or out with the code on the screen."""
    meeting = one_or_404(meetings.of(me()).where(Meeting.id == meeting_id))
    form = CodeForm()
    if not throttle.within(TRIES, "attendance", str(me().id), str(meeting_id)):
        abort(429)
    if not form.validate() or form.way.data not in list(Way):
        return _mine(form, meeting), 422
    try:
        made = stamping.by_code(meeting, me(), Way(form.way.data), form.code.data)
    except Refused as no:
        form.code.errors = [no.sentence]
        return _mine(form, meeting), 422
    said = _("Checked in at %(time)s.") if made.way is Way.IN else _("Checked out at %(time)s.")
    return back(url_for("attendance.mine"), said % {"time": i18n.time(made.at)})


@blueprint.get("/sessions/<uuid:meeting_id>/correction")
@access.signed_in
def ask(meeting_id: UUID) -> str:
    return _asking(one_or_404(meetings.of(me()).where(Meeting.id == meeting_id)), me(), CorrectionForm(formdata=None))


@blueprint.post("/sessions/<uuid:meeting_id>/correction")
@access.signed_in
def send(meeting_id: UUID) -> ResponseReturnValue:
    """Ask for a correction of one's own day."""
    return _send(one_or_404(meetings.of(me()).where(Meeting.id == meeting_id)), me())


@blueprint.get("/sessions/<uuid:meeting_id>/people/<uuid:person_id>/correction")
@access.only(Role.INSTRUCTOR, Role.LEAD, Role.ADMIN)
def ask_for(meeting_id: UUID, person_id: UUID) -> str:
    meeting = kept_meeting(meeting_id)
    return _asking(meeting, _person(meeting, person_id), CorrectionForm(formdata=None))


@blueprint.post("/sessions/<uuid:meeting_id>/people/<uuid:person_id>/correction")
@access.only(Role.INSTRUCTOR, Role.LEAD, Role.ADMIN)
def send_for(meeting_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Ask for a correction of somebody's day; another keeper decides."""
    meeting = kept_meeting(meeting_id)
    return _send(meeting, _person(meeting, person_id))


@blueprint.get("/corrections/<uuid:request_id>/file")
@access.signed_in
def file(request_id: UUID) -> Response:
    """The evidence of a request, for whom it is about and for those who decide."""
    found = one_or_404(corrections.open_to(me()).where(AttendanceCorrection.id == request_id))
    return files.send(found.file) if found.file else abort(404)


def _person(meeting: Meeting, person_id: UUID) -> Person:
    return one_or_404(meetings.people_in(meeting).where(Person.id == person_id))


def _send(meeting: Meeting, person: Person) -> ResponseReturnValue:
    form = CorrectionForm()
    if not form.validate():
        return _asking(meeting, person, form), 422
    try:
        upload = form.upload()
        kept = files.keep(upload, by=me().id, kinds=corrections.KINDS) if upload else None
    except Refused as no:
        form.file.errors = [no.sentence]
        return _asking(meeting, person, form), 422
    kind = CorrectionKind(form.kind.data)
    times = {"came": form.came.data, "went": form.went.data} if kind is CorrectionKind.TIMES else {}
    corrections.ask(meeting, person, me(), kind, reason=form.reason.data, file=kept, **times)
    if person.id == me().id:
        return back(url_for("attendance.mine"), _("Your request was sent. We write to you when it is decided."))
    there = url_for("attendance.session", meeting_id=meeting.id)
    return back(there, _("The request was sent. Another keeper of this cohort decides."))


def _asking(meeting: Meeting, person: Person, form: CorrectionForm) -> str:
    own = person.id == me().id
    return render_template(
        "lms/attendance/ask.html", meeting=meeting, person=person, own=own, form=form, kinds=corrections.KINDS
    )


def _mine(form: CodeForm, typed_at: Meeting | None = None) -> str:
    """The page; `typed_at`: the session whose code was typed wrong."""
    near = meetings.near(meetings.of(me()))
    doors = [(each, window, stamping.of_person(each, me())) for each, window in near if window.state == "open"]
    return render_template(
        "lms/attendance/mine.html",
        owns=overview.mine(me()),
        doors=[(each, window, stamps, stamping.next_way(stamps)) for each, window, stamps in doors],
        form=form,
        typed_at=typed_at,
        told=told,
        now=clock.now(),
    )
