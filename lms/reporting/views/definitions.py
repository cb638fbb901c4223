"""Whom a programme counts as an expert, in versions."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline.models import Programme
from lms.reporting import definitions, targets
from lms.reporting.asof import AsOf
from lms.reporting.forms import ACHIEVEMENTS, DefinitionForm
from lms.reporting.models import Achievement, ExpertDefinition
from lms.reporting.views.room import blueprint


@blueprint.get("/board/definitions/<slug>")
@access.only(Role.LEAD, Role.ADMIN)
def definition(slug: str) -> str:
    """What counts now, every earlier version, and the form for the next."""
    programme = _programme(slug)
    held = definitions.of(programme, AsOf.now(), clock.today().year + definitions.REACH)
    slugs = {each.id: each.slug for each in session.scalars(targets.led_by(me()))}
    counted = [f"{slugs[key]} {what.value}" for key, what in held.clauses if key in slugs]
    given = {"seen": str(held.version), "from_year": clock.today().year, "counts": counted}
    return _page(programme, DefinitionForm(formdata=None, data=given))


@blueprint.post("/board/definitions/<slug>")
@access.only(Role.LEAD, Role.ADMIN)
def set_definition(slug: str) -> ResponseReturnValue:
    """Add a version, unless another lead did in between: then theirs is shown first and nothing typed is lost."""
    programme = _programme(slug)
    form = DefinitionForm().offer(session.scalars(targets.led_by(me())).all())
    if not form.validate():
        return _page(programme, form), 422
    try:
        made = _set(programme, form)
    except Refused as told:
        form.counts.errors = [told.sentence]
        now = definitions.newest(programme)
        form.seen.data = str(now.version if now else 0)
        return _page(programme, form), 409
    said = _("From %(year)s on this definition counts. Earlier years keep theirs.", year=made.from_year)
    return back(url_for("reporting.definition", slug=slug), said)


def _set(programme: Programme, form: DefinitionForm) -> ExpertDefinition:
    keys = {each.slug: each.id for each in session.scalars(targets.led_by(me()))}
    chosen = [each.rsplit(" ", 1) for each in form.counts.data or ()]
    return definitions.set_down(
        programme,
        me(),
        from_year=form.from_year.data,
        clauses={(keys[each], Achievement(what)) for each, what in chosen},
        reason=form.reason.data,
        seen=int(form.seen.data),
    )


def _programme(slug: str) -> Programme:
    return one_or_404(targets.led_by(me()).where(Programme.slug == slug))


def _page(programme: Programme, form: DefinitionForm) -> str:
    return render_template(
        "lms/reporting/definition.html",
        programme=programme,
        versions=definitions.versions(programme),
        form=form.offer(session.scalars(targets.led_by(me())).all()),
        words=ACHIEVEMENTS,
    )
