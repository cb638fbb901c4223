"""Reports that are handed over: what there is, a new one, one with its files, and the lists behind its numbers."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.kit import clock, files, jobs, lists
from lms.kit.refusal import Conflict, Refused
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.reporting import chart, pack_files, pack_funnel, pack_words, packs, sentences, targets
from lms.reporting.forms import ACHIEVEMENTS
from lms.reporting.models import Achievement
from lms.reporting.pack_forms import PeriodForm, ReportForm
from lms.reporting.pack_models import ReportPack
from lms.reporting.pack_reading import Told
from lms.reporting.targets import Promise
from lms.reporting.views.room import blueprint

SHOWN = {
    "say": pack_words,
    "chart": chart,
    "funnel": pack_funnel,
    "sentences": sentences,
    "achievements": ACHIEVEMENTS,
    "achievement": Achievement,
}


@blueprint.get("/board/reports")
@access.only(Role.LEAD, Role.ADMIN)
def reports() -> str:
    """Every report that the reader may read, the latest first."""
    page = lists.page_of(packs.visible_to(me()))
    titles = {each.slug: each.title for each in _promises()}
    return render_template("lms/reporting/packs.html", page=page, titles=titles, complete=pack_files.complete)


@blueprint.get("/board/reports/new")
@access.only(Role.LEAD, Role.ADMIN)
def new_report() -> str:
    """Choose a period and see what its report would say."""
    return _new_page(PeriodForm.asking(request.args.to_dict(), _promises()), ReportForm(formdata=None))


@blueprint.post("/board/reports")
@access.only(Role.LEAD, Role.ADMIN)
def make_report() -> ResponseReturnValue:
    """Freeze what was looked at, unless another lead made a report of this year in between: then theirs is shown first."""
    form = ReportForm()
    form.offer(_promises())
    if not form.validate():
        return _new_page(form, form), 422
    try:
        explanation = form.explanation.data or ""
        made = packs.hand_over(me(), form.asked(form.knowing), explanation=explanation, seen=int(form.seen.data or 0))
    except Refused as told:
        form.explanation.errors = [told.sentence]
        form.known.data = ""  # what is shown next is what is known now
        return _new_page(form, form), 409 if isinstance(told, Conflict) else 422
    said = _("The report is made. Its files follow in a moment.")
    return back(url_for("reporting.report", pack_id=made.id), said)


@blueprint.get("/board/reports/<uuid:pack_id>")
@access.only(Role.LEAD, Role.ADMIN)
def report(pack_id: UUID) -> str:
    """One report as it was frozen, with its files."""
    pack = _pack(pack_id)
    told, failed = Told.of(pack), pack_files.given_up(pack)
    later = packs.latest(me(), pack.programme, pack.year)
    return render_template(
        "lms/reporting/pack.html",
        pack=pack,
        told=told,
        failed=failed,
        complete=pack_files.complete(pack),
        later=later if later and later.number > pack.number else None,
        **SHOWN,
    )


@blueprint.get("/board/reports/<uuid:pack_id>/<language>.<ending>")
@access.only(Role.LEAD, Role.ADMIN)
def report_file(pack_id: UUID, language: str, ending: str) -> Response:
    """A file of the report: the bytes that were made once."""
    found = [each for each in _pack(pack_id).files if (each.language, each.kind) == (language, ending)]
    return files.send(found[0].file) if found else abort(404)


@blueprint.post("/board/reports/<uuid:pack_id>/files")
@access.only(Role.LEAD, Role.ADMIN)
def make_files_again(pack_id: UUID) -> ResponseReturnValue:
    """Ask once more for files that could not be made."""
    pack = _pack(pack_id)
    if pack_files.given_up(pack):
        jobs.later(pack_files.make_report_files, pack_id=str(pack.id))
    return back(url_for("reporting.report", pack_id=pack.id), _("The files are being made again."))


@blueprint.get("/board/reports/<uuid:pack_id>/lists/<key>")
@blueprint.get("/board/reports/<uuid:pack_id>/lists/<key>/<uuid:cohort_id>")
@access.only(Role.LEAD, Role.ADMIN)
def report_list(pack_id: UUID, key: str, cohort_id: UUID | None = None) -> ResponseReturnValue:
    """The list behind a number, at the short address that is printed in the report."""
    told = Told.of(_pack(pack_id))
    filters = told.filters(key, str(cohort_id or "")) if key in told.values["keys"] else None
    return redirect(f"{url_for('reporting.people')}?{urlencode(filters)}") if filters else abort(404)


def _pack(pack_id: UUID) -> ReportPack:
    return one_or_404(packs.visible_to(me()).where(ReportPack.id == pack_id))


def _promises() -> list[Promise]:
    return targets.promises(me(), clock.today().year)


def _new_page(chosen: PeriodForm, form: ReportForm) -> str:
    """The period, and what a report of it would say where it can be reported."""
    told, before, missed = None, None, False
    if chosen.validate() if chosen is not form else form.first.data and form.last.data:
        asked = chosen.asked(form.knowing)
        try:
            frozen, before = packs.look(me(), asked)
            told, missed = Told.preview(frozen, asked), packs.must_explain(packs.standing(frozen, asked))
            form.known.data, form.seen.data = asked.known.isoformat(), str(before.number if before else 0)
        except Refused as refused:
            chosen.last.errors = [refused.sentence]
    return render_template(
        "lms/reporting/pack_new.html",
        chosen=chosen,
        form=form,
        told=told,
        before=before,
        missed=missed,
        offered=packs.offered(clock.today()),
        **SHOWN,
    )
