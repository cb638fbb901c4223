"""The first page of a trainee."""

from flask import Blueprint, render_template

from courses.home import overview
from courses.learning.wording import kind_words
from lms.kit import clock
from lms.people import access
from lms.people.access import me

blueprint = Blueprint("home", __name__)


@blueprint.get("/home")
@access.signed_in
def home() -> str:
    return render_template(
        "courses/home/home.html",
        overview=overview.overview(me()),
        kind_words=kind_words(),
        now=clock.now(),
        today=clock.today(),
    )
