"""Persons, what they may do, where they are signed in, and what they agreed to."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.words import Words


class Role(StrEnum):
    """What a person does here; one person can be several. Which cohorts and courses it is for stands in higher rooms."""

    TRAINEE = "trainee"
    INSTRUCTOR = "instructor"
    LEAD = "lead"
    ADMIN = "admin"


class Person(Keyed, Base):
    """Somebody known to the system, with one account at most (no password: no account yet)."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower"),
        CheckConstraint("language IN ('ko', 'en')", name="language_is_known"),
        CheckConstraint("length(name) > 0", name="name_is_there"),
        CheckConstraint("erased_at IS NULL OR closed_at IS NOT NULL", name="erased_is_closed"),
        CheckConstraint("erased_at IS NULL OR password_hash IS NULL", name="erased_has_no_password"),
    )

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]  # as written by its owner, whole
    latin_name: Mapped[str] = mapped_column(default="")  # as in the passport, whole
    language: Mapped[str] = mapped_column(default="ko")
    time_zone: Mapped[str] = mapped_column(default="Asia/Seoul")
    password_hash: Mapped[str | None]
    known_since: Mapped[datetime] = mapped_column(default=clock.now)
    email_confirmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # from then on a nameless row that keeps counts and ledgers right

    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="person", foreign_keys="RoleGrant.person_id", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def has(self, *roles: Role) -> bool:
        """Whether the person is any of `roles`."""
        return any(grant.role in roles for grant in self.grants)


class RoleGrant(Keyed, Base):
    """That a person may act in a role, given by whom and when."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "role"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    role: Mapped[Role]
    granted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = relationship(back_populates="grants", foreign_keys=[person_id])


class Device(Keyed, Base):
    """One browser in which a person is signed in. Its key is in that browser's signed cookie; ending the row signs it out."""

    __tablename__ = "device"
    __table_args__ = (Index("ix_device_person_open", "person_id", "ended_at"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    signed_in_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship()

    # What flask-login asks of the thing that is signed in:
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.id)


class Purpose(StrEnum):
    """What a mailed link is for."""

    RESET = "reset"
    INVITATION = "invitation"
    CONFIRMATION = "confirmation"


class MailedLink(Keyed, Base):
    """A link that opens one door once: signed in the address, expiring and used up here."""

    __tablename__ = "mailed_link"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    purpose: Mapped[Purpose]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Erasure(Keyed, Base):
    """That a person is to be erased: who asked and when it is done. Until then whoever asked may take it back."""

    __tablename__ = "erasure"
    __table_args__ = (
        Index(
            "uq_erasure_open",
            "person_id",
            unique=True,
            sqlite_where=text("done_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND withdrawn_at IS NULL"),
        ),
        CheckConstraint("done_at IS NULL OR withdrawn_at IS NULL", name="done_is_not_withdrawn"),
        CheckConstraint("due_at >= requested_at", name="due_after_the_request"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    requested_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    requested_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class HeldForm(Keyed, Base):
    """What somebody typed when their session had ended, kept for an hour to be sent after sign-in."""

    __tablename__ = "held_form"

    path: Mapped[str]
    fields: Mapped[dict[str, Any]]
    held_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class ConsentText(Keyed, Base):
    """One version of a text that people are asked to agree to."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("kind", "version"), CheckConstraint("version > 0", name="version_is_positive"))

    kind: Mapped[str]
    version: Mapped[int]
    required: Mapped[bool]
    title: Mapped[Words]
    text: Mapped[Words]  # Markdown
    valid_from: Mapped[date]


class ConsentChoice(Keyed, Base):
    """What a person chose about one version of a text, and when. Never changed: a new choice is a new row."""

    __tablename__ = "consent_choice"
    __table_args__ = (Index("ix_consent_choice_person_text", "person_id", "text_id", "chosen_at"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    text_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent_text.id", ondelete="RESTRICT"))
    agreed: Mapped[bool]
    language: Mapped[str]
    chosen_at: Mapped[datetime] = mapped_column(default=clock.now)

    text: Mapped[ConsentText] = relationship()


class AuditEntry(Keyed, Base):
    """Who did what to which thing, when, with the old and the new value."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_kind", "subject_id"),)

    happened_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    deed: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID | None]
    old: Mapped[dict[str, Any] | None]
    new: Mapped[dict[str, Any] | None]

    person: Mapped[Person | None] = relationship()
