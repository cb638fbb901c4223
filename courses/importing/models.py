"""Course folders that were sent in as zip files, and what became of each."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import CourseVersion
from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.stored_file import StoredFile
from lms.people.models import Person


class UploadState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class CourseUpload(Keyed, Base):
    """One zip file on its way to a version of a course: how far it is, then the version or why there is none."""

    __tablename__ = "course_upload"
    __table_args__ = (
        Index(
            "uq_course_upload_open",
            "by_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("(ended_at IS NOT NULL) = (state IN ('done', 'failed'))", name="ended_is_done_or_failed"),
        CheckConstraint("(version_id IS NOT NULL) = (state = 'done')", name="done_has_a_version"),
        CheckConstraint("(failure <> '') = (state = 'failed')", name="failed_says_why"),
        CheckConstraint("done >= 0 AND done <= total", name="done_within_total"),
    )

    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    slug: Mapped[str] = mapped_column(default="")  # the name in addresses that was asked for; "" for the folder's own
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    state: Mapped[UploadState] = mapped_column(default=UploadState.WAITING)
    done: Mapped[int] = mapped_column(default=0)  # activities brought in, of `total`
    total: Mapped[int] = mapped_column(default=0)
    version_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("course_version.id", ondelete="RESTRICT"))
    changed: Mapped[bool] = mapped_column(default=False)  # whether that version is new: nothing changes, no new version
    failure: Mapped[str] = mapped_column(default="")  # one English sentence, translated when it is shown

    file: Mapped[StoredFile] = relationship()
    by: Mapped[Person] = relationship()
    version: Mapped[CourseVersion | None] = relationship()

    @property
    def ended(self) -> bool:
        return self.ended_at is not None
