"""Statements that are put together once for all readers with the same roles.

Building a select costs more than sending it. A function that takes a person and returns a select can be given `anyone`
instead: who it is stays open, as the parameter of `known`, until the statement is sent.

    @cache
    def _led(roles: frozenset[Role]) -> Select[Cohort]:
        return cohorts.led_by(anyone(roles))

    session.scalars(_led(person.roles), known(person))
"""

from typing import Any, cast

from sqlalchemy import Uuid, bindparam

from lms.people.models import Person, Role


class _Anyone:
    """Answers the two questions that selects ask of a person."""

    def __init__(self, roles: frozenset[Role]) -> None:
        self.roles = roles
        self.id = bindparam("reader_id", type_=Uuid())

    def has(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))


def anyone(roles: frozenset[Role]) -> Person:
    """A stand-in for whoever will ask; only for functions that look at `id` and `has`."""
    return cast(Person, _Anyone(roles))


def known(person: Person, **more: Any) -> dict[str, Any]:
    """The parameters of a statement built for `anyone`, when it is sent."""
    return {"reader_id": person.id, **more}
