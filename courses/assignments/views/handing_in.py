"""A trainee's page of an assignment: the task, the rubric, handing in, every version, and the marks once released."""

from uuid import UUID

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from courses.assignments import drafts, released, rubrics, submissions
from courses.assignments.forms import UNPRINTABLE, HandInForm
from courses.assignments.models import Submission
from courses.assignments.views import blueprint
from courses.catalogue.models import Activity, ActivityKind
from courses.learning import activities, standing, texts
from courses.learning.models import Enrolment
from courses.learning.outline import outline
from lms.kit import clock, i18n
from lms.kit.db import session
from lms.kit.files import KINDS
from lms.kit.refusal import Refused
from lms.kit.stored_file import StoredFile
from lms.kit.web import back, setting
from lms.people import access
from lms.people.access import me


@blueprint.get("/learn/<uuid:enrolment_id>/assignments/<uuid:activity_id>")
@access.signed_in
def read(enrolment_id: UUID, activity_id: UUID) -> str:
    enrolment, activity = activities.in_enrolment(me(), enrolment_id, activity_id, ActivityKind.ASSIGNMENT)
    last = submissions.newest(enrolment, activity.key)
    written = drafts.of(enrolment, activity) or last
    form = HandInForm(text=written.text if written else "", link=written.link if written else "")
    return _page(enrolment, activity, form.offer(_files(last)))


@blueprint.post("/learn/<uuid:enrolment_id>/assignments/<uuid:activity_id>")
@access.signed_in
def hand_in(enrolment_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    enrolment, activity = activities.in_enrolment(me(), enrolment_id, activity_id, ActivityKind.ASSIGNMENT)
    last = submissions.newest(enrolment, activity.key)
    form = HandInForm().offer(_files(last))
    files = form.collect(_files(last), me()) if form.validate() else None
    if files is None:
        return _page(enrolment, activity, form), 422
    try:
        made = submissions.hand_in(enrolment, activity, text=form.text.data or "", link=form.link.data, files=files)
    except Refused as refused:
        form.text.errors = [refused.sentence]
        return _page(enrolment, activity, form), 422
    return back(
        url_for("assignments.receipt", submission_id=made.id), _said(made, last), "good" if made is not last else "info"
    )


@blueprint.post("/learn/<uuid:enrolment_id>/assignments/<uuid:activity_id>/draft")
@access.signed_in
def save_draft(enrolment_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    """Sent by the page itself every few seconds, or by its button."""
    enrolment, activity = activities.in_enrolment(me(), enrolment_id, activity_id, ActivityKind.ASSIGNMENT)
    text, link = (UNPRINTABLE.sub("", request.form.get(name, "")) for name in ("text", "link"))
    if len(text) > submissions.LONGEST_TEXT or len(link) > submissions.LONGEST_LINK:
        return (
            Response(status=422) if _by_itself() else (_page(enrolment, activity, _checked(enrolment, activity)), 422)
        )
    drafts.save(enrolment, activity, text=text.replace("\r\n", "\n"), link=link.strip())
    if _by_itself():
        return Response(status=204)
    url = url_for("assignments.read", enrolment_id=enrolment.id, activity_id=activity.id)
    return back(url, _("Your draft is saved. Nobody sees it until you hand it in."))


def _page(enrolment: Enrolment, activity: Activity, form: HandInForm) -> str:
    whole = outline(enrolment)
    result = released.in_full(enrolment, activity.key)
    return render_template(
        "courses/assignments/read.html",
        outline=whole,
        current=whole.entry(activity.id),
        around=whole.around(activity.id),
        text=texts.read(activity.id, i18n.current()),
        assignment=rubrics.shown(activity.id) or abort(404),
        versions=session.scalars(submissions.versions(enrolment, activity.key)).all(),
        draft=drafts.of(enrolment, activity),
        marking=result[0] if result else None,
        release=result[1] if result else None,
        teachers=standing.teachers(enrolment.offering_id),
        form=form,
        kinds=",".join(f".{kind}" for kind in KINDS),
        most_bytes=setting("max_content_length"),
        now=clock.now(),
    )


def _files(version: Submission | None) -> list[StoredFile]:
    return [each.file for each in version.files] if version else []


def _checked(enrolment: Enrolment, activity: Activity) -> HandInForm:
    form = HandInForm().offer(_files(submissions.newest(enrolment, activity.key)))
    form.validate()
    return form


def _by_itself() -> bool:
    return "X-Autosave" in request.headers


def _said(made: Submission, last: Submission | None) -> str:
    if made is last:
        return _(
            "This is exactly what you handed in as version %(number)s. No new version was needed.", number=made.number
        )
    count = len(made.files)
    files = ngettext("%(num)s file", "%(num)s files", count) if count else ""
    if files:
        return _(
            "Version %(number)s has arrived, with %(files)s. This is your receipt.", number=made.number, files=files
        )
    return _("Version %(number)s has arrived. This is your receipt.", number=made.number)
