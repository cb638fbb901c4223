"""A cohort's rule of attendance, in versions. What holds on a day stays as it was when the rule changes later."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from lms.attendance.models import AttendanceRule, Meeting, MeetingState
from lms.attendance.register import FIRST_RULE, Rule
from lms.attendance.terms import Terms
from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people import audit
from lms.people.models import Person
from lms.pipeline.models import Cohort


def versions(cohort: Cohort) -> Select[AttendanceRule]:
    """All versions, the newest first."""
    query = select(AttendanceRule).where(AttendanceRule.cohort_id == cohort.id)
    return query.options(joinedload(AttendanceRule.made_by)).order_by(AttendanceRule.version.desc())


def newest(cohort: Cohort) -> Rule:
    """The last version, also when it holds from a later day on; what holds without one if there is none."""
    row = session.scalars(versions(cohort).limit(1)).one_or_none()
    return Rule(row.version, row.valid_from, row.terms, row.opens_before, row.closes_after) if row else FIRST_RULE


def begins_at_least(cohort: Cohort) -> date:
    """The first day from which a new version may hold: no session that was held is judged anew."""
    held = select(func.max(Meeting.day)).where(Meeting.cohort_id == cohort.id, Meeting.state == MeetingState.HELD)
    return cohort.starts_on if session.scalar(held) is None else max(cohort.starts_on, clock.today())


def change(cohort: Cohort, by: Person, rule: Rule, reason: str) -> AttendanceRule:
    """Keep a new version. `rule.version`: the one that was seen; Conflict when there is a newer one."""
    newest_now = newest(cohort)
    if newest_now.version != rule.version:
        raise Conflict(_("Somebody changed this rule while you were writing. Compare with what holds now, then save."))
    if rule.valid_from < begins_at_least(cohort) or rule.valid_from < newest_now.valid_from:
        raise Refused(
            _("A rule cannot change sessions that were held. Let it hold from a later day on."),
        )
    values = {name: getattr(rule.terms, name) for name in Terms.__dataclass_fields__}
    made = AttendanceRule(
        cohort_id=cohort.id,
        version=rule.version + 1,
        valid_from=rule.valid_from,
        opens_before=rule.opens_before,
        closes_after=rule.closes_after,
        made_by_id=by.id,
        reason=reason,
        **values,
    )
    session.add(made)
    session.flush()
    told = {**values, "valid_from": rule.valid_from.isoformat(), "version": made.version}
    audit.note(by, "attendance.rule_changed", cohort, new={key: str(value) for key, value in told.items()})
    return made
