"""How the year will probably end, what would change it, and how the forecast is made."""

from flask import render_template, request

from lms.people import access
from lms.people.models import Role
from lms.reporting import forecast as arithmetic
from lms.reporting import forecast_chart, forecast_learning, forecast_timing, forecast_trial, forecast_words, outlook
from lms.reporting.forecast_forms import WhatIfForm
from lms.reporting.views.room import blueprint, the_year

DRAWING = {"draw": forecast_chart.draw, "wide": forecast_chart.WIDE, "narrow": forecast_chart.NARROW}


@blueprint.get("/board/forecast")
@access.only(Role.LEAD, Role.ADMIN)
def forecast() -> str:
    """The year's end with its band, where a shortfall sits, what changed in a week, and what if."""
    seen = the_year()
    told = outlook.of(seen)
    form = WhatIfForm.asking(request.args, seen.year, seen.at.on)
    asked = form.asked(seen.year) if told else None
    other, ends_on = outlook.what_if(outlook.material(seen), asked) if asked else (None, None)
    return render_template(
        "lms/reporting/forecast.html",
        seen=seen,
        told=told,
        say=forecast_words,
        form=form,
        asked=asked,
        other=other,
        ends_on=ends_on,
        **DRAWING,
    )


@blueprint.get("/board/forecast/method")
@access.only(Role.LEAD, Role.ADMIN)
def forecast_method() -> str:
    """How the forecast is made, what it assumes, and how good it was on this installation's own cohorts."""
    made_from = outlook.material(the_year())
    tries = forecast_trial.on(made_from.earlier, made_from.on)
    return render_template(
        "lms/reporting/forecast_method.html",
        scores=forecast_trial.scores(tries),
        known=len(made_from.earlier),
        enough=forecast_trial.ENOUGH,
        settled=forecast_trial.SETTLED,
        assumed=forecast_learning.ASSUMED,
        levels=forecast_learning.Level,
        fill=arithmetic.FILL,
        fill_spread=arithmetic.FILL_SPREAD,
        grace=forecast_timing.GRACE,
        decided_after=arithmetic.DECIDED_AFTER,
    )
