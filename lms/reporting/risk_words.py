"""What the pages of support say of reasons, in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from lms.reporting import risk
from lms.reporting.risk import Kind, Reason
from lms.reporting.support_models import ContactWay

KINDS = {Kind.ABSENCES: _l("Absences"), Kind.LATE_WORK: _l("Late work"), Kind.SILENCE: _l("Silence")}
TONES = (None, "info", "warn", "bad")
WAYS = {
    ContactWay.TALK: _l("Talked in person"),
    ContactWay.CALL: _l("Telephoned"),
    ContactWay.MESSAGE: _l("Wrote messages"),
    ContactWay.MAIL: _l("Wrote e-mail"),
    ContactWay.TRIED: _l("Tried, nobody was reached"),
}


def sentence(reason: Reason) -> str:
    """One reason with its numbers."""
    if reason.kind is Kind.ABSENCES:
        return _absences(reason)
    if reason.kind is Kind.LATE_WORK:
        done, due = reason.numbers
        return _(
            "Has done %(done)s of five parts of the required work. By now it should be %(due)s.", done=done, due=due
        )
    (days,) = reason.numbers
    return ngettext(
        "Has not come and has done nothing for %(num)s day.",
        "Has not come and has done nothing for %(num)s days.",
        days,
    )


def to_oneself(reason: Reason) -> str:
    """The same, to the trainee."""
    if reason.kind is Kind.ABSENCES:
        return _absences(reason)
    if reason.kind is Kind.LATE_WORK:
        done, due = reason.numbers
        return _(
            "You have done %(done)s of five parts of the required work. By now it should be %(due)s.",
            done=done,
            due=due,
        )
    (days,) = reason.numbers
    return ngettext(
        "We have seen nothing of you for %(num)s day.", "We have seen nothing of you for %(num)s days.", days
    )


def _absences(reason: Reason) -> str:
    lost, held, left = reason.numbers
    if reason.step == risk.MOST:
        return _(
            "Missed %(lost)s of %(held)s sessions so far. The attendance that completion asks for can no longer be reached.",
            lost=lost,
            held=held,
        )
    if left == 0:
        return _("Missed %(lost)s of %(held)s sessions so far. Not one more may be missed.", lost=lost, held=held)
    return ngettext(
        "Missed %(lost)s of %(held)s sessions so far. %(num)s more may be missed.",
        "Missed %(lost)s of %(held)s sessions so far. %(num)s more may be missed.",
        left,
        lost=lost,
        held=held,
    )
