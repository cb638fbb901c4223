"""How certificates of a programme are issued, in versions."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.people.models import Person
from lms.pipeline.models import Programme


class IssuingRule(Keyed, Base):
    """How the certificates of a programme are issued. Append-only: the newest holds, what was issued keeps its version.

    `automatic`: whoever completes gets a certificate at once, so that no second person looks. `valid_months`: None, it does
    not expire. `languages`: that a certificate is printed in.
    """

    __tablename__ = "issuing_rule"
    __table_args__ = (
        UniqueConstraint("programme_id", "version"),
        CheckConstraint("version > 0", name="version_is_positive"),
        CheckConstraint("valid_months > 0", name="validity_is_positive"),
        CheckConstraint("NOT (automatic AND needs_second_person)", name="automatic_has_no_second_person"),
        CheckConstraint("NOT automatic OR set_by_id IS NOT NULL", name="automatic_was_set_by_somebody"),
        CheckConstraint("languages IN ('ko', 'en', 'both')", name="languages_are_printed"),
    )

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="RESTRICT"))
    version: Mapped[int]
    needs_name_approval: Mapped[bool] = mapped_column(default=False)
    needs_second_person: Mapped[bool] = mapped_column(default=True)
    automatic: Mapped[bool] = mapped_column(default=False)
    valid_months: Mapped[int | None]
    design: Mapped[str] = mapped_column(default="programme")
    languages: Mapped[str] = mapped_column(default="both")
    reason: Mapped[str] = mapped_column(default="")
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    set_at: Mapped[datetime] = mapped_column(default=clock.now)

    programme: Mapped[Programme] = relationship()
    set_by: Mapped[Person | None] = relationship()
