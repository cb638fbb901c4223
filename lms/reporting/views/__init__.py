"""The lead's pages: the board, the list behind each number, one person, one cohort, what was promised and what counts."""

from lms.reporting.views import board, breakdown, definitions, forecast, packs, people, support, targets
from lms.reporting.views.room import blueprint

__all__ = ["blueprint", "board", "breakdown", "definitions", "forecast", "packs", "people", "support", "targets"]
