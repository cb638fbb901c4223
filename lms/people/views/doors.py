"""Signing in and out, registering, and the links in letters."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from lms.kit import i18n, throttle, web
from lms.people import access, accounts, devices, held_forms, links, passwords
from lms.people.access import visitor
from lms.people.forms import ForgottenForm, NewPasswordForm, RegistrationForm, SignInForm
from lms.people.models import MailedLink, Person, Purpose
from lms.people.views.room import blueprint


def _after(person: Person) -> Response:
    """Where to go once signed in: back to what was typed, to the page that asked, or to the first page."""
    first = url_for("people.start")
    if held_forms.take_back():
        return redirect(url_for("people.held"), 303)
    return redirect(web.inside(request.args.get("next"), first), 303)


def _sign_in_page(form: SignInForm) -> str:
    asked_for = web.inside(request.args.get("next"), "")
    return render_template(
        "lms/people/sign_in.html",
        form=form,
        held=held_forms.take_back(),
        asked_for=asked_for not in ("", "/", url_for("people.start")),
    )


@blueprint.get("/sign-in")
@access.public
def sign_in() -> str | Response:
    if person := visitor():
        return _after(person)
    return _sign_in_page(SignInForm())


@blueprint.post("/sign-in")
@access.public
@throttle.posts("10 per minute", field="email")
@throttle.posts("600 per minute")
def enter() -> str | Response | tuple[str, int]:
    form = SignInForm()
    person = accounts.check(form.email.data or "", form.password.data or "") if form.validate() else None
    if person is None:
        if not form.errors:
            form.password.errors = [_("E-mail or password is not right. Check both, or ask for a new password below.")]
        return _sign_in_page(form), 422
    devices.begin(person)
    return _after(person)


@blueprint.post("/sign-out")
@access.public
def sign_out() -> Response:
    if current_user.is_authenticated:
        devices.end(current_user._get_current_object())
        logout_user()
    return web.back(url_for("people.sign_in"), _("You are signed out."))


@blueprint.get("/register")
@access.public
def register() -> str:
    return render_template("lms/people/register.html", form=RegistrationForm())


@blueprint.post("/register")
@access.public
@throttle.posts("60 per hour")
def begin_account() -> str | tuple[str, int]:
    form = RegistrationForm()
    if not form.validate():
        return render_template("lms/people/register.html", form=form), 422
    then = web.inside(request.args.get("next"), "")
    accounts.register(
        email=form.email.data or "",
        name=form.name.data or "",
        latin_name=form.latin_name.data or "",
        language=i18n.language(),
        then=then,
    )
    return render_template("lms/people/letter_sent.html", address=form.email.data)


@blueprint.get("/forgotten")
@access.public
def forgotten() -> str:
    return render_template("lms/people/forgotten.html", form=ForgottenForm())


@blueprint.post("/forgotten")
@access.public
@throttle.posts("5 per hour", field="email")
@throttle.posts("60 per hour")
def send_reset() -> str | tuple[str, int]:
    form = ForgottenForm()
    if not form.validate():
        return render_template("lms/people/forgotten.html", form=form), 422
    accounts.forgot(form.email.data or "")
    return render_template("lms/people/letter_sent.html", address=form.email.data)


@blueprint.get("/links/<token>")
@access.public
def link(token: str) -> str | tuple[str, int]:
    found = links.look_up(token)
    if found is None:
        return render_template("lms/people/link_over.html"), 404
    return _choose_password(NewPasswordForm(), found)


def _choose_password(form: NewPasswordForm, found: MailedLink) -> str:
    return render_template("lms/people/new_password.html", form=form, purpose=found.purpose, Purpose=Purpose)


@blueprint.post("/links/<token>")
@access.public
@throttle.posts("30 per hour")
def open_link(token: str) -> str | Response | tuple[str, int]:
    form = NewPasswordForm()
    found = links.look_up(token)
    if found and not form.validate():
        return _choose_password(form, found), 422
    new_hash = passwords.hash_of(form.password.data or "") if found else ""
    found = links.look_up(token, lock=True) if found else None
    if found is None:
        return render_template("lms/people/link_over.html"), 404
    person = accounts.set_password(found, new_hash)
    if person.closed_at:
        abort(403)
    devices.begin(person)
    flash(_("Your password is set, and you are signed in."), "good")
    return _after(person)


@blueprint.get("/held")
@access.signed_in
def held() -> str | Response:
    kept = held_forms.take_back()
    if kept is None:
        return redirect(url_for("people.start"), 303)
    return render_template("lms/people/held.html", held=kept)


@blueprint.post("/held")
@access.signed_in
def let_go() -> Response:
    if kept := held_forms.take_back():
        held_forms.let_go(kept)
    return web.back(url_for("people.start"), _("What was typed then is thrown away."))
