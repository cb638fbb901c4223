"""Who of a cohort gets a certificate, and why the others do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from certificates import faces
from certificates.freezing import composed
from certificates.models import Certificate
from courses.gradebook.models import Completion
from lms.kit import i18n
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Cohort, Stage, Traineeship


class Verdict(StrEnum):
    READY = "ready"
    ISSUED = "issued"
    REVOKED = "revoked"
    UNPRINTABLE = "unprintable"
    NOT_COMPLETED = "not_completed"
    LEFT = "left"


@dataclass(frozen=True)
class Candidate:
    """One person of a cohort before issue: with their completion and certificate, as far as there are any."""

    traineeship: Traineeship
    completion: Completion | None
    certificate: Certificate | None

    @property
    def verdict(self) -> Verdict:
        if self.certificate:
            return Verdict.REVOKED if self.certificate.revocation else Verdict.ISSUED
        if self.traineeship.stage == Stage.LEFT:
            return Verdict.LEFT
        if self.completion is None or self.traineeship.stage != Stage.COMPLETED:
            return Verdict.NOT_COMPLETED
        return Verdict.UNPRINTABLE if unprintable(self.traineeship.person) else Verdict.READY

    @property
    def why_not(self) -> str:
        """A sentence for the lead; "" for whoever gets one."""
        return _sentence(self)


def examine(cohort: Cohort) -> Sequence[Candidate]:
    """Everybody of a cohort by name, in a fixed number of queries."""
    rows = (
        select(Traineeship, Completion, Certificate)
        .join(Traineeship.person)
        .outerjoin(Completion, Completion.traineeship_id == Traineeship.id)
        .outerjoin(Certificate, Certificate.completion_id == Completion.id)
        .where(Traineeship.cohort_id == cohort.id)
        .options(
            contains_eager(Traineeship.person),
            joinedload(Certificate.revocation),
            joinedload(Certificate.document),
        )
        .order_by(Person.name, Traineeship.id, Certificate.issued_at)
    )
    # Of several certificates of one completion the last one issued counts.
    found = {row[0].id: Candidate(*row) for row in session.execute(rows)}
    return list(found.values())


def ready(cohort: Cohort) -> Sequence[Candidate]:
    """Those who would get a certificate now."""
    return [candidate for candidate in examine(cohort) if candidate.verdict == Verdict.READY]


def unprintable(person: Person) -> list[str]:
    """The characters of a person's names that no typeface has, named."""
    missing = (*faces.missing(composed(person.name)), *faces.missing(composed(person.latin_name)))
    return [faces.named(character) for character in dict.fromkeys(missing)]


def cannot_print(person: Person, characters: Sequence[str]) -> str:
    return _(
        "No typeface can print these characters: %(characters)s. Ask %(name)s to write the name without them.",
        characters=", ".join(characters),
        name=person.name,
    )


def _sentence(candidate: Candidate) -> str:
    verdict, certificate, person = candidate.verdict, candidate.certificate, candidate.traineeship.person
    if verdict == Verdict.READY:
        return ""
    if verdict == Verdict.REVOKED and certificate and certificate.revocation:
        return _("Was revoked on %(day)s.", day=i18n.day(certificate.revocation.revoked_at))
    if verdict == Verdict.ISSUED and certificate:
        return _("Was issued on %(day)s.", day=i18n.day(certificate.issued_on))
    if verdict == Verdict.LEFT:
        return _("Left before completion.")
    if verdict == Verdict.UNPRINTABLE:
        return cannot_print(person, unprintable(person))
    done = i18n.percent(candidate.traineeship.progress / 100)
    return _("Not completed yet: %(done)s of the required activities are done.", done=done)
