"""The rubric of an assignment in a plain course folder: ``NAME.rubric.toml``."""

from courses.formats.shapes import CriterionShape, LevelShape
from courses.formats.toml_file import Table

_MOST_POINTS = 10_000


def read_criteria(table: Table) -> list[CriterionShape]:
    """The criteria that hold; a criterion whose levels do not cover its points once keeps its points without them."""
    table.only("minutes", "pass_percent", "criteria")
    found: dict[str, CriterionShape] = {}
    for entry in table.tables("criteria"):
        criterion = _criterion(entry)
        if criterion is None:
            continue
        if criterion.key in found:
            entry.note(f'The key "{criterion.key}" is there twice; this criterion was left out.', "key")
            continue
        found[criterion.key] = criterion
    return list(found.values())


def _criterion(entry: Table) -> CriterionShape | None:
    entry.only("key", "title", "points", "levels")
    key = entry.text("key")
    title = entry.words("title")
    points = entry.whole("points", None, 1, _MOST_POINTS)
    if not key or not title or points is None:
        entry.note("A criterion needs a key, a title and points; this one was left out.")
        return None
    levels = [(level, each) for each in entry.tables("levels") if (level := _level(each)) is not None]
    if not _cover(entry, levels, points):
        levels = []
    return CriterionShape(key, title, points, [level for level, _each in levels])


def _level(entry: Table) -> LevelShape | None:
    entry.only("title", "description", "lowest", "highest")
    lowest = entry.whole("lowest", None, 0, _MOST_POINTS)
    highest = entry.whole("highest", None, 0, _MOST_POINTS)
    title = entry.words("title")
    if lowest is None or highest is None or not title or highest < lowest:
        entry.note("A level needs a title and points from its lowest to its highest; this one was left out.")
        return None
    return LevelShape(title, entry.words("description", required=False), lowest, highest)


def _cover(entry: Table, levels: list[tuple[LevelShape, Table]], points: int) -> bool:
    """Whether the levels cover 0 to the criterion's points, each point once; what is wrong is listed."""
    expected = 0
    for level, each in sorted(levels, key=lambda pair: (pair[0].lowest, pair[0].highest)):
        if level.lowest != expected:
            wrong, at = ("leave out", expected) if level.lowest > expected else ("overlap at", level.lowest)
            each.note(f"The levels {wrong} {at} points, so the criterion was read without its levels.", "lowest")
            return False
        expected = level.highest + 1
    if levels and expected != points + 1:
        entry.note(f"The levels end at {expected - 1} points and not at {points}; they were left out.", "points")
        return False
    return True
