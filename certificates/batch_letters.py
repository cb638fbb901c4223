"""What those who ask for certificates and those who approve are told by mail, each in their own language."""

from flask_babel import gettext as _
from flask_babel import ngettext

from certificates import addresses
from certificates.issue_models import IssueBatch
from lms.kit import i18n, mail
from lms.people.models import Person


def asked(batch: IssueBatch, person: Person, people: int) -> None:
    """That somebody's certificates wait for this person's decision."""
    with i18n.speaking(person.language):
        said = ngettext(
            "%(name)s asks for %(num)s certificate of %(cohort)s. Nothing is issued before you have approved.",
            "%(name)s asks for %(num)s certificates of %(cohort)s. Nothing is issued before you have approved.",
            people,
            name=batch.requested_by.name,
            cohort=_cohort(batch),
        )
        _post(batch, person, _("Certificates wait for your approval: %(cohort)s", cohort=_cohort(batch)), said)


def declined(batch: IssueBatch, person: Person) -> None:
    """That nothing was issued, and why."""
    with i18n.speaking(person.language):
        _post(
            batch,
            person,
            _("Your certificates were not approved: %(cohort)s", cohort=_cohort(batch)),
            _("%(name)s declined them. Nothing was issued.", name=batch.decided_by.name if batch.decided_by else ""),
            _("The reason: %(reason)s", reason=batch.reason),
        )


def halted(batch: IssueBatch, person: Person) -> None:
    """That a batch stands still, and why."""
    with i18n.speaking(person.language):
        _post(
            batch,
            person,
            _("Your certificates stand still: %(cohort)s", cohort=_cohort(batch)),
            batch.halt,
            _("Those who have theirs keep them. On the page of the batch you go on with the others."),
        )


def done(batch: IssueBatch, person: Person, issued: int) -> None:
    """That a batch has ended, and for how many."""
    with i18n.speaking(person.language):
        said = ngettext(
            "%(num)s person has a certificate. They were told themselves.",
            "%(num)s people have a certificate. They were told themselves.",
            issued,
        )
        _post(batch, person, _("Your certificates are issued: %(cohort)s", cohort=_cohort(batch)), said)


def _post(batch: IssueBatch, person: Person, subject: str, *paragraphs: str) -> None:
    address = addresses.full("certificates.batch", batch_id=batch.id)
    parts = [_("Dear %(name)s,", name=person.name), *paragraphs, _("See it here: %(url)s", url=address)]
    mail.post(person.email, person.name, subject, "\n\n".join(parts) + "\n")


def _cohort(batch: IssueBatch) -> str:
    """The cohort, and the course if the certificates are for one."""
    course = f"{i18n.best(batch.offering.version.title)}, " if batch.offering else ""
    return course + i18n.best(batch.cohort.title)
