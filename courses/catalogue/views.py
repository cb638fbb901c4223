"""Pages of the catalogue: the courses, what each holds, and the deeds that make a version current."""

from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.catalogue import archiving, assets, courses, problems, versions
from courses.catalogue.contents import activity_of, contents, previewed
from courses.catalogue.models import Activity, ActivityText, Asset, Course, CourseVersion
from courses.catalogue.wording import counted, kind_words
from lms.kit import i18n
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me, visitor
from lms.people.models import Person

blueprint = Blueprint("catalogue", __name__)
writers = access.only(*versions.STAFF)


@blueprint.get("/courses", endpoint="courses")
@writers
def list_courses() -> str:
    return render_template("courses/catalogue/courses.html", page=courses.listed(), counted=counted)


@blueprint.get("/courses/<slug>")
@access.public
def course(slug: str) -> str:
    found = one_or_404(versions.visible_to(visitor()).where(Course.slug == slug))
    staff = _writes(visitor())
    shown = versions.published(found) or versions.newest(found)
    if shown is None:
        abort(404)
    return render_template(
        "courses/catalogue/course.html",
        version=shown,
        contents=contents(shown),
        counted=counted,
        kind_words=kind_words(),
        versions=versions.all_of(found) if staff else [],
    )


@blueprint.get("/courses/<slug>/versions/<int(max=99999):number>")
@writers
def version(slug: str, number: int) -> str:
    found = one_or_404(versions.named(slug, number))
    return render_template(
        "courses/catalogue/version.html",
        version=found,
        contents=contents(found),
        counted=counted,
        kind_words=kind_words(),
        current=versions.published(found.course),
        files=problems.by_file(found.problems),
    )


@blueprint.get("/courses/<slug>/versions/<int(max=99999):number>/<uuid:activity_id>")
@writers
def text(slug: str, number: int, activity_id: UUID) -> str:
    found = one_or_404(versions.named(slug, number))
    activity = one_or_404(activity_of(found, activity_id))
    whole = contents(found)
    before, after = whole.around(activity.id)
    return render_template(
        "courses/catalogue/text.html",
        version=found,
        activity=activity,
        shown=_chosen(activity),
        readable=[entry.id for entry in whole.texts],
        previewed=previewed,
        before=before,
        after=after,
        kind=kind_words()[activity.kind],
    )


@blueprint.post("/courses/<slug>/versions/<int(max=99999):number>/publication")
@writers
def publish(slug: str, number: int) -> ResponseReturnValue:
    found = one_or_404(versions.named(slug, number).with_for_update(of=CourseVersion))
    versions.publish(found, me())
    said = _("Version %(number)s is published. New offerings take it; those enrolled stay on theirs.", number=number)
    return back(url_for("catalogue.version", slug=slug, number=number), said)


@blueprint.post("/courses/<slug>/versions/<int(max=99999):number>/discarding")
@writers
def discard(slug: str, number: int) -> ResponseReturnValue:
    found = one_or_404(versions.named(slug, number).with_for_update(of=CourseVersion))
    versions.discard(found, me())
    return back(
        url_for("catalogue.version", slug=slug, number=number), _("The draft is discarded. Nothing else changed.")
    )


@blueprint.post("/courses/<slug>/archiving")
@writers
def archive(slug: str) -> ResponseReturnValue:
    archiving.archive(one_or_404(versions.visible_to(me()).where(Course.slug == slug)), me())
    said = _("Archived. No further cohort is given this course; those who take it go on.")
    return back(url_for("catalogue.course", slug=slug), said)


@blueprint.post("/courses/<slug>/return")
@writers
def bring_back(slug: str) -> ResponseReturnValue:
    archiving.bring_back(one_or_404(versions.visible_to(me()).where(Course.slug == slug)), me())
    return back(url_for("catalogue.course", slug=slug), _("The course can be given to cohorts again."))


@blueprint.get("/assets/<uuid:version_id>/<path:name>")
@access.signed_in
def asset(version_id: UUID, name: str) -> Response:
    found = one_or_404(assets.visible_to(me()).where(Asset.version_id == version_id, Asset.name == name))
    return assets.answer(found)


def _writes(person: Person | None) -> bool:
    return person is not None and person.has(*versions.STAFF)


def _chosen(activity: Activity) -> ActivityText:
    """The text in the language that was asked for, else in the reader's, else in any."""
    texts = {each.language: each for each in activity.texts}
    wanted = (request.args.get("language", ""), i18n.current(), *sorted(texts))
    return next(texts[language] for language in wanted if language in texts)
