"""One's own account: name, language, password, where one is signed in, what one agreed to."""

from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.kit import i18n, throttle, web
from lms.kit.db import session
from lms.people import access, accounts, audit, consents, devices, passwords
from lms.people.access import me
from lms.people.forms import ChangePasswordForm, ProfileForm
from lms.people.models import Device
from lms.people.views.room import blueprint


def _page(profile: ProfileForm | None = None, password: ChangePasswordForm | None = None) -> str:
    return render_template(
        "lms/people/account.html",
        profile=profile or ProfileForm(formdata=None, obj=me()),
        password=password or ChangePasswordForm(formdata=None),
        devices=session.scalars(devices.of(me())).all(),
        here=current_user.id,
        browser_of=devices.browser_of,
        choices=consents.history(me()),
        standing=consents.standing(me()),
        pressed=consents.PRESSED,
    )


@blueprint.get("/account")
@access.signed_in
def account() -> str:
    return _page()


@blueprint.post("/account")
@access.signed_in
def save_account() -> str | Response | tuple[str, int]:
    form = ProfileForm()
    if not form.validate():
        return _page(profile=form), 422
    old = {field.name: getattr(me(), field.name) for field in form if hasattr(me(), field.name)}
    new = {name: form[name].data for name in old}
    form.populate_obj(me())
    if old != new:
        audit.note(me(), "account.changed", me(), old=old, new=new)
    return web.back(url_for("people.account"), _("Saved."))


@blueprint.post("/account/password")
@access.signed_in
@throttle.posts("10 per minute")
def change_password() -> str | Response | tuple[str, int]:
    form = ChangePasswordForm()
    right = form.validate() and accounts.check(me().email, form.current.data or "")
    if not right:
        if not form.errors:
            form.current.errors = [_("This is not your current password.")]
        return _page(password=form), 422
    person, new_hash = me(), passwords.hash_of(form.password.data or "")
    accounts.change_password(person, new_hash, by=person)
    devices.begin(person)
    return web.back(url_for("people.account"), _("Your password is changed. Other devices are signed out."))


@blueprint.post("/account/consents")
@access.signed_in
def change_consent() -> Response:
    agreed = request.form.get("agreed") == "yes"
    consents.change(me(), request.form.get("kind", ""), agreed, i18n.current())
    return web.back(
        url_for("people.account"),
        _("Your choice is kept, with its time.") if agreed else _("Taken back. Nobody asks you from now on."),
    )


@blueprint.post("/account/devices/<uuid:device_id>/end")
@access.signed_in
def end_device(device_id: UUID) -> Response:
    devices.end(web.one_or_404(devices.of(me()).where(Device.id == device_id)))
    return web.back(url_for("people.account"), _("That device is signed out."))


@blueprint.post("/account/sign-out-everywhere")
@access.signed_in
def sign_out_everywhere() -> Response:
    devices.end_all(me(), but=current_user._get_current_object())
    return web.back(url_for("people.account"), _("You are signed out everywhere else."))
