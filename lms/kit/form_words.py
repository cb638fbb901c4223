"""What forms say of a field by themselves, in the words of this product: each says what to do."""

from functools import cache

from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import lazy_gettext as _l
from wtforms.i18n import messages_path

from lms.kit import i18n

# The library's own sentence → ours, with the same values.
SAID = {
    "This field is required.": _l("This is needed. Fill it in."),
    "Field must be between %(min)d and %(max)d characters long.": _l("Write %(min)d to %(max)d characters."),
    "Field must be at least %(min)d character long.": _l("Write at least %(min)d characters."),
    "Field cannot be longer than %(max)d character.": _l("Shorten it to at most %(max)d characters."),
    "Number must be at least %(min)s.": _l("Give %(min)s or more."),
    "Number must be at most %(max)s.": _l("Give %(max)s or less."),
    "Number must be between %(min)s and %(max)s.": _l("Give a number from %(min)s to %(max)s."),
    "Not a valid integer value.": _l("Write a whole number."),
    "Not a valid decimal value.": _l("Write a number."),
    "Not a valid float value.": _l("Write a number."),
    "Not a valid date value.": _l("Not a valid date. Choose a day that exists."),
    "Not a valid datetime value.": _l("Not a valid moment. Choose a day and a time."),
    "Not a valid time value.": _l("Not a valid time. Write it like 09:30."),
    "Not a valid choice.": _l("Not a valid choice. Choose one of those given."),
}


@cache
def _library(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], domain="wtforms")


class FormWords:
    """The translations of a form: ours where there are some, else the library's."""

    def gettext(self, message: str) -> str:
        return str(SAID[message]) if message in SAID else str(_library(i18n.current()).ugettext(message))

    ugettext = gettext

    def ngettext(self, one: str, many: str, number: int) -> str:
        return str(SAID[one]) if one in SAID else str(_library(i18n.current()).ungettext(one, many, number))

    ungettext = ngettext


def init(app: Flask) -> None:
    """Have every form of a request speak so."""
    app.before_request(_bring)


def _bring() -> None:
    request.wtforms_translations = FormWords()  # type: ignore[attr-defined]  # where Flask-WTF looks first
