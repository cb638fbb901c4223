"""Pages on which a course is sent in as a zip file and watched on its way, and on which one that nobody took is deleted."""

from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.catalogue import problems, versions
from courses.catalogue.models import Course
from courses.importing import deleting, unpacking, uploads
from courses.importing.forms import DeletionForm, UploadForm
from courses.importing.models import CourseUpload
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404, setting
from lms.people import access
from lms.people.access import me
from lms.people.models import Role

blueprint = Blueprint("importing", __name__)
writers = access.only(*versions.STAFF)
keepers = access.only(Role.LEAD, Role.ADMIN)
LAST = 10  # uploads shown below the form


@blueprint.get("/course-uploads")
@writers
def new() -> str:
    return _page(UploadForm(formdata=None))


@blueprint.post("/course-uploads")
@writers
def take() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate():
        return _page(form), 422
    try:
        upload = uploads.take(form.file.data, me(), form.slug.data or "")
    except Refused as refused:
        form.file.errors = [refused.sentence]
        return _page(form), 422
    return back(url_for("importing.upload", upload_id=upload.id))


@blueprint.get("/course-uploads/<uuid:upload_id>")
@writers
def upload(upload_id: UUID) -> str:
    """How far it is; then what came of it, with what could not be resolved."""
    found = one_or_404(uploads.visible_to(me()).where(CourseUpload.id == upload_id))
    return render_template(
        "courses/importing/upload.html",
        upload=found,
        failure=problems.translated(found.failure),
        files=problems.by_file(found.version.problems) if found.version else [],
    )


@blueprint.get("/courses/<slug>/deletion")
@keepers
def deletion(slug: str) -> str:
    """What is deleted with a course, or why it can only be archived."""
    return _deletion(_course(slug), DeletionForm(formdata=None))


@blueprint.post("/courses/<slug>/deletion")
@keepers
def delete(slug: str) -> ResponseReturnValue:
    found, form = _course(slug), DeletionForm()
    if not form.validate():
        return _deletion(found, form), 422
    try:
        deleting.delete_course(found, me(), form.typed.data or "")
    except Refused as refused:
        form.typed.errors = [refused.sentence]
        return _deletion(found, form), 422
    return back(url_for("catalogue.courses"), _("The course is deleted."))


def _course(slug: str) -> Course:
    return one_or_404(versions.visible_to(me()).where(Course.slug == slug))


def _deletion(course: Course, form: DeletionForm) -> str:
    return render_template(
        "courses/importing/deletion.html",
        course=course,
        version=versions.published(course) or versions.newest(course) or versions.all_of(course)[0],
        count=len(versions.all_of(course)),
        given=deleting.was_given(course),
        form=form,
    )


def _page(form: UploadForm) -> str:
    return render_template(
        "courses/importing/new.html",
        form=form,
        uploads=session.scalars(uploads.visible_to(me()).limit(LAST)).all(),
        largest=setting("max_content_length"),
        most_files=unpacking.MOST_FILES,
        largest_whole=unpacking.LARGEST_WHOLE,
    )
