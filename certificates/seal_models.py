"""What a finished certificate or transcript is known by elsewhere: its place in the status list, and the keys that ever signed."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.models import Certificate
from certificates.transcript_models import Transcript
from lms.kit import clock
from lms.kit.db import Base, Keyed

ENTRIES = 131_072  # of one status list; the smallest that the standard allows


class CredentialEntry(Base):
    """What a credential says beside the facts: frozen before it is made, so that it can be made again.

    It has the key of the certificate or of the transcript that it is of.
    """

    __tablename__ = "credential_entry"
    __table_args__ = (
        UniqueConstraint("list_number", "status_index"),
        CheckConstraint("list_number > 0", name="lists_count_from_one"),
        CheckConstraint(f"status_index >= 0 AND status_index < {ENTRIES}", name="index_is_in_its_list"),
        CheckConstraint("(certificate_id IS NULL) <> (transcript_id IS NULL)", name="is_of_one_document"),
        CheckConstraint("id = coalesce(certificate_id, transcript_id)", name="has_its_key"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    certificate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("certificate.id", ondelete="RESTRICT"))
    transcript_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("transcript.id", ondelete="RESTRICT"))
    list_number: Mapped[int]
    status_index: Mapped[int]
    email_hash: Mapped[str]
    salt: Mapped[str]

    certificate: Mapped[Certificate | None] = relationship()
    transcript: Mapped[Transcript | None] = relationship()


class SigningKey(Keyed, Base):
    """The public halves of keys that signed here, so that what they signed can be verified after they are gone."""

    __tablename__ = "signing_key"
    __table_args__ = (UniqueConstraint("fingerprint", "credential_key"),)

    fingerprint: Mapped[str]  # of the signer's certificate, SHA-256 in hexadecimal
    certificate: Mapped[str]  # PEM
    credential_key: Mapped[str]  # Multikey
    demo: Mapped[bool]
    first_used_at: Mapped[datetime] = mapped_column(default=clock.now)
