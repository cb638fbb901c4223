"""What kinds of activities are called."""

from collections.abc import Iterable

from flask_babel import gettext as _

from courses.catalogue.models import ActivityKind
from courses.learning.outline import Entry


def kind_words() -> dict[ActivityKind, str]:
    """Kind of activity → its word in the reader's language."""
    return {
        ActivityKind.LESSON: _("Lesson"),
        ActivityKind.QUIZ: _("Quiz"),
        ActivityKind.ASSIGNMENT: _("Assignment"),
    }


def meta_words(entries: Iterable[Entry]) -> dict[tuple[ActivityKind, int], str]:
    """Kind and minutes → "Lesson · 12 min", for those that occur."""
    kinds, pattern = kind_words(), _("%(num)s min", num="{}")
    return {
        (kind, minutes): f"{kinds[kind]} · {pattern.replace('{}', str(minutes))}" if minutes else kinds[kind]
        for kind, minutes in {(entry.kind, entry.minutes) for entry in entries}
    }
