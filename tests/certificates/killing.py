"""A worker that is killed again and again while it issues a batch: `python -m tests.certificates.killing FOLDER`.

A process of its own, because it has a database of its own and forks: each worker is a child, killed at a random moment
after it began, until enough were killed; the last one may finish. Prints what is there then, as JSON.
"""

import json
import os
import select as waiting
import signal
import sys
from collections import Counter
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import select, update

from certificates import batches, eligibility
from certificates.issue_models import BatchState, IssueBatch, IssueItem
from certificates.models import Certificate, SerialCounter
from certificates.names import PrintedName
from lms.app import create_app
from lms.config import Settings
from lms.kit import clock, db, jobs
from lms.kit.db import session
from lms.kit.jobs import Job
from lms.kit.mail import Letter
from lms.pipeline.models import StageEvent
from tests import make
from tests.certificates.making import completed, one_is_enough

PEOPLE = 60
KILLS = 20
LONGEST = 0.7  # seconds that a worker lives


def application(folder: Path) -> Flask:
    return create_app(
        Settings(
            data_dir=folder, database_url=f"sqlite:///{folder / 'killed.sqlite3'}", secret_key="k" * 40, demo=True,
            public_url="http://localhost",
        )
    )  # fmt: skip


def ask() -> None:
    """A batch that was approved, and nothing done yet."""
    db.Base.metadata.create_all(db.engine())
    with db.transaction():
        cohort = make.cohort()
        one_is_enough(cohort, needs_second_person=True)
        people = [completed(cohort) for _number in range(PEOPLE)]
        batch = batches.request(cohort, people, make.lead(cohort))
        batches.approve(batch, make.lead(cohort))


def work() -> None:
    """What a worker does when the time of every job has come; printing has tests of its own."""
    with db.transaction():
        session.execute(update(Job).where(Job.done_at.is_(None)).values(due_at=clock.now()))
        session.execute(update(Job).where(Job.task == "render_certificate").values(done_at=clock.now()))
    for _round in range(2 * PEOPLE):
        for key in jobs.due():
            jobs.perform(key)


def left() -> int:
    return len(session.scalars(select(IssueItem.id).where(IssueItem.ended_at.is_(None))).all())


def child(app: Flask, deed: object) -> tuple[int, int]:
    """A process that does `deed`; (its number, the end of a pipe that says when it began)."""
    reading, writing = os.pipe()
    if pid := os.fork():
        os.close(writing)
        return pid, reading
    try:
        with app.app_context():
            os.write(writing, b".")
            deed()
    finally:
        os._exit(0)


def to_its_end(app: Flask, deed: object) -> None:
    pid, pipe = child(app, deed)
    os.read(pipe, 1)
    os.close(pipe)
    os.waitpid(pid, 0)


def killed(app: Flask, chance: Random) -> None:
    pid, pipe = child(app, work)
    os.read(pipe, 1)
    waiting.select([], [], [], chance.uniform(0.01, LONGEST))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(pipe)


def report(folder: Path, unfinished: list[int]) -> dict[str, object]:
    """What is there, in plain numbers."""
    rows = session.scalars(select(Certificate).order_by(Certificate.serial)).all()
    batch = session.scalars(select(IssueBatch)).one()
    people = {row.person.email for row in rows}
    letters = Counter(session.scalars(select(Letter.to_address)))
    return {
        "unfinished": unfinished,
        "done": batch.state is BatchState.DONE,
        "serials": [row.serial for row in rows],
        "completions": len({row.completion_id for row in rows}),
        "counter": session.scalar(select(SerialCounter.last)),
        "letters": [letters[each] for each in people],
        "end": letters[batch.requested_by.email],
        "moves": Counter(str(each) for each in session.scalars(select(StageEvent.stage))),
        "sent": len(session.scalars(select(Letter.id).where(Letter.sent_at.is_not(None))).all()),
        "files": len(list((folder / "mail").glob("*"))),
    }


def main(folder: Path) -> None:
    app, chance, unfinished = application(folder), Random(7), []
    eligibility.unprintable(PrintedName("가", "A", approved=True))  # the typefaces are read once, for every child
    to_its_end(app, ask)
    while len(unfinished) < KILLS:
        killed(app, chance)
        with app.app_context():
            unfinished.append(left())
            session.remove()
            db.engine().dispose()
        if not unfinished[-1]:
            break
    to_its_end(app, work)
    with app.app_context():
        sys.stdout.write(json.dumps(report(folder, unfinished)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
