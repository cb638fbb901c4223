"""Authored content. A version, once published, is never changed: a new import makes the next one."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.stored_file import StoredFile
from lms.kit.words import Words


class ActivityKind(StrEnum):
    LESSON = "lesson"
    QUIZ = "quiz"
    ASSIGNMENT = "assignment"


class Course(Keyed, Base):
    """A course through all its versions."""

    __tablename__ = "course"
    __table_args__ = (CheckConstraint("(archived_at IS NULL) = (archived_by_id IS NULL)", name="archived_by_somebody"),)

    slug: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    archived_at: Mapped[datetime | None]  # no new offering takes it; those who take it go on
    archived_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))

    versions: Mapped[list["CourseVersion"]] = relationship(back_populates="course", order_by="CourseVersion.number")


class CourseVersion(Keyed, Base):
    """One version: a draft until published or discarded; those enrolled stay on theirs until they are switched."""

    __tablename__ = "course_version"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        CheckConstraint("hours >= 0", name="hours_are_not_negative"),
        CheckConstraint("quiz_minimum BETWEEN 0 AND 100", name="quiz_minimum_is_a_percentage"),
        CheckConstraint("assignment_pass BETWEEN 0 AND 100", name="assignment_pass_is_a_percentage"),
        CheckConstraint("published_at IS NULL OR discarded_at IS NULL", name="published_is_not_discarded"),
    )

    course_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("course.id", ondelete="RESTRICT"))
    number: Mapped[int]
    title: Mapped[Words]
    summary: Mapped[Words]
    hours: Mapped[int]
    licence: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    quiz_minimum: Mapped[int] = mapped_column(default=60)  # per cent: what the first completion rule is made of
    assignment_pass: Mapped[int] = mapped_column(default=60)  # per cent
    digest: Mapped[str]  # of everything that was read: an equal one is not imported again
    imported_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    discarded_at: Mapped[datetime | None]
    discarded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    problems: Mapped[list[str]] = mapped_column(default=list)  # "file:line: sentence", what could not be resolved

    course: Mapped[Course] = relationship(back_populates="versions")
    modules: Mapped[list["Module"]] = relationship(back_populates="version", order_by="Module.position")


class Module(Keyed, Base):
    """A part of a version, in order."""

    __tablename__ = "module"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("course_version.id", ondelete="RESTRICT"))
    key: Mapped[str]
    position: Mapped[int]
    title: Mapped[Words]

    version: Mapped[CourseVersion] = relationship(back_populates="modules")
    activities: Mapped[list["Activity"]] = relationship(back_populates="module", order_by="Activity.position")


class Activity(Keyed, Base):
    """A lesson, quiz or assignment of a version. Its key is the same in every version; its position counts through the course."""

    __tablename__ = "activity"
    __table_args__ = (UniqueConstraint("version_id", "key"), UniqueConstraint("version_id", "position"))

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("course_version.id", ondelete="RESTRICT"))
    module_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("module.id", ondelete="RESTRICT"), index=True)
    key: Mapped[str]
    kind: Mapped[ActivityKind]
    position: Mapped[int]
    title: Mapped[Words]
    minutes: Mapped[int] = mapped_column(default=0)
    required: Mapped[bool] = mapped_column(default=True)

    module: Mapped[Module] = relationship(back_populates="activities")
    version: Mapped[CourseVersion] = relationship()
    texts: Mapped[list["ActivityText"]] = relationship(back_populates="activity")


class ActivityText(Keyed, Base):
    """The text of a lesson or assignment in one language: its Markdown, and what was rendered from it once."""

    __tablename__ = "activity_text"
    __table_args__ = (UniqueConstraint("activity_id", "language"),)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id", ondelete="RESTRICT"))
    language: Mapped[str]
    markdown: Mapped[str]
    html: Mapped[str]
    outline: Mapped[dict[str, Any]]  # {"headings": [[level, text, anchor], …]}
    words: Mapped[int]

    activity: Mapped[Activity] = relationship(back_populates="texts")


class Asset(Keyed, Base):
    """A picture or download of a version, by the name that its texts use."""

    __tablename__ = "asset"
    __table_args__ = (UniqueConstraint("version_id", "name"),)

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("course_version.id", ondelete="RESTRICT"))
    name: Mapped[str]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))

    file: Mapped[StoredFile] = relationship()
