"""Pages of the people room: the doors, one's own account, and the administrator's lists."""

from lms.people.views import account, accounts, doors, erasing, frame, merging
from lms.people.views.room import blueprint

__all__ = ["account", "accounts", "blueprint", "doors", "erasing", "frame", "merging"]
