"""Everybody's deadlines of an offering."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm

from courses.catalogue.models import Activity
from courses.learning import deadlines as rules
from courses.learning.forms import deadlines_form
from courses.learning.models import Offering
from courses.learning.outline import Part, contents
from courses.learning.views import blueprint
from courses.learning.views.offerings import STAFF, offering_or_404, tabs
from courses.learning.wording import kind_words
from lms.kit import i18n
from lms.kit.db import session
from lms.kit.web import back
from lms.people import access
from lms.people.access import me


@blueprint.get("/offerings/<uuid:offering_id>/deadlines")
@access.only(*STAFF)
def deadlines(offering_id: UUID) -> str:
    offering = offering_or_404(offering_id)
    parts = contents(offering)
    return _page(offering, parts, deadlines_form(parts, i18n.current()))


@blueprint.post("/offerings/<uuid:offering_id>/deadlines")
@access.only(*STAFF)
def set_deadlines(offering_id: UUID) -> ResponseReturnValue:
    offering = offering_or_404(offering_id)
    parts = contents(offering)
    form = deadlines_form(parts, i18n.current())
    if not form.validate():
        return _page(offering, parts, form), 422
    count = _save(offering, parts, form)
    said = (
        ngettext("%(num)s deadline changed.", "%(num)s deadlines changed.", count) if count else _("Nothing changed.")
    )
    return back(url_for("learning.deadlines", offering_id=offering.id), said)


def _save(offering: Offering, parts: list[Part], form: FlaskForm) -> int:
    """Write the deadlines that differ from those that hold (to the minute); returns how many."""
    count = 0
    for entry in (entry for part in parts for entry in part.entries):
        before = entry.due.due_at.replace(second=0, microsecond=0) if entry.due else None
        wanted = form[str(entry.id)].moment()
        if wanted != before:
            activity = session.get_one(Activity, entry.id)
            rules.set_common(offering, activity, me(), wanted, form["reason"].data or "")
            count += 1
    return count


def _page(offering: Offering, parts: list[Part], form: FlaskForm) -> str:
    return render_template(
        "courses/learning/deadlines.html",
        offering=offering,
        tabs=tabs(offering, "deadlines"),
        parts=parts,
        form=form,
        kind_words=kind_words(),
    )
