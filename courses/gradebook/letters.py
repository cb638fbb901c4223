"""What is written to somebody who completed."""

from flask import current_app
from flask_babel import gettext as _

from lms.kit import i18n, mail
from lms.pipeline.models import Traineeship


def completed(taking_part: Traineeship) -> None:
    """That the programme was completed, and what happens next. Written in the transaction that decided it."""
    person, cohort = taking_part.person, taking_part.cohort
    with i18n.speaking(person.language):
        name = cohort.title.best(i18n.current())
        parts = [
            _("Dear %(name)s,", name=person.name),
            _("You have completed %(cohort)s. Congratulations!", cohort=name),
            _("Your certificate is issued next. We write to you again when you can fetch it; you need do nothing."),
            _("Where you stand: %(url)s", url=_address("home.home")),
            current_app.config["PRODUCT_NAME"],
        ]
        mail.post(person.email, person.name, _("You have completed %(cohort)s", cohort=name), "\n\n".join(parts) + "\n")


def _address(endpoint: str) -> str:
    """A full address, also where no request is being answered: this letter is written by a job."""
    return f"{current_app.config['PUBLIC_URL']}{current_app.url_map.bind('').build(endpoint)}"
