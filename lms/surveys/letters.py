"""The letter with which people are asked, in their own language."""

from flask import current_app
from flask_babel import gettext as _

from lms.kit import i18n, mail
from lms.people.models import Person
from lms.surveys.models import Survey


def invited(person: Person, survey: Survey) -> None:
    """That a survey is open, until when, and that it is anonymous."""
    path = current_app.url_map.bind("").build("surveys.ask", {"survey_id": survey.id})
    with i18n.speaking(person.language):
        title = i18n.best(survey.title or survey.cohort.title)
        paragraphs = (
            _("Dear %(name)s,", name=person.name),
            _("How was %(title)s? The survey is open until %(day)s.", title=title, day=i18n.day(survey.closes_on)),
            _("It is anonymous: answers are kept without a name and without a time.")
            + " "
            + _("Results are shown only after the end, and only where five people or more have answered."),
            _("Answer here: %(url)s", url=f"{current_app.config['PUBLIC_URL']}{path}"),
            current_app.config["PRODUCT_NAME"],
        )
        mail.post(person.email, person.name, _("How was %(title)s?", title=title), "\n\n".join(paragraphs) + "\n")
