"""The lead's pages: the timetable, the rule, who keeps the attendance, the hub's holidays."""

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.attendance import days_off, examples, keepers, overview, rules, timetables
from lms.attendance.forms import WEEKDAYS, HolidayForm, KeeperForm, RuleForm, SessionForm, WeekForm
from lms.attendance.models import Holiday, Keeper, MeetingState
from lms.attendance.views.room import blueprint, led
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline.models import Cohort

LEADS = (Role.LEAD, Role.ADMIN)


@blueprint.get("/cohorts/<uuid:cohort_id>/timetable")
@access.only(*LEADS)
def timetable(cohort_id: UUID) -> str:
    return _timetable(led(cohort_id))


@blueprint.post("/cohorts/<uuid:cohort_id>/timetable")
@access.only(*LEADS)
def set_week(cohort_id: UUID) -> ResponseReturnValue:
    """Keep the days of the week; what that changes is shown next and changes nothing yet."""
    cohort = led(cohort_id)
    week = WeekForm(request.form)
    if not week.validate():
        return _timetable(cohort, week=week), 422
    try:
        timetables.set_pattern(cohort, me(), week.patterns(), week.seen)
    except Conflict as no:
        return _timetable(cohort, week=week, overtaken=no.sentence), 409
    there = url_for("attendance.timetable", cohort_id=cohort.id, _anchor="plan")
    return back(there, _("The days are kept. Look at what changes, then apply it."))


@blueprint.post("/cohorts/<uuid:cohort_id>/timetable/plan")
@access.only(*LEADS)
def apply(cohort_id: UUID) -> ResponseReturnValue:
    """Change the sessions as shown."""
    cohort = led(cohort_id)
    timetables.apply(cohort, me(), request.form.get("seen", ""))
    return back(url_for("attendance.sessions", cohort_id=cohort.id), _("The sessions are as planned now."))


@blueprint.post("/cohorts/<uuid:cohort_id>/sessions")
@access.only(*LEADS)
def add_session(cohort_id: UUID) -> ResponseReturnValue:
    """Add one session beside the timetable."""
    cohort = led(cohort_id)
    form = SessionForm()
    try:
        made = timetables.add(cohort, me(), form.planned()) if form.validate() else None
    except Refused as no:
        made, form.day.errors = None, [no.sentence]
    if made is None:
        return _timetable(cohort, extra=form), 422
    return back(url_for("attendance.session", meeting_id=made.id), _("The session is added."))


@blueprint.post("/cohorts/<uuid:cohort_id>/keepers")
@access.only(*LEADS)
def appoint(cohort_id: UUID) -> ResponseReturnValue:
    cohort = led(cohort_id)
    form = KeeperForm()
    try:
        made = keepers.appoint_by_email(cohort, form.email.data, me()) if form.validate() else None
    except Refused as no:
        made, form.email.errors = None, [no.sentence]
    if made is None:
        return _timetable(cohort, keeper=form), 422
    there = url_for("attendance.timetable", cohort_id=cohort.id, _anchor="keepers")
    return back(there, _("%(name)s keeps the attendance of this cohort now.", name=made.person.name))


@blueprint.post("/cohorts/<uuid:cohort_id>/keepers/<uuid:keeper_id>/end")
@access.only(*LEADS)
def dismiss(cohort_id: UUID, keeper_id: UUID) -> ResponseReturnValue:
    cohort = led(cohort_id)
    keeper = one_or_404(keepers.of(cohort).where(Keeper.id == keeper_id))
    keepers.dismiss(keeper, cohort, me())
    there = url_for("attendance.timetable", cohort_id=cohort.id, _anchor="keepers")
    return back(there, _("%(name)s keeps this attendance no longer.", name=keeper.person.name))


@blueprint.get("/cohorts/<uuid:cohort_id>/rule")
@access.only(*LEADS)
def rule(cohort_id: UUID) -> str:
    cohort = led(cohort_id)
    return _rule(cohort, RuleForm.showing(rules.newest(cohort), rules.begins_at_least(cohort)))


@blueprint.post("/cohorts/<uuid:cohort_id>/rule")
@access.only(*LEADS)
def change_rule(cohort_id: UUID) -> ResponseReturnValue:
    """Keep a new version, or show what it would say."""
    cohort = led(cohort_id)
    form = RuleForm()
    if not form.validate():
        return _rule(cohort, form), 422
    if request.form.get("deed") == "preview":
        return _rule(cohort, form, preview=True)
    try:
        rules.change(cohort, me(), form.rule(), form.reason.data)
    except Conflict as no:
        return _rule(cohort, form, overtaken=no.sentence), 409
    except Refused as no:
        form.valid_from.errors = [no.sentence]
        return _rule(cohort, form), 422
    return back(url_for("attendance.rule", cohort_id=cohort.id), _("The rule is kept as a new version."))


@blueprint.get("/holidays")
@access.only(*LEADS)
def holidays() -> str:
    return _holidays(HolidayForm(formdata=None))


@blueprint.post("/holidays")
@access.only(*LEADS)
def declare() -> ResponseReturnValue:
    """Declare a day; the timetables that it touches are named on the page."""
    form = HolidayForm()
    if not form.validate():
        return _holidays(form), 422
    try:
        days_off.declare(form.day.data, form.name, me(), is_closed=form.closed.data == "closed")
    except Conflict as no:
        form.day.errors = [no.sentence]
        return _holidays(form), 422
    return back(url_for("attendance.holidays"), _("The day is declared. Look at the timetables that it changes."))


@blueprint.post("/holidays/<uuid:holiday_id>/withdrawal")
@access.only(*LEADS)
def withdraw(holiday_id: UUID) -> ResponseReturnValue:
    """Take a day back: whoever declared it may, and administrators."""
    found = days_off.declared().where(Holiday.id == holiday_id)
    if not me().has(Role.ADMIN):
        found = found.where(Holiday.declared_by_id == me().id)
    days_off.withdraw(one_or_404(found), me())
    return back(url_for("attendance.holidays"), _("The day is withdrawn. Look at the timetables that it changes."))


def _timetable(
    cohort: Cohort,
    *,
    week: WeekForm | None = None,
    extra: SessionForm | None = None,
    keeper: KeeperForm | None = None,
    overtaken: str = "",
) -> str:
    patterns = session.scalars(timetables.pattern_of(cohort)).all()
    return render_template(
        "lms/attendance/timetable.html",
        cohort=cohort,
        week=week or WeekForm(None, patterns),
        weekdays=WEEKDAYS,
        saved=patterns,
        seen=timetables.pattern_digest(patterns),
        overtaken=overtaken,
        plan=timetables.difference(cohort),
        closed=days_off.closed(cohort.starts_on, cohort.ends_on),
        extra=extra or SessionForm(formdata=None),
        keepers=session.scalars(keepers.of(cohort)).all(),
        keeper=keeper or KeeperForm(formdata=None),
    )


def _rule(cohort: Cohort, form: RuleForm, *, preview: bool = False, overtaken: str = "") -> str:
    shown = form.rule() if preview else rules.newest(cohort)
    those = session.scalars(timetables.meetings_of(cohort)).all()
    counting = [each for each in those if each.state is not MeetingState.CANCELLED]
    return render_template(
        "lms/attendance/rule.html",
        cohort=cohort,
        form=form,
        preview=preview,
        overtaken=overtaken,
        newest=rules.newest(cohort),
        versions=session.scalars(rules.versions(cohort)).all(),
        examples=examples.of(shown.terms, overview.hours_of(counting), len(counting)),
    )


def _holidays(form: HolidayForm) -> str:
    today = clock.today()
    own = keepers.led_by(me()).where(Cohort.ends_on >= today).order_by(Cohort.starts_on)
    changes = [(each, timetables.difference(each).count) for each in session.scalars(own)]
    return render_template(
        "lms/attendance/holidays.html",
        form=form,
        declared=session.scalars(days_off.declared()).all(),
        public={**days_off.public_in(today.year), **days_off.public_in(today.year + 1)},
        changes=[(cohort, count) for cohort, count in changes if count],
        today=today,
    )
