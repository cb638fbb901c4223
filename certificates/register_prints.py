"""The register printed as a PDF: asked for on its page, laid out by a job, kept as a file for whoever asked."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from certificates import certificates, paper, register, states
from certificates.facts import Facts
from certificates.models import RegisterPrint
from certificates.paper import Cell, Column, Sheet
from certificates.states import State
from lms.kit import clock, files, i18n, jobs
from lms.kit.db import new_key, session, transaction
from lms.kit.jobs import Job
from lms.people import audit
from lms.people.models import Person
from lms.pipeline.models import Cohort
from lms.reporting import exports

AT_ONCE = 500  # certificates read together


@dataclass(frozen=True)
class Row:
    """One certificate as it stands in the register, in the reader's language."""

    number: str
    name: str
    latin_name: str
    achieved: str
    given_in: str
    hours: int
    completed_on: date
    issued_on: date
    state: State
    more: str


def of(person: Person) -> Select[RegisterPrint]:
    """The prints that the person asked for."""
    return select(RegisterPrint).where(RegisterPrint.by_id == person.id).options(joinedload(RegisterPrint.file))


def ask(by: Person, filters: Mapping[str, str], reason: str) -> RegisterPrint:
    """Have the register printed as these filters show it.

    That it leaves, and what for, is written into the audit trail. Raises Refused without a reason that says something.
    """
    reason = exports.told(reason)
    kept = {name: filters[name] for name in (*register.FILTERS, "sort") if filters.get(name)}
    wanted = RegisterPrint(id=new_key(), by_id=by.id, filters=kept, language=i18n.current(), asked_at=clock.now())
    session.add(wanted)
    session.flush()
    audit.note(by, "register.printed", wanted, new={"reason": reason, "filters": kept})
    jobs.later(print_register, print_id=str(wanted.id))
    return wanted


def given_up(wanted: RegisterPrint) -> bool:
    """Whether printing failed for good."""
    mine = Job.arguments["print_id"].as_string() == str(wanted.id)
    tries = session.scalars(select(Job.given_up_at).where(Job.task == print_register.__name__, mine)).all()
    return wanted.file_id is None and bool(tries) and all(tries)


@jobs.task
def print_register(print_id: str) -> None:
    """Lay the register out and keep it, unless it is there already."""
    key = uuid.UUID(print_id)
    wanted = session.scalar(select(RegisterPrint).where(RegisterPrint.id == key).options(joinedload(RegisterPrint.by)))
    if wanted is None or wanted.file_id:
        session.rollback()
        return
    with i18n.speaking(wanted.language):
        rows, name = list(_rows(wanted)), _name(wanted)
        sheet = _sheet(wanted, rows)
        session.rollback()  # nothing is held while pages are laid out
        content = paper.pdf(sheet, key.hex)
    with transaction():
        kept = session.scalars(select(RegisterPrint).where(RegisterPrint.id == key).with_for_update()).one()
        if kept.file_id is None:
            kept.file = files.keep_bytes(content, name=name, media_type="application/pdf", by=kept.by_id)
            kept.rows = len(rows)


def _sheet(wanted: RegisterPrint, rows: list[Row]) -> Sheet:
    counted = Counter(row.state for row in rows)
    counts = [(_("Certificates"), len(rows)), *((states.named(state), counted[state]) for state in State)]
    return Sheet(
        title=f"{_('Certificate register')}, {current_app.config['PRODUCT_NAME']}",
        language=i18n.current(),
        made=wanted.asked_at,
        said=_("As of %(moment)s, printed by %(name)s.", moment=i18n.moment(clock.now()), name=wanted.by.name),
        facts=[list(_asked(wanted)), [(label, i18n.number(count)) for label, count in counts]],
        columns=[
            Column(_("Number"), 25),
            Column(_("Printed name"), 58),
            Column(f"{_('Programme')}, {_('Cohort')}", 72),
            Column(_("Hours"), 14, right=True),
            Column(_("Completed on"), 25),
            Column(_("Issued on"), 25),
            Column(_("State"), 50),
        ],
        rows=map(_cells, rows),
    )


def _cells(row: Row) -> list[Cell]:
    return [
        Cell(row.number),
        Cell(row.name, row.latin_name, "en"),
        Cell(row.achieved, row.given_in),
        Cell(i18n.number(row.hours)),
        Cell(i18n.day(row.completed_on)),
        Cell(i18n.day(row.issued_on)),
        Cell(states.named(row.state), row.more),
    ]


def _rows(wanted: RegisterPrint) -> Iterator[Row]:
    """Certificate after certificate; of each only what is printed is kept in memory."""
    found = register.asked(wanted.by, wanted.filters, wanted.filters.get("sort", "number"))
    language, grounds = i18n.current(), states.grounds()
    for each in session.scalars(found.execution_options(yield_per=AT_ONCE)):
        facts, revoked, newer = Facts.from_json(each.facts), each.revocation, each.replacement
        more = i18n.day(each.expires_on)
        if revoked:
            more = f"{i18n.day(revoked.revoked_at)} {grounds[revoked.ground]}"
        elif newer:
            more = certificates.number(newer)
        yield Row(
            number=certificates.number(each),
            name=facts.name,
            latin_name=facts.latin_name if facts.latin_name != facts.name else "",
            achieved=facts.achieved[language],
            given_in=f"{facts.programme[language]}, {facts.cohort[language]}"
            if facts.course
            else facts.cohort[language],
            hours=facts.hours,
            completed_on=facts.completed_on,
            issued_on=facts.issued_on,
            state=states.of(each),
            more=more,
        )


def _asked(wanted: RegisterPrint) -> Iterator[tuple[str, str]]:
    """The filters in words, as they stand above the table."""
    said = wanted.filters
    if said.get("year"):
        yield _("Year"), said["year"]
    if said.get("state") in set(State):
        yield _("State"), states.named(State(said["state"]))
    if said.get("kind") in register.KIND_NAMES:
        yield _("Certificate for"), str(register.KIND_NAMES[said["kind"]])
    if said.get("cohort") and (cohort := session.get(Cohort, uuid.UUID(said["cohort"]))):
        yield _("Cohort"), i18n.best(cohort.title)
    if said.get("q"):
        yield _("Name, number or code"), said["q"]


def _name(wanted: RegisterPrint) -> str:
    day = wanted.asked_at.astimezone(clock.SEOUL).date().isoformat()
    return f"{_('Certificate register')} {day}.pdf"
