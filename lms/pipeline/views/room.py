"""The blueprint that the pages of this room hang on, and what several of them show."""

from flask import Blueprint
from markupsafe import Markup

from lms.kit import i18n
from lms.kit.markup.rendering import render
from lms.people.models import ConsentText

blueprint = Blueprint("pipeline", __name__)


def body_of(text: ConsentText) -> Markup:
    """The words of a consent, as HTML in the reader's language."""
    return Markup(render(text.text.best(i18n.current())).html)  # noqa: S704  (sanitised)
