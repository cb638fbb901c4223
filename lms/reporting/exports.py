"""The tables that leave the house: the people behind a number, and the cohorts of a year."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import Select

from lms.kit import i18n, sheets
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.sheets import Cell, Sheet
from lms.people import audit
from lms.people.models import Person
from lms.pipeline.models import CohortState
from lms.pipeline.words import STAGES
from lms.reporting import roster
from lms.reporting.filters import Question
from lms.reporting.year import Year

FORMATS = ("xlsx", "csv")
LEAST_REASON, MOST_REASON = 5, 500  # characters


@dataclass(frozen=True)
class Export:
    """A file that is ready to go."""

    content: bytes
    name: str
    media_type: str


def people(wanted: Question, sort: str, by: Person, kind: str, reason: str) -> Export:
    """The list that is asked for, as it is on the page. Who took it along and what for is written into the audit trail.

    Raises Refused without a reason that says something.
    """
    reason = told(reason)
    sheet = _people(wanted, sort) if wanted.asked.by_person else _rows(wanted, sort)
    filters = wanted.asked.pairs() | wanted.at.pairs()
    new = {"reason": reason, "filters": filters, "rows": len(sheet.rows), "format": kind}
    audit.note(by, "people.exported", by, new=new)
    return _file(sheet, kind)


def told(reason: str) -> str:
    """The reason for taking a list of names along, as it is kept. Raises Refused where it says nothing."""
    reason = " ".join(reason.replace("\x00", " ").split())
    if len(reason) < LEAST_REASON:
        raise Refused(
            _(
                "Say what the list is for, in at least %(num)s characters. It holds names, and who took it along is kept.",
                num=LEAST_REASON,
            )
        )
    return reason[:MOST_REASON]


def cohorts(year: Year, kind: str) -> Export:
    """The cohorts of a year with their stages. No person is in it."""
    states = {CohortState.PLANNED: _("Planned"), CohortState.RUNNING: _("Running"), CohortState.FINISHED: _("Finished")}
    stages = (
        "applied",
        "waiting",
        "admitted",
        "training",
        "completed",
        "certified",
        "placed",
        "left",
        "declined",
        "withdrawn",
    )
    rows: list[list[Cell]] = []
    for each in year.cohorts:
        tally = year.tallies[each.id]
        figures = [tally.of(stage) for stage in stages]
        facts = [i18n.best(each.title), states[each.state_on(year.at.on)], each.starts_on, each.ends_on, each.seats]
        rows.append([*facts, *figures, tally.traineeships, tally.roster])
    head = [
        _("Cohort"),
        _("State"),
        _("First day"),
        _("Last day"),
        _("Seats"),
        *(str(STAGES[stage]) for stage in stages),
    ]
    return _file(Sheet(_("Cohorts %(year)s", year=year.year), [*head, _("Traineeships"), _("Everybody")], rows), kind)


def _people(wanted: Question, sort: str) -> Sheet:
    found = _all(roster.sorted_by(roster.people(wanted), sort, by_person=True))
    parts = roster.rows_of(wanted, [row.person_id for row in found])
    head = [_("Name"), _("Name in Latin letters"), _("E-mail address"), _("Cohorts"), _("Where and how far")]
    rows: list[list[Cell]] = []
    for row in found:
        where = [f"{i18n.best(part.cohort_title)} ({STAGES[part.stage]})" for part in parts[row.person_id]]
        rows.append([row.name, row.latin_name, row.email, row.times, ", ".join(where)])
    return Sheet(pgettext("heads", "People"), head, rows)


def _rows(wanted: Question, sort: str) -> Sheet:
    found = _all(roster.sorted_by(roster.rows(wanted), sort, by_person=False))
    head = [_("Name"), _("Name in Latin letters"), _("E-mail address"), _("Cohort"), _("Stage")]
    head += [_("In this stage since"), _("Progress in per cent"), _("Last active")]
    rows: list[list[Cell]] = []
    for row in found:
        facts = [row.name, row.latin_name, row.email, i18n.best(row.cohort_title), str(STAGES[row.stage])]
        since = row.since.astimezone(i18n.zone()).date()
        rows.append([*facts, since, row.progress, row.last_activity_at])
    return Sheet(_("Roster"), head, rows)


def _all(query: Select[Any]) -> list[Any]:
    return list(session.execute(query).all())


def _file(sheet: Sheet, kind: str) -> Export:
    if kind == "csv":
        return Export(sheets.csv_text(sheet), f"{sheet.title}.csv", sheets.CSV)
    return Export(sheets.xlsx(sheet), f"{sheet.title}.xlsx", sheets.XLSX)
