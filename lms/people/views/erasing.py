"""Erasing an account: one's own after a week, somebody else's at once by an administrator. Both say what goes and what stays."""

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from lms.kit import i18n, throttle, web
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import access, accounts, erasing
from lms.people.access import me
from lms.people.forms import ErasureForm, OwnErasureForm
from lms.people.models import Person, Role
from lms.people.views.room import blueprint


@blueprint.get("/account/erasure")
@access.signed_in
def my_erasure() -> str:
    """What goes and what stays, before one asks; afterwards the day, and the way back."""
    return _page(me(), OwnErasureForm(formdata=None))


@blueprint.post("/account/erasure")
@access.signed_in
@throttle.posts("10 per minute")
def ask_erasure() -> str | Response | tuple[str, int]:
    form = OwnErasureForm()
    if not form.validate():
        return _page(me(), form), 422
    if not accounts.check(me().email, form.password.data or ""):
        form.password.errors = [_("This is not your password.")]
        return _page(me(), form), 422
    try:
        asked = erasing.ask(me(), form.typed.data or "")
    except Refused as no:
        form.typed.errors = [no.sentence]
        return _page(me(), form), 422
    said = _(
        "Your account will be erased on %(day)s. Until then you can take it back here.", day=i18n.day(asked.due_at)
    )
    return web.back(url_for("people.my_erasure"), said)


@blueprint.post("/account/erasure/withdrawal")
@access.signed_in
def withdraw_erasure() -> Response:
    erasing.withdraw(web.one_or_404(erasing.waiting(me())), me())
    return web.back(url_for("people.account"), _("Taken back. Your account stays as it is."))


@blueprint.get("/accounts/<uuid:person_id>/erasure")
@access.only(Role.ADMIN)
def erasure(person_id: UUID) -> str:
    """What goes and what stays, before an administrator confirms."""
    return _page(_other(person_id), ErasureForm(formdata=None))


@blueprint.post("/accounts/<uuid:person_id>/erasure")
@access.only(Role.ADMIN)
def erase(person_id: UUID) -> str | Response | tuple[str, int]:
    person, form = _other(person_id), ErasureForm()
    if not form.validate():
        return _page(person, form), 422
    try:
        erasing.order(person, me(), form.typed.data or "")
    except Refused as no:
        form.typed.errors = [no.sentence]
        return _page(person, form), 422
    return web.back(url_for("people.person", person_id=person_id), _("The person is erased. A nameless row stays."))


def _other(person_id: UUID) -> Person:
    return web.one_or_404(select(Person).where(Person.id == person_id, Person.erased_at.is_(None)))


def _page(person: Person, form: ErasureForm) -> str:
    return render_template(
        "lms/people/erasure.html",
        person=person,
        mine=person.id == me().id,
        waiting=session.scalar(erasing.waiting(person)),
        days=erasing.WAITS.days,
        form=form,
    )
