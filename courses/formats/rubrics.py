"""Rubrics: the ranges of points that levels stand for, and the tables that other courses write rubrics in."""

import re
from dataclasses import dataclass

from courses.formats.shapes import CriterionShape, LevelShape, Words

ALL_POINTS = 100
PASSING = 60
"""Percent of a criterion's points from which the second-lowest level begins."""

WHOLE_WORK: Words = {"en": "The work as a whole", "ko": "과제 전체"}
_HEADS = {"criteria", "criterion", "rubric", "평가기준", "평가 기준", "기준", "평가기준표"}
_DIVIDER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*")
_CELL_END = re.compile(r"(?<!\\)\|")
_HEADING = re.compile(r"#{1,6}[ \t]")


@dataclass(frozen=True)
class RubricTable:
    """A rubric as it stands in a text: one row a criterion, one column a level, the best level first."""

    levels: list[str]
    rows: list[list[str]]
    """Each row: the criterion, then one description for each level."""
    line: int
    """1-based line of the head."""


def default_criterion() -> CriterionShape:
    """What an assignment without a rubric is marked by: done or not."""
    done = LevelShape(
        {"en": "Done", "ko": "완료"},
        {"en": "All that was asked for is there.", "ko": "요구한 내용을 모두 했습니다."},
        PASSING,
        ALL_POINTS,
    )
    missing = LevelShape(
        {"en": "Not done", "ko": "미완료"},
        {"en": "Something that was asked for is missing.", "ko": "요구한 내용 가운데 빠진 것이 있습니다."},
        0,
        PASSING - 1,
    )
    return CriterionShape("whole", WHOLE_WORK, ALL_POINTS, [done, missing])


def shares(count: int, least: int = 1) -> list[int]:
    """100 points in ``count`` equal shares; what does not divide goes to the first. None is below ``least``."""
    share, rest = divmod(ALL_POINTS, count)
    return [max(least, share + (number < rest)) for number in range(count)]


def ranges(points: int, levels: int) -> list[tuple[int, int]]:
    """Ranges for ``levels`` levels, best first, that cover 0 to ``points`` without a gap.

    The lowest level ends below the pass mark; the others divide what is left equally: 3 levels of 100 points are
    80-100, 60-79 and 0-59. There must be at least as many points as levels.
    """
    if levels == 1:
        return [(0, points)]
    first = min(max(1, -(-points * PASSING // 100)), points - levels + 2)
    width = points - first + 1
    starts = [0, *(first + width * number // (levels - 1) for number in range(levels - 1))]
    ends = [start - 1 for start in starts[1:]] + [points]
    return list(zip(starts, ends, strict=True))[::-1]


def take_rubric(text: str) -> tuple[str, RubricTable | None]:
    """Take the rubric table, and the heading that stands over nothing else, out of an assignment's text."""
    lines = text.split("\n")
    for number in range(len(lines) - 1):
        heads = _cells(lines[number])
        if len(heads) < 2 or heads[0].strip("*_ ").lower() not in _HEADS or not _DIVIDER.fullmatch(lines[number + 1]):
            continue
        end = number + 2
        while end < len(lines) and "|" in lines[end] and lines[end].strip():
            end += 1
        rows = [row for row in map(_cells, lines[number + 2 : end]) if any(row)]
        width = len(heads)
        rows = [[*row[:width], *[""] * (width - len(row))] for row in rows]
        lines[number:end] = [""] * (end - number)
        _drop_bare_heading(lines, number, end)
        return "\n".join(lines), RubricTable(heads[1:], rows, number + 1) if rows else None
    return text, None


def _drop_bare_heading(lines: list[str], start: int, end: int) -> None:
    above = next((number for number in range(start - 1, -1, -1) if lines[number].strip()), None)
    below = next((line for line in lines[end:] if line.strip()), "# end")
    if above is not None and _HEADING.match(lines[above]) and _HEADING.match(below):
        lines[above] = ""


def _cells(line: str) -> list[str]:
    line = line.strip()
    if "|" not in line:
        return []
    cells = [cell.strip().replace("\\|", "|") for cell in _CELL_END.split(line)]
    return cells[line.startswith("|") : -1 if line.endswith("|") and not line.endswith("\\|") else None]


def criteria_of(tables: dict[str, RubricTable]) -> list[CriterionShape]:
    """One rubric out of the tables of each language, which must have the same number of rows and columns."""
    first = next(iter(tables.values()))
    points = shares(len(first.rows), least=len(first.levels))
    return [_criterion(tables, row, points[row], len(first.levels)) for row in range(len(first.rows))]


def _criterion(tables: dict[str, RubricTable], row: int, points: int, columns: int) -> CriterionShape:
    title = {language: table.rows[row][0] for language, table in tables.items() if table.rows[row][0]}
    levels = [
        LevelShape(
            {language: table.levels[column] for language, table in tables.items()},
            {language: table.rows[row][column + 1] for language, table in tables.items()},
            lowest,
            highest,
        )
        for column, (lowest, highest) in enumerate(ranges(points, columns))
    ]
    return CriterionShape(
        f"row-{row + 1}", title or {language: WHOLE_WORK[language] for language in tables}, points, levels
    )
