"""Pages on which a course is sent in as a zip file and watched on its way."""

from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from courses.catalogue import problems, versions
from courses.importing import unpacking, uploads
from courses.importing.forms import UploadForm
from courses.importing.models import CourseUpload
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404, setting
from lms.people import access
from lms.people.access import me

blueprint = Blueprint("importing", __name__)
writers = access.only(*versions.STAFF)
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


def _page(form: UploadForm) -> str:
    return render_template(
        "courses/importing/new.html",
        form=form,
        uploads=session.scalars(uploads.visible_to(me()).limit(LAST)).all(),
        largest=setting("max_content_length"),
        most_files=unpacking.MOST_FILES,
        largest_whole=unpacking.LARGEST_WHOLE,
    )
