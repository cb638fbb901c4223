"""Asking for days to be excused or the times of one mended, with a reason and a file; somebody else decides."""

from collections.abc import Collection, Sequence
from datetime import time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from lms.attendance import keepers, letters, meetings, stamping
from lms.attendance.models import AttendanceCorrection, CorrectionKind, How, Meeting, MeetingState
from lms.attendance.stamping import Span
from lms.kit import clock, i18n
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
    """The requests of the cohorts whose attendance the person keeps, with all that a list shows; several at once as one."""
    kept = keepers.kept_by(person).with_only_columns(Cohort.id)
    query = select(AttendanceCorrection).join(AttendanceCorrection.meeting).where(Meeting.cohort_id.in_(kept))
    query = query.where(AttendanceCorrection.part_of_id.is_(None))
    whole = (AttendanceCorrection.meeting, AttendanceCorrection.person, AttendanceCorrection.asked_by)
    more = (AttendanceCorrection.decided_by, AttendanceCorrection.file)
    cohort = joinedload(AttendanceCorrection.meeting).joinedload(Meeting.cohort)
    parts = selectinload(AttendanceCorrection.parts).joinedload(AttendanceCorrection.meeting)
    return query.options(cohort, parts, *(joinedload(each) for each in whole), *(joinedload(each) for each in more))


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
    part_of: AttendanceCorrection | None = None,
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
        part_of_id=part_of.id if part_of else None,
    )
    try:
        with session.begin_nested():
            session.add(asked)
    except IntegrityError:
        said = _(
            "A request about the session on %(day)s is open already. Wait for its answer.", day=i18n.day(meeting.day)
        )
        raise Conflict(said) from None
    return asked


def ask_for_several(
    those: Sequence[Meeting], person: Person, by: Person, *, reason: str, file: StoredFile | None = None
) -> AttendanceCorrection:
    """Ask for several sessions to be excused for one reason: all or none. Returns the first, which the others name."""
    if not those:
        raise Refused(_("Choose at least one session that should be excused."))
    first, *others = sorted(those, key=lambda each: each.day)
    head = ask(first, person, by, CorrectionKind.EXCUSE, reason=reason, file=file)
    for each in others:
        ask(each, person, by, CorrectionKind.EXCUSE, reason=reason, file=file, part_of=head)
    session.expire(head, ["parts"])
    return head


def decide(
    correction: AttendanceCorrection, by: Person, accepted: bool, answer: str, only: Collection[UUID] | None = None
) -> None:
    """Accept or decline a request with all its sessions; `only`: those (by request) that are accepted, the others are not.

    An accepted excuse needs no stamps, and makes no session held; accepted times take the place of the stamps there are.
    """
    session.refresh(correction, ["decided_at"], with_for_update=True)
    if correction.decided_at is not None:
        raise Conflict(_("Somebody decided about this request a moment ago. Look at it again."))
    if not may_decide(correction, by):
        raise Refused(_("A second person decides: neither who asked nor whom it is about."))
    sessions = correction.sessions
    good = {each.id for each in sessions if accepted and (only is None or each.id in only)}
    if accepted and not good:
        raise Refused(_("No session is chosen. Choose those that you accept, or decline the request."))
    if len(good) < len(sessions) and not answer:
        raise Refused(
            _("Say why these sessions are not accepted, so that the person understands.")
            if good
            else _("Say why the request is declined, so that the person understands.")
        )
    if good and correction.kind is CorrectionKind.TIMES and _is_unrecorded(correction.meeting):
        raise Refused(
            _("Nobody was recorded in this session. Keep its list first: from then on it counts for everybody.")
        )
    for each in sessions:
        _settle(each, by, each.id in good, answer)
    letters.answered(correction)


def _is_unrecorded(meeting: Meeting) -> bool:
    """Over, without a stamp or a list: the first stamp would make everybody else absent."""
    return meeting.state is MeetingState.PLANNED and meetings.window(meeting).state == "over"


def _settle(correction: AttendanceCorrection, by: Person, accepted: bool, answer: str) -> None:
    correction.decided_at, correction.decided_by_id = clock.now(), by.id
    correction.accepted, correction.answer = accepted, answer
    session.flush()
    if accepted and correction.kind is CorrectionKind.TIMES:
        moments = (
            (each.astimezone(clock.SEOUL).time() if each else None) for each in (correction.in_at, correction.out_at)
        )
        stamping.replace(correction.meeting, correction.person_id, Span(*moments), How.CORRECTION, by, correction)
    audit.note(by, "attendance.corrected" if accepted else "attendance.correction_declined", correction)
