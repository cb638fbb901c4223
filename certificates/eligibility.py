"""Who of a cohort, or of those enrolled in a course, gets a certificate, and why the others do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, null, select
from sqlalchemy.orm import contains_eager, joinedload

from certificates import faces, issuing_rules, names
from certificates.earned import Earned, Given, cohort
from certificates.issue_models import ForCourses, IssueBatch, IssueItem
from certificates.models import Certificate
from certificates.names import PrintedName
from courses.gradebook.models import Completion
from courses.learning.models import Enrolment, Offering
from lms.kit import i18n
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Cohort, Stage, Traineeship

Rows = Select[Traineeship, Any, Completion, Certificate]  # the second: the enrolment, or nothing


class Verdict(StrEnum):
    READY = "ready"
    ISSUED = "issued"
    REVOKED = "revoked"
    SWITCHED_OFF = "switched_off"
    UNPRINTABLE = "unprintable"
    NAME_OPEN = "name_open"
    ASKED = "asked"
    NOT_COMPLETED = "not_completed"
    LEFT = "left"
    ERASED = "erased"


@dataclass(frozen=True)
class Candidate:
    """One person before issue: the lines to be printed, their completion and certificate, as far as there are any.

    `enrolment`: in the course for which the certificate would be; None, it would be for the programme.
    """

    traineeship: Traineeship
    enrolment: Enrolment | None
    completion: Completion | None
    certificate: Certificate | None
    printed: PrintedName
    needs_approval: bool = False  # of the name, by the programme's rule
    asked_at: datetime | None = None  # in a batch that is not finished
    switched_off: bool = False  # the programme's rule has no certificates for courses

    @property
    def earned(self) -> Earned:
        return self.enrolment or self.traineeship

    @cached_property
    def against(self) -> Sequence[Verdict]:
        """Every rule that stands against a certificate, the weightiest first; empty for whoever gets one."""
        if self.certificate:
            return [Verdict.REVOKED if self.certificate.revocation else Verdict.ISSUED]
        if self.traineeship.person.erased_at:
            return [Verdict.ERASED]
        if self._has_left:
            return [Verdict.LEFT]
        lacking = {
            Verdict.SWITCHED_OFF: self.switched_off,
            Verdict.NOT_COMPLETED: self.completion is None or not (self.enrolment or self._stands_completed),
            Verdict.NAME_OPEN: self.needs_approval and not self.printed.approved,
            Verdict.UNPRINTABLE: bool(unprintable(self.printed)),
            Verdict.ASKED: self.asked_at is not None,
        }
        return [verdict for verdict, stands in lacking.items() if stands]

    @property
    def _has_left(self) -> bool:
        """Whoever left after completing a course keeps what they earned."""
        if self.enrolment:
            return self.completion is None and (self.enrolment.ended_at is not None or self._left_the_programme)
        return self._left_the_programme

    @property
    def _left_the_programme(self) -> bool:
        return self.traineeship.stage is Stage.LEFT

    @property
    def _stands_completed(self) -> bool:
        return self.traineeship.stage is Stage.COMPLETED

    @property
    def verdict(self) -> Verdict:
        return self.against[0] if self.against else Verdict.READY

    @property
    def why_not(self) -> str:
        """A sentence for the lead for each rule that stands against it; "" for whoever gets one."""
        return " ".join(_sentence(self, verdict) for verdict in self.against)


def examine(of: Given) -> Sequence[Candidate]:
    """Everybody of a cohort, or of those enrolled in an offering, by name, in a fixed number of queries."""
    rows = (
        (_of_course(of) if isinstance(of, Offering) else _of_programme(of))
        .outerjoin(Certificate, Certificate.completion_id == Completion.id)
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
    rule, asked = issuing_rules.of_cohort(cohort(of).id), _asked(of)
    off = isinstance(of, Offering) and rule.for_courses is ForCourses.NONE
    return [
        Candidate(
            traineeship=taking_part,
            enrolment=enrolment,
            completion=completion,
            certificate=certificate,
            printed=names.known(taking_part.person, approved),
            needs_approval=rule.needs_name_approval,
            asked_at=asked.get(taking_part.id),
            switched_off=off,
        )
        for taking_part, enrolment, completion, certificate in found.values()
    ]


def ready(of: Given) -> Sequence[Candidate]:
    """Those who would get a certificate now."""
    return [candidate for candidate in examine(of) if candidate.verdict == Verdict.READY]


def _of_programme(cohort: Cohort) -> Rows:
    everybody = select(Traineeship, null(), Completion, Certificate).join(Traineeship.person)
    everybody = everybody.outerjoin(Completion, Completion.traineeship_id == Traineeship.id)
    return everybody.where(Traineeship.cohort_id == cohort.id)


def _of_course(offering: Offering) -> Rows:
    everybody = select(Traineeship, Enrolment, Completion, Certificate).join(Traineeship.person)
    everybody = everybody.join(Enrolment, Enrolment.traineeship_id == Traineeship.id)
    everybody = everybody.outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
    return everybody.where(Enrolment.offering_id == offering.id)


def _asked(of: Given) -> dict[UUID, datetime]:
    """Traineeship → when a certificate was asked for, of those in a batch that is not finished."""
    mine = IssueBatch.offering_id == of.id if isinstance(of, Offering) else IssueBatch.offering_id.is_(None)
    waiting = (
        select(IssueItem.traineeship_id, IssueBatch.requested_at)
        .join(IssueItem.batch)
        .where(mine, IssueBatch.cohort_id == cohort(of).id, IssueItem.ended_at.is_(None))
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


def none_for_courses() -> str:
    return _("In this programme single courses have no certificates. How certificates are issued says so.")


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
    if verdict == Verdict.SWITCHED_OFF:
        return none_for_courses()
    if verdict == Verdict.UNPRINTABLE:
        return cannot_print(person, unprintable(candidate.printed))
    if verdict == Verdict.NAME_OPEN:
        return name_is_open(person)
    if verdict == Verdict.ASKED:
        return _("Was asked for on %(day)s and is in a batch that is not finished.", day=i18n.day(candidate.asked_at))
    done = i18n.percent(candidate.earned.progress / 100)
    return _("Not completed yet: %(done)s of the required activities are done.", done=done)
