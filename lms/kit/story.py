"""A story told into an empty database: history for demonstrations, the same on each day that it is told.

Knows no word of the field. Rooms tell their own parts through the functions that their pages use, with the clock held
at moments of the past; `lms.demonstration` lets them take turns.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Mapped, Session

from lms.kit import clock, db
from lms.kit.db import Base, Keyed
from lms.kit.jobs import Job
from lms.kit.mail import Letter

WAKING_HOURS = 14


class Telling(Keyed, Base):
    """That a story was begun in this database; without an end it was interrupted, and half of it is missing."""

    __tablename__ = "telling"

    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


@dataclass
class Story:
    """How much is told (`scale` 1 is all), from which day, and whether what takes long to draw is drawn."""

    scale: float = 1.0
    drawing: bool = True
    today: date = field(default_factory=clock.today)
    left_over: set[str] = field(default_factory=set)  # later work that stays to be done when the story is over
    remarks: list[str] = field(default_factory=list)  # sentences for whoever asked for the story

    def moment(self, days: float, hour: float = 9) -> datetime:
        """A moment by Seoul's clock, `days` from today (before: negative). Never in the future of who tells."""
        return min(self.due(days, hour), clock.now())

    def due(self, days: float, hour: float = 9) -> datetime:
        """The same, where the future is meant: a deadline, a door that closes. Parts of days are those of a waking day."""
        return clock.day_start(self.today) + timedelta(days=days // 1, hours=hour + WAKING_HOURS * (days % 1))

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def count(self, number: int, *, least: int = 1) -> int:
        """So many on the scale of this story."""
        return max(least, round(number * self.scale))

    def chance(self, *about: object) -> Random:
        """A die of its own for each thing that it is thrown about, so that no part of the story moves another."""
        return Random("/".join(str(each) for each in about))  # noqa: S311  (a story, not a secret)

    @contextmanager
    def at(self, moment: datetime) -> Iterator[Session]:
        """One deed of the past: the clock held, one transaction."""
        with clock.at(moment), db.transaction() as session:
            yield session


@contextmanager
def telling() -> Iterator[None]:
    """Around a whole story: the end is written down only when it comes to its end."""
    key = db.new_key()
    with db.transaction() as session:
        session.add(Telling(id=key, begun_at=clock.now()))
    yield
    with db.transaction() as session:
        session.execute(update(Telling).where(Telling.id == key).values(ended_at=clock.now()))


def is_half_told() -> bool:
    with db.transaction() as session:
        return bool(session.scalar(select(exists().where(Telling.ended_at.is_(None)))))


def forget() -> None:
    """Empty every table. Only for what a story alone has written: the caller has made sure of that."""
    with db.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())


def settle(story: Story) -> None:
    """Close the past: its letters were sent, its later work was done; only what the story leaves over is still to do."""
    now = clock.now()
    past = Job.done_at.is_(None) & (Job.due_at <= now) & Job.task.not_in(story.left_over)
    with db.transaction() as session:
        session.execute(update(Job).where(past).values(done_at=Job.due_at, attempts=1))
        session.execute(
            update(Letter).where(Letter.sent_at.is_(None), Letter.written_at <= now).values(sent_at=Letter.written_at)
        )
