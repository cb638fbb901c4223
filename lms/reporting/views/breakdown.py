"""The year by what people told about themselves."""

from typing import Any

from flask import render_template, request

from lms.kit import clock
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline.profile_forms import EMPLOYMENTS, REGIONS, SEXES, STUDIES
from lms.reporting import breakdowns, definitions, intakes, periods
from lms.reporting.asof import AsOf
from lms.reporting.breakdowns import Breakdown, By
from lms.reporting.forms import ACROSS, BREAKDOWNS, age_words
from lms.reporting.groupings import Across
from lms.reporting.views.room import blueprint

WORDS: dict[By, Any] = {
    By.SEX: SEXES,
    By.REGION: REGIONS,
    By.FIELD: STUDIES,
    By.EMPLOYMENT: EMPLOYMENTS,
    By.AGE: age_words(breakdowns.BANDS),
}


@blueprint.get("/board/breakdown")
@access.only(Role.LEAD, Role.ADMIN)
def breakdown() -> str:
    """Traineeships by one thing that was told, altogether and in each cohort, track, course or programme."""
    year = periods.year_of(request.args.get("year")) or clock.today().year
    by = By(request.args["by"]) if request.args.get("by") in set(By) else By.SEX
    across = Across(request.args["across"]) if request.args.get("across") in set(Across) else Across.COHORT
    found = _found(by, year)
    words = {row: WORDS[by].get(row) for row in found.rows}
    kinds = {"kinds": BREAKDOWNS, "ways": ACROSS}
    return render_template(
        "lms/reporting/breakdown.html", year=year, found=found, across=across, words=words, years=_years(year), **kinds
    )


def _found(by: By, year: int) -> Breakdown:
    led = intakes.led_by(me())
    defined = definitions.of_all({each.programme_id for each in led}, AsOf.now(), year)
    return breakdowns.of(by, led, definitions.counting(led, defined.values()), year)


def _years(year: int) -> list[int]:
    """The years in which cohorts of the reader begin, with the one that is shown."""
    return sorted({year, *(each.starts_on.year for each in intakes.led_by(me()))}, reverse=True)
