"""What joining two persons means for attendance: who was warned once need not be warned again."""

from sqlalchemy.orm import Session

from lms.people.merge_plans import Gone, Settlement, when_both
from lms.people.merge_rows import Row


@when_both("attendance_warning")
def warned_once(_session: Session, _gone: Row, _kept: Row) -> Settlement:
    return Gone()
