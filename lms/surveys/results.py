"""What a survey found: means with their n, and nothing of fewer than five.

Results are told once, when the survey is over. Somebody who looked before and after one more answer would know that answer.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from lms.kit import clock
from lms.kit.db import rows
from lms.surveys import questions
from lms.surveys.models import Survey, SurveyAnswer
from lms.surveys.questions import Kind, Question

SMALLEST = 5
STEPS = (1, 2, 3, 4, 5)
Said = dict[str, tuple[list[int], list[str]]]


@dataclass(frozen=True)
class Result:
    """What was said to one question. `n` is None, and nothing is told, where fewer than five answered it."""

    question: Question
    n: int | None
    mean: float | None = None
    distribution: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()


def of(survey: Survey) -> list[Result] | None:
    """The results in the order of the questions; None as long as the survey is not over."""
    return means_of([survey]).get(survey.id)


def means_of(surveys: list[Survey]) -> dict[UUID, list[Result]]:
    """Survey → its results, for those that are over; one query."""
    over = [each for each in surveys if each.state_on(clock.today()) == "over"]
    said: dict[UUID, Said] = {each.id: {} for each in over}
    columns = (SurveyAnswer.survey_id, SurveyAnswer.question, SurveyAnswer.scale, SurveyAnswer.text)
    query = select(*columns).where(SurveyAnswer.survey_id.in_([each.id for each in over])).order_by(SurveyAnswer.id)
    for survey_id, key, scale, text in rows(query, {}):
        steps, texts = said[survey_id].setdefault(key, ([], []))
        if scale is None:
            texts.append(text)
        else:
            steps.append(scale)
    return {
        each.id: [
            _result(question, *said[each.id].get(question.key, ([], [])))
            for question in questions.of(each.questionnaire)
        ]
        for each in over
    }


def _result(question: Question, steps: list[int], texts: list[str]) -> Result:
    n = len(steps) or len(texts)
    if n < SMALLEST:
        return Result(question, None)
    if question.kind is Kind.TEXT:
        return Result(question, n, texts=tuple(texts))
    return Result(question, n, sum(steps) / n, tuple(steps.count(step) for step in STEPS))
