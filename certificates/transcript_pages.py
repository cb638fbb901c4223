"""The sheets of a transcript: which rows stand on which, and where. Worked out here, so that nothing is left to chance.

All lengths are millimetres of a sheet of A4.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from certificates.facts import Words
from certificates.transcript_facts import CourseDone, Part, TranscriptFacts
from certificates.typesetting import MM_PER_PT, Setting, set_in

WIDE = 84.0  # of a title
FIRST_TOP, TOP = 80.0, 32.0  # of the list, on the first sheet and on the others
BOTTOM, LAST_BOTTOM = 268.0, 192.0  # where it ends; on the last sheet sum, seal and signature follow
TABLE_HEAD, TOLD, GAP, SPACE = 8.8, 4.4, 5.0, 2.4  # a line of a part beside its names; between parts; in a row
WHOLE, SIZE, SMALL, LEADING = 162.0, 9.5, 8.5, 1.35


@dataclass(frozen=True)
class CourseRow:
    number: int
    course: CourseDone
    titles: tuple[Setting, ...]  # one a language
    high: float


@dataclass
class PartHere:
    """What of a part stands on one sheet, from ``top`` on. ``continued``: it began on an earlier one."""

    part: Part
    titles: tuple[Setting, ...]  # programme and cohort, one a language
    top: float
    continued: bool
    rows: list[CourseRow] = field(default_factory=list)

    @property
    def told_at(self) -> float:
        """Where it says when the programme was completed, and that the part began on an earlier sheet."""
        return self.top + highs(self.titles)

    @property
    def table_at(self) -> float:
        return self.told_at + (TOLD if self.part.completed_on or self.continued else 0) + 0.8

    @property
    def bottom(self) -> float:
        return self.table_at + TABLE_HEAD + sum(row.high for row in self.rows)


@dataclass
class Sheet:
    parts: list[PartHere] = field(default_factory=list)


def highs(settings: Sequence[Setting]) -> float:
    return sum(len(each.lines) * each.size * MM_PER_PT * LEADING for each in settings)


def sheets(facts: TranscriptFacts, languages: Sequence[str]) -> list[Sheet]:
    """All sheets. The last row always stands on the sheet of the signature."""
    done = [Sheet()]
    rows = [(part, row) for part in parts(facts, languages) for row in part.rows]
    for place, (part, row) in enumerate(rows):
        _put(done, part, row, LAST_BOTTOM if place == len(rows) - 1 else BOTTOM)
    return done


def _put(done: list[Sheet], whole: PartHere, row: CourseRow, bottom: float) -> None:
    """The row onto the last sheet, or onto a new one where it would reach below ``bottom``."""
    sheet = done[-1]
    begun = any(each.part is whole.part for old in done for each in old.parts)
    here = sheet.parts[-1] if sheet.parts and sheet.parts[-1].part is whole.part else None
    if here is None:
        top = sheet.parts[-1].bottom + GAP if sheet.parts else FIRST_TOP
        here = PartHere(whole.part, whole.titles, top, begun)
    if here.bottom + row.high > bottom and sheet.parts:
        begun = begun or bool(here.rows)
        done.append(Sheet([PartHere(whole.part, whole.titles, TOP, begun, [row])]))
        return
    if not here.rows:
        sheet.parts.append(here)
    here.rows.append(row)


def parts(facts: TranscriptFacts, languages: Sequence[str]) -> Iterator[PartHere]:
    """Each part whole, as if it stood on one endless sheet."""
    number = 0
    for part in facts.parts:
        names = {each: f"{part.programme[each]} · {part.cohort[each]}" for each in languages}
        whole = PartHere(part, _told(names, languages, WHOLE, "strong", 10.5), 0, continued=False)
        for course in part.courses:
            number += 1
            titles = _told(course.title, languages, WIDE, "plain", SIZE)
            whole.rows.append(CourseRow(number, course, titles, highs(titles) + SPACE))
        yield whole


def _told(words: Words, languages: Sequence[str], wide: float, voice: str, size: float) -> tuple[Setting, ...]:
    """The first language as it leads, the other smaller below it."""
    return tuple(
        set_in(words[each], wide, SMALL if place else size, "plain" if place else voice)
        for place, each in enumerate(languages)
    )
