"""Verification: for anybody, without sign-in, with one answer for everything unknown."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates import codes
from certificates.facts import Facts
from certificates.verifying import courses, look_up, printed
from certificates.views.room import blueprint
from lms.kit import clock, throttle
from lms.people import access


@blueprint.get("/verify")
@access.public
@throttle.reads("120 per minute")
def verify() -> ResponseReturnValue:
    """Where a code is typed; with a code, on to its page."""
    typed = codes.tidy(request.args.get("code", ""))
    if typed:
        return redirect(url_for("certificates.verified", code=codes.grouped(typed)), 303)
    return render_template("certificates/verify.html", asked="code" in request.args)


@blueprint.get("/verify/<code>")
@access.public
@throttle.reads("120 per minute")
def verified(code: str) -> ResponseReturnValue:
    """What a code stands for: every printed fact, and whether it still holds."""
    found = look_up(code)
    if found is None:
        return render_template("certificates/unknown.html"), 404
    facts = Facts.from_json(found.facts)
    return render_template(
        "certificates/verified.html",
        certificate=found,
        facts=facts,
        lines=list(printed(facts)),
        courses=list(courses(facts)),
        now=clock.now(),
    )
