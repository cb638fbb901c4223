"""Pages of certificates: for those who issue, those who hold, and anybody who verifies."""

from certificates.views import (
    batches,
    design_folders,
    designing,
    holding,
    issuing,
    name_answering,
    naming,
    printing,
    proving,
    public,
    register_printing,
    registering,
    ruling,
    sharing,
    signing,
    transcripts,
    wallet,
)
from certificates.views.room import blueprint

__all__ = [
    "batches",
    "blueprint",
    "design_folders",
    "designing",
    "holding",
    "issuing",
    "name_answering",
    "naming",
    "printing",
    "proving",
    "public",
    "register_printing",
    "registering",
    "ruling",
    "sharing",
    "signing",
    "transcripts",
    "wallet",
]
