"""When a trainee reached each fifth of the required work. Rates of arrival by work done are learned from it; the row of a
traineeship itself only knows how far somebody is now."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.kit import clock
from lms.kit.db import Base, session
from lms.pipeline.models import Traineeship

FIFTHS = 5


class ProgressMark(Base):
    """That a traineeship reached so many fifths for the first time. A fifth that was jumped over has no row."""

    __tablename__ = "progress_mark"
    __table_args__ = (CheckConstraint("fifth BETWEEN 1 AND 5", name="fifth_is_one_of_five"),)

    traineeship_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("traineeship.id", ondelete="CASCADE"), primary_key=True
    )
    fifth: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reached_at: Mapped[datetime] = mapped_column(default=clock.now)


def note(traineeship: Traineeship, percent: int) -> None:
    """Keep the moment when `percent` is a fifth more than ever before. Whoever falls back and comes again has reached it once."""
    fifth = percent * FIFTHS // 100
    if fifth > traineeship.progress * FIFTHS // 100 and session.get(ProgressMark, (traineeship.id, fifth)) is None:
        session.add(ProgressMark(traineeship_id=traineeship.id, fifth=fifth, reached_at=clock.now()))
