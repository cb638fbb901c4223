"""The register printed as a PDF: asked for on its page, laid out by a job, kept as a file for whoever asked."""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from werkzeug.utils import import_string

from certificates import certificates, register, states
from certificates.facts import Facts
from certificates.models import Certificate, RegisterPrint
from certificates.states import State
from lms.kit import clock, files, i18n, jobs
from lms.kit.db import new_key, session, transaction
from lms.kit.jobs import Job
from lms.people import audit
from lms.people.models import Person
from lms.pipeline.models import Cohort

TEMPLATE = "certificates/register_print.html"
PRINTER = "certificates.paper:pdf"


@dataclass(frozen=True)
class Row:
    """One certificate as it stands in the register, in the reader's language."""

    number: str
    name: str
    latin_name: str
    programme: str
    cohort: str
    hours: int
    completed_on: date
    issued_on: date
    state: State
    more: str


def of(person: Person) -> Select[RegisterPrint]:
    """The prints that the person asked for."""
    return select(RegisterPrint).where(RegisterPrint.by_id == person.id).options(joinedload(RegisterPrint.file))


def ask(by: Person, filters: Mapping[str, str]) -> RegisterPrint:
    """Have the register printed as these filters show it. That it leaves is written into the audit trail."""
    kept = {name: filters[name] for name in (*register.FILTERS, "sort") if filters.get(name)}
    wanted = RegisterPrint(id=new_key(), by_id=by.id, filters=kept, language=i18n.current(), asked_at=clock.now())
    session.add(wanted)
    session.flush()
    audit.note(by, "register.printed", wanted, new={"filters": kept})
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
        html, count, name = _page(wanted), len(_found(wanted)), _name(wanted)
        session.rollback()  # nothing is held while pages are laid out
        # Only here: printing needs Pango, and pages are to be served on a machine without it.
        content: bytes = import_string(PRINTER)(html)
    with transaction():
        kept = session.scalars(select(RegisterPrint).where(RegisterPrint.id == key).with_for_update()).one()
        if kept.file_id is None:
            kept.file = files.keep_bytes(content, name=name, media_type="application/pdf", by=kept.by_id)
            kept.rows = count


def _found(wanted: RegisterPrint) -> list[Certificate]:
    query = register.asked(wanted.by, wanted.filters, wanted.filters.get("sort", "number"))
    return list(session.scalars(query).all())


def _page(wanted: RegisterPrint) -> str:
    rows = list(_rows(_found(wanted)))
    counted = Counter(row.state for row in rows)
    html: str = current_app.jinja_env.get_template(TEMPLATE).render(
        language=i18n.current(),
        title=_("Certificate register"),
        product=current_app.config["PRODUCT_NAME"],
        asked=list(_asked(wanted)),
        counts=[(_("Certificates"), len(rows)), *((states.named(state), counted[state]) for state in State)],
        rows=[(row, states.named(row.state)) for row in rows],
        printed=clock.now(),
        by=wanted.by.name,
    )
    return html


def _rows(found: Iterable[Certificate]) -> Iterator[Row]:
    language, grounds = i18n.current(), states.grounds()
    for each in found:
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
            programme=facts.programme[language],
            cohort=facts.cohort[language],
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
    if said.get("cohort") and (cohort := session.get(Cohort, uuid.UUID(said["cohort"]))):
        yield _("Cohort"), i18n.best(cohort.title)
    if said.get("q"):
        yield _("Name, number or code"), said["q"]


def _name(wanted: RegisterPrint) -> str:
    day = wanted.asked_at.astimezone(clock.SEOUL).date().isoformat()
    return f"{_('Certificate register')} {day}.pdf"
