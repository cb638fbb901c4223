"""Reads the Open University Learning Analytics dataset (Kuzilek, Hlosta, Zdrahal: Sci. Data 4:170171, 2017) as cohorts.

A module-presentation is a cohort, its module the programme. Work is what counts for something and has a date; somebody has
done a piece of work when it was handed in and not failed (40 points or more). Those who left are not there any more.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from lms.reporting.forecast_learning import Level, Past, is_autumn
from lms.reporting.forecast_timing import Course, Work, level

PASS_MARK = 40
ARRIVED = ("Pass", "Distinction")
PUBLISHED_AFTER = timedelta(days=30)  # results are out so long after the end
STARTS = {"B": 2, "J": 10}  # months


@dataclass
class Enrolled:
    """One person: days are counted from the start."""

    came: float | None
    left: float | None
    handed_in: list[tuple[float, str]] = field(default_factory=list)  # day and work that was passed


@dataclass
class Presentation:
    """One cohort, with everything that the files tell; `results` is empty where they do not tell it."""

    module: str
    name: str
    days: int
    work: list[Work] = field(default_factory=list)
    people: dict[str, Enrolled] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)

    @property
    def starts_on(self) -> date:
        return date(int(self.name[:4]), STARTS[self.name[4]], 1)

    @property
    def known_on(self) -> date:
        """The day from which its results may be learned from."""
        return self.starts_on + timedelta(days=self.days) + PUBLISHED_AFTER

    @property
    def course(self) -> Course:
        return Course(self.days, self.work)

    @property
    def last_day(self) -> float:
        """The last day that anything is told of."""
        days = [day for each in self.people.values() for day, _work in each.handed_in]
        return max([*days, *(each.left for each in self.people.values() if each.left is not None)], default=0.0)

    def standing(self, day: float) -> dict[str, Level]:
        """Who takes part on `day` and how far they are, by what had happened until then."""
        due = self.course.due(day)
        return {
            person: level(due, {work for handed_in, work in each.handed_in if handed_in <= day})
            for person, each in self.people.items()
            if (each.came is None or each.came <= day) and (each.left is None or each.left > day)
        }

    def past(self, day: float) -> Past:
        """The cohort as an earlier one at that day of its course, with what became of its people."""
        standing = self.standing(day)
        arrived = Counter(level for person, level in standing.items() if self.results[person] in ARRIVED)
        return Past(self.module, is_autumn(self.starts_on), Counter(standing.values()), arrived)


def presentations(folder: Path) -> list[Presentation]:
    """All that are in the folder."""
    found: dict[tuple[str, str], Presentation] = {}
    for row in _rows(folder, "courses"):
        found[_key(row)] = Presentation(*_key(row), int(row["module_presentation_length"]))
    owners: dict[str, Presentation] = {}
    for row in _rows(folder, "assessments"):
        day = _number(row["date"])
        if row["assessment_type"] != "Exam" and day is not None and _key(row) in found:
            owners[row["id_assessment"]] = found[_key(row)]
            found[_key(row)].work.append(Work(row["id_assessment"], day, float(row["weight"])))
    for row in _rows(folder, "studentRegistration"):
        if _key(row) in found:
            came, left = _number(row["date_registration"]), _number(row["date_unregistration"])
            found[_key(row)].people[row["id_student"]] = Enrolled(came, left)
    for row in _rows(folder, "studentInfo"):
        if "final_result" in row and _key(row) in found:
            found[_key(row)].results[row["id_student"]] = row["final_result"]
    for row in _rows(folder, "studentAssessment"):
        owner, score = owners.get(row["id_assessment"]), _number(row["score"])
        if owner and row["id_student"] in owner.people and score is not None and score >= PASS_MARK:
            handed_in = (float(row["date_submitted"]), row["id_assessment"])
            owner.people[row["id_student"]].handed_in.append(handed_in)
    for each in found.values():
        if not any(work.weight for work in each.work):  # all of it practice: then each piece counts the same
            each.work = [replace(work, weight=1.0) for work in each.work]
    return [each for _key, each in sorted(found.items()) if each.people]


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)


def _key(row: dict[str, str]) -> tuple[str, str]:
    return row["code_module"], row["code_presentation"]


def _number(text: str) -> float | None:
    return None if text in ("", "?") else float(text)
