"""`lms pipeline`: counting again, and saying what does not agree."""

import sys
from itertools import islice

import click

from lms.kit import db
from lms.reporting import counting, recount


@click.group("pipeline")
def group() -> None:
    """The ledger of the pipeline: compare it with everything that is made from it."""


@group.command()
@click.option("--days-again", is_flag=True, help="First count all finished days again from the ledger.")
def check(days_again: bool) -> None:
    """Count everything again and name each difference. Exit code 1 when there is one."""
    if days_again:
        counting.begin_anew()
    with db.looking() as reader:
        found = list(islice(recount.differences(reader), recount.MOST))
    for each in found:
        click.echo(
            f"{each.kind:<10} cohort {each.cohort}  {each.person}  said {each.said!r}, the ledger {each.found!r}"
        )
    if found:
        click.secho(f"{len(found)}{' or more' if len(found) == recount.MOST else ''} differences.", fg="red")
        sys.exit(1)
    click.secho("No difference.", fg="green")
