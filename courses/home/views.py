"""The first page of a trainee."""

from flask import Blueprint, render_template

from courses.home import overview
from courses.learning.wording import kind_words
from lms.attendance import standing
from lms.kit import clock
from lms.people import access
from lms.people.access import me

blueprint = Blueprint("home", __name__)


@blueprint.get("/home")
@access.signed_in
def home() -> str:
    found = overview.overview(me())
    running = [way.traineeship.cohort_id for way in found.ways if way.runs]
    return render_template(
        "courses/home/home.html",
        overview=found,
        attendance=standing.glances(me(), running),
        kind_words=kind_words(),
        now=clock.now(),
        today=clock.today(),
    )
