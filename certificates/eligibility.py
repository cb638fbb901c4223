"""Who of a cohort gets a certificate, and why the others do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from certificates import faces, issuing_rules, names
from certificates.issue_models import IssueBatch, IssueItem
from certificates.models import Certificate
from certificates.names import PrintedName
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
    NAME_OPEN = "name_open"
    ASKED = "asked"
    NOT_COMPLETED = "not_completed"
    LEFT = "left"
    ERASED = "erased"


@dataclass(frozen=True)
class Candidate:
    """One person of a cohort before issue: the lines to be printed, their completion and certificate, as far as there are any."""

    traineeship: Traineeship
    completion: Completion | None
    certificate: Certificate | None
    printed: PrintedName
    needs_approval: bool = False  # of the name, by the programme's rule
    asked_at: datetime | None = None  # in a batch that is not finished

    @cached_property
    def against(self) -> Sequence[Verdict]:
        """Every rule that stands against a certificate, the weightiest first; empty for whoever gets one."""
        if self.certificate:
            return [Verdict.REVOKED if self.certificate.revocation else Verdict.ISSUED]
        if self.traineeship.person.erased_at:
            return [Verdict.ERASED]
        if self.traineeship.stage == Stage.LEFT:
            return [Verdict.LEFT]
        lacking = {
            Verdict.NOT_COMPLETED: self.completion is None or self.traineeship.stage != Stage.COMPLETED,
            Verdict.NAME_OPEN: self.needs_approval and not self.printed.approved,
            Verdict.UNPRINTABLE: bool(unprintable(self.printed)),
            Verdict.ASKED: self.asked_at is not None,
        }
        return [verdict for verdict, stands in lacking.items() if stands]

    @property
    def verdict(self) -> Verdict:
        return self.against[0] if self.against else Verdict.READY

    @property
    def why_not(self) -> str:
        """A sentence for the lead for each rule that stands against it; "" for whoever gets one."""
        return " ".join(_sentence(self, verdict) for verdict in self.against)


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
            joinedload(Certificate.replacement),
        )
        .order_by(Person.name, Traineeship.id, Certificate.issued_at)
    )
    # Of several certificates of one completion the last one issued counts.
    found = {row[0].id: row for row in session.execute(rows)}
    approved = names.approved_of(row[0].person for row in found.values())
    needed, asked = issuing_rules.of_cohort(cohort.id).needs_name_approval, _asked(cohort)
    return [
        Candidate(*row, names.known(row[0].person, approved), needed, asked.get(row[0].id)) for row in found.values()
    ]


def ready(cohort: Cohort) -> Sequence[Candidate]:
    """Those who would get a certificate now."""
    return [candidate for candidate in examine(cohort) if candidate.verdict == Verdict.READY]


def _asked(cohort: Cohort) -> dict[UUID, datetime]:
    """Traineeship → when a certificate was asked for, of those in a batch that is not finished."""
    waiting = (
        select(IssueItem.traineeship_id, IssueBatch.requested_at)
        .join(IssueItem.batch)
        .where(IssueBatch.cohort_id == cohort.id, IssueItem.ended_at.is_(None))
    )
    return {row[0]: row[1] for row in session.execute(waiting)}


def unprintable(printed: PrintedName) -> list[str]:
    """The characters of both lines that no typeface has, named."""
    missing = (*faces.missing(printed.name), *faces.missing(printed.latin_name))
    return [faces.named(character) for character in dict.fromkeys(missing)]


def cannot_print(person: Person, characters: Sequence[str]) -> str:
    return _(
        "No typeface can print these characters: %(characters)s. Ask %(name)s to write the name without them.",
        characters=", ".join(characters),
        name=person.name,
    )


def was_erased() -> str:
    return _("This person had the account erased, so there is no name to print.")


def name_is_open(person: Person) -> str:
    return _(
        "%(name)s has not approved the name yet that will be printed. Ask for it: the page is “My certificates”.",
        name=person.name,
    )


def _sentence(candidate: Candidate, verdict: Verdict) -> str:
    certificate, person = candidate.certificate, candidate.traineeship.person
    if verdict == Verdict.REVOKED and certificate and certificate.revocation:
        return _("Was revoked on %(day)s.", day=i18n.day(certificate.revocation.revoked_at))
    if verdict == Verdict.ISSUED and certificate:
        return _("Was issued on %(day)s.", day=i18n.day(certificate.issued_on))
    if verdict == Verdict.ERASED:
        return was_erased()
    if verdict == Verdict.LEFT:
        return _("Left before completion.")
    if verdict == Verdict.UNPRINTABLE:
        return cannot_print(person, unprintable(candidate.printed))
    if verdict == Verdict.NAME_OPEN:
        return name_is_open(person)
    if verdict == Verdict.ASKED:
        return _("Was asked for on %(day)s and is in a batch that is not finished.", day=i18n.day(candidate.asked_at))
    done = i18n.percent(candidate.traineeship.progress / 100)
    return _("Not completed yet: %(done)s of the required activities are done.", done=done)
