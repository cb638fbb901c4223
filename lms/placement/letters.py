"""What people are asked by mail, in their own language."""

from flask import current_app
from flask_babel import gettext as _

from lms.kit import i18n, mail
from lms.pipeline.models import Traineeship


def asked(traineeship: Traineeship, months: int) -> None:
    """That we would like to know what they do now, with the address of the form."""
    person = traineeship.person
    path = current_app.url_map.bind("").build("placement.ask", {"traineeship_id": traineeship.id})
    with i18n.speaking(person.language):
        title = i18n.best(traineeship.cohort.title)
        paragraphs = (
            _("Dear %(name)s,", name=person.name),
            _("%(months)s months have passed since %(cohort)s ended. What do you do now?", months=months, cohort=title),
            _("One minute is enough. Your answer shows the city what the programme is good for, whatever it is."),
            _("Answer here: %(url)s", url=f"{current_app.config['PUBLIC_URL']}{path}"),
            current_app.config["PRODUCT_NAME"],
        )
        mail.post(person.email, person.name, _("What do you do now?"), "\n\n".join(paragraphs) + "\n")
