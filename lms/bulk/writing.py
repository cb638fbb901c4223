"""A plan as rows: what `accounts`, `applications`, `admissions` and `traineeships.advance` write one at a time, all at once.

Letters are not written: what a file tells is past, and people were told then. Who is admitted to a cohort that is not over
is announced as always, so that courses follow. A test brings the same people through the rules one by one and compares.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, update

from lms.bulk.models import BroughtIn
from lms.bulk.places import held
from lms.bulk.plans import NewCohort, Plan, Way
from lms.bulk.walking import Step
from lms.kit import clock, jobs
from lms.kit.db import Base, new_key, session
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person, Role, RoleGrant
from lms.pipeline import cohorts, receipts
from lms.pipeline.models import Application, Cohort, CohortState, ReceiptCounter, Stage, StageEvent, Traineeship

AT_ONCE = 1000  # rows in one statement
Rows = list[dict[str, Any]]


def write(plan: Plan, by: Person, upload_id: UUID) -> None:
    """Write everything that the plan says, in this transaction, and from which row of which table each move came.

    The plan must have no errors.
    """
    now = clock.now()
    _people(plan, by, now)
    made = _cohorts(plan, by)
    _applications(plan.ways, now)
    _traineeships(plan.ways)
    _events(plan.ways, by, now, upload_id)
    _announce(plan.ways, made)
    session.flush()
    session.expire_all()


def _people(plan: Plan, by: Person, now: datetime) -> None:
    new = plan.people.values()
    _insert(
        Person,
        [
            {
                "id": each.id,
                "email": each.email,
                "name": each.name,
                "latin_name": each.latin_name,
                "language": each.language,
                "known_since": now,
            }
            for each in new
        ],
    )
    trainees = [*(each.id for each in new), *plan.grants]
    _insert(
        RoleGrant,
        [
            {"id": new_key(), "person_id": key, "role": Role.TRAINEE, "granted_by_id": by.id, "granted_at": now}
            for key in trainees
        ],
    )
    for each in plan.renamings:
        person = session.get_one(Person, each.person.id)
        old = {"name": person.name, "latin_name": person.latin_name}
        person.name, person.latin_name = each.name, each.latin_name
        audit.note(by, "person.renamed", person, old=old, new={"name": each.name, "latin_name": each.latin_name})


def _cohorts(plan: Plan, by: Person) -> dict[UUID, Cohort]:
    seats = held(plan.ways)
    return {each.id: cohorts.create(_cohort(each, seats.get(each.id, 0)), by) for each in plan.cohorts}


def _cohort(new: NewCohort, needed: int) -> Cohort:
    """Applications were open from the first one to the day before the cohort began."""
    opens = clock.day_start(new.first_day)
    closes = max(clock.day_start(new.starts_on), opens + timedelta(days=1))
    return Cohort(
        id=new.id,
        programme_id=new.programme_id,
        title=Words(ko=new.title, en=new.title_en or new.title),
        summary=Words(),
        track=new.track,
        seats=new.seats or max(1, needed),
        opens_at=opens,
        closes_at=closes,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
    )


def _applications(ways: Sequence[Way], now: datetime) -> None:
    """Applications that came in, with receipts from this year's count; those that were moved keep theirs."""
    sent = [way for way in ways if way.steps[0].stage is Stage.APPLIED]
    numbers = _receipts(len(sent))
    new, drafts = [], []
    for way in sent:
        row = {**_sent(way, now), "receipt": next(numbers)}
        if way.place.application_id is None:
            way.place.application_id = row["id"] = new_key()
            new.append(row)
        else:
            drafts.append({**row, "id": way.place.application_id})
    _insert(Application, new)
    _update(Application, drafts)
    _update(
        Application,
        [
            {
                "id": way.place.application_id,
                "stage": way.place.standing.application,
                "waiting_since": _waiting_since(way.steps),
            }
            for way in ways
            if way.steps[0].stage is not Stage.APPLIED and any(step.before in _ON_APPLICATION for step in way.steps)
        ],
    )


_ON_APPLICATION = frozenset({Stage.APPLIED, Stage.WAITING, Stage.DECLINED})


def _sent(way: Way, now: datetime) -> dict[str, Any]:
    applied_at = way.steps[0].happened_at
    return {
        "cohort_id": way.cohort_id,
        "person_id": way.person_id,
        "stage": way.place.standing.application,
        "name": way.name,
        "latin_name": way.latin_name,
        "background": way.background,
        "motivation": way.motivation,
        "begun_at": applied_at,
        "saved_at": now,
        "sent_at": applied_at,
        "waiting_since": _waiting_since(way.steps),
    }


def _waiting_since(steps: Sequence[Step]) -> datetime | None:
    """Since when they wait, if that is how it ended on the application."""
    on_application = [step for step in steps if step.before is None or step.before in _ON_APPLICATION]
    last = on_application[-1] if on_application else None
    return last.happened_at if last and last.stage is Stage.WAITING else None


def _receipts(count: int) -> Iterator[str]:
    """So many receipt numbers in a row: the first through the rule, the others by adding to its count."""
    if not count:
        return iter(())
    first = receipts.next_number()
    stem, _dash, number = first.rpartition("-")
    if count > 1:
        year = int(first[:4])
        more = update(ReceiptCounter).where(ReceiptCounter.year == year).values(last=ReceiptCounter.last + count - 1)
        session.execute(more.execution_options(synchronize_session=False))
    return iter([f"{stem}-{int(number) + place:06}" for place in range(count)])


def _traineeships(ways: Sequence[Way]) -> None:
    new, moved = [], []
    for way in ways:
        admitted = next((step for step in way.steps if step.stage is Stage.ADMITTED), None)
        certified_at = _certified_at(way)
        if admitted and way.place.traineeship_id is None:
            way.place.traineeship_id = new_key()
            new.append(
                {
                    "id": way.place.traineeship_id,
                    "cohort_id": way.cohort_id,
                    "person_id": way.person_id,
                    "application_id": way.place.application_id,
                    "stage": way.place.standing.traineeship,
                    "certified_at": certified_at,
                    "admitted_at": admitted.happened_at,
                    "progress": 0,
                }
            )
        elif way.place.traineeship_id:
            row: dict[str, Any] = {"id": way.place.traineeship_id, "stage": way.place.standing.traineeship}
            if any(step.stage in (Stage.CERTIFIED, Stage.COMPLETED) for step in way.steps):
                row["certified_at"] = certified_at
            moved.append(row)
    _insert(Traineeship, new)
    with_day = [row for row in moved if "certified_at" in row]
    _update(Traineeship, with_day)
    _update(Traineeship, [row for row in moved if "certified_at" not in row])


def _certified_at(way: Way) -> datetime | None:
    """When the certificate that holds was given, as far as these steps tell."""
    held_at: datetime | None = None
    for step in way.steps:
        if step.stage is Stage.CERTIFIED:
            held_at = step.happened_at
        elif step.stage is Stage.COMPLETED:
            held_at = None
    return held_at


def _events(ways: Sequence[Way], by: Person, now: datetime, upload_id: UUID) -> None:
    steps = [(key, way, step) for way in ways for key, step in zip(_in_order(len(way.steps)), way.steps, strict=True)]
    _insert(
        StageEvent,
        [
            {
                "id": key,
                "cohort_id": way.cohort_id,
                "person_id": way.person_id,
                "stage": step.stage,
                "before": step.before,
                "happened_at": step.happened_at,
                "recorded_at": now,
                "by_id": by.id,
                "reason": step.move.reason,
                "note": step.move.note,
            }
            for key, way, step in steps
        ],
    )
    _insert(BroughtIn, [{"move_id": key, "upload_id": upload_id, "line": step.move.row} for key, _way, step in steps])


def _in_order(count: int) -> list[UUID]:
    """Keys that sort as the steps do: the moves of a person follow each other as they were recorded, then by key."""
    return sorted(new_key() for _step in range(count))


def _announce(ways: Sequence[Way], made: dict[UUID, Cohort]) -> None:
    """Tell the rooms above who was admitted, unless the cohort is over."""
    today = clock.today()
    for way in ways:
        if way.cohort_id in made or way.place.standing.traineeship is Stage.LEFT:
            continue
        cohort = session.get_one(Cohort, way.cohort_id)
        if cohort.state_on(today) is CohortState.FINISHED:
            continue
        if any(step.stage is Stage.ADMITTED for step in way.steps):
            jobs.announce("admitted", traineeship_id=str(way.place.traineeship_id))


def _insert(table: type[Base], rows: Rows) -> None:
    for some in _portions(rows):
        session.execute(insert(_table(table)), some)


def _update(table: type[Base], rows: Rows) -> None:
    """Rows of equal columns, found by their key."""
    if not rows:
        return
    of = _table(table)
    changed = {name: bindparam(f"new_{name}", type_=of.c[name].type) for name in rows[0] if name != "id"}
    statement = update(of).where(of.c.id == bindparam("key", type_=of.c.id.type)).values(changed)
    given = [{"key" if name == "id" else f"new_{name}": value for name, value in row.items()} for row in rows]
    for some in _portions(given):
        session.connection().execute(statement, some)


def _table(mapped: type[Base]) -> Table:
    """The table itself: past the machinery for objects, which sends rows with an empty column one by one."""
    return cast(Table, mapped.__table__)


def _portions(rows: Rows) -> Iterator[Rows]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
