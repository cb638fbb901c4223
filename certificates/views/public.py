"""Verification: for anybody, without sign-in, with one answer for everything unknown."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates import answering, codes, states, transcripts
from certificates.facts import Facts
from certificates.models import Certificate
from certificates.verifying import courses, look_up, of_file, printed
from certificates.views import missing, negotiating
from certificates.views.room import blueprint
from lms.kit import clock, throttle
from lms.people import access

LARGEST_FILE = 50 * 1024 * 1024  # that a browser is asked to read; ours have some hundred kB


@blueprint.get("/verify")
@access.public
@throttle.reads("120 per minute")
def verify() -> ResponseReturnValue:
    """Where a code is typed; with a code, on to its page."""
    typed = codes.tidy(request.args.get("code", ""))
    if typed:
        to = "certificates.transcript_verified" if transcripts.look_up(typed) else "certificates.verified"
        return redirect(url_for(to, code=codes.grouped(typed)), 303)
    return render_template("certificates/verify.html", asked="code" in request.args, largest=LARGEST_FILE)


@blueprint.get("/verify/<code>")
@access.public
@throttle.reads("120 per minute")
def verified(code: str) -> ResponseReturnValue:
    """What a code stands for: every printed fact, and whether it still holds; a page, or JSON for whoever asks for it."""
    found = look_up(code)
    if kind := negotiating.machine():
        return negotiating.told(kind, answering.answer(found, states.of(found) if found else None), found)
    return negotiating.shown(_page(found) if found else missing.code(), found)


@blueprint.get("/certificates/by-hash/<sha256>")
@access.public
@throttle.reads("60 per minute")
def by_hash(sha256: str) -> ResponseReturnValue:
    """From the hash of a file to its certificate. The file itself stays with whoever has it."""
    found = of_file(sha256)
    if found is None and (other := transcripts.of_file(sha256)):
        there = url_for("certificates.transcript_verified", code=codes.grouped(other.code), file=sha256.lower())
        return redirect(there, 303)
    if found is None:
        return missing.file(), 404
    return redirect(url_for("certificates.verified", code=codes.grouped(found.code), file=sha256.lower()), 303)


def _page(found: Certificate) -> str:
    facts = Facts.from_json(found.facts)
    return render_template(
        "certificates/verified.html",
        certificate=found,
        facts=facts,
        state=states.of(found),
        ground=states.grounds()[found.revocation.ground] if found.revocation else "",
        lines=list(printed(facts)),
        courses=list(courses(facts)),
        same=found.document is not None and request.args.get("file") == found.document.sha256,
        largest=LARGEST_FILE,
        now=clock.now(),
    )
