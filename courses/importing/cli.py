"""``lms course …``: bring courses in, list and publish them. The parent command pushes the application context."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import select

from courses.catalogue import versions
from courses.catalogue.models import Course, CourseVersion
from courses.formats.reading import NotACourse, read_course
from courses.formats.shapes import CourseShape
from courses.importing.importing import Counts, Imported, counts_of, import_course, line_of
from lms.kit import db, i18n
from lms.kit.refusal import Refused

SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
FOLDER = click.argument("folder", type=click.Path(path_type=Path))


@click.group("course")
def group() -> None:
    """Courses: bring them in from folders, list them, publish them."""


def _slug(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and (len(value) > 80 or not SLUG.fullmatch(value)):
        raise click.BadParameter("takes small letters, digits and hyphens, at most 80, for example deep-learning.")
    return value


@group.command("import")
@FOLDER
@click.option("--publish", is_flag=True, help="Publish the version at once.")
@click.option("--slug", callback=_slug, help="The course's name in addresses, if not the folder's own.")
def import_command(folder: Path, publish: bool, slug: str | None) -> None:
    """Bring a course folder in as a new course, or as the next version of the one with its name."""
    shape = _read(folder)
    if slug:
        shape = replace(shape, slug=slug)
    total = counts_of(shape).lessons + counts_of(shape).quizzes + counts_of(shape).assignments
    with db.transaction(), click.progressbar(length=total, label="Importing", file=sys.stderr) as bar:
        imported = import_course(shape, progress=lambda _key: bar.update(1))
        if publish and imported.version.published_at is None:
            versions.publish(imported.version, None)
        click.echo(_outcome(imported))
    _report(shape, imported.counts)


@group.command("check")
@FOLDER
def check_command(folder: Path) -> None:
    """Read a course folder and say what it holds and what cannot be resolved. Nothing is kept."""
    shape = _read(folder)
    click.echo(f"{shape.slug}: {_title(shape.title)}")
    _report(shape, counts_of(shape))


@group.command("list")
def list_command() -> None:
    """All courses with their versions."""
    with db.transaction() as session:
        query = select(CourseVersion, Course).join(Course).order_by(Course.slug, CourseVersion.number)
        rows = session.execute(query).all()
    if not rows:
        click.echo("There is no course yet. Bring one in with: lms course import FOLDER")
    for version, course in rows:
        click.echo(f"{course.slug:<32} {version.number:>3}  {_state(version):<22} {_title(version.title)}")


@group.command("publish")
@click.argument("slug")
@click.argument("number", type=int, required=False)
def publish_command(slug: str, number: int | None) -> None:
    """Publish a version of a course, the newest one unless NUMBER says which."""
    with db.transaction() as session:
        course = session.scalar(select(Course).where(Course.slug == slug))
        if course is None:
            raise click.ClickException(f"There is no course {slug}. See them with: lms course list")
        version = versions.newest(course) if number is None else _numbered(course, number)
        if version is None:
            raise click.ClickException(f"{slug} has no version {number or ''}".rstrip() + ".")
        try:
            with i18n.speaking("en"):
                versions.publish(version, None)
        except Refused as refused:
            raise click.ClickException(refused.sentence) from refused
    click.echo(f"{slug}: version {version.number} is published.")


def _read(folder: Path) -> CourseShape:
    """Read the folder; what is no course ends with code 1 and its sentence."""
    click.echo(f"Reading {folder}", err=True)
    try:
        return read_course(folder.resolve())
    except NotACourse as error:
        raise click.ClickException(str(error)) from error


def _numbered(course: Course, number: int) -> CourseVersion | None:
    query = select(CourseVersion).where(CourseVersion.course_id == course.id, CourseVersion.number == number)
    return db.session.scalar(query)


def _outcome(imported: Imported) -> str:
    version = imported.version
    slug, number = version.course.slug, version.number
    if not imported.new:
        return f"{slug}: nothing has changed since version {number} ({_state(version)})."
    rest = "" if version.published_at else f" Publish it with: lms course publish {slug}"
    return f"{slug}: version {number} imported ({_state(version)}).{rest}"


def _state(version: CourseVersion) -> str:
    if version.discarded_at:
        return "discarded"
    return f"published {version.published_at:%Y-%m-%d}" if version.published_at else "draft"


def _title(texts: object) -> str:
    return " / ".join(texts.values()) if isinstance(texts, dict) else ""


def _report(shape: CourseShape, counts: Counts) -> None:
    """What there is, then what could not be resolved, by file and line."""
    click.echo(
        f"{counts.modules} modules, {counts.lessons} lessons, {counts.quizzes} quizzes with {counts.questions} questions, "
        f"{counts.assignments} assignments, {counts.assets} files."
    )
    if not shape.problems:
        click.echo("Everything could be resolved.")
        return
    click.echo(f"{counts.problems} could not be resolved:" if counts.problems > 1 else "1 could not be resolved:")
    for problem in shape.problems:
        click.echo(f"  {line_of(problem)}")
