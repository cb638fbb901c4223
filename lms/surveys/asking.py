"""Surveys are opened, people are written to, and surveys are closed for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lms.kit import clock, db, jobs
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort, Stage, Traineeship
from lms.surveys import letters, questions
from lms.surveys.models import Survey, SurveyMark

ASKED = (Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED, Stage.PLACED)
AT = timedelta(hours=9)  # of the first day, when the letters leave


@dataclass(frozen=True)
class Turnout:
    answered: int
    asked: int


def led_by(person: Person) -> Select[Survey]:
    """The surveys of cohorts that the person leads."""
    ids = cohorts.led_by(person).with_only_columns(Cohort.id)
    whole = (joinedload(Survey.cohort), joinedload(Survey.questionnaire))
    return select(Survey).where(Survey.cohort_id.in_(ids)).options(*whole)


def of(person: Person) -> Select[Survey]:
    """The surveys in which the person is asked, whatever their day."""
    takes_part = exists().where(
        Traineeship.cohort_id == Survey.cohort_id, Traineeship.person_id == person.id, Traineeship.stage.in_(ASKED)
    )
    whole = (joinedload(Survey.cohort), joinedload(Survey.questionnaire))
    return select(Survey).where(takes_part).options(*whole)


def answered_by(person: Person) -> set[UUID]:
    """The surveys that the person answered. That is all that is known about it."""
    return set(session.scalars(select(SurveyMark.survey_id).where(SurveyMark.person_id == person.id)))


def turnout(surveys: Iterable[Survey]) -> dict[UUID, Turnout]:
    """Survey → how many answered, of how many who are asked; two queries."""
    found = list(surveys)
    marks = select(SurveyMark.survey_id, func.count()).where(SurveyMark.survey_id.in_([each.id for each in found]))
    people = select(Traineeship.cohort_id, func.count()).where(
        Traineeship.cohort_id.in_({each.cohort_id for each in found}), Traineeship.stage.in_(ASKED)
    )
    answered = dict(session.execute(marks.group_by(SurveyMark.survey_id)).all())
    asked = dict(session.execute(people.group_by(Traineeship.cohort_id)).all())
    return {each.id: Turnout(answered.get(each.id, 0), asked.get(each.cohort_id, 0)) for each in found}


def begin(
    cohort: Cohort, by: Person | None, *, opens_on: date, closes_on: date, title: Words | None = None, subject: str = ""
) -> Survey:
    """Ask a cohort about itself or, with a `title`, about a course of it; letters leave on the first day.

    `subject` names what it is about, once and for all: a second survey about the same raises Refused.
    """
    if closes_on < opens_on:
        raise Refused(_("The last day comes after the first. Give a later one."))
    if closes_on < clock.today():
        raise Refused(_("The last day is over. Give one that lies ahead."))
    survey = Survey(
        cohort=cohort,
        subject=subject or _subject(cohort, title),
        title=title or Words(),
        questionnaire=questions.current(),
        opens_on=opens_on,
        closes_on=closes_on,
        made_by_id=by.id if by else None,
    )
    try:
        with session.begin_nested():
            session.add(survey)
    except IntegrityError as error:
        raise Refused(_("There is a survey about this already. Open that one, or give another title.")) from error
    jobs.later(invite_to_survey, due_at=max(clock.now(), clock.day_start(opens_on) + AT), survey_id=str(survey.id))
    audit.note(by, "survey.begun", survey, new={"opens_on": str(opens_on), "closes_on": str(closes_on)})
    return survey


def _subject(cohort: Cohort, title: Words | None) -> str:
    return f"cohort:{cohort.id}:{cohorts.slug_of(title.best('en')) if title else ''}"


def close(survey: Survey, by: Person) -> None:
    """End a survey before its last day. It does not open again: whoever looks at results twice must not see the difference."""
    session.refresh(survey, ["closed_at"], with_for_update=True)
    if survey.state_on(clock.today()) == "over":
        raise Conflict(_("This survey is over already."))
    survey.closed_at, survey.closed_by_id = clock.now(), by.id
    audit.note(by, "survey.closed", survey)


@jobs.task
def invite_to_survey(survey_id: str) -> None:
    """Write to everybody who is asked, once."""
    with db.transaction():
        survey = session.scalars(select(Survey).where(Survey.id == UUID(survey_id)).with_for_update()).one()
        if survey.invited_at or survey.state_on(clock.today()) == "over":
            return
        people = select(Person).join(Traineeship, Traineeship.person_id == Person.id)
        asked = people.where(Traineeship.cohort_id == survey.cohort_id, Traineeship.stage.in_(ASKED))
        for person in session.scalars(asked.order_by(Person.name)):
            letters.invited(person, survey)
        survey.invited_at = clock.now()
    jobs.committed()
