"""How kinds of activities are named and counted."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from courses.catalogue.models import ActivityKind


def kind_words() -> dict[ActivityKind, str]:
    """Kind of activity → its word in the reader's language."""
    return {
        ActivityKind.LESSON: _("Lesson"),
        ActivityKind.QUIZ: _("Quiz"),
        ActivityKind.ASSIGNMENT: _("Assignment"),
    }


def counted(counts: Mapping[ActivityKind, int]) -> str:
    """``18 lessons · 28 quizzes · 14 assignments``; what there is none of is left out."""
    lessons, quizzes, assignments = (counts.get(kind, 0) for kind in ActivityKind)
    parts = [
        ngettext("%(num)s lesson", "%(num)s lessons", lessons) if lessons else "",
        ngettext("%(num)s quiz", "%(num)s quizzes", quizzes) if quizzes else "",
        ngettext("%(num)s assignment", "%(num)s assignments", assignments) if assignments else "",
    ]
    return " · ".join(part for part in parts if part)
