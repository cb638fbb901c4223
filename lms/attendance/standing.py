"""How people stand against their cohort's rule of attendance; what other rooms ask for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lms.attendance import register
from lms.attendance.arithmetic import Danger, Rates, danger
from lms.attendance.register import Register, Slot
from lms.kit import clock
from lms.people.models import Person


@dataclass(frozen=True)
class Glance:
    """One person in one cohort, as much as another page shows.

    `door`: the session that takes stamps now; `later`: the one that will today.
    """

    rates: Rates
    danger: Danger | None
    threshold: int  # per cent
    door: Slot | None
    later: Slot | None
    later_opens: datetime | None


def rates_of(cohort_id: UUID) -> dict[UUID, Rates]:
    """Person → rates, of everybody who was ever in the cohort."""
    return rates_of_all([cohort_id]).get(cohort_id, {})


def rates_of_all(cohort_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, Rates]]:
    """Cohort → person → rates. Four queries, however many cohorts."""
    return {cohort_id: book.everybody() for cohort_id, book in register.of(cohort_ids).items()}


def glances(person: Person, cohort_ids: Iterable[UUID]) -> dict[UUID, Glance]:
    """Cohort → how the person stands there, of those that have sessions. Four queries, however many cohorts."""
    books = register.of(cohort_ids, person.id)
    return {key: _glance(book, person.id) for key, book in books.items() if person.id in book.seats and book.slots}


def _glance(book: Register, person_id: UUID) -> Glance:
    rates, terms, now = book.rates_of(person_id), book.rule.terms, clock.now()
    today = [(slot, _opens(book, slot)) for slot in book.slots if slot.counts and slot.over_at > now]
    door = next((slot for slot, opens in today if opens <= now), None)
    later = next(((slot, opens) for slot, opens in today if opens > now and slot.day == clock.today()), (None, None))
    return Glance(rates, danger(rates, terms), terms.threshold, door, *later)


def _opens(book: Register, slot: Slot) -> datetime:
    return slot.hours.starts_at - timedelta(minutes=book.rule_on(slot.day).opens_before)
