"""Questions with their keys, and what people answered."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import Activity
from courses.learning.models import Enrolment
from lms.kit import clock
from lms.kit.db import Base, Keyed
from lms.kit.words import Words


class QuestionKind(StrEnum):
    ONE = "one"
    SEVERAL = "several"
    NUMBER = "number"
    TEXT = "text"


class Quiz(Base):
    """How a quiz is taken: attempts, minutes (None: no clock) and the share that passes."""

    __tablename__ = "quiz"
    __table_args__ = (
        CheckConstraint("attempts > 0", name="attempts_are_positive"),
        CheckConstraint("minutes > 0", name="minutes_are_positive"),
        CheckConstraint("pass_percent BETWEEN 0 AND 100", name="pass_is_a_percentage"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activity.id", ondelete="RESTRICT"), primary_key=True)
    attempts: Mapped[int]
    minutes: Mapped[int | None]
    pass_percent: Mapped[int]

    activity: Mapped[Activity] = relationship()
    questions: Mapped[list["Question"]] = relationship(back_populates="quiz", order_by="Question.position")


class Question(Keyed, Base):
    """One question. `answer` and `tolerance` are for numbers, `accepted` for short texts, options for the other kinds."""

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("activity_id", "position"),
        CheckConstraint("points > 0", name="points_are_positive"),
        CheckConstraint("(kind = 'number') = (answer IS NOT NULL)", name="number_has_an_answer"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("quiz.activity_id", ondelete="RESTRICT"))
    key: Mapped[str]
    position: Mapped[int]
    kind: Mapped[QuestionKind]
    html: Mapped[Words]  # rendered and safe
    explanation: Mapped[Words]  # rendered and safe; shown after the attempt
    points: Mapped[int]
    answer: Mapped[str | None]  # a decimal number as text, so that nothing is rounded
    tolerance: Mapped[str | None]
    accepted: Mapped[list[str]] = mapped_column(default=list)

    quiz: Mapped[Quiz] = relationship(back_populates="questions")
    options: Mapped[list["Option"]] = relationship(back_populates="question", order_by="Option.position")


class Option(Keyed, Base):
    """One answer to choose; several of a question may be correct."""

    __tablename__ = "option"
    __table_args__ = (UniqueConstraint("question_id", "position"),)

    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("question.id", ondelete="RESTRICT"))
    position: Mapped[int]
    html: Mapped[Words]
    correct: Mapped[bool]
    feedback: Mapped[Words]

    question: Mapped[Question] = relationship(back_populates="options")


class Attempt(Keyed, Base):
    """One sitting: begun, ended at the latest at `due_at` by the server's clock, scored once."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_id", "number"),
        Index(
            "uq_attempt_open",
            "enrolment_id",
            "activity_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("points IS NULL OR points BETWEEN 0 AND most", name="points_within_most"),
        CheckConstraint("(ended_at IS NULL) = (points IS NULL)", name="ended_has_points"),
    )

    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="RESTRICT"))
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("quiz.activity_id", ondelete="RESTRICT"), index=True)
    number: Mapped[int]
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    order: Mapped[
        dict[str, Any]
    ]  # {"questions": [id…], "options": {question id: [option id…]}}: as shuffled for this attempt
    points: Mapped[int | None]
    most: Mapped[int]
    passed: Mapped[bool | None]

    enrolment: Mapped[Enrolment] = relationship()
    quiz: Mapped[Quiz] = relationship()
    answers: Mapped[list["Answer"]] = relationship(back_populates="attempt")


class Answer(Keyed, Base):
    """What was last given to one question of an attempt: {"options": [id…]} or {"text": "…"}."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("attempt_id", "question_id"),)

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attempt.id", ondelete="RESTRICT"))
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("question.id", ondelete="RESTRICT"), index=True)
    given: Mapped[dict[str, Any]]
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    points: Mapped[int | None]

    attempt: Mapped[Attempt] = relationship(back_populates="answers")
    question: Mapped[Question] = relationship()
