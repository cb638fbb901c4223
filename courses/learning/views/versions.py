"""Switching an offering to a newer version of its course; for its lead."""

from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from courses.catalogue.models import CourseVersion
from courses.learning import switching
from courses.learning.views import blueprint
from courses.learning.views.offerings import led_or_404, tabs
from courses.learning.wording import kind_words
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role


@blueprint.get("/offerings/<uuid:offering_id>/version")
@access.only(Role.LEAD, Role.ADMIN)
def version(offering_id: UUID) -> str:
    offering = led_or_404(offering_id)
    newer = session.scalars(switching.newer(offering)).all()
    return render_template(
        "courses/learning/version.html",
        offering=offering,
        tabs=tabs(offering, "version"),
        plan=switching.plan(offering, newer[0]) if newer else None,
        kind_words=kind_words(),
    )


@blueprint.post("/offerings/<uuid:offering_id>/version")
@access.only(Role.LEAD, Role.ADMIN)
def switch_version(offering_id: UUID) -> ResponseReturnValue:
    offering = led_or_404(offering_id)
    wanted, seen = (_id(request.form.get(name, "")) for name in ("version", "seen"))
    to = one_or_404(switching.newer(offering).where(CourseVersion.id == wanted))
    count = switching.switch(offering, to, me(), seen=seen)
    message = ngettext(
        "The offering is on version %(number)s now, with %(num)s person.",
        "The offering is on version %(number)s now, with %(num)s people.",
        count,
        number=to.number,
    )
    return back(url_for("learning.version", offering_id=offering.id), message)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(400)
