"""The year on one page, and each cohort on one."""

from uuid import UUID

from flask import Response, render_template
from markupsafe import Markup

from lms.kit import clock, lists
from lms.kit.templating import part
from lms.kit.web import one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort
from lms.reporting import (
    adjustments,
    chart,
    counts,
    exports,
    filters,
    forecast_words,
    intakes,
    ledger,
    needs,
    outlook,
    roster,
    sentences,
)
from lms.reporting.adjustments import Adjustment
from lms.reporting.asof import AsOf
from lms.reporting.figures import COLUMNS, KEYS, REASON_WORDS
from lms.reporting.filters import Filters
from lms.reporting.forms import YearForm
from lms.reporting.views import support
from lms.reporting.views.room import as_of, blueprint, download, file_format, sort, the_year
from lms.reporting.year import Year


@blueprint.get("/board")
@access.only(Role.LEAD, Role.ADMIN)
def board() -> str:
    """Whether the year is on track, what waits, and how the cohorts stand."""
    seen = the_year()
    return render_template(
        "lms/reporting/board.html",
        seen=seen,
        form=YearForm.showing(seen),
        drawn=_drawn(seen),
        now=clock.now(),
        changes=_changes(seen),
    )


@blueprint.post("/board/cohorts/export")
@access.only(Role.LEAD, Role.ADMIN)
def export_cohorts() -> Response:
    """The cohorts of the year as a file."""
    return download(exports.cohorts(the_year(), file_format()))


@blueprint.get("/board/cohorts/<uuid:cohort_id>")
@access.only(Role.LEAD, Role.ADMIN)
def cohort(cohort_id: UUID) -> str:
    """One cohort: its funnel, its dates and its roster."""
    found = one_or_404(cohorts.led_by(me()).where(Cohort.id == cohort_id))
    at, led = as_of(), intakes.led_by(me())
    wanted = filters.question(led, Filters(cohort=cohort_id), at)
    return render_template(
        "lms/reporting/cohort.html",
        cohort=found,
        at=at,
        tally=counts.tallies([cohort_id], at)[cohort_id],
        columns=ledger.columns([each for each in led if each.id == cohort_id], at)[cohort_id],
        keys=KEYS,
        report=COLUMNS,
        reason_words=REASON_WORDS,
        page=lists.page_of(roster.sorted_by(roster.rows(wanted), sort(), by_person=False), scalars=False),
        sort=sort(),
        funnel=counts.FUNNEL,
        beside=counts.BESIDE,
        state=found.state_on(at.on),
        helping=support.block(found) if at.is_now else "",
    )


def _changes(seen: Year) -> list[Adjustment]:
    """What is known now about a day of the past and was not when it was told."""
    if seen.at.is_now:
        return []
    return adjustments.between([each.id for each in seen.cohorts], seen.at, AsOf(seen.at.on))


def _drawn(seen: Year) -> dict[str, Markup]:
    """The parts of the board, drawn anew when a figure changed or the day.

    Days that are over have no forecast here: it is on a page of its own, for who asks what was expected then.
    """
    told = outlook.of(seen) if seen.at.is_now else None
    of = f"{clock.today()} {seen.told_by()}"
    foretold = f"{of} {told.state if told else None}"
    more = {"chart": chart, "say": sentences, "patience": needs.PATIENCE, "foretell": forecast_words}
    return {
        "answer": part("lms/reporting/_answer.html", foretold, seen=seen, told=told, **more),
        "forecast": part("lms/reporting/_forecast.html", foretold, seen=seen, told=told, say=forecast_words),
        "cohorts": part("lms/reporting/_cohorts.html", of, seen=seen),
        "people": part("lms/reporting/_heads.html", of, seen=seen),
    }
