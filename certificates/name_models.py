"""The name on certificates: what its owner approved, and requests to correct it. Nothing here is ever changed."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.stored_file import StoredFile
from lms.people.models import Person


class NameApproval(Keyed, Base):
    """The lines as they are printed, whole. The highest number of a person holds; with the first the name is locked:
    another comes from an accepted correction only (`NameAnswer.approval_id`)."""

    __tablename__ = "name_approval"
    __table_args__ = (
        UniqueConstraint("person_id", "number"),
        CheckConstraint("number > 0", name="number_is_positive"),
        CheckConstraint("length(name) > 0", name="name_is_there"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    number: Mapped[int]
    name: Mapped[str]
    latin_name: Mapped[str]  # "": none is printed
    approved_at: Mapped[datetime] = mapped_column(default=clock.now)
    approved_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    approved_by: Mapped[Person] = relationship(foreign_keys=[approved_by_id])


class NameCorrection(Keyed, Base):
    """A request to print other lines than those of `approval`, with the reason and the evidence. Open until it is answered."""

    __tablename__ = "name_correction"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name_is_there"),
        CheckConstraint("length(reason) > 0", name="reason_is_there"),
    )

    approval_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("name_approval.id", ondelete="RESTRICT"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str]
    latin_name: Mapped[str]
    reason: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)

    approval: Mapped[NameApproval] = relationship()
    person: Mapped[Person] = relationship()
    evidence: Mapped[list["NameEvidence"]] = relationship(
        back_populates="correction", order_by="NameEvidence.position", lazy="selectin"
    )
    answer: Mapped["NameAnswer | None"] = relationship(back_populates="correction")


class NameEvidence(Base):
    """One file of a request: a page of a passport, an identity card."""

    __tablename__ = "name_evidence"

    correction_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("name_correction.id", ondelete="RESTRICT"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))

    correction: Mapped[NameCorrection] = relationship(back_populates="evidence")
    file: Mapped[StoredFile] = relationship(lazy="joined")


class NameAnswer(Keyed, Base):
    """That a lead answered a request: with the approval that came of it, or with words why there is none."""

    __tablename__ = "name_answer"
    __table_args__ = (CheckConstraint("approval_id IS NOT NULL OR length(words) > 0", name="no_is_explained"),)

    correction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("name_correction.id", ondelete="RESTRICT"), unique=True)
    approval_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("name_approval.id", ondelete="RESTRICT"), unique=True
    )
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    words: Mapped[str]
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)

    correction: Mapped[NameCorrection] = relationship(back_populates="answer")
    by: Mapped[Person] = relationship()

    @property
    def accepted(self) -> bool:
        return self.approval_id is not None
