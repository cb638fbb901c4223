"""The designs of a programme: what there is, how each looks, and the next version of one."""

import re
from uuid import UUID

from flask import abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates import design_forms, designing, issuing_rules, previewing
from certificates.design_forms import PRINTED_IN, DesignForm
from certificates.design_models import CertificateDesign, DesignVersion
from certificates.designing import Look
from certificates.previewing import Shown
from certificates.views.room import blueprint
from courses.gradebook import rules
from lms.kit import db
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.web import back, one_or_404, start_writing
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline.models import Programme

PICTURE = re.compile("[0-9a-f]{40}")
KEPT = 3600  # seconds that a browser may keep a picture; its address says what it shows


@blueprint.get("/programmes/<slug>/designs")
@access.only(Role.LEAD, Role.ADMIN)
def designs(slug: str) -> str:
    """What the programme has, and which of it is printed."""
    programme = _programme(slug)
    rule = issuing_rules.current(programme.id)
    return render_template(
        "certificates/designs.html",
        programme=programme,
        versions=designing.of_programme(programme),
        rule=rule,
        printed_in=PRINTED_IN,
    )


@blueprint.get("/programmes/<slug>/designs/new")
@access.only(Role.LEAD, Role.ADMIN)
def new_design(slug: str) -> str:
    programme = _programme(slug)
    return _page(programme, None, design_forms.form_for(programme, Look(), seen=0))


@blueprint.post("/programmes/<slug>/designs/new")
@access.only(Role.LEAD, Role.ADMIN)
def begin_design(slug: str) -> ResponseReturnValue:
    """Version 1 of a design, once it can be drawn."""
    db.mean_to_write(False)  # nobody waits for the lock while a page is drawn
    programme = _programme(slug)
    form = design_forms.form_for(programme, Look(), seen=0, sent=request.form)
    if _drawn(programme, form):
        start_writing()
        if made := _begun(programme, form):
            return _to(programme, made)
    return _page(programme, None, form), 422


@blueprint.get("/programmes/<slug>/designs/<uuid:design_id>")
@access.only(Role.LEAD, Role.ADMIN)
def own_design(slug: str, design_id: UUID) -> str:
    """A design as it is now, and its versions."""
    programme, found = _design(slug, design_id)
    newest = designing.newest_of(found)
    return _page(programme, found, design_forms.form_for(programme, designing.look(newest), seen=newest.version))


@blueprint.post("/programmes/<slug>/designs/<uuid:design_id>")
@access.only(Role.LEAD, Role.ADMIN)
def change_design(slug: str, design_id: UUID) -> ResponseReturnValue:
    """One more version, once it can be drawn; who was overtaken sees first what differs."""
    db.mean_to_write(False)
    programme, found = _design(slug, design_id)
    form = design_forms.form_for(programme, designing.look(designing.newest_of(found)), seen=0, sent=request.form)
    if not _drawn(programme, form, named=False):
        return _page(programme, found, form), 422
    start_writing()
    try:
        return _to(programme, _changed(found, form))
    except Conflict:
        return _page(programme, found, form, overtaken=True), 409
    except Refused as no:
        form.reason.errors = [no.sentence]
        return _page(programme, found, form), 422


@blueprint.post("/programmes/<slug>/designs/preview")
@blueprint.post("/programmes/<slug>/designs/<uuid:design_id>/preview")
@access.only(Role.LEAD, Role.ADMIN)
def preview_design(slug: str, design_id: UUID | None = None) -> str:
    """The same form with a picture of what it says. Nothing is kept."""
    db.mean_to_write(False)
    programme, found = _design(slug, design_id) if design_id else (_programme(slug), None)
    before = designing.look(designing.newest_of(found)) if found else Look()
    return _page(programme, found, design_forms.form_for(programme, before, seen=0, sent=request.form), looking=True)


@blueprint.get("/programmes/<slug>/designs/pictures/<name>.png")
@access.only(Role.LEAD, Role.ADMIN)
def design_picture(slug: str, name: str) -> ResponseReturnValue:
    """A picture that was drawn for this programme."""
    place = previewing.room(_programme(slug)) / f"{name}.png"
    if not PICTURE.fullmatch(name) or not place.is_file():
        abort(404)
    return send_file(place, mimetype="image/png", max_age=KEPT)


@blueprint.get("/programmes/<slug>/designs/<uuid:design_id>/picture")
@access.only(Role.LEAD, Role.ADMIN)
def picture_of_design(slug: str, design_id: UUID) -> ResponseReturnValue:
    """What its newest version looks like with an ordinary name."""
    programme, found = _design(slug, design_id)
    look = designing.look(designing.newest_of(found))
    shown = previewing.show(programme, look, previewing.facts_of(programme, look, "plain", me()))
    if not shown.picture:
        abort(404)
    return send_file(previewing.room(programme) / f"{shown.picture}.png", mimetype="image/png")


def _programme(slug: str) -> Programme:
    return one_or_404(rules.programmes_of(me()).where(Programme.slug == slug))


def _design(slug: str, design_id: UUID) -> tuple[Programme, CertificateDesign]:
    programme = _programme(slug)
    return programme, one_or_404(designing.designs_of(programme).where(CertificateDesign.id == design_id))


def _begun(programme: Programme, form: DesignForm) -> DesignVersion | None:
    try:
        with session.begin_nested():
            look, reason = form.kept_look(me()), form.reason.data or ""
            return designing.begin(programme, me(), form.name.data or "", look, reason=reason)
    except Refused as no:
        form.name.errors = [no.sentence]
        return None


def _changed(found: CertificateDesign, form: DesignForm) -> DesignVersion:
    with session.begin_nested():
        look, reason = form.kept_look(me()), form.reason.data or ""
        return designing.change(found, me(), look, reason=reason, seen=form.seen.data or 0)


def _drawn(programme: Programme, form: DesignForm, *, named: bool = True) -> bool:
    """Whether everything is right, also on paper."""
    return form.check(named=named) and not _shown(programme, form, "plain").faults


def _shown(programme: Programme, form: DesignForm, sample: str) -> Shown:
    """The picture of what the form says; what is wrong is told at its fields."""
    wanted = form.look()
    facts = previewing.facts_of(programme, wanted, sample, me())
    shown = previewing.show(programme, wanted, facts, form.sent_seal())
    form.tell(shown.faults)
    return shown


def _page(
    programme: Programme,
    found: CertificateDesign | None,
    form: DesignForm,
    *,
    looking: bool = False,
    overtaken: bool = False,
) -> str:
    """The form beside its picture."""
    fine = form.check(reasoned=False, named=False) if looking else not form.errors
    shown = _shown(programme, form, form.sample.data or "plain") if fine else Shown()
    versions = session.scalars(designing.history(found)).all() if found else []
    newest: DesignVersion | None = versions[0] if versions else None
    if newest and (overtaken or not form.is_submitted()):
        form.seen.process_data(newest.version)
        form.seen.raw_data = None
    return render_template(
        "certificates/design.html",
        programme=programme,
        design=found,
        form=form,
        shown=shown,
        versions=versions,
        overtaken=newest if overtaken else None,
        changes=form.differences() if overtaken else [],
        chosen=found is not None and issuing_rules.current(programme.id).own_design_id == found.id,
    )


def _to(programme: Programme, made: DesignVersion) -> ResponseReturnValue:
    said = _("Version %(version)s is kept. What was printed before stays as it is.", version=made.version)
    return back(url_for("certificates.own_design", slug=programme.slug, design_id=made.design_id), said)
