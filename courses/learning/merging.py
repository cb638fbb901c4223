"""What joining two persons means for learning: one enrolment in each offering, with the work of both in the order of its numbers."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lms.kit.refusal import Refused
from lms.people import merging
from lms.people.merge_plans import Gone, Settlement, Shift, when_both
from lms.people.merge_rows import Row

merging.count_rows(_l("Enrolments"), "enrolment")


@when_both("enrolment")
@when_both("activity_progress")
@when_both("draft")
def first_one_stays(_session: Session, _gone: Row, _kept: Row) -> Settlement:
    """The enrolment of whoever stays goes on; the work done in the other one goes over to it."""
    return Gone()


@when_both("attempt")
@when_both("submission")
def both_in_order(_session: Session, gone: Row, kept: Row) -> Settlement:
    """Nothing that was handed in is lost: the work of whoever stays is counted after the other's.

    Raises Refused while both are in the middle of an attempt at the same quiz.
    """
    if "ended_at" in gone and gone["ended_at"] is None and kept["ended_at"] is None:
        raise Refused(_("Both are taking the same quiz just now. Wait until the time of one of them is over."))
    return Shift("number")
