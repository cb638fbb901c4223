"""The year by what people told about themselves."""

from typing import Any

from flask import render_template, request

from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline.profile_forms import EMPLOYMENTS, REGIONS, SEXES, STUDIES
from lms.reporting import breakdowns, definitions, intakes
from lms.reporting.breakdowns import By
from lms.reporting.forms import BREAKDOWNS, age_words
from lms.reporting.views.room import blueprint, the_year

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
    """Traineeships by one thing that was told, in each cohort and altogether."""
    seen = the_year()
    by = By(request.args["by"]) if request.args.get("by") in set(By) else By.SEX
    counting = definitions.counting(intakes.led_by(me()), seen.definitions.values())
    found = breakdowns.of(by, seen.cohorts, counting, seen.year, seen.at)
    words = {row: WORDS[by].get(row) for row in found.rows}
    return render_template("lms/reporting/breakdown.html", seen=seen, found=found, words=words, kinds=BREAKDOWNS)
