"""`lms demo`: a believable hub in an empty database. Rooms bring their parts of the story; here they stand by name."""

import fcntl
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select
from werkzeug.utils import import_string

from lms.kit import db
from lms.kit import story as stories
from lms.kit.story import Story, settle
from lms.people.demo import PASSWORD, SIGNING_IN
from lms.people.models import Device, Person

# Ground floor first. Each tells the story chapter by chapter: a generator of what it just told.
TELLERS = (
    "lms.people.demo:tell",
    "lms.pipeline.demo:tell",
    "lms.reporting.demo:tell",
    "courses.demo:tell",
    "lms.attendance.demo:tell",
    "lms.reporting.support_demo:tell",
    "certificates.demo:tell",
    "certificates.name_demo:tell",
    "lms.placement.demo:tell",
    "lms.surveys.demo:tell",
    "courses.demo.asking:tell",
    "lms.reporting.pack_demo:tell",
)
SMALL = 0.1


FULL = (
    "There are people in this database. The demo data go into an empty one only: set LMS_DATA_DIR to a new folder "
    "and run `lms init` there first."
)
HALF = (
    "An earlier `lms demo` was interrupted: half of its data are missing. Run `lms demo --again`, which clears what it left "
    "and begins anew."
)
USED = (
    "An earlier `lms demo` was interrupted, and somebody has signed in since, so nothing is cleared here. Delete the data "
    "folder {folder} (and empty the database, if LMS_DATABASE_URL names one), run `lms init`, then `lms demo`."
)
BUSY = "Another `lms demo` is at work here. Wait until it is done."


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Where there is data already, leave it alone and say nothing.")
@click.option("--again", is_flag=True, help="Where an earlier run was interrupted, clear what it left and begin anew.")
@click.option("--small", is_flag=True, help="A tenth of the people.")
@click.option("--no-pdf", is_flag=True, help="Leave the certificates' PDFs to the server.")
def command(if_empty: bool, again: bool, small: bool, no_pdf: bool) -> None:
    """Fill an empty database with two years of a hub: cohorts, some 700 people, their work and their certificates."""
    with _alone():
        if not is_empty():
            if not stories.is_half_told():
                if if_empty:
                    return
                raise click.ClickException(FULL)
            _clear(again)
        _fill(Story(scale=SMALL if small else 1.0, drawing=not no_pdf))


@contextmanager
def _alone() -> Iterator[None]:
    """One run at a time: a second one would take the first for an interrupted one."""
    with (Path(current_app.config["DATA_DIR"]) / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(BUSY) from None
        yield


def _clear(again: bool) -> None:
    """Take away half a story, where that is asked for and the story alone has written here."""
    with db.transaction() as session:
        used = session.scalar(select(Device.id).limit(1)) is not None
    if used:
        raise click.ClickException(USED.format(folder=current_app.config["DATA_DIR"]))
    if not again:
        raise click.ClickException(HALF)
    click.echo("An earlier run was interrupted. Clearing what it left.")
    stories.forget()


def _fill(story: Story) -> None:
    begun = time.monotonic()
    gc.freeze()  # hundreds of thousands of rows pass through: looking for cycles less often saves a fifth of the time
    gc.set_threshold(50_000, 50, 50)
    for number, told in enumerate(tell(story), 1):
        click.echo(f"{time.monotonic() - begun:6.1f} s  {number:>2}  {told}")
    for remark in story.remarks:
        click.secho(remark, fg="yellow")
    click.echo(f"Done. Sign in with the password {PASSWORD} as")
    for each in SIGNING_IN:
        click.echo(f"  {each.email:<24} {each.name}")


def is_empty() -> bool:
    with db.transaction() as session:
        return session.scalar(select(Person.id).limit(1)) is None


def tell(story: Story) -> Iterator[str]:
    """Let the rooms take turns, chapter by chapter; gives a line about each chapter when it is written."""
    with stories.telling(), current_app.test_request_context():  # letters hold addresses, as if a page had written them
        for chapter in zip_longest(*(import_string(name)(story) for name in TELLERS)):
            db.session.remove()
            yield ", ".join(part for part in chapter if part)
        settle(story)
