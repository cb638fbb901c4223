"""Pages of the pipeline room: the catalogue, applying, following one's application, and the lead's cohorts."""

from lms.pipeline.views import applying, catalogue, following, leading, programmes, telling
from lms.pipeline.views.room import blueprint

__all__ = ["applying", "blueprint", "catalogue", "following", "leading", "programmes", "telling"]
