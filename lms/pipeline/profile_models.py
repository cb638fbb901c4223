"""What is typed for statistics while an application is a draft: its writer's own until it is sent, then a `Profile` or nothing."""

import uuid
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.kit.db import Base


class ProfileDraft(Base):
    """The answers as they were typed, finished or not, with the tick and the version of the text that was read."""

    __tablename__ = "profile_draft"

    application_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    answers: Mapped[dict[str, Any]]
