"""The register on paper: asking for it, waiting, taking it."""

from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates import register_prints
from certificates.models import RegisterPrint
from certificates.views.registering import filters
from certificates.views.room import blueprint
from lms.kit import files
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role


@blueprint.post("/certificates/register/prints")
@access.only(Role.LEAD, Role.ADMIN)
def print_register() -> ResponseReturnValue:
    """Ask for the list as it stands on the page, on paper."""
    asked = {**filters().chosen(), "sort": request.args.get("sort", "")}
    wanted = register_prints.ask(me(), asked, request.form.get("reason", ""))
    return back(url_for("certificates.register_print", print_id=wanted.id))


@blueprint.get("/certificates/register/prints/<uuid:print_id>")
@access.only(Role.LEAD, Role.ADMIN)
def register_print(print_id: UUID) -> str:
    """Whether it is printed yet."""
    wanted = _mine(print_id)
    return render_template("certificates/register_printed.html", wanted=wanted, failed=register_prints.given_up(wanted))


@blueprint.get("/certificates/register/prints/<uuid:print_id>/document")
@access.only(Role.LEAD, Role.ADMIN)
def printed_register(print_id: UUID) -> ResponseReturnValue:
    """The PDF."""
    wanted = _mine(print_id)
    if wanted.file is None:
        abort(404)
    return files.send(wanted.file)


def _mine(print_id: UUID) -> RegisterPrint:
    return one_or_404(register_prints.of(me()).where(RegisterPrint.id == print_id))
