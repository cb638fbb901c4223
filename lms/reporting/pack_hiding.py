"""What a report's files do not tell: numbers of one to four people by cohort and by reason, nor what gives them away.

Whoever may open the lists sees all numbers on the report's page; a file goes from hand to hand. Nobody at all is no small number
here: most cohorts have nobody at most stages. The figures of all cohorts together are what is reported, and stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lms.reporting.hiding import Cover, lines
from lms.reporting.pack_reading import REASONS, STANDING, Told

Cells = set[tuple[str, str]]  # key of a figure, cohort ("": all)
KINDS = ("left", "withdrawn")
PLACED = ("placed.3", "placed.6", "placed.later")
DONE = ("standing.completed", "standing.certified", *PLACED)
# Each column of the two tables of cohorts as a sum of parts; each person is in one part.
SUMS: dict[str, tuple[str, ...]] = {
    **{key: (key,) for key in STANDING},
    "standing.placed": PLACED,
    "standing.left": ("left.begun", "left.before"),
    "trained": ("standing.training", *DONE, "left.begun"),
    "completed": DONE,
    "placed.3": PLACED[:1],
    "placed.6": PLACED[:2],
}
PARTS = tuple(dict.fromkeys(part for parts in SUMS.values() for part in parts))


def covered(told: Told) -> Told:
    """The report as its files tell it."""
    return replace(told, hidden=frozenset(_in_cohorts(told) | _reasons(told)))


def _in_cohorts(told: Told) -> Cells:
    """Both tables of cohorts together: whoever came so far stands there or further, so that one could be taken from the other."""
    found: dict[str, Mapping[str, int]] = {each["id"]: each["values"] for each in told.values["cohorts"]}
    cohorts = [each for each, values in found.items() if values.get("entered", 0)]
    if len(cohorts) < 2:
        return set()  # the only one is the whole
    gone = lines([found[each]["entered"] for each in cohorts])
    shown = [each for at, each in enumerate(cohorts) if at not in gone]
    hidden: Cells = {(key, cohorts[at]) for at in gone for key in (*SUMS, "entered")}
    parts = [_parts(found[each]) for each in shown]
    rest = (
        [[sum(several) for several in zip(*(_parts(found[cohorts[at]]) for at in gone), strict=True)]] if gone else []
    )
    families = [[[PARTS.index(part) for part in sums]] for sums in SUMS.values()]
    cover = Cover([*parts, *rest], families, nought=False)
    for number, (key, (column,)) in enumerate(zip(SUMS, families, strict=True)):
        cells = cover.shown(number, range(len(shown)), len(shown))
        for at, each in enumerate(shown):
            adds_up = sum(parts[at][place] for place in column) == found[each].get(key, 0)
            if cells is None or cells[at][0] is None or not adds_up:
                hidden.add((key, each))
    return hidden


def _parts(values: Mapping[str, int]) -> list[int]:
    """How many of a cohort are in each of `PARTS`."""
    placed = [0, values.get("placed.3", 0), values.get("placed.6", 0), values.get("standing.placed", 0)]
    own = dict(values)
    own |= {part: max(0, later - before) for part, before, later in zip(PLACED, placed[:-1], placed[1:], strict=True)}
    begun = values.get("trained", 0) - values.get("standing.training", 0) - sum(own.get(part, 0) for part in DONE)
    left = values.get("standing.left", 0)
    own["left.begun"] = max(0, min(begun, left))
    own["left.before"] = left - own["left.begun"]
    return [own.get(part, 0) for part in PARTS]


def _reasons(told: Told) -> Cells:
    """Reasons of leaving and of withdrawing; how many did either is known, and who found work beside who dropped out, too."""
    table: Sequence[Sequence[int]] = [[told.at_end(f"{kind}.{each}") for kind in KINDS] for each in REASONS]
    cover = Cover(table, [[[place] for place in range(len(KINDS))]], nought=False)
    cells = cover.shown(0, range(len(REASONS)), len(REASONS))
    hidden = {
        (f"{kind}.{reason}", "")
        for at, reason in enumerate(REASONS)
        for place, kind in enumerate(KINDS)
        if cells is None or cells[at][place] is None
    }
    return hidden | ({("left.dropped", "")} if ("left.employed", "") in hidden else set())
