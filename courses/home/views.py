"""The first page of a trainee."""

from flask import Blueprint, render_template
from sqlalchemy.orm import joinedload

from courses.learning import enrolments
from courses.learning.models import Enrolment
from lms.kit.db import session
from lms.people import access
from lms.people.access import me

blueprint = Blueprint("home", __name__)


@blueprint.get("/home")
@access.signed_in
def home() -> str:
    mine = enrolments.of(me()).options(joinedload(Enrolment.version)).order_by(Enrolment.enrolled_at.desc())
    return render_template("courses/home/home.html", enrolments=session.scalars(mine).all())
