"""What was found in a row: kept as a code with values, said as a sentence in the language of whoever reads it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.bulk.columns import column
from lms.bulk.models import Kind
from lms.kit import i18n
from lms.pipeline.words import STAGES

ERRORS = {
    "empty": _l("This cell is empty. Fill it in."),
    "long": _l("This text has %(now)s characters. Shorten it to %(most)s."),
    "email": _l("“%(text)s” is no e-mail address. Write one like name@example.org."),
    "name": _l("“%(text)s” is no name. A name has letters."),
    "latin": _l("“%(text)s” is not in Latin letters. Write it as in the passport, for example HONG GILDONG."),
    "language": _l("“%(text)s” is no language that is spoken here. Write ko or en."),
    "day": _l("“%(text)s” is no day. Write it like 2026-03-02."),
    "day_number": _l("This cell holds the number %(text)s instead of a day. Format the column as dates."),
    "future": _l("%(day)s is still to come. Only what has happened can be brought in."),
    "number": _l("“%(text)s” is no whole number from 1 to %(most)s."),
    "stage": _l(
        "“%(text)s” is no stage. Write one of: applied, waiting, declined, withdrawn, admitted, training, "
        "completed, certified, placed, left."
    ),
    "reason": _l("“%(text)s” is no reason. Write one of: employed, health, time, level, moved, rules, other."),
    "reason_needed": _l("Whoever withdrew or left had a reason. Write one of: employed, health, time, level, moved, rules, other."),
    "twice": _l("Row %(other)s says the same about %(email)s. Keep one of the two."),
    "other_name": _l("Row %(other)s gives %(email)s the name %(name)s. Make both the same, or give one of them another address."),
    "unknown_person": _l("Nobody here has the address %(email)s. Bring the person in first, or correct the address."),
    "name_needed": _l("%(email)s is new here. Give the person's name too."),
    "unknown_cohort": _l("There is no cohort “%(text)s” that you lead. Write its title or the name in its address."),
    "cohort_unclear": _l("Which cohort this is could not be said in row %(other)s."),
    "two_cohorts": _l("Several cohorts are called “%(text)s”. Write the name in the address of the one you mean: %(names)s."),
    "unknown_programme": _l("There is no programme “%(text)s”. Write its title, or ask an administrator to make it first."),
    "two_programmes": _l("Several programmes are called “%(text)s”. Write the name in the address of the one you mean: %(names)s."),
    "cohort_backwards": _l("This cohort would end on %(day)s, before it starts on %(other_day)s. Correct one of the two days."),
    "cohort_not_over": _l(
        "This cohort ends on %(day)s, so it is not a past one. Make it on the page of cohorts, "
        "then bring its applications and results in."
    ),
    "cohort_differs": _l("Row %(other)s describes the cohort “%(text)s” otherwise. Make both the same."),
    "full": _l("The cohort “%(text)s” has %(seats)s seats and %(now)s people would hold one. Give it more seats first."),
    "not_applied_yet": _l("This person has not applied to this cohort. Give the day of the application first."),
    "no_such_step": _l("“%(stage)s” does not follow “%(now)s”, the stage that was reached before. Look for a missing or a wrong row."),
    "backwards": _l("“%(stage)s” on %(day)s lies before “%(now)s” on %(other_day)s. Correct one of the two days."),
    "other_day": _l("“%(stage)s” stands here already with another day, %(other_day)s. Take the row out, or correct its day."),
    "person_joined":  _l("The account with this address was joined with another one. Ask an administrator for its address."),
    "person_elsewhere": _l("The account with this address was joined with another one. Use %(email)s."),
}  # fmt: skip
WARNINGS = {
    "known_as": _l("%(email)s is known as %(name)s. That name stays; it is changed on the person's own page."),
    "known_otherwise": _l("%(email)s is known under another name. That name stays; an administrator can change it."),
    "likely_one": _l("Somebody called %(name)s is here already under another address. An administrator can join the two afterwards."),
    "likely_same": _l("%(name)s (%(email)s) may be the same person. If so, use that address, or join the two afterwards."),
    "unknown_head": _l("No column is called “%(text)s” here. It is left out."),
    "cohort_stays": _l("The cohort “%(text)s” is here with other days. It stays as it is."),
    "closed": _l("The account with this address is closed. It stays closed."),
}  # fmt: skip
OF_FILE = {
    "missing_head": _l("The column “%(head)s” is missing. Take the heads from the template."),
    "head_twice": _l("The column “%(head)s” is there twice. Keep one of the two."),
}
SENTENCES = {**ERRORS, **WARNINGS, **OF_FILE}


@dataclass(frozen=True)
class Finding:
    """One thing to know about a cell: `row` as in the file (0: the file as a whole), `column` by its key ("": the row)."""

    row: int
    column: str
    code: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        return self.code not in WARNINGS

    def as_json(self) -> list[Any]:
        return [self.row, self.column, self.code, self.values]


def of_json(kept: list[Any]) -> Finding:
    return Finding(*kept)


class Wrong(Exception):
    """A cell that cannot be read."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def sentence(finding: Finding, kind: Kind) -> str:
    """What to tell, in the reader's language."""
    said = {name: _said(name, value, kind) for name, value in finding.values.items()}
    return str(SENTENCES[finding.code]) % said


def place(finding: Finding, kind: Kind) -> str:
    """The head of the column that it is about, "" for the row."""
    return column(kind, finding.column).label if finding.column else ""


def _said(name: str, value: Any, kind: Kind) -> str:
    if name in ("stage", "now") and value in STAGES:
        return str(STAGES[value])
    if name in ("day", "other_day"):
        return i18n.day(date.fromisoformat(value))
    if name == "head":
        return column(kind, value).label
    return i18n.number(value) if isinstance(value, int) and name != "other" else str(value)
