"""After two persons were joined, or taken apart again, finished days are added up anew: moves may have left the ledger or come back."""

from lms.kit import jobs
from lms.people import merging
from lms.reporting import counting


@jobs.on(merging.NEWS)
def count_after_merge(merge_id: str) -> None:
    """Count all days again; run twice, it counts the same."""
    counting.begin_anew()
