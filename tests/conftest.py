"""A real database for every test: SQLite, or PostgreSQL where ``LMS_TEST_POSTGRES`` names a server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, text

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
        empty()


def empty() -> None:
    """Delete all rows of all tables in one go; keys need not be looked at where nothing stays."""
    deletes = "".join(f'DELETE FROM "{name}";' for name in db.Base.metadata.tables)
    with db.engine().connect() as connection:
        driver: Any = connection.connection.driver_connection
        if connection.dialect.name == "sqlite":
            driver.executescript(f"PRAGMA foreign_keys=OFF;BEGIN IMMEDIATE;{deletes}COMMIT;PRAGMA foreign_keys=ON;")
        else:
            driver.execute(f"SET session_replication_role = replica;{deletes}SET session_replication_role = DEFAULT;")
            driver.commit()


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
