"""What joining two persons means for the figures: an expert counts once, and finished days are added up anew."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.kit import jobs
from lms.people import merging
from lms.pipeline.models import Traineeship
from lms.reporting import counting, definitions, experts, intakes
from lms.reporting.asof import AsOf


@jobs.on(merging.NEWS)
def count_after_merge(merge_id: str) -> None:
    """Count all days again, because moves may have left the ledger or come back; run twice, it counts the same."""
    counting.begin_anew()


@merging.count_people(_l("Experts of this year"))
def experts_this_year(session: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Those who are experts of this year by the definitions that hold now."""
    people, at = list(ids), AsOf.now()
    places = select(Traineeship.cohort_id).where(Traineeship.person_id.in_(people))
    every = intakes.among(set(session.scalars(places)))
    defined = definitions.of_all({each.programme_id for each in every}, at)
    counts = {what: where for what, where in definitions.counting(every, defined.values()).items() if where}
    if not counts:
        return set()
    found = experts.pairs(frozenset(counts)).subquery()
    mine = select(found.c.person_id).where(found.c.person_id.in_(people)).distinct()
    return set(session.scalars(mine, experts.given(counts, at.on.year, at)))
