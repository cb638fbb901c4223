"""Tables and transactions. No web here: every model imports this file.

One session a thread, removed at the end of each request or job. Reading requests begin a plain transaction, writing ones
``BEGIN IMMEDIATE`` on SQLite, because its own habit of upgrading a read lock silently loses updates.
"""

import fcntl
import os
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Executable,
    MetaData,
    Row,
    Text,
    Uuid,
    create_engine,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from lms.kit import clock
from lms.kit.words import Words

PATIENCE = 30  # seconds that a request waits for its turn to write
_writing: ContextVar[bool] = ContextVar("writing", default=True)


class Moment(TypeDecorator[datetime]):
    """A point in time: aware and UTC on both sides, also on SQLite, which forgets zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WordsColumn(TypeDecorator[Words]):
    """`Words` as a JSON object."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Words | None, dialect: Dialect) -> dict[str, str] | None:
        return None if value is None else dict(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Words | None:
        return None if value is None else Words.kept(value)


def stored(kind: type[StrEnum], name: str | None = None) -> Enum:
    """How an enumeration is stored: by value, held by a CHECK. `name`: of the CHECK, where two columns hold the same kind."""
    return Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda kinds: [each.value for each in kinds],
    )


class Base(DeclarativeBase):
    """All tables. Enumerations are stored by value and held by a CHECK."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: Moment,
        uuid.UUID: Uuid,
        str: Text,
        Words: WordsColumn,
        dict[str, Any]: JSON,
        list[str]: JSON,
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=True,
            length=20,
            values_callable=lambda kinds: [kind.value for kind in kinds],
        ),
    }


_last: tuple[int, int] = (0, 0)  # the millisecond and the tail of the newest key of this process
_counting = threading.Lock()


def new_key() -> uuid.UUID:
    """A key that sorts by time of creation (the layout of UUIDv7), so that indexes grow at one end.

    Within a millisecond of one process each key is larger than the one before, so that rows written together keep their order.
    """
    global _last
    milliseconds = int(clock.now().timestamp() * 1000)
    chance = int.from_bytes(os.urandom(10), "big")
    with _counting:
        tail = _last[1] + 1 + (chance & ((1 << 40) - 1)) if _last[0] == milliseconds else chance & ~(0b111 << 61)
        _last = milliseconds, tail
    number = (milliseconds << 80) | (0x7 << 76) | (tail & ((1 << 76) - 1))
    return uuid.UUID(int=(number & ~(0b11 << 62)) | (0b10 << 62))


class Keyed:
    """A row with a key of its own."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_key)


_place: ContextVar[str] = ContextVar("place", default="")

# One session a thread; a test may stand beside the requests that it makes, at a place of its own.
session: scoped_session[Session] = scoped_session(
    sessionmaker(expire_on_commit=False), scopefunc=lambda: (threading.get_ident(), _place.get())
)


def connect(url: str, *, pool_size: int = 16) -> Engine:
    """Make the engine for `url` and bind the session to it."""
    options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 8, "pool_pre_ping": url.startswith("postgresql")}
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        turn = _Turn(Path(f"{engine.url.database}-turn"))
        event.listen(engine, "begin", turn.begin)
        event.listen(engine, "checkin", turn.end)
    session.remove()
    session.configure(bind=engine)
    return engine


def rows(statement: Executable, parameters: Mapping[str, Any]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of a select of columns, in the session's transaction but past its machinery for objects: half the price.

    What the session has not flushed is not seen.
    """
    return session.connection().execute(statement, parameters).all()


def engine() -> Engine:
    """The engine that the session is bound to."""
    bind = session.get_bind()
    assert isinstance(bind, Engine)
    return bind


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "cache_size=-32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class _Turn:
    """Whose turn it is to write to SQLite, from the beginning of a transaction until after its commit.

    SQLite lets one write at a time and the others ask again after ever longer sleeps, so that under a crowd somebody is
    always the unlucky one until their patience ends ("database is locked"). Here the threads of a process wait in line
    and are woken; the first of each process asks for a locked file beside the database again every millisecond.

    Commits move the write-ahead log into the database now and then, and before SQLite 3.51.3 two of these and a commit in
    the same moment could damage it (https://sqlite.org/wal.html#walresetbug). In turns they never meet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()
        self.process = 0
        self.file = -1

    def begin(self, connection: Connection) -> None:
        if not _writing.get():
            connection.exec_driver_sql("BEGIN")
            return
        until = time.monotonic() + PATIENCE
        if not self.lock.acquire(timeout=PATIENCE):
            raise TimeoutError(f"Nobody could write for {PATIENCE} seconds.")
        try:
            self._among_processes(until)
        except BaseException:
            self.lock.release()
            raise
        connection.info["turn"] = self
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def end(self, _connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        """The transaction is over when its connection goes back to the pool."""
        if record.info.pop("turn", None):
            fcntl.flock(self.file, fcntl.LOCK_UN)
            self.lock.release()

    def _among_processes(self, until: float) -> None:
        if self.process != os.getpid():  # a forked child opens its own: one that is shared is locked by all at once
            self.file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self.process = os.getpid()
        while True:
            try:
                return fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError(f"Another process wrote for {PATIENCE} seconds.") from None
                time.sleep(0.001)


def mean_to_write(writing: bool) -> None:
    """Say what the transactions begun from here on in this context are for."""
    _writing.set(writing)


@contextmanager
def elsewhere(place: str) -> Iterator[None]:
    """Use another session of this thread (tests: the test's own rows and a request's stay apart)."""
    token = _place.set(place)
    try:
        yield
    finally:
        session.remove()
        _place.reset(token)


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work outside a request (jobs, commands): commits at the end, rolls back on any error."""
    token = _writing.set(True)
    try:
        yield session()
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)


@contextmanager
def looking() -> Iterator[Session]:
    """A short look in a session of its own that takes no write lock, e.g. before hashing a password."""
    token = _writing.set(False)
    try:
        with Session(bind=engine(), expire_on_commit=False) as apart:
            yield apart
    finally:
        _writing.reset(token)
