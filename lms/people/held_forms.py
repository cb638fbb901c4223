"""What was typed when a session had ended: kept for an hour, given back after sign-in to be sent again."""

import uuid
from datetime import timedelta

from flask import request
from flask import session as cookie
from sqlalchemy import delete

from lms.kit import clock
from lms.kit.db import session, transaction
from lms.people.models import HeldForm

KEPT_FOR = timedelta(hours=1)
LONGEST = 200_000


def hold() -> str | None:
    """Keep the fields of this request; returns the key under which this browser may have them back."""
    fields = {name: request.form.getlist(name) for name in request.form if name != "csrf_token"}
    if not fields or sum(len(text) for texts in fields.values() for text in texts) > LONGEST:
        return None
    with transaction():
        session.execute(delete(HeldForm).where(HeldForm.held_at < clock.now() - KEPT_FOR))
        held = HeldForm(path=request.full_path.rstrip("?"), fields=fields)
        session.add(held)
        session.flush()
    cookie["held"] = str(held.id)
    return str(held.id)


def take_back() -> HeldForm | None:
    """The form that this browser left, if it is still kept."""
    key = cookie.get("held")
    held = session.get(HeldForm, uuid.UUID(key)) if key else None
    return held if held and held.held_at >= clock.now() - KEPT_FOR else None


def let_go(held: HeldForm) -> None:
    """Forget a form that was taken back."""
    cookie.pop("held", None)
    session.delete(held)
