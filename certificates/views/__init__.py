"""Pages of certificates: for those who issue, those who hold, and anybody who verifies."""

from certificates.views import holding, issuing, printing, public, registering, ruling, signing
from certificates.views.room import blueprint

__all__ = ["blueprint", "holding", "issuing", "printing", "public", "registering", "ruling", "signing"]
