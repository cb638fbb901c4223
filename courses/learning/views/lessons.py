"""What a trainee learns on: the course, its lessons, and the small posts that note how far they are."""

from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.catalogue.models import ActivityKind
from courses.learning import activities, enrolments, progress, standing, texts
from courses.learning.outline import Outline, outline
from courses.learning.views import blueprint
from courses.learning.wording import meta_words
from lms.kit import clock, i18n
from lms.kit.web import back
from lms.people import access
from lms.people.access import me


@blueprint.get("/learn/<uuid:enrolment_id>")
@access.signed_in
def course(enrolment_id: UUID) -> str:
    enrolment = enrolments.own(me(), enrolment_id) or abort(404)
    whole = outline(enrolment)
    return render_template(
        "courses/learning/course.html",
        outline=whole,
        standing=standing.of(enrolment),
        enrolment=enrolment,
        meta_words=meta_words(whole.entries),
        now=clock.now(),
    )


@blueprint.get("/learn/<uuid:enrolment_id>/activities/<uuid:activity_id>")
@access.signed_in
def activity(enrolment_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    enrolment, found = activities.in_enrolment(me(), enrolment_id, activity_id)
    return redirect(url_for(activities.PAGES[found.kind], enrolment_id=enrolment.id, activity_id=found.id), 303)


@blueprint.get("/learn/<uuid:enrolment_id>/lessons/<uuid:activity_id>")
@access.signed_in
def lesson(enrolment_id: UUID, activity_id: UUID) -> str:
    whole = outline(enrolments.own(me(), enrolment_id) or abort(404))
    current = whole.entry(activity_id)
    if current is None or current.kind is not ActivityKind.LESSON:
        abort(404)
    before, after = whole.around(activity_id)
    return render_template(
        "courses/learning/lesson.html",
        outline=whole,
        current=current,
        before=before,
        after=after,
        text=texts.read(activity_id, _chosen() or i18n.current()),
        chosen=_chosen(),
    )


@blueprint.post("/learn/<uuid:enrolment_id>/lessons/<uuid:activity_id>/opening")
@access.signed_in
def open_lesson(enrolment_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    """Sent by the page itself when it is opened and when it is left, with the heading that was in view."""
    enrolment, found = activities.in_enrolment(me(), enrolment_id, activity_id, ActivityKind.LESSON)
    progress.opened(enrolment, found, request.form.get("place", "").replace("\0", ""))
    return Response(status=204)


@blueprint.post("/learn/<uuid:enrolment_id>/lessons/<uuid:activity_id>/done")
@access.signed_in
def finish_lesson(enrolment_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    enrolment, found = activities.in_enrolment(me(), enrolment_id, activity_id, ActivityKind.LESSON)
    progress.finish(enrolment, found)
    whole = outline(enrolment)
    _before, after = whole.around(found.id)
    if after is None:
        return back(whole.url, _last_words(whole))
    return back(_in_language(after.url))


def _chosen() -> str:
    """The language that the reader asked this text in, "" if they did not."""
    asked = request.values.get("language", "")
    return asked if asked in i18n.LANGUAGES else ""


def _in_language(url: str) -> str:
    return f"{url}?language={_chosen()}" if _chosen() else url


def _last_words(whole: Outline) -> str:
    left = whole.needed - whole.done
    if left:
        return _("That was the last activity. %(left)s before it are still open.", left=left)
    return _("You have done everything that this course asks for.")
