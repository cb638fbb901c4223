"""An attack on hidden cells: by subtraction, by linear algebra and by trying all tables that fit."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from lms.reporting import hiding


class System:
    """What somebody knows who has all pages: sums of cells that they see and cells that they do not."""

    def __init__(self, tables, told, shown):
        self.names, self.sums = {}, []
        rows = range(len(tables[0]))
        for number, table in enumerate(tables):
            for row in rows:
                cells = [self.cell(number, row, column, shown) for column in range(len(table[0]))]
                self.add([*cells, (-1, ("row", row))] if told[row] is None else cells, told[row] or 0)
            for column in range(len(table[0])):
                self.add([self.cell(number, row, column, shown) for row in rows], sum(row[column] for row in table))
        self.add(
            [(1, ("row", row)) for row in rows if told[row] is None], sum(map(sum, tables[0])) - sum(filter(None, told))
        )

    def cell(self, number, row, column, shown):
        seen = shown[number][row][column] if shown[number] else None
        return (1, (number, row, column)) if seen is None else seen

    def add(self, parts, total):
        unknown = {}
        for part in parts:
            if isinstance(part, tuple):
                unknown[part[1]] = unknown.get(part[1], 0) + part[0]
            else:
                total -= part
        if unknown:
            self.sums.append((unknown, total))

    def solved(self):
        """The unknowns that Gauss finds: name → value."""
        names = sorted({name for unknown, _total in self.sums for name in unknown}, key=str)
        rows = [[Fraction(unknown.get(name, 0)) for name in names] + [Fraction(total)] for unknown, total in self.sums]
        done = 0
        for column in range(len(names)):
            pivot = next((at for at in range(done, len(rows)) if rows[at][column]), None)
            if pivot is None:
                continue
            rows[done], rows[pivot] = rows[pivot], rows[done]
            rows[done] = [value / rows[done][column] for value in rows[done]]
            for at, row in enumerate(rows):
                if at != done and row[column]:
                    rows[at] = [value - row[column] * own for value, own in zip(row, rows[done], strict=True)]
            done += 1
        found = {}
        for row in rows[:done]:
            where = [at for at, value in enumerate(row[:-1]) if value]
            if len(where) == 1:
                found[names[where[0]]] = row[-1]
        return found

    def bounds(self):
        """What remains possible for each unknown when no number is below nought: sums pressed together until nothing moves."""
        low = {name: 0 for unknown, _total in self.sums for name in unknown}
        high = dict.fromkeys(low, 10**6)
        moved = True
        while moved:
            moved = False
            for unknown, total in self.sums:
                for name, sign in unknown.items():
                    least = sum(s * (low if s > 0 else high)[n] for n, s in unknown.items() if n != name)
                    most = sum(s * (high if s > 0 else low)[n] for n, s in unknown.items() if n != name)
                    ends = sorted((sign * (total - most), sign * (total - least)))
                    if ends[0] > low[name] or ends[1] < high[name]:
                        low[name], high[name], moved = max(low[name], ends[0]), min(high[name], ends[1]), True
        return {name: (low[name], high[name]) for name in low}


def random_tables(chance):
    """Two tables with the same rows: one with many columns, one with two."""
    rows, columns = chance.randint(2, 6), chance.randint(2, 6)
    most = chance.choice((3, 8, 20, 60))
    one = [[chance.choice((0, chance.randint(0, most))) for _column in range(columns)] for _row in range(rows)]
    two = [[found := chance.randint(0, sum(row)), sum(row) - found] for row in one]
    return [one, two]


@pytest.mark.parametrize("seed", range(400))
def test_nothing_hidden_can_be_worked_out(seed):
    tables = random_tables(Random(seed))
    told, shown = hiding.together(tables)
    for number, table in enumerate(tables):
        for row, column in product(range(len(table)), range(len(table[0]))):
            if shown[number]:
                assert shown[number][row][column] in (None, table[row][column])
                assert (shown[number][row][column] or hiding.LEAST) >= hiding.LEAST
    assert all(total is None or total >= hiding.LEAST for total in told)
    if not any(shown):
        return
    system = System(tables, told, shown)
    solved, bounds = system.solved(), system.bounds()
    for row, total in enumerate(told):
        if total is None:
            assert ("row", row) not in solved
            low, high = bounds["row", row]
            assert low < high
    for number, table in enumerate(tables):
        if not shown[number]:
            continue
        for row, column in product(range(len(table)), range(len(table[0]))):
            if table[row][column] < hiding.LEAST and told[row] is not None:
                assert (number, row, column) not in solved
                low, high = bounds[number, row, column]
                assert low < high, (table, shown[number])


@pytest.mark.parametrize("seed", range(60))
def test_another_table_fits_whatever_the_method(seed):
    """For each small cell of a shown row all tables that fit what is shown are tried; two values at least are possible."""
    chance = Random(seed)
    table = [[chance.randint(0, 7) for _column in range(3)] for _row in range(3)]
    told, (shown,) = hiding.together([table])
    if shown is None or None in told:
        return
    hidden = [(row, column) for row, column in product(range(3), range(3)) if shown[row][column] is None]
    possible = {at: set() for at in hidden}
    columns = [sum(each) for each in zip(*table, strict=True)]
    for first, second in product(fillings(table[0], shown[0]), fillings(table[1], shown[1])):
        third = [total - one - two for total, one, two in zip(columns, first, second, strict=True)]
        if min(third) >= 0 and all(seen in (None, cell) for seen, cell in zip(shown[2], third, strict=True)):
            for row, column in hidden:
                possible[row, column].add((first, second, third)[row][column])
    for row, column in hidden:
        if table[row][column] < hiding.LEAST:
            assert len(possible[row, column]) > 1


def fillings(row, seen):
    """Every row that shows what is seen and has the same total."""
    some = product(*([cell] if cell is not None else range(sum(row) + 1) for cell in seen))
    return [each for each in some if sum(each) == sum(row)]


@pytest.mark.parametrize(
    ("totals", "hidden"),
    [
        ([20, 30, 40], set()),
        ([20, 3, 40], {0, 1}),  # alone it would be the rest
        ([1, 2, 40, 9], {0, 1, 3}),  # three together are a small number themselves
        ([4, 4, 40], {0, 1}),
        ([3], {0}),
        ([3, 1], {0, 1}),
        ([0, 30], {0, 1}),
        ([], set()),
    ],
)
def test_small_rows_are_hidden_with_enough_others(totals, hidden):
    assert hiding.lines(totals) == hidden


def test_a_table_without_a_second_column_to_hide_in_is_not_shown():
    assert hiding.corners([[2], [30]]) is None
    assert hiding.corners([[20, 30], [40, 50]]) == set()
    assert hiding.corners([[1, 20, 30], [40, 50, 60]]) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_nothing_small_is_hidden_for_nothing():
    told, (shown,) = hiding.together([[[20, 30], [40, 50]]])
    assert told == [50, 90]
    assert shown == [[20, 30], [40, 50]]


def test_the_attack_finds_what_was_hidden_carelessly():
    """Only the small cell hidden: subtraction finds it. So the attack is one."""
    table = [[2, 20], [30, 40]]
    system = System([table], [22, 70], [[[None, 20], [30, 40]]])
    assert system.solved() == {(0, 0, 0): 2}
    assert system.bounds()[0, 0, 0] == (2, 2)
