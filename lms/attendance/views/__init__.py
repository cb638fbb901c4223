"""Pages of attendance: one's own, the keeper's, the lead's."""

from lms.attendance.views import deciding, excuses, keeping, own, planning
from lms.attendance.views.room import blueprint

__all__ = ["blueprint", "deciding", "excuses", "keeping", "own", "planning"]
