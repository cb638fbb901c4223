"""Asking for a day to be excused or its times mended, with a reason and a file; somebody else decides."""

from datetime import time

from flask_babel import gettext as _
from sqlalchemy import Select, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lms.attendance import keepers, letters, stamping
from lms.attendance.models import AttendanceCorrection, CorrectionKind, How, Meeting, MeetingState
from lms.attendance.stamping import Span
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.stored_file import StoredFile
from lms.people import audit
from lms.people.models import Person
from lms.pipeline.models import Cohort, Stage, Traineeship

KINDS = ("pdf", "jpg", "jpeg", "png", "hwp", "hwpx", "docx")


def open_to(person: Person) -> Select[AttendanceCorrection]:
    """The requests about oneself, and those of the cohorts whose attendance one keeps."""
    kept = keepers.kept_by(person).with_only_columns(Cohort.id)
    query = select(AttendanceCorrection).join(AttendanceCorrection.meeting)
    return query.where(or_(AttendanceCorrection.person_id == person.id, Meeting.cohort_id.in_(kept)))


def to_decide(person: Person) -> Select[AttendanceCorrection]:
    """The requests of the cohorts whose attendance the person keeps, with all that a list shows."""
    kept = keepers.kept_by(person).with_only_columns(Cohort.id)
    query = select(AttendanceCorrection).join(AttendanceCorrection.meeting).where(Meeting.cohort_id.in_(kept))
    whole = (AttendanceCorrection.meeting, AttendanceCorrection.person, AttendanceCorrection.asked_by)
    more = (AttendanceCorrection.decided_by, AttendanceCorrection.file)
    cohort = joinedload(AttendanceCorrection.meeting).joinedload(Meeting.cohort)
    return query.options(cohort, *(joinedload(each) for each in whole), *(joinedload(each) for each in more))


def may_decide(correction: AttendanceCorrection, person: Person) -> bool:
    """Whether the person is neither the one who asked nor the one it is about, and nothing was decided yet."""
    return correction.decided_at is None and person.id not in (correction.asked_by_id, correction.person_id)


def ask(
    meeting: Meeting,
    person: Person,
    by: Person,
    kind: CorrectionKind,
    *,
    reason: str,
    came: time | None = None,
    went: time | None = None,
    file: StoredFile | None = None,
) -> AttendanceCorrection:
    """Ask for a correction of one session of one person. Raises Refused when one is open or there is nothing to correct."""
    if meeting.state is MeetingState.CANCELLED:
        raise Refused(_("This session is cancelled. Nobody misses anything by it."))
    seated = exists().where(
        Traineeship.cohort_id == meeting.cohort_id, Traineeship.person_id == person.id, Traineeship.stage != Stage.LEFT
    )
    if not session.scalar(select(seated)):
        raise Refused(_("%(name)s does not take part in this cohort.", name=person.name))
    if kind is CorrectionKind.TIMES and meeting.starts_at > clock.now():
        raise Refused(_("This session is still ahead. Ask for times once it has begun; a day can be excused before."))
    asked = AttendanceCorrection(
        meeting=meeting,
        person_id=person.id,
        kind=kind,
        in_at=stamping.on_day(meeting, came) if came else None,
        out_at=stamping.on_day(meeting, went) if went else None,
        reason=reason,
        file_id=file.id if file else None,
        asked_by_id=by.id,
    )
    try:
        with session.begin_nested():
            session.add(asked)
    except IntegrityError:
        raise Conflict(_("A request about this session is open already. Wait for its answer.")) from None
    return asked


def decide(correction: AttendanceCorrection, by: Person, accepted: bool, answer: str) -> None:
    """Accept or decline. An accepted excuse needs no stamps; accepted times take the place of the stamps there are."""
    session.refresh(correction, ["decided_at"], with_for_update=True)
    if correction.decided_at is not None:
        raise Conflict(_("Somebody decided about this request a moment ago. Look at it again."))
    if not may_decide(correction, by):
        raise Refused(_("A second person decides: neither who asked nor whom it is about."))
    if not accepted and not answer:
        raise Refused(_("Say why the request is declined, so that the person understands."))
    correction.decided_at, correction.decided_by_id = clock.now(), by.id
    correction.accepted, correction.answer = accepted, answer
    session.flush()
    meeting = correction.meeting
    if accepted and correction.kind is CorrectionKind.TIMES:
        moments = (
            (each.astimezone(clock.SEOUL).time() if each else None) for each in (correction.in_at, correction.out_at)
        )
        stamping.replace(meeting, correction.person_id, Span(*moments), How.CORRECTION, by, correction)
    elif accepted and meeting.state is MeetingState.PLANNED and meeting.starts_at <= clock.now():
        meeting.state = MeetingState.HELD
    audit.note(by, "attendance.corrected" if accepted else "attendance.correction_declined", correction)
    letters.answered(correction)
