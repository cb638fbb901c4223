"""The administrator's lists: accounts with their roles, and the audit trail."""

from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from lms.kit import lists, web
from lms.kit.db import session
from lms.people import access, accounts, merging
from lms.people.access import me
from lms.people.forms import ROLES, InvitationForm, RolesForm
from lms.people.models import AuditEntry, Person, Role
from lms.people.views.room import blueprint


@blueprint.get("/accounts", endpoint="accounts")
@access.only(Role.ADMIN)
def accounts_page() -> str:
    text, role = request.args.get("text", "")[:100], request.args.get("role", "")
    people = lists.page_of(accounts.matching(text, Role(role) if role in list(Role) else None))
    return render_template("lms/people/accounts.html", people=people, text=text, role=role, roles=ROLES)


@blueprint.get("/accounts/invitation")
@access.only(Role.ADMIN)
def invitation() -> str:
    return render_template("lms/people/invitation.html", form=InvitationForm())


@blueprint.post("/accounts/invitation")
@access.only(Role.ADMIN)
def invite() -> str | Response | tuple[str, int]:
    form = InvitationForm()
    if not form.validate():
        return render_template("lms/people/invitation.html", form=form), 422
    roles = [Role(value) for value in form.roles.data or []]
    person = accounts.invite(
        email=form.email.data or "", name=form.name.data or "", language=form.language.data, roles=roles, by=me()
    )
    return web.back(url_for("people.person", person_id=person.id), _("%(name)s is invited by mail.", name=person.name))


@blueprint.get("/accounts/<uuid:person_id>")
@access.only(Role.ADMIN)
def person(person_id: UUID) -> str:
    found = web.one_or_404(select(Person).where(Person.id == person_id))
    trail = select(AuditEntry).options(joinedload(AuditEntry.person)).where(AuditEntry.subject_id == person_id)
    return render_template(
        "lms/people/person.html",
        person=found,
        form=RolesForm(roles=[role.value for role in found.roles]),
        likely=merging.likely(found),
        merges=session.scalars(merging.all_of(found).limit(10)).all(),
        trail=session.scalars(trail.order_by(AuditEntry.happened_at.desc()).limit(50)).all(),
    )


@blueprint.post("/accounts/<uuid:person_id>/roles")
@access.only(Role.ADMIN)
def set_roles(person_id: UUID) -> Response:
    found = web.one_or_404(select(Person).where(Person.id == person_id))
    wanted = {Role(value) for value in request.form.getlist("roles") if value in list(Role)}
    for role in sorted(wanted - found.roles):
        accounts.grant(found, role, me())
    for role in sorted(found.roles - wanted):
        accounts.take_away(found, role, me())
    return web.back(url_for("people.person", person_id=person_id), _("The roles are saved."))


@blueprint.post("/accounts/<uuid:person_id>/invitation")
@access.only(Role.ADMIN)
def invite_again(person_id: UUID) -> Response:
    found = web.one_or_404(select(Person).where(Person.id == person_id))
    accounts.invite(email=found.email, name=found.name, language=found.language, roles=[], by=me())
    return web.back(url_for("people.person", person_id=person_id), _("%(name)s is invited by mail.", name=found.name))


@blueprint.post("/accounts/<uuid:person_id>/closing")
@access.only(Role.ADMIN)
def close(person_id: UUID) -> Response:
    accounts.close(web.one_or_404(select(Person).where(Person.id == person_id)), me())
    return web.back(url_for("people.person", person_id=person_id), _("The account is closed."))


@blueprint.post("/accounts/<uuid:person_id>/reopening")
@access.only(Role.ADMIN)
def reopen(person_id: UUID) -> Response:
    accounts.reopen(web.one_or_404(select(Person).where(Person.id == person_id)), me())
    return web.back(url_for("people.person", person_id=person_id), _("The account is open again."))


@blueprint.get("/audit")
@access.only(Role.ADMIN)
def audit_trail() -> str:
    deed = request.args.get("deed", "")[:60]
    query = (
        select(AuditEntry)
        .options(joinedload(AuditEntry.person))
        .order_by(AuditEntry.happened_at.desc(), AuditEntry.id.desc())
    )
    if deed:
        query = query.where(AuditEntry.deed.startswith(deed, autoescape=True))
    deeds = session.scalars(select(AuditEntry.deed).distinct().order_by(AuditEntry.deed)).all()
    return render_template("lms/people/audit.html", entries=lists.page_of(query), deed=deed, deeds=deeds)
