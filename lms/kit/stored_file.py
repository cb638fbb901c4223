"""The row of a kept file. Apart from `files`, so that tables need no web."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.kit import clock
from lms.kit.db import Base, Keyed


class StoredFile(Keyed, Base):
    """One kept file: its name as the person gave it, its size in bytes and the SHA-256 of its content."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size >= 0", name="size_is_not_negative"),)

    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    kept_at: Mapped[datetime] = mapped_column(default=clock.now)
    forgotten_at: Mapped[datetime | None]  # from then on its bytes are gone; that it was there, and its SHA-256, stay
    kept_by_id: Mapped[uuid.UUID | None]
