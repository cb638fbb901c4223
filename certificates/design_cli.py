"""Commands about design folders: try one, and bring it in."""

from pathlib import Path

import click

from certificates import design_folders, design_limits, design_proving
from certificates.design_faults import BadDesign
from certificates.design_folders import Files
from lms.kit import i18n
from lms.kit.db import transaction
from lms.kit.refusal import Refused

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group("design")
def group() -> None:
    """Try design folders and bring them in."""


@group.command()
@click.argument("folder", type=FOLDER)
def check(folder: Path) -> None:
    """Try the design in FOLDER with worst-case names, within limits. Exit code 0 only when it could be printed."""
    with i18n.speaking("en"):
        _proved(folder)
    click.secho("✓ This design can be printed.", fg="green")


@group.command()
@click.argument("folder", type=FOLDER)
def bring(folder: Path) -> None:
    """Try the design in FOLDER and keep it, so that programmes can choose it as their layout."""
    with i18n.speaking("en"):
        tried = _proved(folder)
        try:
            with transaction():
                kept = design_folders.keep(tried, None)
        except Refused as no:
            raise click.ClickException(no.sentence) from no
    click.secho(f"✓ “{kept.name}” number {kept.number} can be chosen as a layout now.", fg="green")


def _proved(folder: Path) -> Files:
    try:
        return design_proving.prove(design_limits.from_folder(folder))
    except BadDesign as bad:
        for fault in bad.faults:
            click.secho(f"✗ {fault}", fg="red")
        raise SystemExit(1) from bad
