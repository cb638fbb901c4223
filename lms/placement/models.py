"""The tables of placement: employers and their openings, placements, and the rounds in which people are asked."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.stored_file import StoredFile
from lms.people.models import Person
from lms.pipeline.models import Traineeship
from lms.placement.terms import Evidence, Outcome, RoleKind


class Employer(Keyed, Base):
    """A company or institution where people work; the hub's own companies are marked and stand first."""

    __tablename__ = "employer"

    name: Mapped[str] = mapped_column(unique=True)
    in_hub: Mapped[bool] = mapped_column(default=False)
    business: Mapped[str] = mapped_column(default="")  # what it does, in a few words
    contact: Mapped[str] = mapped_column(default="")  # whom to ask there, and how
    note: Mapped[str] = mapped_column(default="")
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    openings: Mapped[list["Opening"]] = relationship(back_populates="employer", order_by="Opening.made_at.desc()")

    __mapper_args__ = {"version_id_col": version}


class Opening(Keyed, Base):
    """Work that an employer offers to people of the programme."""

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("seats > 0", name="seats_are_positive"),
        CheckConstraint("kind <> 'own_company'", name="is_offered_by_somebody_else"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
    )

    employer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("employer.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[RoleKind]
    title: Mapped[str]
    seats: Mapped[int] = mapped_column(default=1)
    until: Mapped[date | None]
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))

    employer: Mapped[Employer] = relationship(back_populates="openings")

    def is_open_on(self, day: date) -> bool:
        return self.closed_at is None and (self.until is None or self.until >= day)


class Placement(Keyed, Base):
    """That somebody works somewhere, as it was told. Never changed: a correction is a new row that names the one it replaces."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("kind = 'own_company' OR employer_id IS NOT NULL", name="has_an_employer"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_it_starts"),
        CheckConstraint("replaces_id IS NULL OR reason <> ''", name="correction_has_a_reason"),
        UniqueConstraint("replaces_id"),
    )

    traineeship_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("traineeship.id", ondelete="RESTRICT"), index=True)
    employer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("employer.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[RoleKind]
    title: Mapped[str] = mapped_column(default="")
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    evidence: Mapped[Evidence]
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("placement.id", ondelete="RESTRICT"))
    reason: Mapped[str] = mapped_column(default="")

    traineeship: Mapped[Traineeship] = relationship()
    employer: Mapped[Employer | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])
    withdrawals: Mapped[list["PlacementWithdrawal"]] = relationship(
        back_populates="placement", order_by="PlacementWithdrawal.withdrawn_at"
    )

    @property
    def withdrawal(self) -> "PlacementWithdrawal | None":
        """The one that holds now."""
        return next((each for each in self.withdrawals if each.undone_at is None), None)


class PlacementWithdrawal(Keyed, Base):
    """That a placement was told wrongly and does not hold, with the reason. It can be undone; then the placement holds again."""

    __tablename__ = "placement_withdrawal"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
        Index(
            "uq_placement_withdrawal_holding",
            "placement_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    placement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("placement.id", ondelete="RESTRICT"))
    reason: Mapped[str]
    withdrawn_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    withdrawn_at: Mapped[datetime] = mapped_column(default=clock.now)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))

    placement: Mapped[Placement] = relationship(back_populates="withdrawals")
    withdrawn_by: Mapped[Person] = relationship(foreign_keys=[withdrawn_by_id])
    undone_by: Mapped[Person | None] = relationship(foreign_keys=[undone_by_id])


class FollowUp(Keyed, Base):
    """That somebody is asked, so many months after the last day of their cohort, what became of them."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("traineeship_id", "months"),
        CheckConstraint("months IN (3, 6, 12, 18, 24)", name="months_are_a_round"),
    )

    traineeship_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("traineeship.id", ondelete="RESTRICT"))
    months: Mapped[int]
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_at: Mapped[datetime | None]  # when the letter was written; none was, where somebody called first

    traineeship: Mapped[Traineeship] = relationship()
    contacts: Mapped[list["Contact"]] = relationship(back_populates="follow_up", order_by="(Contact.at, Contact.id)")


class Contact(Keyed, Base):
    """One answer to a follow-up, or one try that reached nobody. Never changed; the latest answer holds."""

    __tablename__ = "contact"
    __table_args__ = (Index("ix_contact_follow_up", "follow_up_id", "at"),)

    follow_up_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("follow_up.id", ondelete="RESTRICT"))
    outcome: Mapped[Outcome]
    evidence: Mapped[Evidence]
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))

    follow_up: Mapped[FollowUp] = relationship(back_populates="contacts")
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
