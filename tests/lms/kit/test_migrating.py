"""The history of the tables: up, down, equal to the models, and nothing lost on the way."""

import os

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.schema import CreateTable

from lms.kit import db, migrating


@pytest.fixture
def empty(tmp_path) -> Engine:
    """A database of the kind under test that holds nothing."""
    server = os.environ.get("LMS_TEST_POSTGRES", "")
    if not server:
        engine = create_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        yield engine
        engine.dispose()
        return
    name = f"lms_empty_{os.getpid()}"
    outside = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with outside.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine = create_engine(f"{server}/{name}")
    yield engine
    engine.dispose()
    with outside.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}"'))
    outside.dispose()


def test_up_makes_what_the_models_say(empty):
    migrating.upgrade(empty)
    assert migrating.current(empty) == migrating.head()
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, db.Base.metadata) == []


def test_the_checks_are_those_of_the_models(empty):
    """Alembic does not compare CHECK constraints; we do, by name."""
    migrating.upgrade(empty)
    looking = inspect(empty)
    for table in db.Base.metadata.sorted_tables:
        wanted = set(str(CreateTable(table).compile(empty)).split("CONSTRAINT "))
        names = {part.split(" ", 1)[0] for part in wanted if part.startswith("ck_")}
        assert {check["name"] for check in looking.get_check_constraints(table.name)} == names, table.name


def test_down_leaves_nothing(empty):
    migrating.upgrade(empty)
    migrating.downgrade(empty, "base")
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}


def test_upgrading_twice_changes_nothing(empty):
    migrating.upgrade(empty)
    migrating.upgrade(empty)
    assert migrating.current(empty) == migrating.head()


def test_rows_that_point_nowhere_stop_a_migration(empty, monkeypatch):
    if empty.dialect.name != "sqlite":
        pytest.skip("PostgreSQL checks every key itself")
    migrating.upgrade(empty)
    with empty.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(
            "INSERT INTO role_grant (id, person_id, role, granted_at) VALUES ('1', 'nobody', 'lead', '2026-01-01 00:00:00')"
        )
    with pytest.raises(migrating.BrokenKeys):
        migrating.downgrade(empty, f"{migrating.head()}")
