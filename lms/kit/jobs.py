"""Later work: a row written in the transaction that asked for it, performed after the commit.

The row is the truth. After a commit its key is sent to a Dramatiq actor (in this process, or over Redis to `lms worker`);
what a crash lost is found by the sweep and sent again. So every job may run twice and must have the effect of once.
"""

import logging
import os
import threading
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import dramatiq
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.utils import import_string

from lms.kit import clock
from lms.kit.db import Base, Keyed, new_key, session, transaction

log = logging.getLogger("lms.jobs")
ATTEMPTS = 8
RETRY_AFTER = timedelta(seconds=20)
NIGHT = timedelta(hours=3)  # after midnight in Seoul
NIGHTS = uuid.UUID("6f0c3a52-8c1e-5d0e-9f53-2a7a3c0d91b4")

Task = Callable[..., None]
_tasks: dict[str, Task] = {}
_readers: dict[str, list[Task]] = {}
_nightly: list[str] = []


class Hopeless(RuntimeError):
    """Doing it again would change nothing: the job is given up at once, with this sentence."""


class Job(Keyed, Base):
    """One piece of later work; done, or given up with its last error after 8 attempts."""

    __tablename__ = "job"

    task: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    given_up_at: Mapped[datetime | None]
    error: Mapped[str | None]


def task(function: Task) -> Task:
    """Register a function as later work under its own name. It opens its own transactions (`db.transaction`)."""
    if _tasks.setdefault(function.__name__, function) is not function:
        raise ValueError(f"Two tasks are called {function.__name__}.")
    return function


def nightly(function: Task) -> Task:
    """Register a function without arguments as work of every night, at three o'clock in Seoul."""
    _nightly.append(task(function).__name__)
    return function


def plan_the_night() -> date:
    """Write down what is to be done tonight, once however many processes ask; returns tonight's date."""
    night = clock.today() if clock.now() < clock.day_start(clock.today()) + NIGHT else clock.today() + timedelta(days=1)
    for name in _nightly:
        key = uuid.uuid5(NIGHTS, f"{name} {night}")
        try:
            with transaction():
                if session.get(Job, key) is None:
                    session.add(Job(id=key, task=name, arguments={}, due_at=clock.day_start(night) + NIGHT))
        except IntegrityError:
            log.debug("Another process planned %s for %s.", name, night)
    return night


def later(function: Task, *, due_at: datetime | None = None, **arguments: str) -> Job:
    """Ask for `function(**arguments)` after this transaction commits (or at `due_at`). Arguments are text: keys, not rows."""
    if function.__name__ not in _tasks:
        raise ValueError(f"{function.__name__} is not a task.")
    job = Job(id=new_key(), task=function.__name__, arguments=arguments, due_at=due_at or clock.now())
    session.add(job)
    session().info.setdefault("asked", []).append(job.id)
    return job


def on(news: str) -> Callable[[Task], Task]:
    """Register a function as later work for each `announce(news, …)`."""

    def register(function: Task) -> Task:
        _readers.setdefault(news, []).append(task(function))
        return function

    return register


def announce(news: str, **arguments: str) -> None:
    """Say that something happened. Higher rooms read it as jobs of their own; a lower room need not know them."""
    for reader in _readers.get(news, ()):
        later(reader, due_at=None, **arguments)


def committed() -> None:
    """Send what this thread's transaction asked for; called once after a commit."""
    for key in session().info.pop("asked", []):
        send(key)


def rolled_back() -> None:
    """Forget what this thread's transaction asked for."""
    session().info.pop("asked", None)


_send: Callable[[uuid.UUID], object] = lambda key: None  # noqa: E731  (replaced by `send_by`)


def send_by(way: Callable[[uuid.UUID], object]) -> None:
    """From now on this process hands keys over by `way`."""
    global _send
    _send = way


def ring(bell: int) -> None:
    """Hand keys to another process of this host, through the writing end of a pipe (a full one loses nothing: see `send`)."""
    os.set_blocking(bell, False)
    send_by(lambda key: os.write(bell, key.bytes))


def send(key: uuid.UUID) -> None:
    """Hand the key to the broker. A broker that is away loses nothing: the sweep sends again."""
    try:
        _send(key)
    except Exception:
        log.warning("The broker did not take job %s; the sweep will send it again.", key)


def perform(key: uuid.UUID) -> None:
    """Do one job now, if it is still to be done; note the outcome in its row."""
    with transaction():
        job = session.scalar(select(Job).where(Job.id == key).with_for_update())
        if job is None or job.done_at or job.given_up_at or job.due_at > clock.now():
            return
        job.attempts += 1
        job.due_at = clock.now() + RETRY_AFTER * 2**job.attempts  # nobody else takes it until then
        name, arguments, attempts = job.task, job.arguments, job.attempts
    try:
        _tasks[name](**arguments)
    except Exception as error:
        session.rollback()
        log.exception("Job %s (%s) failed, attempt %s.", key, name, attempts)
        _note(
            key,
            error=f"{type(error).__name__}: {error}"[:2000],
            given_up=attempts >= ATTEMPTS or isinstance(error, Hopeless),
        )
    else:
        session.rollback()
        _note(key)


def _note(key: uuid.UUID, *, error: str | None = None, given_up: bool = False) -> None:
    with transaction():
        job = session.get_one(Job, key)
        job.error = error
        if error is None:
            job.done_at = clock.now()
        elif given_up:
            job.given_up_at = clock.now()
    committed()


def due(limit: int = 200) -> list[uuid.UUID]:
    """The keys of jobs whose time has come, oldest first."""
    waiting = select(Job.id).where(Job.done_at.is_(None), Job.given_up_at.is_(None), Job.due_at <= clock.now())
    keys = list(session.scalars(waiting.order_by(Job.due_at).limit(limit)))
    session.rollback()
    return keys


def perform_all(limit: int = 10_000) -> int:
    """Do everything that is due, here and now (tests, demo data, `lms worker --once`); returns how many."""
    count = 0
    while count < limit and (keys := due()):
        for key in keys:
            perform(key)
            count += 1
    return count


class Runner:
    """The broker, the worker threads and the sweep of one process."""

    def __init__(self, context: Callable[[], Any], *, redis_url: str = "", threads: int = 1, work: bool = True) -> None:
        self.broker = _broker(redis_url)
        self.context = context
        self.stopping = threading.Event()

        def run(key: str) -> None:
            with self.context():
                try:
                    perform(uuid.UUID(key))
                finally:
                    session.remove()

        actor = dramatiq.actor(actor_name="perform", broker=self.broker, max_retries=0)(run)
        send_by(lambda key: actor.send(str(key)))
        self.worker = dramatiq.Worker(self.broker, worker_threads=threads) if work else None
        self.sweeper = threading.Thread(target=self._sweep, name="sweep", daemon=True) if work else None

    def start(self) -> None:
        if self.worker and self.sweeper:
            self.worker.start()
            self.sweeper.start()

    def listen(self, bell: int) -> None:
        """Perform what other processes hand over, until all of them have closed the pipe; `bell` is its reading end."""
        while len(key := os.read(bell, 16)) == 16:
            send(uuid.UUID(bytes=key))

    def stop(self) -> None:
        self.stopping.set()
        if self.worker:
            self.worker.stop()

    def _sweep(self) -> None:
        planned: date | None = None
        while not self.stopping.wait(5):
            try:
                with self.context():
                    if planned is None or clock.now() >= clock.day_start(planned) + NIGHT:
                        planned = plan_the_night()
                    for key in due():
                        send(key)
            except Exception:
                log.exception("The sweep failed; it goes on in five seconds.")
            finally:
                session.remove()


def _broker(redis_url: str) -> dramatiq.Broker:
    broker: dramatiq.Broker
    if redis_url:
        broker = import_string("dramatiq.brokers.redis:RedisBroker")(url=redis_url)  # comes with the extra "redis"
    else:
        broker = StubBroker()
    broker.emit_after("process_boot")
    return broker
