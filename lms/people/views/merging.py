"""The administrator's pages for people who are here twice: found, looked at, joined, taken apart again."""

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import or_, select

from lms.kit import lists
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.people import access, accounts, merging
from lms.people.access import me
from lms.people.forms import MergeForm
from lms.people.merge_models import PersonMerge
from lms.people.models import Person, Role
from lms.people.views.room import blueprint

MOST_PAIRS = 200


@blueprint.get("/accounts/duplicates")
@access.only(Role.ADMIN)
def duplicates() -> str:
    """Who may be here twice; below, who was joined."""
    pairs = merging.likely_pairs()
    done = lists.page_of(merging.everything(), size=20)
    return render_template("lms/people/duplicates.html", pairs=pairs[:MOST_PAIRS], count=len(pairs), done=done)


@blueprint.get("/accounts/<uuid:person_id>/merging")
@access.only(Role.ADMIN)
def merge_page(person_id: UUID) -> str:
    """Both side by side, with the totals before and after; without another one, a field to find one."""
    return _page(_person(person_id), MergeForm(formdata=None, other=request.args.get("other", "")[:200]))


@blueprint.post("/accounts/<uuid:person_id>/merging")
@access.only(Role.ADMIN)
def merge(person_id: UUID) -> ResponseReturnValue:
    kept, form = _person(person_id), MergeForm()
    gone = _other(form.other.data or "")
    if not form.validate() or gone is None:
        return _page(kept, form), 422
    try:
        merging.merge(kept, gone, me(), form.reason.data or "")
    except Refused as no:
        form.reason.errors = [no.sentence]
        return _page(kept, form), 422
    return back(url_for("people.person", person_id=kept.id), _("They are one person now. You can undo it here."))


@blueprint.post("/accounts/merges/<uuid:merge_id>/undoing")
@access.only(Role.ADMIN)
def undo_merge(merge_id: UUID) -> ResponseReturnValue:
    found = one_or_404(merging.everything().where(PersonMerge.id == merge_id))
    merging.undo(found, me())
    return back(url_for("people.person", person_id=found.gone_id), _("They are two people again, as they were before."))


def _person(person_id: UUID) -> Person:
    return one_or_404(select(Person).where(Person.id == person_id))


def _other(text: str) -> Person | None:
    """By address, or by key as our own links have it."""
    try:
        key: UUID | None = UUID(text)
    except ValueError:
        key = None
    found = select(Person).where(or_(Person.id == key, Person.email == accounts.tidy_email(text)))
    return session.scalars(found).one_or_none()


def _page(kept: Person, form: MergeForm) -> str:
    gone = _other(form.other.data or "")
    if gone is None and form.other.data:
        form.other.errors = [_("Nobody has an account with this address. Look for the person in the list of accounts.")]
    return render_template(
        "lms/people/merge.html",
        kept=kept,
        gone=gone,
        form=form,
        likely=merging.likely(kept),
        preview=merging.preview(kept, gone, me()) if gone else None,
    )
