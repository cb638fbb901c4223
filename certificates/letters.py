"""What holders of certificates are told by mail, each in their own language."""

from flask_babel import gettext as _

from certificates import addresses
from certificates.facts import Facts, Words
from certificates.models import Certificate
from lms.kit import i18n, mail
from lms.people.models import Person


def issued(certificate: Certificate, person: Person, facts: Facts) -> None:
    """That the certificate is there, where to get it, and how others verify it."""
    with i18n.speaking(person.language):
        _post(
            person,
            facts,
            _("Your certificate is here: %(number)s", number=_number(facts)),
            _(
                "Congratulations. You completed %(programme)s, %(cohort)s, and your certificate was issued.",
                programme=_best(facts.achieved),
                cohort=_best(facts.cohort),
            ),
            _("Download it here: %(url)s", url=addresses.full("certificates.mine")),
            _(
                "Anyone to whom you give this address sees that the certificate is genuine: %(url)s",
                url=addresses.verification(certificate.code),
            ),
        )


def revoked(certificate: Certificate, person: Person, facts: Facts, reason: str) -> None:
    """That the certificate no longer holds, why, and whom to ask."""
    with i18n.speaking(person.language):
        _post(
            person,
            facts,
            _("Your certificate was revoked: %(number)s", number=_number(facts)),
            _(
                "The certificate %(number)s of %(programme)s, %(cohort)s was revoked.",
                number=_number(facts),
                programme=_best(facts.achieved),
                cohort=_best(facts.cohort),
            ),
            _("The reason: %(reason)s", reason=reason),
            _(
                "Whoever verifies it now reads that it was revoked. If you think that this is wrong, write to your programme lead."
            ),
            _("See it here: %(url)s", url=addresses.full("certificates.mine")),
        )


def replaced(newer: Certificate, person: Person, before: Facts, facts: Facts, reason: str) -> None:
    """That a corrected certificate stands in the place of the old one, why, and what that means for copies given away."""
    with i18n.speaking(person.language):
        _post(
            person,
            facts,
            _("Your certificate was corrected: %(number)s", number=_number(facts)),
            _(
                "The certificate %(old)s of %(programme)s, %(cohort)s was replaced by %(new)s.",
                old=_number(before),
                new=_number(facts),
                programme=_best(facts.achieved),
                cohort=_best(facts.cohort),
            ),
            _("What was wrong: %(reason)s", reason=reason),
            _("Download the new one here: %(url)s", url=addresses.full("certificates.mine")),
            _("Give the new one to those who have the old one. Whoever verifies the old one is led to the new one."),
        )


def _post(person: Person, facts: Facts, subject: str, *paragraphs: str) -> None:
    parts = [_("Dear %(name)s,", name=person.name), *paragraphs, _best(facts.issuer)]
    mail.post(person.email, person.name, subject, "\n\n".join(parts) + "\n")


def _number(facts: Facts) -> str:
    return facts.number if i18n.current() == "ko" else facts.number_en


def _best(words: Words) -> str:
    return words[i18n.current()]
