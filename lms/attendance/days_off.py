"""Days without sessions: Korea's public holidays with their substitutes, and what the hub declared itself."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import holidays
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from lms.attendance.models import Holiday
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person

LANGUAGES = {"ko": "ko", "en": "en_US"}  # ours and the library's


@cache
def public_in(year: int) -> dict[date, Words]:
    """Korea's public holidays of a year, elections and substitutes among them."""
    named = {code: holidays.country_holidays("KR", years=year, language=theirs) for code, theirs in LANGUAGES.items()}
    return {day: Words({code: names[day] for code, names in named.items()}) for day in sorted(named["ko"])}


def public(first: date, last: date) -> dict[date, Words]:
    """Public holidays from the first to the last day."""
    years = (public_in(year) for year in range(first.year, last.year + 1))
    return {day: name for found in years for day, name in found.items() if first <= day <= last}


def declared() -> Select[Holiday]:
    """What the hub declared and has not withdrawn, by day."""
    return select(Holiday).where(Holiday.withdrawn_at.is_(None)).order_by(Holiday.day)


def closed(first: date, last: date) -> dict[date, Words]:
    """The days without sessions, with their names: public holidays on which the hub is not open, and its own. One query."""
    found = public(first, last)
    for own in session.scalars(declared().where(Holiday.day.between(first, last))):
        if own.closed:
            found[own.day] = own.name
        else:
            found.pop(own.day, None)
    return dict(sorted(found.items()))


def declare(day: date, name: Words, by: Person, *, is_closed: bool) -> Holiday:
    """Say that the hub is closed on a day, or open on a public holiday. Sessions change when their plan is applied."""
    holiday = Holiday(day=day, name=name, closed=is_closed, declared_by_id=by.id)
    try:
        with session.begin_nested():
            session.add(holiday)
    except IntegrityError:
        raise Conflict(_("This day was declared already. Withdraw that first, if it should read otherwise.")) from None
    audit.note(by, "holiday.declared", holiday, new={"day": day.isoformat(), "name": dict(name), "closed": is_closed})
    return holiday


def withdraw(holiday: Holiday, by: Person) -> None:
    """Take a declared day back."""
    if holiday.withdrawn_at is None:
        holiday.withdrawn_at, holiday.withdrawn_by_id = clock.now(), by.id
        audit.note(by, "holiday.withdrawn", holiday, old={"day": holiday.day.isoformat()})


def days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
