"""Reports that were handed over: what they said, over which cohorts, and the files as they left. Rows are added, never changed."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.stored_file import StoredFile
from lms.people.models import Person


class ReportPack(Keyed, Base):
    """One report: a period of a year, counted as of its last day and as known at a moment, with all figures frozen."""

    __tablename__ = "report_pack"
    __table_args__ = (
        UniqueConstraint("programme", "year", "number"),
        CheckConstraint("first_day <= last_day", name="days_are_in_order"),
        CheckConstraint("number > 0", name="number_is_positive"),
        CheckConstraint("year BETWEEN 2000 AND 2200", name="year_is_sane"),
    )

    programme: Mapped[str]  # its address, "" for all
    year: Mapped[int]
    number: Mapped[int]  # of the reports of this year
    first_day: Mapped[date]
    last_day: Mapped[date]  # everything is counted as of its end
    known_at: Mapped[datetime]  # what was recorded later is not in it
    figures: Mapped[dict[str, Any]]  # as `pack_freezing` writes them
    explanation: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    previous_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("report_pack.id", ondelete="RESTRICT"))

    asked_by: Mapped[Person] = relationship()
    previous: Mapped["ReportPack | None"] = relationship(remote_side="ReportPack.id")
    files: Mapped[list["ReportFile"]] = relationship(
        back_populates="pack", order_by="[ReportFile.language.desc(), ReportFile.kind]"
    )


class ReportCohort(Base):
    """That a cohort was counted in a report. Whoever leads all of them may read it."""

    __tablename__ = "report_cohort"

    pack_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report_pack.id", ondelete="RESTRICT"), primary_key=True)
    cohort_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("cohort.id", ondelete="RESTRICT"), primary_key=True, index=True
    )


class ReportFile(Keyed, Base):
    """One file of a report in one language, with the SHA-256 that it had when it was made."""

    __tablename__ = "report_file"
    __table_args__ = (
        UniqueConstraint("pack_id", "language", "kind"),
        CheckConstraint("kind IN ('pdf', 'xlsx')", name="kind_is_known"),
    )

    pack_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report_pack.id", ondelete="RESTRICT"))
    language: Mapped[str]
    kind: Mapped[str]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    sha256: Mapped[str]

    pack: Mapped[ReportPack] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship()
