"""Handed-in work: each version is kept for ever, with a receipt that anybody entitled can check.

The same assignment has the same key in every version of a course, so work stays with its owner who is switched.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, selectinload

from courses.assignments import drafts
from courses.assignments.models import Submission, SubmittedFile
from courses.catalogue.models import Activity
from courses.learning import deadlines, offerings, progress
from courses.learning.models import Enrolment, Offering
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.stored_file import StoredFile
from lms.people.models import Person

LONGEST_TEXT = 200_000
LONGEST_LINK = 1_000
MOST_FILES = 20
RECEIPT_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none is mistaken for another


@dataclass(frozen=True, slots=True)
class Work:
    """What is handed in: a text with plain line ends, a link, files; equal when the content is."""

    text: str
    link: str
    files: tuple[tuple[str, str], ...]  # name, SHA-256

    @property
    def empty(self) -> bool:
        return not (self.text.strip() or self.link or self.files)


# Selects are built once: putting one together costs more than running it. Each has a right or a row added where it is used.
_newer, _same = aliased(Submission), aliased(Activity)
IS_NEWEST: ColumnElement[bool] = ~exists().where(
    _newer.enrolment_id == Submission.enrolment_id,
    _newer.number > Submission.number,
    _same.id == _newer.activity_id,
    _same.key == Activity.key,
)
"""Inside a select over Submission and Activity: that no newer version of the same person's work exists."""
OPEN: Select[Submission] = (
    select(Submission)
    .join(Enrolment, Enrolment.id == Submission.enrolment_id)
    .join(Activity, Activity.id == Submission.activity_id)
    .where(Enrolment.ended_at.is_(None))
)
"""Work of everybody who still takes part, with Enrolment and Activity."""


def may_mark(person: Person) -> ColumnElement[bool]:
    """Inside a select over Enrolment: that it is in an offering that the person teaches, and not their own."""
    taught = offerings.taught_by(person).with_only_columns(Offering.id)
    return and_(Enrolment.offering_id.in_(taught), Enrolment.person_id != person.id)


def gradable_by(person: Person) -> Select[Submission]:
    """Work of those who still take part in the offerings that the person teaches, except their own work."""
    return OPEN.where(may_mark(person))


def visible_to(person: Person) -> Select[Submission]:
    """Own work, for ever, and work in the offerings that the person teaches."""
    taught = offerings.taught_by(person).with_only_columns(Offering.id)
    return (
        select(Submission)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(or_(Enrolment.person_id == person.id, Enrolment.offering_id.in_(taught)))
    )


def versions(enrolment: Enrolment, key: str) -> Select[Submission]:
    """Everything that one person handed in for the assignment with this key, newest first, with files."""
    return (
        select(Submission)
        .join(Activity, Activity.id == Submission.activity_id)
        .where(Submission.enrolment_id == enrolment.id, Activity.key == key)
        .order_by(Submission.number.desc())
        .options(selectinload(Submission.files).joinedload(SubmittedFile.file))
    )


def latest(enrolment: Enrolment) -> dict[UUID, Submission]:
    """Activity id (of the version that the person is on) → the newest version of their work. One query."""
    now = aliased(Activity)
    rows = session.execute(
        select(now.id, Submission)
        .join(Activity, Activity.id == Submission.activity_id)
        .join(now, now.key == Activity.key)
        .where(Submission.enrolment_id == enrolment.id, now.version_id == enrolment.version_id)
        .order_by(Submission.number)
    )
    return {row[0]: row[1] for row in rows}


def hand_in(
    enrolment: Enrolment, activity: Activity, *, text: str = "", link: str = "", files: Sequence[StoredFile] = ()
) -> Submission:
    """Keep one more version and forget the draft. Late work is taken and marked late.

    Exactly what the newest version holds makes no new one: a form sent twice is one version. Raises Refused when there
    is nothing in it, or when the person no longer takes part.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    work = Work(text if text.strip() else "", link, tuple((file.name, file.sha256) for file in files))
    if work.empty:
        raise Refused(_("Write something, choose a file or give a link before you hand in."))
    if enrolment.ended_at is not None:
        raise Refused(_("You no longer take part in this course, so nothing more can be handed in."))
    submission = _keep(enrolment, activity, work, files) or _keep(enrolment, activity, work, files)
    if submission is None:
        raise Conflict(_("You handed in from several tabs at once. Look at what has arrived, then hand in again."))
    drafts.drop(enrolment, activity)
    progress.opened(enrolment, activity)
    return submission


def contents(submission: Submission) -> Work:
    """What a version holds, to be compared."""
    return Work(
        submission.text, submission.link, tuple((each.file.name, each.file.sha256) for each in submission.files)
    )


def newest(enrolment: Enrolment, key: str) -> Submission | None:
    """The newest version of one person's work."""
    return session.scalar(versions(enrolment, key).limit(1))


def later_than(submission: Submission, key: str) -> Select[Submission]:
    """Newer versions of the same work."""
    return (
        select(Submission)
        .join(Activity, Activity.id == Submission.activity_id)
        .where(
            Submission.enrolment_id == submission.enrolment_id,
            Activity.key == key,
            Submission.number > submission.number,
        )
        .order_by(Submission.number.desc())
    )


def _keep(enrolment: Enrolment, activity: Activity, work: Work, files: Iterable[StoredFile]) -> Submission | None:
    """One more version, or the newest if it is equal; None when another tab took the number at the same moment."""
    last = newest(enrolment, activity.key)
    if last is not None and contents(last) == work:
        return last
    submission = Submission(
        enrolment_id=enrolment.id,
        activity_id=activity.id,
        number=last.number + 1 if last else 1,
        text=work.text,
        text_sha256=hashlib.sha256(work.text.encode()).hexdigest() if work.text else "",
        link=work.link,
        handed_in_at=clock.now(),
        due_at=deadlines.due(enrolment, activity),
        receipt=_receipt(),
    )
    submission.files = [SubmittedFile(position=at, file=file) for at, file in enumerate(files, 1)]
    try:
        with session.begin_nested():
            session.add(submission)
            session.flush()
    except IntegrityError:
        return None
    return submission


def _receipt() -> str:
    letters = "".join(secrets.choice(RECEIPT_LETTERS) for _position in range(10))
    return f"S-{letters[:5]}-{letters[5:]}"
