"""Designs that belong to a programme, in versions, and folders of designs that an administrator brought in."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed, WordsColumn
from lms.kit.stored_file import StoredFile
from lms.kit.words import Words
from lms.people.models import Person
from lms.pipeline.models import Programme


class DesignFolder(Keyed, Base):
    """A folder that did not come with the product: its files as one zip, kept by content. Append-only, numbered by name.

    `version` is what its own design.toml says.
    """

    __tablename__ = "design_folder"
    __table_args__ = (
        UniqueConstraint("name", "number"),
        CheckConstraint("number > 0", name="number_is_positive"),
    )

    name: Mapped[str]
    number: Mapped[int]
    version: Mapped[str]
    title: Mapped[Words]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    sha256: Mapped[str] = mapped_column(unique=True)
    brought_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    brought_at: Mapped[datetime] = mapped_column(default=clock.now)

    file: Mapped[StoredFile] = relationship()
    brought_by: Mapped[Person | None] = relationship()


class CertificateDesign(Keyed, Base):
    """A named design of a programme. What it looks like stands in its versions."""

    __tablename__ = "certificate_design"
    __table_args__ = (
        UniqueConstraint("programme_id", "name"),
        CheckConstraint("length(name) > 0", name="name_is_there"),
    )

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="RESTRICT"))
    name: Mapped[str]
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)

    programme: Mapped[Programme] = relationship()


class DesignVersion(Keyed, Base):
    """What a design looks like from a moment on. Append-only: the newest is printed next, what was printed keeps its own.

    `folder`: the name of the layout; `folder_id`: None, it comes with the product. `wording`: language → key → text, only
    what differs from the folder's. `signatory`, `signatory_title`: None, whoever signs for the whole house.
    """

    __tablename__ = "design_version"
    __table_args__ = (
        UniqueConstraint("design_id", "version"),
        CheckConstraint("version > 0", name="version_is_positive"),
        CheckConstraint("length(reason) > 0", name="reason_is_there"),
        CheckConstraint("languages IN ('ko', 'en', 'both')", name="languages_are_printed"),
        CheckConstraint("(signatory IS NULL) = (signatory_title IS NULL)", name="signatory_has_an_office"),
    )

    design_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_design.id", ondelete="RESTRICT"))
    version: Mapped[int]
    folder: Mapped[str]
    folder_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("design_folder.id", ondelete="RESTRICT"))
    languages: Mapped[str]
    wording: Mapped[dict[str, Any]]
    signatory: Mapped[Words | None] = mapped_column(WordsColumn(none_as_null=True))
    signatory_title: Mapped[Words | None] = mapped_column(WordsColumn(none_as_null=True))
    seal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    reason: Mapped[str]
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    set_at: Mapped[datetime] = mapped_column(default=clock.now)

    design: Mapped[CertificateDesign] = relationship()
    kept_folder: Mapped[DesignFolder | None] = relationship()
    seal: Mapped[StoredFile | None] = relationship()
    set_by: Mapped[Person | None] = relationship()
