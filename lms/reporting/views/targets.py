"""What was promised for each year, in versions."""

from typing import Any

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.kit import clock
from lms.kit.db import session
from lms.kit.i18n import number
from lms.kit.refusal import Conflict
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline.models import Programme
from lms.reporting import definitions, experts, intakes, sentences, targets
from lms.reporting.asof import AsOf
from lms.reporting.forms import TargetForm
from lms.reporting.models import Target
from lms.reporting.views.room import blueprint


@blueprint.get("/board/targets", endpoint="targets")
@access.only(Role.LEAD, Role.ADMIN)
def target_list() -> str:
    """What was promised, by programme and year, and every earlier version."""
    versions = session.scalars(targets.visible_to(me())).all()
    programmes = session.scalars(targets.led_by(me())).all()
    return render_template("lms/reporting/targets.html", lines=targets.lines(programmes, versions, clock.today().year))


@blueprint.get("/board/targets/<slug>/<int:of_year>")
@access.only(Role.LEAD, Role.ADMIN)
def target(slug: str, of_year: int) -> str:
    """The target of one year, with its history and the form for the next version."""
    programme = _programme(slug, of_year)
    now = targets.newest(programme, of_year)
    return _target_page(programme, of_year, TargetForm(formdata=None, data={"seen": str(now.version if now else 0)}))


@blueprint.post("/board/targets/<slug>/<int:of_year>")
@access.only(Role.LEAD, Role.ADMIN)
def set_target(slug: str, of_year: int) -> ResponseReturnValue:
    """Add a version, unless another lead did in between: then theirs is shown first and nothing typed is lost."""
    programme, form = _programme(slug, of_year), TargetForm()
    if not form.validate():
        return _target_page(programme, of_year, form), 422
    given: dict[str, Any] = {"year": of_year, "number": form.number.data, "reason": form.reason.data}
    try:
        made = targets.promise(programme, me(), **given, seen=int(form.seen.data))
    except Conflict as told:
        form.number.errors = [told.sentence]
        now = targets.newest(programme, of_year)
        form.seen.data = str(now.version if now else 0)
        return _target_page(programme, of_year, form), 409
    return back(url_for("reporting.targets"), _said(made))


def _programme(slug: str, of_year: int) -> Programme:
    if abs(of_year - clock.today().year) > targets.REACH:
        abort(404)
    return one_or_404(targets.led_by(me()).where(Programme.slug == slug))


def _target_page(programme: Programme, of_year: int, form: TargetForm) -> str:
    query = targets.visible_to(me()).where(Target.programme_id == programme.id, Target.year == of_year)
    return render_template(
        "lms/reporting/target.html",
        programme=programme,
        year=of_year,
        versions=session.scalars(query).all(),
        form=form,
    )


def _said(made: Target) -> str:
    """That the target is set, and that it lies below what is reached, if it does."""
    at = AsOf.now()
    defined = definitions.of(made.programme, at, made.year)
    reached = experts.of(definitions.counting(intakes.led_by(me()), [defined]), made.year, at).people
    said = _("The target of %(year)s is %(number)s now.", year=made.year, number=number(made.number))
    return f"{said} {sentences.below_reached(reached, made.number)}".strip()
