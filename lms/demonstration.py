"""`lms demo`: a believable hub in an empty database. Rooms bring their parts of the story; here they stand by name."""

import gc
import time
from collections.abc import Iterator
from itertools import zip_longest

import click
from flask import current_app
from sqlalchemy import select
from werkzeug.utils import import_string

from lms.kit import db
from lms.kit.story import Story, settle
from lms.people.demo import PASSWORD, SIGNING_IN
from lms.people.models import Person

# Ground floor first. Each tells the story chapter by chapter: a generator of what it just told.
TELLERS = (
    "lms.people.demo:tell",
    "lms.pipeline.demo:tell",
    "lms.reporting.demo:tell",
    "courses.demo:tell",
    "certificates.demo:tell",
)
SMALL = 0.1


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Where there is data already, leave it alone and say nothing.")
@click.option("--small", is_flag=True, help="A tenth of the people.")
@click.option("--no-pdf", is_flag=True, help="Leave the certificates' PDFs to the server.")
def command(if_empty: bool, small: bool, no_pdf: bool) -> None:
    """Fill an empty database with two years of a hub: cohorts, some 700 people, their work and their certificates."""
    if not is_empty():
        if if_empty:
            return
        raise click.ClickException(
            "There are people in this database. The demo data go into an empty one only: set LMS_DATA_DIR to a new folder "
            "and run `lms init` there first."
        )
    begun = time.monotonic()
    gc.freeze()  # hundreds of thousands of rows pass through: looking for cycles less often saves a fifth of the time
    gc.set_threshold(50_000, 50, 50)
    story = Story(scale=SMALL if small else 1.0, drawing=not no_pdf)
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
    with current_app.test_request_context():  # letters hold addresses, as if a page had written them
        for chapter in zip_longest(*(import_string(name)(story) for name in TELLERS)):
            db.session.remove()
            yield ", ".join(part for part in chapter if part)
        settle(story)
