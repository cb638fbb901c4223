"""What kinds of activities are called."""

from flask_babel import gettext as _

from courses.catalogue.models import ActivityKind


def kind_words() -> dict[ActivityKind, str]:
    """Kind of activity → its word in the reader's language."""
    return {
        ActivityKind.LESSON: _("Lesson"),
        ActivityKind.QUIZ: _("Quiz"),
        ActivityKind.ASSIGNMENT: _("Assignment"),
    }
