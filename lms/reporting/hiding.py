"""Hiding small cells of a table, so that nobody can work them out from what is left. Pure arithmetic.

A table has rows (say, regions) and columns (say, cohorts); the columns' totals and the whole are known to everybody from other pages.

1. Rows of fewer than `LEAST` in all are hidden altogether, and with them the next larger ones until the hidden rows are at least
   two and have `LEAST` together: what is left over for them, which can be subtracted, is then no small number, and people could
   be moved between them at will.
2. Among the rest (the hidden rows added up count as one) every cell under `LEAST`, nought too, is hidden. For each of them there is
   a second row and a second column whose four corners are all hidden and of which one person more here, one less there, gives
   another table with the same totals. So nobody can tell which of the two it is, by subtraction or by any other arithmetic.
3. Where there are no such corners, the table is not shown at all.

Several tables with the same rows are hidden together (`together`): a row is hidden in all of them or in none.
"""

from collections.abc import Sequence
from itertools import product

LEAST = 5
WIDE = 4  # how far the possible values of a hidden cell should lie apart, where the table allows it

Table = Sequence[Sequence[int]]  # rows of cells
Shown = list[list[int | None]]


def together(tables: Sequence[Table]) -> tuple[list[int | None], list[Shown | None]]:
    """The totals of the rows, and each table, with None where something is hidden; None for a table that cannot be shown.

    The tables have the same rows, and the cells of a row add up to the same in each of them.
    """
    totals = [sum(row) for row in tables[0]]
    hidden = lines(totals)
    told: list[int | None] = [None if place in hidden else total for place, total in enumerate(totals)]
    return told, [_shown(table, hidden) for table in tables]


def lines(totals: Sequence[int]) -> set[int]:
    """The places of the totals that are hidden: none, at least two with enough together, or all."""
    small = sorted(range(len(totals)), key=lambda place: (totals[place], place))
    hidden = {place for place in small if totals[place] < LEAST}
    for place in small:
        if not hidden or (len(hidden) > 1 and sum(totals[each] for each in hidden) >= LEAST):
            break
        hidden.add(place)
    if hidden and (len(hidden) < 2 or sum(totals[each] for each in hidden) < LEAST):
        return set(range(len(totals)))
    return hidden


def corners(table: Table) -> set[tuple[int, int]] | None:
    """The cells that are hidden in a table of which all totals are known; None where it cannot be made safe."""
    rows, columns = len(table), len(table[0]) if table else 0
    small = [(row, column) for row in range(rows) for column in range(columns) if table[row][column] < LEAST]
    hidden = set(small)
    for row, column in small:
        best: tuple[int, int, int, int] | None = None
        for other_row, other_column in product(range(rows), range(columns)):
            if other_row == row or other_column == column:
                continue
            room = _room(table, row, column, other_row, other_column)
            if not room:
                continue
            more = {(row, other_column), (other_row, column), (other_row, other_column)} - hidden
            price = sum(table[at][to] for at, to in more)
            offer = (-min(room, WIDE), price, other_row, other_column)
            best = min(best, offer) if best else offer
        if best is None:
            return None
        _room_taken, _price, other_row, other_column = best
        hidden |= {(row, other_column), (other_row, column), (other_row, other_column)}
    return hidden


def _room(table: Table, row: int, column: int, other_row: int, other_column: int) -> int:
    """How far apart the values of a cell may lie when only these four corners change and every total stays."""
    up = min(table[row][other_column], table[other_row][column])
    down = min(table[row][column], table[other_row][other_column])
    return up + down


def _shown(table: Table, rows: set[int]) -> Shown | None:
    if len(rows) == len(table):
        return None
    kept = [place for place in range(len(table)) if place not in rows]
    rest = [[sum(cells) for cells in zip(*(table[place] for place in sorted(rows)), strict=True)]] if rows else []
    hidden = corners([*(table[place] for place in kept), *rest])
    if hidden is None:
        return None
    return [
        [
            None if place in rows or (kept.index(place), column) in hidden else cell
            for column, cell in enumerate(table[place])
        ]
        for place in range(len(table))
    ]
