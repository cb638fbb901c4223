"""What lies on a marker's desk: one piece of work, its rubric, what was marked before, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import joinedload, selectinload

from courses.assignments import markings, previews, queue, submissions
from courses.assignments.models import Assignment, Marking, ReleasedMarking, Submission, SubmittedFile
from courses.assignments.previews import Preview
from courses.assignments.queue import Filter
from courses.catalogue.models import Activity
from courses.learning import texts
from courses.learning.models import Enrolment, Offering
from courses.learning.texts import Text
from lms.kit import db, i18n
from lms.kit.db import session
from lms.people.models import Person, Role
from lms.people.readers import anyone, known

MOST_SHOWN = 400_000  # bytes of text files in one page


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the marking page shows. `newer`: the newest version, if another one is on the desk."""

    submission: Submission
    assignment: Assignment
    task: Text
    lines: list[str]
    files: list[tuple[SubmittedFile, Preview | None]]
    versions: Sequence[Any]  # id, number, handed_in_at, due_at; newest first
    history: Sequence[Marking]
    released: bool
    chosen: Filter
    following: UUID | None
    waiting: int

    @property
    def marking(self) -> Marking | None:
        """The marking that counts."""
        return self.history[0] if self.history else None

    @property
    def newest(self) -> Any:
        return self.versions[0]

    @property
    def newer(self) -> Any | None:
        return self.newest if self.newest.number > self.submission.number else None


_enrolment = joinedload(Submission.enrolment)
AROUND = submissions.OPEN.options(
    _enrolment.joinedload(Enrolment.person).lazyload(Person.grants),
    _enrolment.joinedload(Enrolment.offering).joinedload(Offering.cohort),
    selectinload(Submission.files).joinedload(SubmittedFile.file),
)


VERSIONS = (
    select(Submission.id, Submission.number, Submission.handed_in_at, Submission.due_at)
    .join(Activity, Activity.id == Submission.activity_id)
    .where(Submission.enrolment_id == bindparam("enrolment_id"), Activity.key == bindparam("key"))
    .order_by(Submission.number.desc())
)


def submission_for(person: Person, submission_id: UUID) -> Submission | None:
    """A submission that the person may mark, with what the page shows around it."""
    return session.scalar(_submission_for(person.roles), known(person, submission_id=submission_id))


@cache
def _submission_for(roles: frozenset[Role]) -> Select[Submission]:
    return AROUND.where(submissions.may_mark(anyone(roles)), Submission.id == bindparam("submission_id"))


def lay(person: Person, submission: Submission, assignment: Assignment, chosen: Filter) -> Desk:
    """Put everything on the desk, in a number of queries that does not depend on how much waits."""
    history = session.scalars(markings.HISTORY, {"submission_id": submission.id}).all()
    versions = db.rows(VERSIONS, {"enrolment_id": submission.enrolment_id, "key": assignment.activity.key})
    shown = bool(history) and session.scalar(select(exists().where(ReleasedMarking.marking_id == history[0].id)))
    following, others = queue.after(person, chosen, submission)
    return Desk(
        submission=submission,
        assignment=assignment,
        task=texts.read(submission.activity_id, i18n.current()),
        lines=previews.lines(submission.text) if submission.text else [],
        files=_with_previews(submission.files),
        versions=versions,
        history=history,
        released=bool(shown),
        chosen=chosen,
        following=following,
        waiting=others + (not history),
    )


def _with_previews(handed_in: Sequence[SubmittedFile]) -> list[tuple[SubmittedFile, Preview | None]]:
    """Each file with its lines, until the page is full."""
    left = MOST_SHOWN
    shown: list[tuple[SubmittedFile, Preview | None]] = []
    for each in handed_in:
        preview = previews.of(each.file) if left > 0 else None
        if preview is not None:
            left -= min(each.file.size, previews.MOST_BYTES)
        shown.append((each, preview))
    return shown
