"""An attack on hidden cells: by subtraction, from one family of columns to the next, by linear algebra and by trying all tables."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from lms.reporting import hiding

APART = [[{0}, {1}, {2}]]


class System:
    """What somebody knows who has all pages: sums of people of one row in one place, seen through every family of columns."""

    def __init__(self, table, families, told, shown):
        self.rows, self.places = range(len(table)), range(len(table[0]))
        self.sums = []
        for place in self.places:  # who is in a place stands on its own page
            self.add([(row, place) for row in self.rows], sum(row[place] for row in table))
        for row in self.rows:
            if told[row] is not None:
                self.add([(row, place) for place in self.places], told[row])
        for number, family in enumerate(families):
            for row, (column, places) in product(self.rows, enumerate(family)):
                if shown[number] and shown[number][row][column] is not None:
                    self.add([(row, place) for place in places], shown[number][row][column])
        self.solved = self.reduced()
        self.low, self.high = self.bounds()

    def add(self, cells, total):
        self.sums.append((set(cells), total))

    def vector(self, cells):
        return [Fraction((row, place) in cells) for row, place in product(self.rows, self.places)]

    def reduced(self):
        """The sums after Gauss, each with the place of its first one."""
        done = []
        for cells, _total in self.sums:
            found = self.without(self.vector(cells), done)
            first = next((at for at, value in enumerate(found) if value), None)
            if first is not None:
                done.append((first, [value / found[first] for value in found]))
        return done

    @staticmethod
    def without(found, done):
        for first, row in done:
            if found[first]:
                factor = found[first]
                found = [value - factor * own for value, own in zip(found, row, strict=True)]
        return found

    def finds(self, cells):
        """Whether sums and differences of what is known give the sum of these cells."""
        return not any(self.without(self.vector(cells), self.solved))

    def bounds(self):
        """What remains possible for each cell when no number is below nought: sums pressed together until nothing moves."""
        low = dict.fromkeys(product(self.rows, self.places), 0)
        high = dict.fromkeys(low, 10**6)
        moved = True
        while moved:
            moved = False
            for cells, total in self.sums:
                lows, highs = sum(low[each] for each in cells), sum(high[each] for each in cells)
                for each in cells:
                    least, most = total - highs + high[each], total - lows + low[each]
                    if least > low[each] or most < high[each]:
                        low[each], high[each], moved = max(low[each], least), min(high[each], most), True
        return low, high

    def certain(self, cells):
        """Whether every cell of the sum is pressed to one value."""
        return all(self.low[each] == self.high[each] for each in cells)


def random_case(chance):
    """People by row and place; places are experts and others of cohorts, which have tracks and are given courses that overlap."""
    rows, cohorts = chance.randint(2, 4), chance.randint(1, 4)
    most = chance.choice((3, 8, 20, 60))
    table = [[chance.choice((0, chance.randint(0, most))) for _place in range(2 * cohorts)] for _row in range(rows)]
    cut = chance.randint(0, cohorts)
    tracks = [part for part in (range(cut), range(cut, cohorts)) if part]
    courses = [chance.sample(range(cohorts), chance.randint(1, cohorts)) for _course in range(chance.randint(1, 3))]
    groups = [[[each] for each in range(cohorts)], tracks, courses]
    families = [[[2 * each + flag for each in group for flag in (0, 1)] for group in family] for family in groups]
    return table, [*families, [range(0, 2 * cohorts, 2), range(1, 2 * cohorts, 2)]]


def attack(table, families, told, shown):
    """The small cells that somebody finds out: family (None: the rows themselves), row and column."""
    system = System(table, families, told, shown)
    for row, line in enumerate(table):
        whole = {(row, place) for place in system.places}
        if sum(line) < hiding.LEAST and (system.finds(whole) or system.certain(whole)):
            yield None, row, 0
    for number, family in enumerate(families):
        if not shown[number]:
            continue
        for row, (column, places) in product(system.rows, enumerate(family)):
            cells = {(row, place) for place in places}
            small = sum(table[row][place] for place in places) < hiding.LEAST and told[row] is not None
            if small and (system.finds(cells) or system.certain(cells)):
                yield number, row, column


@pytest.mark.parametrize("seed", range(300))
def test_nothing_hidden_can_be_worked_out(seed):
    table, families = random_case(Random(seed))
    told, shown = hiding.together(table, families)
    for number, family in enumerate(families):
        for row, (column, places) in product(range(len(table)), enumerate(family)):
            seen = shown[number][row][column] if shown[number] else None
            assert seen is None or seen == sum(table[row][place] for place in places) >= hiding.LEAST
    assert all(total is None or total >= hiding.LEAST for total in told)
    if any(shown):
        assert list(attack(table, families, told, shown)) == []


@pytest.mark.parametrize("seed", range(60))
def test_another_table_fits_whatever_the_method(seed):
    """For each small cell all tables that fit what is shown, in three cohorts and their two courses, are tried: two values at least are possible."""
    chance = Random(seed)
    table = [[chance.randint(0, 7) for _column in range(3)] for _row in range(3)]
    families = [[{0}, {1}, {2}], [{0, 1}, {1, 2}]]
    told, shown = hiding.together(table, families)
    if None in told or not any(shown):
        return
    columns = [sum(each) for each in zip(*table, strict=True)]
    fitting = [rows for rows in tables(table, columns) if fits(rows, families, shown)]
    assert len(fitting) > 0
    for number, family in enumerate(families):
        if shown[number]:
            for row, (column, places) in product(range(3), enumerate(family)):
                if sum(table[row][place] for place in places) < hiding.LEAST:
                    assert len({sum(rows[row][place] for place in places) for rows in fitting}) > 1, (number, column)


def tables(table, columns):
    """Every table with the same totals."""
    for first, second in product(fillings(sum(table[0]), columns), fillings(sum(table[1]), columns)):
        third = [total - one - two for total, one, two in zip(columns, first, second, strict=True)]
        if min(third) >= 0:
            yield first, second, third


def fillings(total, most):
    some = product(*(range(min(total, each) + 1) for each in most[:2]))
    return [(one, two, total - one - two) for one, two in some if 0 <= total - one - two <= most[2]]


def fits(rows, families, shown):
    return all(
        seen[row][column] in (None, sum(rows[row][place] for place in places))
        for family, seen in zip(families, shown, strict=True)
        if seen
        for row, (column, places) in product(range(3), enumerate(family))
    )


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


def test_a_family_in_which_nobody_can_exchange_is_not_shown():
    assert hiding.together([[2, 30], [0, 60]], [[{0}, {1}]])[1] == [[[None, None], [None, None]]]
    told, shown = hiding.together(
        [[9, 0], [8, 0]], [[{0}, {1}], [{0, 1}]]
    )  # everybody is in the first one, nobody anywhere else
    assert (told, shown) == ([9, 8], [None, [[9], [8]]])


def test_nothing_is_hidden_for_nothing():
    table = [[20, 30, 25], [40, 50, 45]]
    told, shown = hiding.together(table, [*APART, [{0, 1}, {1, 2}], [{0, 1, 2}]])
    assert told == [75, 135]
    assert shown == [table, [[50, 55], [90, 95]], [[75], [135]]]
    assert hiding.together([[1, 20, 30], [40, 50, 60]], APART)[1] == [[[None, None, 30], [None, None, 60]]]


def test_what_a_cohort_hides_its_track_and_course_do_not_tell():
    """Two women in the first of three cohorts; a track of the first two, and a course of the first and the third."""
    table = [[2, 20, 30], [40, 50, 60]]
    families = [*APART, [{0, 1}, {2}], [{0, 2}]]
    told, shown = hiding.together(table, families)
    assert shown[0] == [[None, None, 30], [None, None, 60]]
    assert shown[1] == [[22, 30], [90, 60]], "who exchanges rows within the track leaves it as it is"
    assert shown[2] == [[None], [None]], "otherwise 32 women of the course less 30 of the third cohort are the two"
    assert list(attack(table, families, told, shown)) == []


@pytest.mark.parametrize(
    ("family", "careless"),
    [
        ([{0}, {1}, {2}], [[None, 20, 30], [40, 50, 60]]),  # only the small one
        ([{0, 2}], [[32], [100]]),  # a course of it and of one that is shown
        ([{0, 1}, {2}], [[22, 30], [90, 60]]),
    ],
)
def test_the_attack_finds_what_was_hidden_carelessly(family, careless):
    table = [[2, 20, 30], [40, 50, 60]]
    own = [[None, None, 30], [None, None, 60]] if family == [{0, 2}] else [[None, 20, None], [None, 50, None]]
    assert (0, 0, 0) in set(attack(table, [*APART, family], [52, 150], [own, careless]))
