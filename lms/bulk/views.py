"""Pages on which tables are sent in, looked at, confirmed and taken along."""

from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from lms.bulk import columns, findings, reading, uploads, workbooks
from lms.bulk.forms import TableForm
from lms.bulk.models import BulkUpload, Kind
from lms.kit import files, lists, sheets
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.pipeline.words import STAGES

blueprint = Blueprint("bulk", __name__)
staff = access.only(*uploads.STAFF)
LAST = 10  # tables on a page


@blueprint.get("/tables")
@staff
def tables() -> str:
    """Send a table in; below, those that were sent."""
    return _page(TableForm.offering(uploads.kinds_of(me()), formdata=None))


@blueprint.post("/tables")
@staff
def take() -> ResponseReturnValue:
    form = TableForm.offering(uploads.kinds_of(me()))
    if not form.validate():
        return _page(form), 422
    try:
        upload = uploads.take(form.file.data, Kind(form.kind.data), me())
    except Refused as refused:
        form.file.errors = [refused.sentence]
        return _page(form), 422
    return back(url_for("bulk.table", table_id=upload.id))


@blueprint.get("/tables/templates/<kind>")
@staff
def template(kind: str) -> Response:
    """An empty table to fill in."""
    if kind not in [each.value for each in uploads.kinds_of(me())]:
        abort(404)
    name = f"{columns.title(Kind(kind))}.xlsx"
    return sheets.download(workbooks.template(Kind(kind)), name, sheets.XLSX)


@blueprint.get("/tables/<uuid:table_id>")
@staff
def table(table_id: UUID) -> str:
    """How far it is; then what was found; then what came of it."""
    upload = _mine(table_id)
    found = uploads.findings_of(upload)
    return render_template(
        "lms/bulk/table.html",
        upload=upload,
        kind_title=columns.title(upload.kind),
        errors=[(each, *_said(each, upload.kind)) for each in found if each.is_error],
        warnings=[(each, *_said(each, upload.kind)) for each in found if not each.is_error],
        twin=session.scalar(uploads.twin(upload)),
        stages=STAGES,
        outcome=workbooks.outcome,
    )


@blueprint.post("/tables/<uuid:table_id>/confirmation")
@staff
def confirm(table_id: UUID) -> ResponseReturnValue:
    """Bring in what the page showed."""
    uploads.confirm(_mine(table_id), me(), request.form.get("mark", ""))
    return back(url_for("bulk.table", table_id=table_id), _("The table is being brought in."))


@blueprint.post("/tables/<uuid:table_id>/check")
@staff
def check(table_id: UUID) -> ResponseReturnValue:
    uploads.check_again(_mine(table_id))
    return back(url_for("bulk.table", table_id=table_id))


@blueprint.post("/tables/<uuid:table_id>/discarding")
@staff
def discard(table_id: UUID) -> ResponseReturnValue:
    uploads.discard(_mine(table_id), me())
    return back(url_for("bulk.tables"), _("The table was thrown away. Nothing of it was brought in."))


@blueprint.get("/tables/<uuid:table_id>/result")
@staff
def result(table_id: UUID) -> Response:
    """Each row with what became of it, as a spreadsheet."""
    kept = _mine(table_id).result
    if kept is None:
        abort(404)
    return files.send(kept)


def _mine(table_id: UUID) -> BulkUpload:
    return one_or_404(uploads.visible_to(me()).where(BulkUpload.id == table_id).options(undefer(BulkUpload.findings)))


def _said(each: findings.Finding, kind: Kind) -> tuple[str, str]:
    return findings.place(each, kind), findings.sentence(each, kind)


def _page(form: TableForm) -> str:
    return render_template(
        "lms/bulk/tables.html",
        form=form,
        kinds=uploads.kinds_of(me()),
        title_of=columns.title,
        columns_of=columns.COLUMNS,
        uploads=lists.page_of(uploads.visible_to(me()), size=LAST),
        largest=reading.LARGEST_FILE,
        most=reading.MOST_ROWS,
    )
