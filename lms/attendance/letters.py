"""What people are told by mail about attendance, each in their own language."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.attendance.arithmetic import Danger, Rates
from lms.attendance.models import AttendanceCorrection
from lms.attendance.terms import Terms
from lms.kit import i18n, mail
from lms.people.models import Person
from lms.pipeline.models import Cohort


def answered(correction: AttendanceCorrection) -> None:
    """That a request was accepted or declined, with the answer."""
    person = correction.person
    with i18n.speaking(person.language):
        if correction.parts:
            _post(person, *_of_several(correction), correction.answer, _mine())
            return
        day = i18n.day(correction.meeting.day)
        subject = (
            _("Your attendance on %(day)s was corrected", day=day)
            if correction.accepted
            else _("Your request about %(day)s was declined", day=day)
        )
        parts = [_("We looked at your request about the session on %(day)s.", day=day), correction.answer]
        _post(person, subject, *parts, _mine())


def _of_several(correction: AttendanceCorrection) -> tuple[str, str, str]:
    """Subject, first sentence, and each session with its answer."""
    sessions = correction.sessions
    subject = ngettext(
        "Your request about %(num)d session was answered",
        "Your request about %(num)d sessions was answered",
        len(sessions),
    )
    lines = (
        _("· %(day)s: excused", day=i18n.day(each.meeting.day))
        if each.accepted
        else _("· %(day)s: not accepted", day=i18n.day(each.meeting.day))
        for each in sessions
    )
    return subject, _("We looked at your request to be excused."), "\n".join(lines)


def warned(person: Person, cohort: Cohort, danger: Danger, rates: Rates, terms: Terms) -> None:
    """That few absences are left, none, or that the rule can no longer be met."""
    with i18n.speaking(person.language):
        title = i18n.best(cohort.title)
        left = rates.absences_left
        subject, first = {
            Danger.CLOSE: (
                ngettext(
                    "%(num)d absence is left in %(cohort)s",
                    "%(num)d absences are left in %(cohort)s",
                    left,
                    cohort=title,
                ),
                _("You may still miss a few sessions, but not many more."),
            ),
            Danger.LAST: (
                _("No absence is left in %(cohort)s", cohort=title),
                _("If you miss one more session, you can no longer complete by attendance."),
            ),
            Danger.LOST: (
                _(
                    "%(threshold)s can no longer be reached in %(cohort)s",
                    threshold=i18n.percent(terms.threshold / 100),
                    cohort=title,
                ),
                _("Even if you miss nothing more, your attendance stays under what completion asks for.")
                + " "
                + _("Speak with your programme lead about what is possible."),
            ),
        }[danger]
        _post(person, subject, first, _standing(rates, terms), _mine())


def keepers_told(person: Person, cohort: Cohort, lines: list[tuple[str, Danger]]) -> None:
    """Who came into danger in a cohort since the last letter."""
    with i18n.speaking(person.language):
        told = {
            Danger.CLOSE: _("few absences left"),
            Danger.LAST: _("no absence left"),
            Danger.LOST: _("can no longer reach the rule"),
        }
        title = i18n.best(cohort.title)
        subject = ngettext(
            "%(num)d trainee in danger in %(cohort)s",
            "%(num)d trainees in danger in %(cohort)s",
            len(lines),
            cohort=title,
        )
        listed = "\n".join(f"· {name}: {told[danger]}" for name, danger in lines)
        url = _address("attendance.cohort", cohort_id=cohort.id)
        _post(person, subject, _("They were written to. A word from you may help more."), listed, url)


def _standing(rates: Rates, terms: Terms) -> str:
    return _(
        "So far: %(held)s of %(total)s sessions, %(absent)s missed, %(marks)s times late, early or out. Completion asks for %(threshold)s.",
        held=rates.held,
        total=rates.total,
        absent=rates.absent,
        marks=rates.marks,
        threshold=i18n.percent(terms.threshold / 100),
    )


def _mine() -> str:
    return _("Your attendance: %(url)s", url=_address("attendance.mine"))


def _post(person: Person, subject: str, *paragraphs: str) -> None:
    parts = [
        _("Dear %(name)s,", name=person.name),
        *(each for each in paragraphs if each),
        current_app.config["PRODUCT_NAME"],
    ]
    mail.post(person.email, person.name, subject, "\n\n".join(parts) + "\n")


def _address(endpoint: str, **values: Any) -> str:
    """A full address, also where no request is being answered (a job, a command)."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['PUBLIC_URL']}{path}"
