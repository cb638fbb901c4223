"""What became of cohorts: all at one look, one with its curve, and the list of whom to contact."""

from uuid import UUID

from flask import abort, render_template, request

from lms.kit import clock
from lms.kit.db import session
from lms.people.access import me
from lms.pipeline import cohorts as rules
from lms.pipeline.models import Cohort
from lms.placement import drawing, outcomes, rounds
from lms.placement.outcomes import Known
from lms.placement.views.room import blueprint, led_cohort, staff
from lms.placement.words import EVIDENCE, OUTCOMES


@blueprint.get("/placement")
@staff
def work() -> str:
    """Whom to contact now, in all cohorts that one leads or in one of them."""
    wanted = _asked_cohort()
    due = rounds.due(me(), wanted)
    open_, silent = [each for each in due if each.may_ask], [each for each in due if not each.may_ask]
    return render_template(
        "lms/placement/work.html",
        due=open_,
        not_asked=len(silent),
        cohorts=_finished(),
        wanted=wanted,
        outcomes=OUTCOMES,
    )


@blueprint.get("/placement/cohorts")
@staff
def cohorts() -> str:
    """Every finished cohort with its rates."""
    known, found = Known.of(request.args), _finished()
    curves = outcomes.curves_of(found, known)
    return render_template("lms/placement/cohorts.html", cohorts=found, curves=curves, known=known)


@blueprint.get("/placement/cohorts/<uuid:cohort_id>")
@staff
def cohort(cohort_id: UUID) -> str:
    """One cohort: its curve, its rates with their bounds, and everybody behind them."""
    of, known = led_cohort(cohort_id), Known.of(request.args)
    curve, lines = outcomes.curves_of([of], known)[of.id], outcomes.lines_of(of, known)
    days = {rate.months: (rate.on - of.ends_on).days for rate in curve.rates}
    return render_template(
        "lms/placement/cohort.html",
        cohort=of,
        curve=curve,
        lines=lines,
        wide=drawing.draw(curve, days, drawing.WIDE),
        narrow=drawing.draw(curve, days, drawing.NARROW),
        known_by=outcomes.evidence_of(lines),
        evidence=EVIDENCE,
        outcomes=OUTCOMES,
        known=known,
    )


def _asked_cohort() -> Cohort | None:
    """The cohort that the address names; 404 for one that the reader does not lead."""
    try:
        return led_cohort(UUID(request.args["cohort"])) if request.args.get("cohort") else None
    except ValueError:
        abort(404)


def _finished() -> list[Cohort]:
    query = rules.led_by(me()).where(Cohort.ends_on < clock.today()).order_by(Cohort.ends_on.desc(), Cohort.slug)
    return list(session.scalars(query))
