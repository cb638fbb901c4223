"""Tables that were sent in, what was found in them, and what became of them."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed, stored
from lms.kit.stored_file import StoredFile
from lms.kit.words import Words
from lms.people.models import Person


class Kind(StrEnum):
    """What the rows of a table are."""

    PEOPLE = "people"
    APPLICATIONS = "applications"
    RESULTS = "results"
    COHORTS = "cohorts"


class UploadState(StrEnum):
    WAITING = "waiting"
    CHECKING = "checking"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"


ENDED = frozenset({UploadState.DONE, UploadState.FAILED, UploadState.DISCARDED})


class BulkUpload(Keyed, Base):
    """One table on its way in: checked, shown, confirmed, and written as a whole or not at all."""

    __tablename__ = "bulk_upload"
    __table_args__ = (
        CheckConstraint("(ended_at IS NOT NULL) = (state IN ('done', 'failed', 'discarded'))", name="ended_is_over"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'done') OR confirmed_at IS NOT NULL", name="written_only_when_confirmed"
        ),
        CheckConstraint("state NOT IN ('confirmed', 'done') OR errors = 0", name="written_only_without_errors"),
        CheckConstraint("done >= 0 AND done <= total", name="done_within_total"),
    )

    kind: Mapped[Kind] = mapped_column(stored(Kind, "kind"))
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    sent_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    state: Mapped[UploadState] = mapped_column(stored(UploadState, "state"), default=UploadState.WAITING)
    done: Mapped[int] = mapped_column(default=0)  # rows looked at, of `total`
    total: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None]
    mark: Mapped[str] = mapped_column(default="")  # of what the check found: whoever confirms sends it back
    errors: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[int] = mapped_column(default=0)
    made: Mapped[int] = mapped_column(default=0)  # rows
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    findings: Mapped[list[Any]] = mapped_column(JSON, default=list, deferred=True)
    marks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)  # row → mark of what becomes of it
    differences: Mapped[list[Any]] = mapped_column(JSON, default=list)  # rows that came out otherwise when confirmed
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    failure: Mapped[Words] = mapped_column(default=Words)  # why there was nothing to check, or what broke
    result_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))

    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])
    result: Mapped[StoredFile | None] = relationship(foreign_keys=[result_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id])

    @property
    def wrong(self) -> int:
        """Rows with a mistake."""
        return max(0, self.total - self.made - self.changed - self.same)

    @property
    def ended(self) -> bool:
        return self.ended_at is not None


class BroughtIn(Base):
    """From which row of which table a move of the ledger came: the evidence behind a stage that was reached elsewhere.

    The key of the move is no foreign key: when two accounts are joined, moves leave the ledger, and come back if that is undone.
    """

    __tablename__ = "brought_in"
    __table_args__ = (
        CheckConstraint("line > 0", name="line_is_positive"),
        Index("ix_brought_in_upload", "upload_id"),
    )

    move_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    upload_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bulk_upload.id", ondelete="RESTRICT"))
    line: Mapped[int]  # of the file, its head being the first

    upload: Mapped[BulkUpload] = relationship()
