"""What `lms doctor` looks at: each finding says what is wrong and how to mend it."""

import os
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from werkzeug.utils import ImportStringError, import_string

from lms.config import Settings
from lms.kit import clock, db, migrating
from lms.kit.jobs import Job
from lms.people.models import Role, RoleGrant
from lms.reporting.models import Recount

SMALLEST_DISK = 1 << 30
LATEST_RECOUNT = timedelta(days=2)
ROOMS = (  # what rooms look at themselves, given the settings
    "certificates.keys:findings",
    "certificates.evidence:findings",
    "certificates.publishing:findings",
)


@dataclass(frozen=True)
class Finding:
    """One sentence about the installation: good, to be watched (warn), or broken (bad)."""

    tone: Literal["good", "warn", "bad"]
    sentence: str


def examine(settings: Settings) -> list[Finding]:
    """Everything that can be said about this installation, broken things with their cure."""
    findings = [_data(settings), _disk(settings), _pango(), *_settings(settings)]
    findings += [finding for name in ROOMS for finding in import_string(name)(settings)]
    try:
        return [*findings, *_database(settings)]
    except OperationalError as error:
        return [
            *findings,
            Finding(
                "bad", f"The database does not answer ({error.orig}). Check LMS_DATABASE_URL and that the server runs."
            ),
        ]


def _data(settings: Settings) -> Finding:
    if not os.access(settings.data_dir, os.W_OK):
        return Finding(
            "bad", f"{settings.data_dir} cannot be written. Give this user the right to it, or set LMS_DATA_DIR."
        )
    return Finding("good", f"Data is kept in {settings.data_dir}.")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir).free
    if free < SMALLEST_DISK:
        return Finding(
            "bad", f"Only {free >> 20} MB are free where data is kept. Make room before somebody's upload fails."
        )
    return Finding("good", f"{free >> 30} GB are free.")


def _pango() -> Finding:
    try:
        import_string("weasyprint:HTML")
    except (ImportStringError, OSError):
        return Finding(
            "bad",
            "WeasyPrint finds no Pango, so no certificate can be printed. "
            "Run: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        )
    return Finding("good", "Certificates can be printed.")


def _settings(settings: Settings) -> list[Finding]:
    findings = []
    if not settings.public_url.startswith("https://") and not settings.demo:
        findings.append(
            Finding("warn", "LMS_PUBLIC_URL is not https: passwords would travel readable outside this machine.")
        )
    if settings.public_url.startswith("https://") and not settings.trusted_proxies:
        findings.append(
            Finding("warn", "LMS_PUBLIC_URL is https, but LMS_TRUSTED_PROXIES is 0: set it to 1 behind one proxy.")
        )
    if not settings.smtp_url and not settings.demo:
        findings.append(
            Finding("warn", f"No LMS_SMTP_URL: letters are written to {settings.data_dir / 'mail'} and reach nobody.")
        )
    return findings


def _database(settings: Settings) -> list[Finding]:
    engine = db.engine()
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    findings = []
    if migrating.current(engine) != migrating.head():
        return [Finding("bad", "The tables are missing or of another version. Run: lms init")]
    if engine.dialect.name == "sqlite":
        findings += _sqlite(Path(engine.url.database or ""))
    with db.looking() as session:
        if not session.scalar(select(func.count()).select_from(RoleGrant).where(RoleGrant.role == Role.ADMIN)):
            findings.append(Finding("warn", "There is no administrator. Run: lms admin EMAIL --name NAME"))
        given_up = session.scalar(select(func.count()).select_from(Job).where(Job.given_up_at.is_not(None)))
        if given_up:
            findings.append(
                Finding("warn", f"{given_up} jobs were given up after 8 attempts; their errors stand in the table job.")
            )
        findings.append(_recount(session.scalar(select(Recount).order_by(Recount.made_at.desc()).limit(1))))
    return [Finding("good", f"The database ({engine.dialect.name}) answers and is up to date."), *findings]


def _recount(last: Recount | None) -> Finding:
    if last is None:
        return Finding(
            "good", "The ledger of the pipeline is counted again every night; it was not yet. Now: lms pipeline check"
        )
    when = f"{last.made_at:%Y-%m-%d %H:%M} UTC"
    if found := len(last.differences["found"]):
        return Finding(
            "bad",
            f"The recount of {when} found {found} differences to the ledger. See what they are: lms pipeline check",
        )
    if clock.now() - last.made_at > LATEST_RECOUNT:
        return Finding("warn", f"The ledger was last counted again at {when}. Is the worker running?")
    return Finding("good", f"The figures agree with the ledger ({last.events} moves counted again at {when}).")


def _sqlite(path: Path) -> list[Finding]:
    with db.engine().connect() as connection:
        said = connection.exec_driver_sql("PRAGMA quick_check").scalar()
    findings = [] if said == "ok" else [Finding("bad", f"{path} is damaged ({said}). Restore the last backup.")]
    if sqlite3.sqlite_version_info < (3, 51, 3):
        findings.append(
            Finding(
                "warn",
                f"SQLite {sqlite3.sqlite_version}: let no program but `lms` write to {path}; see docs/operating.md.",
            )
        )
    return findings
