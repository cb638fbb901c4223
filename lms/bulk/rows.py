"""The rows of a table as values by column, with what is wrong in each cell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lms.bulk import cells
from lms.bulk.columns import COLUMNS, Column, Heads, match
from lms.bulk.findings import Finding, Wrong
from lms.bulk.models import Kind
from lms.bulk.reading import Table

TELL_EVERY = 500  # rows


@dataclass(frozen=True)
class Parsed:
    """One row: its number in the file and its values by column; None where a cell is empty."""

    number: int
    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


def of_head(kind: Kind, heads: Heads) -> list[Finding]:
    """What is wrong with the head as a whole."""
    return [
        *(Finding(0, each.key, "missing_head", {"head": each.key}) for each in heads.missing),
        *(Finding(0, each.key, "head_twice", {"head": each.key}) for each in heads.twice),
        *(Finding(0, "", "unknown_head", {"text": text}) for text in heads.unknown),
    ]


def parse(
    kind: Kind, table: Table, progress: Callable[[int], None] = lambda done: None
) -> tuple[list[Parsed], list[Finding]]:
    """The rows that can be read as a whole, and every cell that cannot. `progress` is told how many rows were read."""
    heads = match(kind, table.head)
    findings = of_head(kind, heads)
    if heads.missing or heads.twice:
        return [], findings
    wanted = [(each, heads.places[each.key]) for each in COLUMNS[kind] if each.key in heads.places]
    good: list[Parsed] = []
    for done, (number, row) in enumerate(table.rows, start=1):
        values, wrong = _row(number, row, wanted)
        findings += wrong
        if not wrong:
            good.append(Parsed(number, values))
        if done % TELL_EVERY == 0:
            progress(done)
    return good, findings


def _row(number: int, row: Any, wanted: list[tuple[Column, int]]) -> tuple[dict[str, Any], list[Finding]]:
    values: dict[str, Any] = {}
    wrong: list[Finding] = []
    for column, place in wanted:
        try:
            value = cells.value(column.holds, row[place] if place < len(row) else None)
        except Wrong as error:
            wrong.append(Finding(number, column.key, error.code, error.values))
            continue
        if value is None and column.required:
            wrong.append(Finding(number, column.key, "empty"))
        values[column.key] = value
    return values, wrong
