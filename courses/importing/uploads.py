"""Courses sent in through the browser: taken, brought in by a job, watched on a page."""

import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from courses.catalogue.models import CourseVersion
from courses.formats.curriculum_layout import is_curriculum
from courses.formats.naming import safe_part
from courses.formats.plain_folder import COURSE_FILE
from courses.formats.reading import NotACourse, read_course
from courses.formats.shapes import CourseShape
from courses.importing import unpacking
from courses.importing.importing import counts_of, import_course
from courses.importing.models import CourseUpload, UploadState
from lms.kit import clock, db, files, i18n, jobs
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people.models import Person, Role

EVERY = 0.5  # seconds between two notes of how far it is
LOST_AFTER = timedelta(days=1)  # jobs are tried for some hours
BRANCHES = ("-main", "-master")  # what downloads from source hosts add to a folder's name
FAILED = "Something went wrong on our side. Send the file again; if it fails once more, tell an administrator."


def visible_to(person: Person) -> Select[CourseUpload]:
    """The person's own uploads (an administrator: all), the last one first."""
    version = joinedload(CourseUpload.version).joinedload(CourseVersion.course)
    query = select(CourseUpload).options(joinedload(CourseUpload.file), joinedload(CourseUpload.by), version)
    if not person.has(Role.ADMIN):
        query = query.where(CourseUpload.by_id == person.id)
    return query.order_by(CourseUpload.sent_at.desc(), CourseUpload.id.desc())


def take(file: FileStorage, by: Person, slug: str = "") -> CourseUpload:
    """Keep the zip and ask for its import. Raises Refused when it cannot be one, or one of theirs is still under way."""
    unpacking.look_through(file.stream)
    _give_up_lost_ones(by)
    upload = CourseUpload(id=db.new_key(), file=files.keep(file, by=by.id, kinds=("zip",)), by_id=by.id, slug=slug)
    try:
        with session.begin_nested():
            session.add(upload)
    except IntegrityError as error:
        raise Refused(
            _("Your last file is still being brought in. Wait until it is done, then send this one.")
        ) from error
    jobs.later(import_upload, upload_id=str(upload.id))
    return upload


def _give_up_lost_ones(by: Person) -> None:
    """End what no job will bring in any more, so that its sender can go on."""
    lost = CourseUpload.by_id == by.id, CourseUpload.ended_at.is_(None), CourseUpload.sent_at < clock.now() - LOST_AFTER
    ended = {"state": UploadState.FAILED, "ended_at": clock.now(), "failure": FAILED}
    session.execute(update(CourseUpload).where(*lost).values(ended))


@jobs.task
def import_upload(upload_id: str) -> None:
    """Bring an upload in. A run that a crash cut short is done again from its beginning."""
    key = uuid.UUID(upload_id)
    with db.transaction():
        upload = session.get_one(
            CourseUpload, key, options=[joinedload(CourseUpload.file), joinedload(CourseUpload.by)]
        )
        if upload.ended:
            return
        upload.state, upload.done, upload.total = UploadState.RUNNING, 0, 0
    try:
        with i18n.speaking("en"), _unpacked(upload) as folder:
            _import(upload, folder)
    except Refused as refused:
        _fail(key, refused.sentence)
    except NotACourse as error:
        _fail(key, str(error))
    except Exception:
        _fail(key, FAILED)
        raise


def _import(upload: CourseUpload, folder: str) -> None:
    shape = _read(upload, Path(folder))
    counts = counts_of(shape)
    total = counts.lessons + counts.quizzes + counts.assignments
    with db.transaction():
        imported = import_course(shape, upload.by, _teller(upload.id, total))
        row = session.get_one(CourseUpload, upload.id, populate_existing=True)
        row.version, row.changed, row.done, row.total = imported.version, imported.new, total, total
        row.state, row.ended_at = UploadState.DONE, clock.now()


def _unpacked(upload: CourseUpload) -> tempfile.TemporaryDirectory[str]:
    """A folder that holds the files of the zip until the import is over."""
    place = Path(current_app.config["DATA_DIR"]) / "unpacking"
    place.mkdir(exist_ok=True)
    folder = tempfile.TemporaryDirectory(dir=place)
    try:
        unpacking.unpack_into(files.path_of(upload.file), Path(folder.name) / _stem(upload))
    except BaseException:
        folder.cleanup()
        raise
    return folder


def _stem(upload: CourseUpload) -> str:
    """A folder's name from the file's, as a file system takes it."""
    return safe_part(upload.file.name.removesuffix(".zip"))[:100] or "course"


def _read(upload: CourseUpload, folder: Path) -> CourseShape:
    root = _root(next(folder.iterdir()))
    try:
        shape = read_course(root)
    except NotACourse as error:
        raise NotACourse(str(error).replace(str(root.resolve()), root.name).replace(str(root), root.name)) from error
    return replace(shape, slug=upload.slug) if upload.slug else shape


def _root(folder: Path) -> Path:
    """The course folder itself: many zips hold one folder that holds everything."""
    while not (folder / COURSE_FILE).is_file() and not is_curriculum(folder):
        inside = list(folder.iterdir())
        if len(inside) != 1 or not inside[0].is_dir():
            break
        folder = inside[0]
    for branch in BRANCHES:
        if folder.name.endswith(branch):
            folder = folder.rename(folder.with_name(folder.name.removesuffix(branch)))
    return folder


def _teller(key: uuid.UUID, total: int) -> Callable[[str], None]:
    """Notes how far the import is, now and then, in transactions of its own."""
    done, told, silent = 0, 0.0, False

    def tell(_activity: str) -> None:
        nonlocal done, told, silent
        done += 1
        if silent or time.monotonic() - told < EVERY:
            return
        told = time.monotonic()
        try:
            with db.elsewhere("progress"), db.transaction() as apart:
                apart.execute(
                    update(CourseUpload).where(CourseUpload.id == key).values(done=min(done, total), total=total)
                )
        except OperationalError:
            silent = True  # the import itself holds the database now, so it is nearly over

    return tell


def _fail(key: uuid.UUID, sentence: str) -> None:
    session.rollback()
    with db.transaction():
        upload = session.get_one(CourseUpload, key, populate_existing=True)
        upload.state, upload.ended_at, upload.failure = UploadState.FAILED, clock.now(), sentence
