"""A real database for every test: SQLite, or PostgreSQL where ``LMS_TEST_POSTGRES`` names a server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Table, create_engine, event, select, text

from lms.app import create_app
from lms.config import Settings
from lms.kit import db
from tests.page import Browser

POSTGRES = os.environ.get("LMS_TEST_POSTGRES", "")
SECRET = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Settings:
    folder = tmp_path_factory.mktemp("data")
    url = f"sqlite:///{folder / 'test.sqlite3'}"
    if POSTGRES:
        name = f"lms_{worker_id}_{os.getpid()}"
        server = create_engine(f"{POSTGRES}/postgres", isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        server.dispose()
        url = f"{POSTGRES}/{name}"
    return Settings(
        data_dir=folder, database_url=url, secret_key=SECRET, public_url="http://localhost", demo=True, throttle=True
    )


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def the_app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    app.config["THROTTLE"] = False  # tests of throttling switch it on
    engine = db.engine()
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
        engine.dispose()
    db.Base.metadata.create_all(engine)
    yield app
    db.session.remove()
    engine.dispose()


@pytest.fixture(autouse=True)
def app(the_app: Flask) -> Iterator[Flask]:
    """The application, with an empty database, inside its context."""
    with the_app.app_context():
        db.mean_to_write(True)
        yield the_app
        db.session.rollback()
        db.session.remove()
        db.mean_to_write(True)
        with db.transaction():
            for table in reversed(db.Base.metadata.sorted_tables):
                clear(table)
        db.session.remove()


def clear(table: Table) -> None:
    """Delete all rows. Where one names another of the same table, the last ones go first."""
    for column in (each for each in table.columns if each.references(table.c.get("id", each))):
        latest = table.delete().where(column.is_not(None), table.c.id.not_in(select(column).where(column.is_not(None))))
        while db.session.execute(latest).rowcount:
            continue
    db.session.execute(table.delete())


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser without script that inspects every page it opens."""
    return Browser(app)


@pytest.fixture
def queries(app: Flask):
    """Counts the statements sent inside ``with queries() as seen: …`` (``len(seen)``)."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:
            seen.append(statement)

        event.listen(db.engine(), "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine(), "before_cursor_execute", note)

    return count


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real courses and records, beside the project; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("LMS_SHARED", Path(__file__).parents[2] / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real data is not here")
    return folder
