"""Pages of this room: `lessons` for those who learn, `offerings` and its neighbours for those who teach and lead."""

from flask import Blueprint

blueprint = Blueprint("learning", __name__)

from courses.learning.views import (  # noqa: E402
    cohorts,
    deadlines,
    here,
    lessons,
    new_offerings,
    offerings,
    survey,
    teachers,
    versions,
)

__all__ = [
    "blueprint",
    "cohorts",
    "deadlines",
    "here",
    "lessons",
    "new_offerings",
    "offerings",
    "survey",
    "teachers",
    "versions",
]
