"""What stands behind the stages of a person: rooms above say which of their pages proves one, with `tells`."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lms.people.models import Person
from lms.pipeline.models import Stage


@dataclass(frozen=True)
class Proof:
    """A page that shows why somebody is at a stage in a cohort: its words, and its endpoint with what that needs."""

    cohort_id: UUID
    stage: Stage
    words: str
    endpoint: str
    values: Mapping[str, Any]


Teller = Callable[[Person, Person, Collection[UUID]], Iterable[Proof]]
_tellers: list[Teller] = []


def tells(teller: Teller) -> Teller:
    """Register who knows proofs: a function of the person, of who reads, and of the cohorts that the reader leads.

    It tells of pages only that this reader may open.
    """
    _tellers.append(teller)
    return teller


def of(person: Person, reader: Person, cohorts: Collection[UUID]) -> dict[tuple[UUID, Stage], list[Proof]]:
    """Cohort and stage → what proves it."""
    found: dict[tuple[UUID, Stage], list[Proof]] = {}
    for teller in _tellers:
        for proof in teller(person, reader, cohorts):
            found.setdefault((proof.cohort_id, proof.stage), []).append(proof)
    return found
