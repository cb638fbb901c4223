"""The `lms` command: composed here by name, as the pages are; each room with commands brings its own ``cli.py``."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy import inspect
from werkzeug.utils import import_string

from lms.app import create_app
from lms.config import BadSetting, Settings, from_environment
from lms.health import Finding, examine
from lms.kit import copies, db, jobs, migrating, serving
from lms.people import accounts, links
from lms.people.models import Person, Purpose, Role, RoleGrant

# Groups of commands that rooms bring, ground floor first; they run inside the application's context.
GROUPS = {
    "certificate": "certificates.cli:group",
    "course": "courses.importing.cli:group",
    "demo": "lms.demonstration:command",
    "pipeline": "lms.reporting.cli:group",
}
MARKS = {"good": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}


class Rooms(click.Group):
    """Loads a room's commands when they are asked for, so that `lms --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *GROUPS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in GROUPS:
            found: click.Command = import_string(GROUPS[cmd_name])
            return found
        return super().get_command(ctx, cmd_name)


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """The talent-pipeline learning management system. Settings are environment variables: see docs/operating.md."""
    if context.invoked_subcommand in GROUPS and not {"-h", "--help"} & set(sys.argv):
        app = _app()
        _need_tables()
        context.with_resource(app.app_context())


def _settings() -> Settings:
    try:
        return from_environment()
    except BadSetting as error:
        raise click.ClickException(str(error)) from error


def _app() -> Flask:
    return create_app(_settings())


def _need_tables() -> None:
    if migrating.current(db.engine()) != migrating.head():
        raise click.ClickException("The database is empty or of another version. Run: lms init")


def with_app(command: Callable[..., None]) -> Callable[..., None]:
    """Run a command inside the application's context, on a database that is up to date."""

    @wraps(command)
    def inside(*arguments: Any, **options: Any) -> None:
        app = _app()
        _need_tables()
        with app.app_context():
            command(*arguments, **options)

    return inside


@main.command()
def init() -> None:
    """Make the database, or bring an older one up to date (a SQLite file is copied first)."""
    settings = _settings()
    create_app(settings)
    before = migrating.current(db.engine())
    migrating.upgrade(db.engine(), copy_to=settings.data_dir / "copies")
    click.echo("The database is ready." if before != migrating.head() else "The database was up to date.")


@main.command()
@click.option("--processes", type=click.IntRange(1, 64), help="Processes that answer requests [LMS_PROCESSES].")
@click.option("--threads", type=click.IntRange(1, 64), help="Requests served at once by each [LMS_THREADS].")
@click.option("--no-worker", is_flag=True, help="Leave later work to `lms worker` (needs LMS_REDIS_URL).")
def serve(processes: int | None, threads: int | None, no_worker: bool) -> None:
    """Serve the product on LMS_BIND; does later work too, unless told not to."""
    settings = _settings()
    app = create_app(settings)
    _need_tables()
    if no_worker and not settings.redis_url:
        raise click.UsageError("--no-worker needs LMS_REDIS_URL, or nobody does the later work.")
    try:
        door = serving.listening(settings.host, settings.port)
    except OSError as error:
        raise click.ClickException(f"LMS_BIND: {settings.bind} cannot be used: {error.strerror}.") from error
    db.session.remove()
    db.engine().dispose()
    bell, ring = os.pipe()

    def answer() -> None:
        if settings.redis_url:
            jobs.Runner(app.app_context, redis_url=settings.redis_url, work=False)
        else:
            jobs.ring(ring)
        serving.pages(app, door, threads=threads or settings.threads, largest_body=settings.upload_bytes)

    def perform() -> None:
        runner = jobs.Runner(app.app_context, redis_url=settings.redis_url)
        runner.start()
        try:
            runner.listen(bell)
        finally:
            runner.stop()

    click.echo(f"Serving on http://{settings.bind}  (stop with Ctrl+C)")
    parts = [answer] * (processes or settings.processes) + ([] if no_worker else [perform])
    sys.exit(serving.run(parts))


@main.command()
@click.option("--once", is_flag=True, help="Do what is due and stop.")
@click.option("--threads", type=click.IntRange(1, 32), default=2, show_default=True)
def worker(once: bool, threads: int) -> None:
    """Do later work: letters, certificates, decisions. With LMS_REDIS_URL on any number of hosts."""
    settings = _settings()
    app = create_app(settings)
    _need_tables()
    if once:
        with app.app_context():
            click.echo(f"{jobs.perform_all()} done.")
        return
    runner = jobs.Runner(app.app_context, redis_url=settings.redis_url, threads=threads)
    runner.start()
    click.echo("Waiting for work (stop with Ctrl+C)")
    try:
        runner.stopping.wait()
    except KeyboardInterrupt:
        runner.stop()


@main.command()
def doctor() -> None:
    """Say what is wrong with this installation and how to mend it. Exit code 1 when something is broken."""
    try:
        settings = from_environment()
    except BadSetting as error:
        _tell(Finding("bad", str(error)))
        sys.exit(1)
    create_app(settings)
    findings = examine(settings)
    for finding in findings:
        _tell(finding)
    sys.exit(any(finding.tone == "bad" for finding in findings))


def _tell(finding: Finding) -> None:
    sign, colour = MARKS[finding.tone]
    click.secho(f"{sign} {finding.sentence}", fg=colour)


@main.command()
@click.argument("email")
@click.option("--name", required=True, help="The whole name as written.")
@click.option("--language", type=click.Choice(["ko", "en"]), default="ko", show_default=True)
@with_app
def admin(email: str, name: str, language: str) -> None:
    """Make somebody an administrator and print the link where they choose their password."""
    with db.transaction():
        person = accounts.find(email)
        if person is None:
            person = Person(email=accounts.tidy_email(email), name=accounts.tidy_name(name), language=language)
            db.session.add(person)
            db.session.flush()
        if not person.has(Role.ADMIN):
            person.grants.append(RoleGrant(role=Role.ADMIN))
        with current_app.test_request_context():
            address = links.make(person, Purpose.INVITATION)
    click.echo(f"{person.name} is an administrator. Choose the password here, within 14 days:\n{address}")


@main.command()
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@with_app
def backup(target: Path) -> None:
    """Copy the database (SQLite) and all files into the new folder TARGET while the server runs."""
    try:
        count = copies.backup(db.engine(), _settings().data_dir, target)
    except copies.CannotCopy as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Copied the database and {count} files to {target}.")


@main.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
def restore(source: Path) -> None:
    """Bring back what `lms backup` copied to SOURCE; refuses where there is data already."""
    settings = _settings()
    app = create_app(settings)
    if inspect(db.engine()).get_table_names():
        raise click.ClickException("There is a database already. Restore into an empty LMS_DATA_DIR.")
    db.engine().dispose()
    with app.app_context():
        copies.restore(source, settings.data_dir)
    click.echo("Restored. Run `lms doctor` to check it.")
