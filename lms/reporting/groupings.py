"""What cohorts have in common, as breakdowns add them up: each alone, by track, by programme, and by what rooms above know.

A room above says what it knows with `tells`; this one never asks for it by name.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from lms.kit import db
from lms.kit.words import Words
from lms.pipeline.models import Programme
from lms.reporting.intakes import Intake


class Across(StrEnum):
    """What the columns of a breakdown are."""

    COHORT = "cohort"
    TRACK = "track"
    COURSE = "course"
    PROGRAMME = "programme"


@dataclass(frozen=True)
class Group:
    """Some cohorts under one title (None: those that have none); `cohort` where it is a single one, with its page."""

    title: Words | None
    cohorts: frozenset[UUID]
    cohort: Intake | None = None


Teller = Callable[[Collection[UUID]], Iterable[Group]]
_tellers: dict[Across, Teller] = {}
_TITLES: Select[UUID, Words] = select(Programme.id, Programme.title).where(
    Programme.id.in_(bindparam("ids", expanding=True))
)


def tells(across: Across) -> Callable[[Teller], Teller]:
    """Register who knows groups of this kind: a function from the keys of cohorts to their groups, which may overlap."""

    def register(teller: Teller) -> Teller:
        _tellers[across] = teller
        return teller

    return register


def of(cohorts: Sequence[Intake]) -> dict[Across, list[Group]]:
    """Every way in which these cohorts are grouped; a way that tells nothing apart has no more than one group."""
    ids = frozenset(each.id for each in cohorts)
    told = {across: list(teller(ids)) for across, teller in _tellers.items()}
    return {
        Across.COHORT: [Group(each.title, frozenset({each.id}), each) for each in cohorts],
        Across.TRACK: _tracks(cohorts),
        **{across: [each for each in groups if each.cohorts & ids] for across, groups in told.items()},
        Across.PROGRAMME: _programmes(cohorts),
    }


def _tracks(cohorts: Sequence[Intake]) -> list[Group]:
    found: dict[str, set[UUID]] = {}
    for each in cohorts:
        found.setdefault(each.track, set()).add(each.id)
    named = sorted(found.items(), key=lambda pair: (not pair[0], pair[0]))
    return [Group(Words(ko=track, en=track) if track else None, frozenset(ids)) for track, ids in named]


def _programmes(cohorts: Sequence[Intake]) -> list[Group]:
    found: dict[UUID, set[UUID]] = {}
    for each in cohorts:
        found.setdefault(each.programme_id, set()).add(each.id)
    titles = dict(tuple(row) for row in db.rows(_TITLES, {"ids": list(found)}))
    return [Group(titles[programme], frozenset(ids)) for programme, ids in sorted(found.items())]
