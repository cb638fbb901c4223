"""How certificates of a programme are issued, in versions, and the batches that two people issue together."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.design_models import CertificateDesign
from certificates.models import Certificate
from courses.learning.models import Enrolment, Offering
from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.people.models import Person
from lms.pipeline.models import Cohort, Programme, Traineeship


class ForCourses(StrEnum):
    """Whether single courses of a programme have certificates of their own, and who issues them."""

    NONE = "none"
    ASKED = "asked"  # somebody asks for them, as for those of the programme
    AUTOMATIC = "automatic"  # whoever completes a course gets one at once


class IssuingRule(Keyed, Base):
    """How the certificates of a programme are issued. Append-only: the newest holds, what was issued keeps its version.

    `automatic`: whoever completes gets a certificate at once, so that no second person looks. `valid_months`: None, it does
    not expire. `own_design_id`: None, a folder as it comes: `design`, printed in `languages`. `course_design` is the folder
    of certificates for a single course, in the same languages.
    """

    __tablename__ = "issuing_rule"
    __table_args__ = (
        UniqueConstraint("programme_id", "version"),
        CheckConstraint("version > 0", name="version_is_positive"),
        CheckConstraint("valid_months > 0", name="validity_is_positive"),
        CheckConstraint("NOT (automatic AND needs_second_person)", name="automatic_has_no_second_person"),
        CheckConstraint("NOT automatic OR set_by_id IS NOT NULL", name="automatic_was_set_by_somebody"),
        CheckConstraint("languages IN ('ko', 'en', 'both')", name="languages_are_printed"),
        CheckConstraint(
            "for_courses <> 'automatic' OR set_by_id IS NOT NULL", name="automatic_for_courses_was_set_by_somebody"
        ),
    )

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="RESTRICT"))
    version: Mapped[int]
    needs_name_approval: Mapped[bool] = mapped_column(default=False)
    needs_second_person: Mapped[bool] = mapped_column(default=True)
    automatic: Mapped[bool] = mapped_column(default=False)
    valid_months: Mapped[int | None]
    design: Mapped[str] = mapped_column(default="programme")
    languages: Mapped[str] = mapped_column(default="both")
    own_design_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("certificate_design.id", ondelete="RESTRICT"))
    for_courses: Mapped[ForCourses] = mapped_column(default=ForCourses.NONE)
    course_design: Mapped[str] = mapped_column(default="one-course")
    reason: Mapped[str] = mapped_column(default="")
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    set_at: Mapped[datetime] = mapped_column(default=clock.now)

    programme: Mapped[Programme] = relationship()
    own_design: Mapped[CertificateDesign | None] = relationship()
    set_by: Mapped[Person | None] = relationship()


class BatchState(StrEnum):
    """Where a batch stands. Who moved it there stands in the batch (the decision) and in the audit trail (pauses)."""

    WAITING = "waiting"
    DECLINED = "declined"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    WITHDRAWN = "withdrawn"  # taken back by whoever asked, before anybody decided


class IssueBatch(Keyed, Base):
    """That somebody asked for certificates for chosen people of a cohort, and what a second person said to it.

    `offering_id`: None, for the programme; else for this one course. `halt`: why it stands still though nobody paused it;
    a sentence for whoever goes on with it.
    """

    __tablename__ = "issue_batch"
    __table_args__ = (
        CheckConstraint("decided_by_id <> requested_by_id", name="a_second_person_decides"),
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="decision_is_whole"),
        CheckConstraint("(decided_at IS NULL) = (state IN ('waiting', 'withdrawn'))", name="waits_until_it_is_decided"),
        CheckConstraint("(reason <> '') = (state = 'declined')", name="declined_says_why"),
        CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('declined', 'done', 'withdrawn'))", name="ended_is_over_for_good"
        ),
        CheckConstraint("halt = '' OR state = 'paused'", name="halted_is_paused"),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"), index=True)
    offering_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offering.id", ondelete="RESTRICT"), index=True)
    rule_version: Mapped[int]  # of the issuing rule when it was asked for; 0: nobody had changed it yet
    requested_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    requested_at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[BatchState] = mapped_column(default=BatchState.WAITING)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    halt: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship()
    offering: Mapped[Offering | None] = relationship()
    requested_by: Mapped[Person] = relationship(foreign_keys=[requested_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class IssueItem(Keyed, Base):
    """One person of a batch, and what came of it: a certificate, or the sentence why there is none.

    `enrolment_id`: None, for the programme; else for the course of this enrolment.
    """

    __tablename__ = "issue_item"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        UniqueConstraint("batch_id", "traineeship_id"),
        Index(
            "uq_issue_item_open",
            "traineeship_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND enrolment_id IS NULL"),
            postgresql_where=text("ended_at IS NULL AND enrolment_id IS NULL"),
        ),
        Index(
            "uq_issue_item_open_course",
            "enrolment_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint(
            "CASE WHEN ended_at IS NULL THEN certificate_id IS NULL AND refusal = '' "
            "ELSE (certificate_id IS NOT NULL) <> (refusal <> '') END",
            name="ended_with_a_certificate_or_a_sentence",
        ),
    )

    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("issue_batch.id", ondelete="RESTRICT"))
    traineeship_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("traineeship.id", ondelete="RESTRICT"))
    enrolment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("enrolment.id", ondelete="RESTRICT"))
    position: Mapped[int]
    ended_at: Mapped[datetime | None]
    certificate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("certificate.id", ondelete="RESTRICT"))
    refusal: Mapped[str] = mapped_column(default="")

    batch: Mapped[IssueBatch] = relationship()
    traineeship: Mapped[Traineeship] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
