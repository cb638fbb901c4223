"""Bringing the tables of a database to the shape that this version knows.

On SQLite foreign keys are off while tables are rebuilt (with them on, Alembic's batch mode deletes child rows without an
error), every key is checked before the commit, and the file is copied first.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).parent / "migrations"


class BrokenKeys(Exception):
    """A migration would have left rows that point nowhere; nothing was changed."""


def upgrade(engine: Engine, revision: str = "head", *, copy_to: Path | None = None) -> None:
    """Bring `engine`'s database up to `revision`. `copy_to`: where a SQLite file is copied before, if it holds anything."""
    if copy_to and engine.dialect.name == "sqlite" and current(engine) not in (None, head()):
        _copy(engine, copy_to)
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Take `engine`'s database back to `revision` ("base": to nothing)."""
    _run(engine, lambda config: command.downgrade(config, revision))


def write_revision(engine: Engine, message: str) -> None:
    """Write the next step, numbered, from the difference between the database and the models (for developers)."""
    number = f"{len(list((FOLDER / 'versions').glob('[0-9]*.py'))) + 1:04}"
    _run(engine, lambda config: command.revision(config, message, autogenerate=True, rev_id=number))


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision that this version knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def render_item(kind: str, item: Any, context: Any) -> str | Literal[False]:
    """Write our own column types into a step as the plain types they are stored in."""
    if kind == "type":
        name = type(item).__name__
        if name == "Moment":
            return "sa.DateTime(timezone=True)"
        if name == "WordsColumn":
            return "sa.JSON()"
    return False


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _run(engine: Engine, step: Callable[[Config], object]) -> None:
    sqlite = engine.dialect.name == "sqlite"
    config = _config()
    with engine.connect() as connection:
        if sqlite:
            _switch_keys(connection, "OFF")
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                step(config)
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                    raise BrokenKeys(f"{len(broken)} rows point nowhere, the first in {broken[0][0]}.")
        finally:
            if sqlite:
                _switch_keys(connection, "ON")


def _switch_keys(connection: Connection, state: str) -> None:
    """Outside a transaction, where SQLite listens to it."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute(f"PRAGMA foreign_keys={state}")


def _copy(engine: Engine, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    source = Path(engine.url.database or "")
    target = folder / f"{source.stem}-before-{head()}.sqlite3"
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
