"""What this room forgets when a person was erased: the words that they wrote as answers. Choices and points stay."""

from sqlalchemy import select, update

from courses.learning.models import Enrolment
from courses.quizzes.models import Answer, Attempt, Question, QuestionKind
from lms.kit import db, jobs
from lms.kit.db import session
from lms.people.erasing import erased


@jobs.on("person_erased")
def erase_in_quizzes(person_id: str) -> None:
    """Empty the short texts."""
    with db.transaction():
        person = erased(person_id)
        attempts = select(Attempt.id).join(Enrolment).where(Enrolment.person_id == person.id)
        written = select(Question.id).where(Question.kind == QuestionKind.TEXT)
        session.execute(
            update(Answer)
            .where(Answer.attempt_id.in_(attempts), Answer.question_id.in_(written))
            .values(given={"text": ""}),
            execution_options={"synchronize_session": False},
        )
