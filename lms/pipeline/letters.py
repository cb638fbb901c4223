"""What applicants are told by mail, each in their own language. A letter is written in the transaction of the deed."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _

from lms.kit import i18n, mail
from lms.kit.words import Words
from lms.pipeline.models import Application


def received(application: Application) -> None:
    """That the application came in, with its receipt number."""
    with i18n.speaking(application.person.language):
        _post(
            application,
            _("We received your application: %(receipt)s", receipt=application.receipt),
            _(
                "Your application to %(cohort)s came in. Its receipt number is %(receipt)s.",
                cohort=_cohort(application),
                receipt=application.receipt,
            ),
            _("You can see where it stands at any time. We write to you as soon as it is decided."),
        )


def admitted(application: Application, message: str) -> None:
    """That there is a seat."""
    with i18n.speaking(application.person.language):
        _post(
            application,
            _("You are admitted to %(cohort)s", cohort=_cohort(application)),
            _("You have a seat in %(cohort)s.", cohort=_cohort(application)),
            _starts(application),
            message=message,
        )


def promoted(application: Application) -> None:
    """That a seat came free and is theirs."""
    with i18n.speaking(application.person.language):
        _post(
            application,
            _("A seat came free: you are admitted to %(cohort)s", cohort=_cohort(application)),
            _(
                "You were on the waiting list of %(cohort)s. A seat came free, and it is yours.",
                cohort=_cohort(application),
            ),
            _starts(application),
            _("If you can no longer come, please withdraw, so that the next person gets the seat."),
        )


def waiting(application: Application, message: str) -> None:
    """That they are on the waiting list."""
    with i18n.speaking(application.person.language):
        _post(
            application,
            _("You are on the waiting list of %(cohort)s", cohort=_cohort(application)),
            _(
                "All seats of %(cohort)s are given at the moment. You are on the waiting list.",
                cohort=_cohort(application),
            ),
            _("When a seat comes free, the next in line is admitted at once and told by mail. You need do nothing."),
            message=message,
        )


def declined(application: Application, message: str) -> None:
    """That there is no seat this time."""
    with i18n.speaking(application.person.language):
        _post(
            application,
            _("About your application to %(cohort)s", cohort=_cohort(application)),
            _(
                "Thank you for your application to %(cohort)s. This time we cannot offer you a seat.",
                cohort=_cohort(application),
            ),
            _("You are welcome to apply for another cohort."),
            message=message,
        )


def withdrawn(application: Application) -> None:
    """That their withdrawal was noted."""
    with i18n.speaking(application.person.language):
        _post(
            application,
            _("You withdrew from %(cohort)s", cohort=_cohort(application)),
            _("We noted that you withdrew from %(cohort)s. Nothing more is needed.", cohort=_cohort(application)),
        )


def _post(application: Application, subject: str, *paragraphs: str, message: str = "") -> None:
    person = application.person
    parts = [_("Dear %(name)s,", name=person.name), *paragraphs]
    if message:
        parts += [_("A message from the programme lead:"), message]
    parts.append(_("Your application: %(url)s", url=_address("pipeline.application", application_id=application.id)))
    parts.append(current_app.config["PRODUCT_NAME"])
    mail.post(person.email, person.name, subject, "\n\n".join(parts) + "\n")


def _starts(application: Application) -> str:
    return _(
        "It begins on %(day)s. Your courses are in your account under My learning.",
        day=i18n.day(application.cohort.starts_on),
    )


def _cohort(application: Application) -> str:
    return Words(application.cohort.title).best(i18n.current())


def _address(endpoint: str, **values: Any) -> str:
    """A full address, also where no request is being answered (a job, a command)."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['PUBLIC_URL']}{path}"
