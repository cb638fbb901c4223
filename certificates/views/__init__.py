"""Pages of certificates: for those who issue, those who hold, and anybody who verifies."""

from certificates.views import (
    holding,
    issuing,
    name_answering,
    naming,
    printing,
    public,
    registering,
    ruling,
    sharing,
    signing,
)
from certificates.views.room import blueprint

__all__ = [
    "blueprint",
    "holding",
    "issuing",
    "name_answering",
    "naming",
    "printing",
    "public",
    "registering",
    "ruling",
    "sharing",
    "signing",
]
