"""Letters about corrections of the printed name: to the leads when somebody asks, to the person when it is answered."""

from flask_babel import gettext as _

from certificates import addresses
from certificates.name_models import NameAnswer, NameCorrection
from lms.kit import i18n, mail
from lms.people.models import Person


def asked(correction: NameCorrection, lead: Person) -> None:
    """That somebody of the lead's cohort asks, and where the evidence is. The evidence itself is in no letter."""
    with i18n.speaking(lead.language):
        who = correction.approval.name
        url = addresses.full("certificates.correction", correction_id=correction.id)
        parts = [
            _("Dear %(name)s,", name=lead.name),
            _("%(name)s asks to correct the name that is printed on certificates.", name=who),
            _("Compare it with the evidence and answer here: %(url)s", url=url),
        ]
        subject = _("A name on certificates is to be corrected: %(name)s", name=who)
        mail.post(lead.email, lead.name, subject, "\n\n".join(parts) + "\n")


def answered(correction: NameCorrection, answer: NameAnswer) -> None:
    """The answer with the lead's words, and which lines are printed from now on."""
    person = correction.person
    held = correction if answer.accepted else correction.approval
    lines = f"{held.name}\n{held.latin_name}".strip()
    with i18n.speaking(person.language):
        if answer.accepted:
            subject = _("Your name on certificates is corrected")
            told = _("Your request was accepted. This is printed on your certificates from now on:")
        else:
            subject = _("Your name on certificates stays as it is")
            told = _("Your request was declined. This is printed on your certificates as before:")
        said = [_("The answer: %(words)s", words=answer.words)] if answer.words else []
        after = _("See it here: %(url)s", url=addresses.full("certificates.my_name"))
        parts = [_("Dear %(name)s,", name=person.name), told, lines, *said, after]
        mail.post(person.email, person.name, subject, "\n\n".join(parts) + "\n")
