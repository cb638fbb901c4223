"""Issued transcripts: every printed fact in the row, the bytes kept as rendered."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.stored_file import StoredFile
from lms.people.models import Person


class Transcript(Keyed, Base):
    """What somebody had completed on a day. `facts` holds everything that is printed; `sha256` is that of the PDF, once printed."""

    __tablename__ = "transcript"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("serial > 0", name="serial_is_positive"),
        CheckConstraint("length(code) >= 20", name="code_is_unguessable"),
        CheckConstraint("languages IN ('ko', 'en', 'both')", name="languages_are_printed"),
        CheckConstraint("(file_id IS NULL) = (sha256 IS NULL)", name="document_is_whole"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    year: Mapped[int]
    serial: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)
    facts: Mapped[dict[str, Any]]
    languages: Mapped[str]
    design_version: Mapped[str]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    sha256: Mapped[str | None] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]  # by the person: from then on its code opens nothing

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    issued_by: Mapped[Person] = relationship(foreign_keys=[issued_by_id])
    file: Mapped[StoredFile | None] = relationship()
