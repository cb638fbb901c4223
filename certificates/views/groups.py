"""Whose certificates the pages of issuing are about: a cohort's, or those of one course given to it; and where they lie."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from certificates.earned import Given
from certificates.issue_models import IssueBatch
from courses.learning import offerings
from courses.learning.models import Offering
from lms.kit import i18n
from lms.kit.web import one_or_404
from lms.people.access import me
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort


@dataclass(frozen=True)
class Group:
    """A cohort, or with an offering those who take this course in it."""

    cohort: Cohort
    offering: Offering | None = None

    @property
    def given(self) -> Given:
        return self.offering or self.cohort

    @property
    def within(self) -> str:
        """The programme and the cohort, as they stand under a title."""
        programme = i18n.best(self.cohort.programme.title)
        return f"{programme}, {i18n.best(self.cohort.title)}"

    @property
    def title(self) -> str:
        if self.offering:
            return _("Certificates of the course %(course)s", course=i18n.best(self.offering.version.title))
        return _("Certificates of %(cohort)s", cohort=i18n.best(self.cohort.title))

    @property
    def trail(self) -> list[tuple[str, str]]:
        """The pages above those of this group, and its own."""
        above = [(_("Cohorts"), url_for("pipeline.cohorts"))]
        if self.offering:
            above += [(Group(self.cohort).title, Group(self.cohort).page)]
        return [*above, (self.title, self.page)]

    @property
    def page(self) -> str:
        return self.address("issue")

    def address(self, deed: str) -> str:
        """Where one of the pages lies: issue, confirm, issue_chosen, request_batch."""
        if self.offering:
            return url_for(f"certificates.{deed}_course", offering_id=self.offering.id)
        return url_for(f"certificates.{deed}", cohort_id=self.cohort.id)


def of_cohort(cohort_id: UUID) -> Group:
    """The cohort, if the reader leads it."""
    return Group(one_or_404(cohorts.led_by(me()).where(Cohort.id == cohort_id)))


def of_offering(offering_id: UUID) -> Group:
    """The course given to a cohort, if the reader leads the cohort."""
    whole = (joinedload(Offering.cohort), joinedload(Offering.version))
    offering = one_or_404(offerings.led_by(me()).where(Offering.id == offering_id).options(*whole))
    return Group(offering.cohort, offering)


def of_batch(batch: IssueBatch) -> Group:
    return Group(batch.cohort, batch.offering)
