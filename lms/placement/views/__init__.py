"""Pages of placement: employers, cohorts, people, one's own answer."""

from lms.placement.views import cohorts, employers, own, people
from lms.placement.views.room import blueprint

__all__ = ["blueprint", "cohorts", "employers", "own", "people"]
