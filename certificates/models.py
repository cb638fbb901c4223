"""Issued certificates: every printed fact in the row, the bytes kept as rendered, revocation as a deed of its own."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.design_models import DesignVersion
from courses.gradebook.models import Completion
from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.stored_file import StoredFile
from lms.kit.words import Words
from lms.people.models import Person
from lms.pipeline.models import Cohort


class Ground(StrEnum):
    """Why a certificate was revoked, as anybody may know it; the reason itself is between the lead and the holder."""

    ERROR = "error"  # it should never have been issued, or not so
    WITHDRAWN_BY_HOLDER = "withdrawn_by_holder"
    MISCONDUCT = "misconduct"
    SUPERSEDED = "superseded"  # something outside this system stands in its place
    OTHER = "other"


class Certificate(Keyed, Base):
    """An issued, frozen document. `facts` holds everything that is printed; nothing of it is ever read from elsewhere again."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        Index(
            "uq_certificate_completion",
            "completion_id",
            unique=True,
            sqlite_where=text("replaces_id IS NULL"),
            postgresql_where=text("replaces_id IS NULL"),
        ),
        CheckConstraint("serial > 0", name="serial_is_positive"),
        CheckConstraint("length(code) >= 20", name="code_is_unguessable"),
        CheckConstraint("approved_by_id <> issued_by_id", name="a_second_person_approves"),
        CheckConstraint("expires_on >= issued_on", name="holds_a_day"),
        CheckConstraint("(replaces_id IS NULL) = (correction IS NULL)", name="correction_says_why"),
    )

    completion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("completion.id", ondelete="RESTRICT"))
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("certificate.id", ondelete="RESTRICT"), unique=True
    )
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id", ondelete="RESTRICT"), index=True)
    year: Mapped[int]
    serial: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)  # 128 random bits, base32 without look-alikes
    facts: Mapped[dict[str, Any]]
    design: Mapped[str]
    design_version: Mapped[str]
    rule_version: Mapped[int]
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]  # the last day on which it holds, at the hub; None: it does not expire
    correction: Mapped[str | None]  # what was mended in the certificate that this one replaces
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))  # who asked for it
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    issuing_version: Mapped[int] = mapped_column(default=0)  # of the programme's issuing rule; 0: nobody had set one
    drawn_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("design_version.id", ondelete="RESTRICT"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    cohort: Mapped[Cohort] = relationship()
    drawn: Mapped[DesignVersion | None] = relationship()  # None: as its folder comes
    completion: Mapped[Completion] = relationship()
    issued_by: Mapped[Person] = relationship(foreign_keys=[issued_by_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])
    document: Mapped["CertificateDocument | None"] = relationship(back_populates="certificate")
    revocation: Mapped["Revocation | None"] = relationship(back_populates="certificate")
    replaces: Mapped["Certificate | None"] = relationship(back_populates="replacement", remote_side="Certificate.id")
    replacement: Mapped["Certificate | None"] = relationship(back_populates="replaces")


class CertificateDocument(Base):
    """The PDF of a certificate as it was rendered, once."""

    __tablename__ = "certificate_document"

    certificate_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("certificate.id", ondelete="RESTRICT"), primary_key=True
    )
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    sha256: Mapped[str] = mapped_column(index=True)
    rendered_at: Mapped[datetime] = mapped_column(default=clock.now)

    certificate: Mapped[Certificate] = relationship(back_populates="document")
    file: Mapped[StoredFile] = relationship()


class Revocation(Keyed, Base):
    """That a certificate was withdrawn: by whom, when and why. The certificate itself stays."""

    __tablename__ = "revocation"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason_is_there"),)

    certificate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate.id", ondelete="RESTRICT"), unique=True)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    revoked_at: Mapped[datetime] = mapped_column(default=clock.now)
    ground: Mapped[Ground]
    reason: Mapped[str]

    certificate: Mapped[Certificate] = relationship(back_populates="revocation")
    by: Mapped[Person] = relationship()


class CertificateShare(Keyed, Base):
    """A link by which its holder shows a certificate, until they withdraw it. Only a hash of the link is kept."""

    __tablename__ = "certificate_share"

    certificate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate.id", ondelete="RESTRICT"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]  # for whom it is, as the holder wrote it; "" if they did not
    shared_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]

    certificate: Mapped[Certificate] = relationship()


class RegisterPrint(Keyed, Base):
    """The register as somebody had it printed: with which filters, in which language, and the PDF once it is there."""

    __tablename__ = "register_print"
    __table_args__ = (CheckConstraint("(file_id IS NULL) = (rows IS NULL)", name="printed_is_counted"),)

    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    filters: Mapped[dict[str, Any]]
    language: Mapped[str]
    rows: Mapped[int | None]
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))

    by: Mapped[Person] = relationship()
    file: Mapped[StoredFile | None] = relationship()


class SerialCounter(Base):
    """The last serial number given in a year, and when. Locked while the next is taken: no gap, no repeat, no way back."""

    __tablename__ = "serial_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_at: Mapped[datetime | None]


class Issuer(Keyed, Base):
    """Who issues and who signs, from a moment on. Append-only: the newest holds, printed certificates keep what they say."""

    __tablename__ = "issuer"

    name: Mapped[Words]
    signatory: Mapped[Words]
    signatory_title: Mapped[Words]
    set_at: Mapped[datetime] = mapped_column(default=clock.now)
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))

    set_by: Mapped[Person | None] = relationship()
