"""The list behind each number, and one person with the evidence."""

from uuid import UUID

from flask import Response, render_template, request

from lms.bulk import origins
from lms.kit import clock, lists
from lms.kit.web import one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Person, Role
from lms.pipeline import overlaps
from lms.reporting import dossier, exports, proofs, roster, targets
from lms.reporting.figures import REASON_WORDS
from lms.reporting.forms import REASONS, RosterForm
from lms.reporting.views.room import as_of, asked, blueprint, download, file_format, sort


@blueprint.get("/board/people")
@access.only(Role.LEAD, Role.ADMIN)
def people() -> str:
    """The list behind a number, as long as the number."""
    led, wanted = asked()
    by_person = wanted.asked.by_person
    query = roster.sorted_by((roster.people if by_person else roster.rows)(wanted), sort(), by_person=by_person)
    page = lists.page_of(query, scalars=False)
    promised = targets.promises(me(), clock.today().year)
    return render_template(
        "lms/reporting/people.html",
        page=page,
        asked=wanted.asked,
        at=wanted.at,
        form=RosterForm.showing(wanted.asked, wanted.at, led),
        parts=roster.rows_of(wanted, [row.person_id for row in page.rows]) if by_person else {},
        sort=sort(),
        programme=next((each for each in promised if each.slug == wanted.asked.programme), None),
        reason_words=REASON_WORDS,
    )


@blueprint.post("/board/people/export")
@access.only(Role.LEAD, Role.ADMIN)
def export_people() -> Response:
    """The same list as a file; the audit trail keeps who took it along, and what for."""
    _led, wanted = asked()
    return download(exports.people(wanted, sort(), me(), file_format(), request.form.get("reason", "")))


@blueprint.get("/board/people/<uuid:person_id>")
@access.only(Role.LEAD, Role.ADMIN)
def person(person_id: UUID) -> str:
    """One person: their traineeships and applications, and who moved them when and why."""
    found = one_or_404(dossier.visible_to(me()).where(Person.id == person_id))
    parts = dossier.of(found, me())
    both = overlaps.among(part.traineeship for part in parts if part.traineeship)
    came = origins.of([move.id for part in parts for move in part.moves])
    shown = {"parts": parts, "both": both, "reasons": REASONS, "at": as_of(), "origins": came}
    shown["tables"] = origins.visible_to(me(), came.values())
    shown["proofs"] = proofs.of(found, me(), [part.cohort.id for part in parts])
    return render_template("lms/reporting/person.html", person=found, **shown)
