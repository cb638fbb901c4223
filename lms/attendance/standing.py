"""How people stand against their cohort's rule of attendance; what other rooms ask for."""

from collections.abc import Iterable
from uuid import UUID

from lms.attendance import register
from lms.attendance.arithmetic import Rates


def rates_of(cohort_id: UUID) -> dict[UUID, Rates]:
    """Person → rates, of everybody who was ever in the cohort."""
    return rates_of_all([cohort_id]).get(cohort_id, {})


def rates_of_all(cohort_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, Rates]]:
    """Cohort → person → rates. Four queries, however many cohorts."""
    return {cohort_id: book.everybody() for cohort_id, book in register.of(cohort_ids).items()}
