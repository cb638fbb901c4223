"""What the people room writes by mail, in the language of whoever receives it."""

from flask import render_template

from lms.kit import i18n, mail
from lms.people.models import Person


def write(person: Person, template: str, **values: object) -> None:
    """Write the letter ``templates/mail/<template>.txt`` to `person`: its first line is the subject."""
    with i18n.speaking(person.language):
        subject, _line, text = render_template(f"mail/{template}.txt", person=person, **values).partition("\n")
    mail.post(person.email, person.name, subject, text.strip() + "\n")
