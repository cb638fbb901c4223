"""What joining two persons would change, in the order in which it would be done. Reads, writes nothing.

Every key that points to a person is found through the tables themselves, so rooms above need no call of their own. Where
both have a row of which there may be one only, a rule of that table says which stays; without a rule a row that only links
goes, and anything else is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Column, DateTime, Table, select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from lms.kit.refusal import Refused
from lms.people.merge_rows import Change, Lifting, Op, Row, at, key_of, pointing_at, table_of, unique_sets

# What belongs to an account rather than to the human: it stays where it is, and the account that goes is closed.
STAYS = frozenset({"device", "mailed_link", "erasure", "person_merge"})


@dataclass(frozen=True)
class Gone:
    """The row of whoever goes is lifted out; what hangs on it goes over to the other row. `also`: more rows that leave with it."""

    also: tuple[tuple[str, Row], ...] = ()


@dataclass(frozen=True)
class Kept:
    """The row of whoever stays is lifted out, because the other one says more."""

    also: tuple[tuple[str, Row], ...] = ()


@dataclass(frozen=True)
class Shift:
    """Both stay: the numbers in `column` of whoever stays are raised above those of whoever goes."""

    column: str


Settlement = Gone | Kept | Shift
Rule = Callable[[Session, Row, Row], Settlement]
_rules: dict[str, Rule] = {}


def when_both(table: str) -> Callable[[Rule], Rule]:
    """Register what to do when both have a row in `table` of which there may be one. It gets the row of whoever goes first."""

    def register(rule: Rule) -> Rule:
        if _rules.setdefault(table, rule) is not rule:
            raise ValueError(f"Two rules for {table}.")
        return rule

    return register


@dataclass
class MergePlan:
    """The changes, first to last."""

    ops: list[Op] = field(default_factory=list)

    def lifted(self, table: str) -> int:
        return sum(isinstance(op, Lifting) and op.table == table for op in self.ops)

    def as_json(self) -> dict[str, Any]:
        return {"ops": [op.as_json() for op in self.ops]}


def plan(session: Session, gone: Any, kept: Any) -> MergePlan:
    """What would be changed when the person with the key `gone` joined `kept`. Raises Refused when that may not be."""
    planner = _Planner(session)
    planner.follow(table_of("person"), gone, kept)
    return planner.made


class _Planner:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.made = MergePlan()
        self.out: set[tuple[str, tuple[Any, ...]]] = set()  # rows that are lifted
        self.shifted: set[tuple[str, tuple[Any, ...]]] = set()

    def follow(self, target: Table, gone: Any, kept: Any) -> None:
        """Re-point what points at one row of `target` to another."""
        for column in pointing_at(target):
            table = column.table
            assert isinstance(table, Table)
            if target.name == "person" and table.name in STAYS:
                continue
            for row in self._rows(table, column == gone):
                if not self._is_out(table, row):
                    self._move(table, column, row, gone, kept)

    def _move(self, table: Table, column: Column[Any], row: Row, gone: Any, kept: Any) -> None:
        for columns, where in unique_sets(column):
            twin = self._twin(table, columns, where, row, {column.name: kept})
            if twin is None or not self._stays_beside(table, columns, row, twin):
                continue
            self._settle(table, column, row, twin)
            if self._is_out(table, row):
                return
        key = [kept if each is column else row[each.name] for each in table.primary_key.columns]
        self.made.ops.append(Change(table.name, key, column.name, gone, kept))

    def _settle(self, table: Table, column: Column[Any], row: Row, twin: Row) -> None:
        rule = _rules.get(table.name)
        if rule is None and not _only_links(table):
            raise Refused(_refusal(table))
        settled = rule(self.session, row, twin) if rule else Gone()
        if isinstance(settled, Shift):
            self._shift(table, column, settled.column, row, twin)
            return
        loser, winner = (row, twin) if isinstance(settled, Gone) else (twin, row)
        for name, other in settled.also:
            self._lift(table_of(name), other)
        self.out.add(_mark(table, loser))
        if len(table.primary_key.columns) == 1:
            self.follow(table, key_of(table, loser)[0], key_of(table, winner)[0])
        self.made.ops.append(Lifting(table.name, dict(loser)))

    def _lift(self, table: Table, row: Row) -> None:
        if not self._is_out(table, row):
            self.out.add(_mark(table, row))
            self.made.ops.append(Lifting(table.name, dict(row)))

    def _shift(self, table: Table, column: Column[Any], number: str, row: Row, twin: Row) -> None:
        """Raise the numbers of one group of rows, the highest first, so that no two are ever the same."""
        others = [
            each
            for columns, _where in unique_sets(column)
            for each in columns
            if each is not column and each.name != number and each not in tuple(table.primary_key.columns)
        ]
        same = [each == row[each.name] for each in others]
        theirs = self._rows(table, column == twin[column.name], *same)
        most = max(each[number] for each in self._rows(table, column == row[column.name], *same))
        for each in sorted(theirs, key=lambda one: -int(one[number])):
            change = Change(table.name, key_of(table, each), number, each[number], each[number] + most)
            self.made.ops.append(change)
        self.shifted |= {_mark(table, each) for each in theirs}

    def _stays_beside(self, table: Table, columns: tuple[Column[Any], ...], row: Row, twin: Row) -> bool:
        """Whether the twin is still in the way."""
        return not self._is_out(table, twin) and _mark(table, twin) not in self.shifted

    def _twin(
        self, table: Table, columns: tuple[Column[Any], ...], where: Any, row: Row, new: dict[str, Any]
    ) -> Row | None:
        """Another row that has these columns in common with `row` as it would be; None when there is none."""
        values = {each.name: new.get(each.name, row[each.name]) for each in columns}
        if any(value is None for value in values.values()):
            return None
        if where is not None and not self._rows(table, at(table, key_of(table, row)), where):
            return None
        conditions = [table.c[name] == value for name, value in values.items()]
        found = self._rows(table, *conditions, *([] if where is None else [where]))
        return next((each for each in found if not self._is_out(table, each)), None)

    def _rows(self, table: Table, *conditions: Any) -> list[Row]:
        found = self.session.connection().execute(select(table).where(*conditions).order_by(*table.primary_key.columns))
        return [dict(row) for row in found.mappings()]

    def _is_out(self, table: Table, row: Row) -> bool:
        return _mark(table, row) in self.out


def _mark(table: Table, row: Row) -> tuple[str, tuple[Any, ...]]:
    return table.name, tuple(key_of(table, row))


def _only_links(table: Table) -> bool:
    """Whether a row says nothing but what it links, and when it was written: then two of them say the same."""
    in_sets = {each.name for column in table.columns for columns, _where in unique_sets(column) for each in columns}
    return all(
        column.primary_key or column.foreign_keys or column.name in in_sets or _is_moment(column)
        for column in table.columns
    )


def _is_moment(column: Column[Any]) -> bool:
    kind = column.type
    return isinstance(kind.impl_instance if isinstance(kind, TypeDecorator) else kind, DateTime)


def _refusal(table: Table) -> str:
    return _(
        "Both have something of which one person can have one only (%(what)s). Close or withdraw one of the two first.",
        what=table.name.replace("_", " "),
    )
