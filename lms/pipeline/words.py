"""What stages are called on screen and in files."""

from flask_babel import lazy_gettext as _l

STAGES = {
    "applied": _l("Applied"),
    "waiting": _l("On the waiting list"),
    "declined": _l("Declined"),
    "withdrawn": _l("Withdrawn"),
    "admitted": _l("Admitted"),
    "training": _l("In training"),
    "completed": _l("Completed"),
    "certified": _l("Certified"),
    "placed": _l("Placed"),
    "left": _l("Left"),
}
