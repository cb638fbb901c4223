"""Hiding small cells, so that nobody can work them out from what is left. Pure arithmetic.

A table has rows (say, regions) and places (say, experts of cohort 3), with the people of each; it is shown in several families
of columns, each column a set of places: by cohort, by track, by course. Columns of one family may overlap, and a column of one
may be the sum of columns of another. How many people are in a place is known to everybody from other pages.

1. Rows of fewer than `LEAST` in all are hidden altogether, and with them the next larger ones until the hidden rows are at least
   two and have `LEAST` together: what is left over for them, which can be subtracted, is then no small number, and people could
   be moved between them at will.
2. Among the rest (the hidden rows added up count as one) every cell under `LEAST`, nought too, is hidden, in whichever family it
   stands. For each of them there are two people, one of whom is counted in it, who could exchange their rows: then the cell would
   be another number, and nothing that is shown in any family would. All cells that the exchange touches are hidden. So nobody can
   tell which of the two it is, by subtraction, from one family to the next, or by any other arithmetic.
3. A family with a small cell for which there is no such exchange is not shown at all.

Tables by other answers (sex beside region) tell nothing more: the two exchange this one answer and keep the others.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import product

LEAST = 5
WIDE = 4  # how far the possible values of a hidden cell should lie apart, where the table allows it

Table = Sequence[Sequence[int]]  # rows of places
Family = Sequence[Collection[int]]  # columns, each the places that it adds up
Shown = list[list[int | None]]
Cell = tuple[int, int, int]  # family, column, row


def together(table: Table, families: Sequence[Family]) -> tuple[list[int | None], list[Shown | None]]:
    """The totals of the rows, and each family's rows of columns, with None where something is hidden.

    A family that cannot be shown is None.
    """
    totals = [sum(row) for row in table]
    gone = lines(totals)
    told: list[int | None] = [None if place in gone else total for place, total in enumerate(totals)]
    if len(gone) == len(table):
        return told, [None for _family in families]
    kept = [place for place in range(len(table)) if place not in gone]
    rest = [[sum(cells) for cells in zip(*(table[place] for place in sorted(gone)), strict=True)]] if gone else []
    cover = Cover([*(table[place] for place in kept), *rest], families)
    return told, [cover.shown(number, kept, len(table)) for number in range(len(families))]


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


class Cover:
    """What is hidden of a table in all of its families. With `nought`, a cell of nobody is a small one, too."""

    def __init__(self, table: Table, families: Sequence[Family], *, nought: bool = True) -> None:
        self._table = table
        self._families = [[frozenset(column) for column in family] for family in families]
        self._holds = self._columns_by_place()
        self._values = {
            (number, place, row): sum(table[row][at] for at in column)
            for number, family in enumerate(self._families)
            for place, column in enumerate(family)
            for row in range(len(table))
        }
        self.hidden = {cell for cell, value in self._values.items() if value < LEAST and (value or nought)}
        self.given_up: set[int] = set()
        self._hide()

    def shown(self, number: int, kept: Sequence[int], rows: int) -> Shown | None:
        """One family, for `rows` rows of which the `kept` ones stand in this table."""
        if number in self.given_up:
            return None
        columns = range(len(self._families[number]))
        found: Shown = [[None for _column in columns] for _row in range(rows)]
        for at, row in enumerate(kept):
            found[row] = [self._seen((number, column, at)) for column in columns]
        return found

    def _seen(self, cell: Cell) -> int | None:
        return None if cell in self.hidden else self._values[cell]

    def _columns_by_place(self) -> list[frozenset[tuple[int, int]]]:
        places = range(len(self._table[0]) if self._table else 0)
        return [
            frozenset(
                (number, place)
                for number, family in enumerate(self._families)
                for place, column in enumerate(family)
                if at in column
            )
            for at in places
        ]

    def _hide(self) -> None:
        safe: set[Cell] = set()
        for cell in sorted(self.hidden):
            if cell in safe or cell[0] in self.given_up:
                continue
            touched = self._exchange(cell)
            if touched:
                self.hidden |= touched
                safe |= touched
            else:
                self.given_up.add(cell[0])

    def _exchange(self, cell: Cell) -> set[Cell]:
        """The cells that are touched by the exchange that costs least, this one among them; none where there is no exchange."""
        best: tuple[int, int, tuple[int, int, int]] | None = None
        row = cell[2]
        for mine, theirs, other in self._pairs(cell):
            room = min(self._room(row, other, mine, theirs), WIDE)
            if best and -room > best[0]:
                continue
            offer = (-room, self._price(self._touched(row, other, mine, theirs)), (other, mine, theirs))
            best = min(best, offer) if best else offer
        if best is None:
            return set()
        other, mine, theirs = best[2]
        return self._touched(row, other, mine, theirs)

    def _pairs(self, cell: Cell) -> Iterator[tuple[int, int, int]]:
        """A place within the cell's column, one outside, and another row, of which people could exchange their rows."""
        number, column, row = cell
        within = self._families[number][column]
        outside = [place for place in range(len(self._table[0])) if place not in within]
        for mine, theirs, other in product(sorted(within), outside, range(len(self._table))):
            if other != row and self._room(row, other, mine, theirs):
                yield mine, theirs, other

    def _room(self, row: int, other: int, mine: int, theirs: int) -> int:
        """How far apart the values of a cell may lie when only these four corners change and every total stays."""
        one, two = self._table[row], self._table[other]
        return min(one[theirs], two[mine]) + min(one[mine], two[theirs])

    def _touched(self, row: int, other: int, mine: int, theirs: int) -> set[Cell]:
        columns = self._holds[mine] ^ self._holds[theirs]
        return {(number, column, each) for number, column in columns for each in (row, other)}

    def _price(self, touched: set[Cell]) -> int:
        return sum(self._values[cell] for cell in touched - self.hidden if cell[0] not in self.given_up)
