"""What the pages of this room share."""

from uuid import UUID

from flask import Blueprint

from lms.attendance import keepers, meetings
from lms.attendance.models import Meeting
from lms.kit.web import one_or_404
from lms.people.access import me
from lms.pipeline.models import Cohort

blueprint = Blueprint("attendance", __name__, url_prefix="/attendance")


def kept(cohort_id: UUID) -> Cohort:
    """A cohort whose attendance the reader keeps."""
    return one_or_404(keepers.kept_by(me()).where(Cohort.id == cohort_id))


def led(cohort_id: UUID) -> Cohort:
    """A cohort whose timetable, rule and keepers the reader decides."""
    return one_or_404(keepers.led_by(me()).where(Cohort.id == cohort_id))


def kept_meeting(meeting_id: UUID) -> Meeting:
    """A session whose attendance the reader keeps."""
    return one_or_404(meetings.kept_by(me()).where(Meeting.id == meeting_id))
