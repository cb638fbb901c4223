"""How fast the pipeline's numbers answer as the ledger grows, on a generated history of ten moves a person.

    .venv/bin/python benchmarks/pipeline.py [--people 1000 10000 100000] [--opens 15] [--database URL]

Each size gets an empty database of its own: SQLite in a temporary folder, or PostgreSQL on the server that --database names (as
`script/with-postgres` does by LMS_TEST_POSTGRES). Ten years of cohorts, a third of the last one still running; three moves in a
hundred are recorded late. Pages are asked for inside the process, without the network. Prints figures; the last line is JSON.
"""

import sys

sys.path.pop(0)  # this folder has a file that is called like one of Python's own

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, func, insert, select, text

from lms.app import create_app
from lms.config import Settings
from lms.kit import clock, db, jobs
from lms.kit.words import Words
from lms.people.models import Device, Person, Role, RoleGrant
from lms.pipeline import traineeships
from lms.pipeline.models import Application, Cohort, LeavingReason, Programme, Stage, StageEvent, Traineeship
from lms.reporting import counting, recount, targets

YEARS = 10
COHORT = {1_000: 40, 10_000: 100, 100_000: 250}  # people in a cohort
LIMITS = {1_000: 30, 10_000: 50, 100_000: 150}  # milliseconds for the board
WAYS = (  # how many of a hundred go which way, with the days between their moves
    (46, ((Stage.APPLIED, 0), (Stage.ADMITTED, 20), (Stage.TRAINING, 10), (Stage.COMPLETED, 70), (Stage.CERTIFIED, 6))),
    (
        20,
        (
            (Stage.APPLIED, 0),
            (Stage.ADMITTED, 20),
            (Stage.TRAINING, 10),
            (Stage.COMPLETED, 70),
            (Stage.CERTIFIED, 6),
            (Stage.PLACED, 60),
        ),
    ),
    (12, ((Stage.APPLIED, 0), (Stage.ADMITTED, 20), (Stage.TRAINING, 10), (Stage.LEFT, 30))),
    (6, ((Stage.APPLIED, 0), (Stage.WAITING, 20), (Stage.ADMITTED, 5), (Stage.TRAINING, 5), (Stage.COMPLETED, 70))),
    (12, ((Stage.APPLIED, 0), (Stage.WAITING, 20), (Stage.DECLINED, 9))),
    (
        2,
        (
            (Stage.APPLIED, 0),
            (Stage.ADMITTED, 20),
            (Stage.TRAINING, 10),
            (Stage.COMPLETED, 70),
            (Stage.CERTIFIED, 6),
            (Stage.COMPLETED, 40),
        ),
    ),
    (2, ((Stage.APPLIED, 0), (Stage.WITHDRAWN, 9))),
)
ASKING = {Stage.APPLIED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN}


def main() -> None:
    options = _options()
    figures: dict[str, Any] = {}
    for people in options.people:
        with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
            app, drop = _application(Path(folder), options.database, people)
            with app.app_context():
                db.Base.metadata.create_all(db.engine())
                made = _seconds(lambda people=people: _history(people))
                counted = _seconds(counting.count_moves)
                if db.engine().dialect.name == "postgresql":
                    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                        connection.execute(text("ANALYZE"))
                found = _measure(app, options.opens)
                with db.looking() as reader:
                    begun = time.perf_counter()
                    found["differences"] = len(list(recount.differences(reader)))
                    found["recount_s"] = round(time.perf_counter() - begun, 1)
                found |= {"history_s": round(made, 1), "counting_s": round(counted, 1)}
                db.session.remove()
            db.engine().dispose()
            drop()
        found["limit_ms"] = LIMITS.get(people, 0)
        figures[str(people)] = found
        print(f"\n{people} people")
        for name, value in found.items():
            print(f"  {name:28} {value}")
        sys.stdout.flush()
    print(json.dumps({"database": "postgresql" if options.database else "sqlite", "sizes": figures}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--opens", type=int, default=15, help="times that each page is opened")
    parser.add_argument("--database", default=os.environ.get("LMS_TEST_POSTGRES", ""))
    return parser.parse_args()


def _application(folder: Path, server: str, people: int) -> tuple[Flask, Callable[[], None]]:
    """The product on an empty database, and how to get rid of that."""
    url, name = f"sqlite:///{folder / 'bench.sqlite3'}", f"lms_bench_{people}_{os.getpid()}"

    def on_server(statement: str) -> None:
        outside = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        with outside.connect() as connection:
            connection.execute(text(statement))
        outside.dispose()

    if server:
        on_server(f'CREATE DATABASE "{name}"')
        url = f"{server}/{name}"
    settings = Settings(
        data_dir=folder,
        database_url=url,
        secret_key="only-for-measuring-" * 3,
        public_url="http://localhost",
        demo=True,
    )
    return create_app(settings), lambda: on_server(f'DROP DATABASE "{name}"') if server else None


def _seconds(deed: Callable[[], object]) -> float:
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun


def _history(people: int) -> None:
    """So many people in ten years of cohorts, some in several, ten moves each on average."""
    chance, today = Random(people), clock.today()
    size = COHORT.get(people, 100)
    with db.transaction() as session:
        programme = Programme(slug="programme", title=Words(ko="과정", en="Programme"), summary=Words())
        session.add(programme)
        lead = Person(name="Lead", email="lead@example.org", language="en")
        lead.grants = [RoleGrant(role=Role.ADMIN)]
        session.add(lead)
        session.flush()
        targets.promise(programme, lead, year=today.year, number=people // YEARS, reason="So.", seen=0)
        keys = [db.new_key() for _each in range(people)]
        for some in _portions(keys, 10_000):
            rows = [
                {"id": key, "name": f"Person {key}", "email": f"{key.hex}@example.org", "language": "ko"}
                for key in some
            ]
            session.execute(insert(Person), rows)
        cohorts = _cohorts(programme.id, people * 10 // 5 // size, size, today)
        session.execute(insert(Cohort), cohorts)
    moved = 0
    for cohort in cohorts:
        moved += _fill(cohort, chance.sample(keys, size), chance, today)
    print(f"{people} people, {len(cohorts)} cohorts, {moved} moves", file=sys.stderr)


def _cohorts(programme: UUID, count: int, size: int, today: date) -> list[dict[str, Any]]:
    found = []
    for number in range(count):
        starts = today - timedelta(days=round(YEARS * 365 * (1 - (number + 0.5) / count)) - 20)
        opens = clock.day_start(starts - timedelta(days=45))
        found.append(
            {
                "id": db.new_key(),
                "programme_id": programme,
                "slug": f"cohort-{number}",
                "title": Words(ko=f"기수 {number}", en=f"Cohort {number}"),
                "summary": Words(),
                "seats": size,
                "opens_at": opens,
                "closes_at": opens + timedelta(days=30),
                "starts_on": starts,
                "ends_on": starts + timedelta(days=80),
            }
        )
    return found


def _fill(cohort: dict[str, Any], people: list[UUID], chance: Random, today: date) -> int:
    """Everybody of one cohort on their ways, as far as they have come by now."""
    events: list[dict[str, Any]] = []
    applications, taking_part = [], []
    now, ways = clock.now(), [way for weight, way in WAYS for _each in range(weight)]
    for person in people:
        applied = cohort["opens_at"] + timedelta(days=25 * chance.random())
        moves = list(_moves(chance.choice(ways), applied, cohort, now, chance))
        if not moves:
            continue
        events += [{"id": db.new_key(), "cohort_id": cohort["id"], "person_id": person, **each} for each in moves]
        last = moves[-1]
        at = {each["stage"]: each["happened_at"] for each in moves}
        of = {"id": db.new_key(), "cohort_id": cohort["id"], "person_id": person}
        seated = Stage.ADMITTED in at
        stage = Stage.ADMITTED if seated else last["stage"]
        applications.append({**of, "stage": stage, "sent_at": applied, "receipt": f"R-{of['id'].hex}"})
        if seated:
            certified = at[Stage.CERTIFIED] if last["stage"] in (Stage.CERTIFIED, Stage.PLACED) else None
            row = {"stage": last["stage"], "admitted_at": at[Stage.ADMITTED], "certified_at": certified}
            taking_part.append({**of, "id": db.new_key(), **row})
    with db.transaction() as session:
        for table, rows in ((StageEvent, events), (Application, applications), (Traineeship, taking_part)):
            if rows:
                session.execute(insert(table), rows)
    return len(events)


def _moves(
    way: tuple[tuple[Stage, int], ...], applied: datetime, cohort: dict[str, Any], now: datetime, chance: Random
) -> Iterator[dict[str, Any]]:
    """A way up to today. What is recorded late holds up what follows it."""
    before, happened, recorded = None, applied, applied
    for stage, days in way:
        if stage is Stage.TRAINING:
            happened = max(happened, clock.day_start(cohort["starts_on"]) + timedelta(hours=9))
        elif stage is not Stage.APPLIED:
            happened += timedelta(days=days + chance.random())
        recorded = max(happened, recorded) + timedelta(days=12 if chance.random() < 0.03 else 0, milliseconds=1)
        if recorded > now:
            return
        yield {
            "stage": stage,
            "before": before,
            "happened_at": happened,
            "counts_from": happened,
            "recorded_at": recorded,
            "reason": chance.choice(list(LeavingReason)) if stage in (Stage.LEFT, Stage.WITHDRAWN) else None,
        }
        before = stage


def _portions(keys: list[UUID], size: int) -> Iterator[list[UUID]]:
    yield from (keys[start : start + size] for start in range(0, len(keys), size))


def _measure(app: Flask, opens: int) -> dict[str, Any]:
    client, chance = _signed_in(app), Random(1)
    today = clock.today()
    first = date(today.year, 1, 15)
    days = [first + timedelta(days=chance.randrange((today - first).days)) for _each in range(opens)]
    found: dict[str, Any] = {}
    for _warm in range(2):
        _open(client, "/board"), _open(client, f"/board?on={first}")
    found["board_ms"] = _median(client, ["/board"] * opens)
    found["board_as_of_ms"] = _median(client, [f"/board?on={day}" for day in days])
    found["board_as_known_ms"] = _median(client, [f"/board?on={day}&known={day}" for day in days])
    found["events"], writes, anew = _writing(client, opens)
    found["event_ms"] = round(statistics.median(writes), 2)
    found["board_after_a_move_ms"] = round(statistics.median(anew), 1)
    found["people_ms"] = _median(client, [f"/board/people?year={today.year}"] * 3)
    found["experts_ms"] = _median(client, [f"/board/people?what=people&experts={today.year}"] * 3)
    found["forecast_ms"] = _median(client, [f"/board/forecast?on={day}" for day in days[:3]])
    found["board_queries"] = _queries(client, "/board")
    found["as_of_queries"] = _queries(client, f"/board?on={days[0]}")
    return found


def _signed_in(app: Flask) -> FlaskClient:
    with db.transaction() as session:
        lead = session.scalars(select(Person).where(Person.email == "lead@example.org")).one()
        device = Device(person_id=lead.id, expires_at=clock.now() + timedelta(days=1))
        session.add(device)
        session.flush()
        key = str(device.id)
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = key, True
    return client


def _open(client: FlaskClient, address: str) -> float:
    """Milliseconds until the page is there."""
    apart = Context()  # as in a server: nothing of what we do here is there
    begun = time.perf_counter()
    answer = apart.run(client.get, address)
    passed = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 200, f"{address}: {answer.status}"
    return passed


def _median(client: FlaskClient, addresses: list[str]) -> float:
    return round(statistics.median(_open(client, each) for each in addresses), 1)


def _writing(client: FlaskClient, times: int) -> tuple[int, list[float], list[float]]:
    """Milliseconds to write one move with its commit, and to open the board right after it."""
    writes, opened = [], []
    with db.looking() as reader:
        events = reader.scalar(select(func.count()).select_from(StageEvent)) or 0
        keys = list(reader.scalars(select(Traineeship.id).where(Traineeship.stage == Stage.TRAINING).limit(times + 3)))
    for key in keys:
        begun = time.perf_counter()
        with db.transaction() as session:
            traineeships.advance(session.get_one(Traineeship, key), Stage.COMPLETED, by=None)
        jobs.committed()
        writes.append((time.perf_counter() - begun) * 1000)
        db.session.remove()
        opened.append(_open(client, "/board"))
    return events, writes[3:] or [0.0], opened[3:] or [0.0]


def _queries(client: FlaskClient, address: str) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        _open(client, address)
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
    return len(seen)


if __name__ == "__main__":
    main()
