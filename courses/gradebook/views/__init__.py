"""Pages of this room: the checklist, the grade book, the rules."""

from flask import Blueprint

blueprint = Blueprint("gradebook", __name__)

from courses.gradebook.views import checklists, grades, ruling  # noqa: E402

__all__ = ["blueprint", "checklists", "grades", "ruling"]
