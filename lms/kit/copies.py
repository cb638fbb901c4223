"""Copies of an installation's data, and bringing them back."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine


class CannotCopy(Exception):
    """A backup that is not possible; the text says what to do instead."""


def backup(engine: Engine, data_dir: Path, target: Path) -> int:
    """Copy a SQLite database (consistent while in use) and the kept files to `target`; returns how many files."""
    if engine.dialect.name != "sqlite":
        raise CannotCopy(
            "Only SQLite is copied by this command. For PostgreSQL use pg_dump, and copy the folder files/ beside it."
        )
    if target.exists() and any(target.iterdir()):
        raise CannotCopy(f"{target} is not empty. Name a new folder.")
    target.mkdir(parents=True, exist_ok=True)
    with (
        closing(sqlite3.connect(engine.url.database or "")) as old,
        closing(sqlite3.connect(target / "lms.sqlite3")) as new,
    ):
        old.backup(new)
        if (said := new.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise CannotCopy(f"The copy is not sound: {said}.")
    files = data_dir / "files"
    if files.exists():  # after the database: every file that it names is there by now
        shutil.copytree(files, target / "files", ignore=shutil.ignore_patterns("arriving", "*.part"))
    if (data_dir / "secret_key").exists():
        shutil.copy2(data_dir / "secret_key", target)
    if (data_dir / "keys").exists():
        shutil.copytree(data_dir / "keys", target / "keys")
    return sum(1 for path in (target / "files").rglob("*") if path.is_file())


def restore(source: Path, data_dir: Path) -> None:
    """Put what `backup` made into an empty data folder."""
    shutil.copytree(source, data_dir, dirs_exist_ok=True)
