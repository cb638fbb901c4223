"""Rows of any table, as a joining of persons records them: which one, what was changed in it, and the whole of one lifted out."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum as AnEnum
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Table, and_, delete, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from lms.kit.db import Base

Row = Mapping[str, Any]


def table_of(name: str) -> Table:
    return Base.metadata.tables[name]


def key_of(table: Table, row: Row) -> list[Any]:
    return [row[column.name] for column in table.primary_key.columns]


def at(table: Table, key: Sequence[Any]) -> ColumnElement[bool]:
    """The row with this key."""
    return and_(*(column == value for column, value in zip(table.primary_key.columns, key, strict=True)))


def pointing_at(target: Table) -> list[Column[Any]]:
    """Every column of every table that is a key of `target`; those that a uniqueness holds come first."""
    found = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is target for key in column.foreign_keys)
    ]
    return sorted(found, key=lambda column: (not unique_sets(column), column.table.name, column.name))


def unique_sets(column: Column[Any]) -> list[tuple[tuple[Column[Any], ...], Any]]:
    """The sets of columns, this one among them, that no two rows may have in common; with the rows for which that holds."""
    table = column.table
    assert isinstance(table, Table)
    sets: list[tuple[tuple[Column[Any], ...], Any]] = []
    for constraint in table.constraints:
        columns = tuple(getattr(constraint, "columns", ()))
        if constraint.__visit_name__ in ("unique_constraint", "primary_key_constraint") and column in columns:
            sets.append((columns, None))
    for index in table.indexes:
        columns = tuple(each for each in index.columns)
        if index.unique and column in columns:
            sets.append((columns, index.dialect_options["sqlite"].get("where")))
    return sets


@dataclass(frozen=True)
class Change:
    """One value of one row that becomes another. `key`: of the row as it is afterwards."""

    table: str
    key: list[Any]
    column: str
    was: Any
    now: Any

    def do(self, session: Session) -> int:
        return self._put(session, self._key_before(), self.was, self.now)

    def undo(self, session: Session) -> int:
        """How many rows were as the change had left them: 1, or 0 when somebody has changed it since."""
        return self._put(session, self.key, self.now, self.was)

    def _key_before(self) -> list[Any]:
        names = [column.name for column in table_of(self.table).primary_key.columns]
        return [self.was if name == self.column else part for name, part in zip(names, self.key, strict=True)]

    def _put(self, session: Session, key: list[Any], old: Any, new: Any) -> int:
        table = table_of(self.table)
        column = table.c[self.column]
        same = column.is_(None) if old is None else column == old
        done = session.connection().execute(update(table).where(at(table, key), same).values({self.column: new}))
        return done.rowcount

    def as_json(self) -> dict[str, Any]:
        table = table_of(self.table)
        column = table.c[self.column]
        return {
            "table": self.table,
            "key": _key_to_json(table, self.key),
            "column": self.column,
            "was": to_json(column, self.was),
            "now": to_json(column, self.now),
        }


@dataclass(frozen=True)
class Lifting:
    """One row that is taken out whole, because the other person has one that says the same."""

    table: str
    row: dict[str, Any]

    def do(self, session: Session) -> int:
        table = table_of(self.table)
        return session.connection().execute(delete(table).where(at(table, key_of(table, self.row)))).rowcount

    def undo(self, session: Session) -> int:
        session.connection().execute(insert(table_of(self.table)).values(self.row))
        return 1

    def as_json(self) -> dict[str, Any]:
        table = table_of(self.table)
        return {"table": self.table, "row": {name: to_json(table.c[name], value) for name, value in self.row.items()}}


Op = Change | Lifting


def of_json(kept: Mapping[str, Any]) -> Op:
    table = table_of(kept["table"])
    if "row" in kept:
        return Lifting(table.name, {name: from_json(table.c[name], value) for name, value in kept["row"].items()})
    column = table.c[kept["column"]]
    key = [from_json(part, value) for part, value in zip(table.primary_key.columns, kept["key"], strict=True)]
    return Change(table.name, key, column.name, from_json(column, kept["was"]), from_json(column, kept["now"]))


def to_json(column: Column[Any], value: Any) -> Any:
    """A value as JSON keeps it; `from_json` gives it back exactly."""
    if value is None or _is_json(column):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, AnEnum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, uuid.UUID | Decimal) else value


def from_json(column: Column[Any], value: Any) -> Any:
    if value is None or _is_json(column):
        return value
    kind = getattr(column.type, "enum_class", None) or _python(column)
    if kind in (datetime, date, time):
        return kind.fromisoformat(value)
    if kind is bytes:
        return bytes.fromhex(value)
    return kind(value) if kind is uuid.UUID or kind is Decimal or issubclass(kind, AnEnum) else value


def _key_to_json(table: Table, key: Sequence[Any]) -> list[Any]:
    return [to_json(column, part) for column, part in zip(table.primary_key.columns, key, strict=True)]


def _is_json(column: Column[Any]) -> bool:
    kind = column.type
    return isinstance(kind.impl_instance if isinstance(kind, TypeDecorator) else kind, JSON)


def _python(column: Column[Any]) -> type[Any]:
    kind = column.type
    return (kind.impl_instance if isinstance(kind, TypeDecorator) else kind).python_type
