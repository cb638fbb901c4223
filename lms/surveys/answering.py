"""Answering: what is said and who said something are kept apart, so that nobody can lay the one beside the other.

The mark of a person and the answers are written in one transaction, and a database remembers more of that than its columns:
the order of rows, the transaction of each. So all answers of a survey are taken out and written anew, in an order drawn by
chance, whenever somebody answers. Afterwards each of them has the same age.
"""

import random
from collections.abc import Mapping
from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.people.models import Person
from lms.surveys import questions
from lms.surveys.models import Survey, SurveyAnswer, SurveyMark
from lms.surveys.questions import Kind

LONGEST = 2000
_chance = random.SystemRandom()


def answer(survey: Survey, person: Person, given: Mapping[str, str]) -> None:
    """Keep what somebody says: key of a question → a step of the scale or a text; empty ones are left out.

    Raises Refused when the survey is not open, nothing was said or a step is none; Conflict when the person answered before.
    """
    session.refresh(survey, ["closed_at"], with_for_update=True)
    if survey.state_on(clock.today()) != "open":
        raise Refused(_("This survey is not open. Nothing was kept."))
    said = _said(survey, given)
    if not said:
        raise Refused(_("Answer at least one question, then send."))
    try:
        with session.begin_nested():
            session.execute(insert(SurveyMark).values(survey_id=survey.id, person_id=person.id))
    except IntegrityError as error:
        raise Conflict(
            _("You answered this survey before. Because it is anonymous, that cannot be changed.")
        ) from error
    _mix(survey, said)


def _said(survey: Survey, given: Mapping[str, str]) -> list[dict[str, object]]:
    """The answers as columns."""
    found: list[dict[str, object]] = []
    for question in questions.of(survey.questionnaire):
        words = given.get(question.key, "").strip()
        if not words:
            continue
        if question.kind is Kind.TEXT:
            found.append({"question": question.key, "scale": None, "text": words.replace("\x00", "")[:LONGEST]})
        elif words in {"1", "2", "3", "4", "5"}:
            found.append({"question": question.key, "scale": int(words), "text": None})
        else:
            raise Refused(_("Choose a step from 1 to 5."))
    return found


def _mix(survey: Survey, said: list[dict[str, object]]) -> None:
    """Put the new answers among the old ones, all of them with new keys."""
    columns = (SurveyAnswer.question, SurveyAnswer.scale, SurveyAnswer.text)
    known = session.execute(select(*columns).where(SurveyAnswer.survey_id == survey.id)).mappings()
    rows = [*(dict(each) for each in known), *said]
    _chance.shuffle(rows)
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.survey_id == survey.id))
    session.execute(insert(SurveyAnswer), [{"id": uuid4(), "survey_id": survey.id, **row} for row in rows])
