"""Who may open a page: marks on the views, read by one guard.

A view without a mark is an error at start, so nothing is open by accident. Marks say which *kind* of person; which rows
that person may see is said by the select that the view loads from.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import LoginManager, current_user
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from lms.kit import clock, i18n, web
from lms.kit.db import session
from lms.people import held_forms
from lms.people.models import Device, Person, Role

# Written once and in one query: it is asked at every request.
_ONE_DEVICE = (
    select(Device).options(joinedload(Device.person).joinedload(Person.grants)).where(Device.id == bindparam("key"))
)
View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Mark:
    """Who may come in: anybody (`open`), everybody who is signed in (no roles), or those with one of `roles`."""

    open: bool = False
    roles: frozenset[Role] = frozenset()


def public(view: View) -> View:
    """Open to anybody, signed in or not."""
    return _marked(view, Mark(open=True))


def signed_in(view: View) -> View:
    """Open to everybody who is signed in."""
    return _marked(view, Mark())


def only(*roles: Role) -> Callable[[View], View]:
    """Open to those who have one of `roles`."""
    return lambda view: _marked(view, Mark(roles=frozenset(roles)))


def mark_of(view: Callable[..., object]) -> Mark | None:
    """The mark on a view, or None."""
    return getattr(view, "access_mark", None)


def me() -> Person:
    """The person who is asking. Only in views that are not public; see `visitor`."""
    person = visitor()
    assert person is not None, "a public view asked who is signed in"
    return person


def visitor() -> Person | None:
    """The person who is asking, or None for somebody who is not signed in."""
    return cast(Device, current_user).person if current_user.is_authenticated else None


def init(app: Flask) -> None:
    """Install flask-login and the guard."""
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # the device row is the protection: it can be ended
    manager.user_loader(_device)
    app.before_request(_guard)


def check_marks(app: Flask) -> None:
    """Raise when a view has no mark; called once every view is known."""
    bare = sorted(name for name, view in app.view_functions.items() if name != "static" and mark_of(view) is None)
    if bare:
        raise RuntimeError(f"Views without an access mark: {', '.join(bare)}")


def _marked(view: View, mark: Mark) -> View:
    setattr(view, "access_mark", mark)  # noqa: B010  (a function has no such attribute for the type checker)
    return view


def _device(key: str) -> Device | None:
    try:
        device_id = uuid.UUID(key)
    except ValueError:
        return None
    device = session.scalars(_ONE_DEVICE, {"key": device_id}).unique().one_or_none()
    if device is None or device.ended_at or device.expires_at <= clock.now() or device.person.closed_at:
        return None
    return device


def _guard() -> Response | None:
    if request.endpoint == "static":
        return None
    person = visitor()
    i18n.prefer(person.language if person else None, person.time_zone if person else None)
    if request.endpoint is None:  # there is no such page: it is said in the reader's language
        return None
    web.start_writing()
    mark = mark_of(current_app.view_functions[request.endpoint])
    if mark is None:
        raise RuntimeError(f"{request.endpoint} has no access mark.")
    if mark.open:
        return None
    if person is None:
        return _to_sign_in()
    if mark.roles and not person.has(*mark.roles):
        abort(403)
    return None


def _to_sign_in() -> Response:
    if request.method in web.READS:
        return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")), 303)
    return redirect(url_for("people.sign_in", held=held_forms.hold()), 303)
