"""The kit published by itself: every night, and after each deed by which a certificate stops counting.

The place is a folder (LMS_KIT_FOLDER), or ``s3://bucket/prefix`` with the extra ``s3``. Each file is there whole or not at all.
"""

import mimetypes
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, or_, select, true
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.utils import import_string

from certificates import kit, status_list
from lms.config import Settings
from lms.health import Finding
from lms.kit import clock, db, jobs
from lms.kit.db import session, transaction
from lms.kit.jobs import Job

BUCKET = "s3://"
TOO_OLD = timedelta(days=1, hours=1)  # a night's work may take its time


def ask() -> None:
    """Have the kit published once this transaction is committed, where a place is configured."""
    if current_app.config["KIT_FOLDER"]:
        jobs.later(publish_kit)


@jobs.nightly
def publish_kit() -> None:
    """Publish what holds now. Of several that wait only the last one works, because it sees what all others asked for.

    Two that work at once cannot leave an older list behind: each looks again after it has written.
    """
    place = current_app.config["KIT_FOLDER"]
    if not place or _another_waits():
        return
    while True:
        with transaction():
            published, made = _standing(), kit.files()
        put(place, made)
        with transaction():
            if _standing() == published:
                return


def put(place: str, made: Mapping[str, bytes]) -> None:
    """Write the files to a folder or a bucket. Raises OSError or what the bucket's library raises."""
    if not place.startswith(BUCKET):
        kit.write(Path(place).expanduser(), made)
        return
    bucket, _slash, prefix = place.removeprefix(BUCKET).rstrip("/").partition("/")
    client = import_string("boto3:client")("s3")  # comes with the extra "s3"
    for name, content in made.items():
        key = f"{prefix}/{name}" if prefix else name
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        client.put_object(Bucket=bucket, Key=key, Body=content, ContentType=kind, CacheControl="no-cache")


def _standing() -> list[tuple[int, ...]]:
    """What no longer counts, list by list: the part of a kit that must not be old."""
    return [tuple(sorted(status_list.revoked(number))) for number in status_list.numbers()]


def _another_waits() -> bool:
    waiting = select(Job.id).where(
        Job.task == publish_kit.__name__,
        Job.done_at.is_(None),
        Job.given_up_at.is_(None),
        Job.attempts == 0,
        Job.due_at <= clock.now(),
    )
    with transaction():
        return session.scalar(waiting.limit(1)) is not None


def findings(settings: Settings) -> Iterator[Finding]:
    """What `lms doctor` says of the published kit."""
    if not settings.kit_folder:
        yield Finding(
            "warn", "The kit that verifies certificates without this system is not published. Set LMS_KIT_FOLDER."
        )
        return
    of_ours = Job.task == publish_kit.__name__
    try:
        with db.looking() as looking:
            last = looking.scalar(select(func.max(Job.done_at)).where(of_ours))
            since = or_(Job.given_up_at.is_(None), Job.given_up_at > last) if last else true()
            failed = select(Job.error).where(of_ours, Job.error.is_not(None), since)
            error = looking.scalar(failed.order_by(Job.asked_at.desc()).limit(1))
    except SQLAlchemyError:
        return  # whatever is wrong with the database is said elsewhere
    if not settings.kit_folder.startswith(BUCKET) and not (Path(settings.kit_folder).expanduser() / kit.DATA).exists():
        last = None  # somebody cleared the folder
    by_hand = "Then run: lms certificate publish"
    if error:
        yield Finding("bad", f"The kit could not be published to {settings.kit_folder}: {error}. Mend it. {by_hand}")
    elif last is None:
        yield Finding("warn", "The kit was not published yet. It is every night, or: lms certificate publish")
    elif clock.now() - last > TOO_OLD:
        yield Finding("bad", f"The kit was last published {last:%Y-%m-%d %H:%M} UTC. See that a worker runs. {by_hand}")
    else:
        yield Finding("good", f"The kit was published {last:%Y-%m-%d %H:%M} UTC to {settings.kit_folder}.")
