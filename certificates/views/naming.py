"""One's own name on certificates: looked at as it will be printed, approved, corrected on request."""

from collections.abc import Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates import name_corrections, name_picture, names, romanising
from certificates.name_forms import CorrectionForm, NameForm
from certificates.name_models import NameApproval
from certificates.romanising import Suggestion
from certificates.views.room import blueprint
from lms.kit.db import session
from lms.kit.web import back
from lms.people import access
from lms.people.access import me


@blueprint.get("/certificates/name")
@access.signed_in
def my_name() -> str:
    """The lines of my next certificate: approved ones as they are kept, else to be looked at and approved."""
    if held := names.latest(me()):
        return _approved(held)
    form = NameForm(formdata=None, data={"name": names.composed(me().name), "latin_name": me().latin_name})
    form.fits()
    return _to_approve(form)


@blueprint.post("/certificates/name")
@access.signed_in
def approve_name() -> ResponseReturnValue:
    """Draw the lines anew, or approve them when they are those of the picture."""
    form = NameForm()
    form.take_suggestion()
    if not form.validate():
        return _to_approve(form), 422
    if request.form.get("step") != "approve" or not form.was_shown:
        return _to_approve(form, asked=request.form.get("step") == "approve")
    names.approve(me(), form.name.data or "", form.latin_name.data or "")
    return back(
        url_for("certificates.my_name"), _("Your name is approved. It is printed on your certificates like this.")
    )


@blueprint.get("/certificates/name/correction")
@access.signed_in
def name_correction() -> ResponseReturnValue:
    """Ask for other lines than the approved ones."""
    held = names.latest(me())
    if held is None:
        return back(url_for("certificates.my_name"))
    form = CorrectionForm(formdata=None, data={"name": held.name, "latin_name": held.latin_name})
    return render_template("certificates/name_correction.html", form=form, held=held)


@blueprint.post("/certificates/name/correction")
@access.signed_in
def ask_correction() -> ResponseReturnValue:
    """Send the request to the leads of one's cohorts."""
    form, held = CorrectionForm(), names.latest(me())
    evidence = form.collect(me()) if form.validate() and held else None
    if evidence is None:
        return render_template("certificates/name_correction.html", form=form, held=held), 422
    lines = form.name.data or "", form.latin_name.data or ""
    name_corrections.ask(me(), *lines, reason=form.reason.data or "", evidence=evidence)
    return back(url_for("certificates.my_name"), _("Sent. You get a letter when your lead has answered."))


def _to_approve(form: NameForm, *, asked: bool = False) -> str:
    name, latin_name = form.name.data or "", form.latin_name.data or ""
    return render_template(
        "certificates/name.html",
        form=form,
        asked=asked,
        picture=None if form.errors else name_picture.drawn(name, latin_name),
        first=_printable(name, romanising.suggested(name)),
        last=_printable(name, romanising.suggested(name, surname_last=True)),
    )


def _printable(name: str, found: Sequence[Suggestion]) -> Sequence[Suggestion]:
    """The suggestions that fit their line."""
    return [each for each in found if "latin_name" not in names.problems(name, each.latin)]


def _approved(held: NameApproval) -> str:
    requests = session.scalars(name_corrections.of(me())).all()
    return render_template(
        "certificates/name_approved.html",
        held=held,
        picture=name_picture.drawn(held.name, held.latin_name),
        open=next((each for each in requests if each.answer is None), None),
        answered=[each for each in requests if each.answer],
    )
