"""What those who took the course said about it: one cohort that ended some months ago."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from courses.learning import surveying
from courses.learning.models import Offering
from lms.kit import clock
from lms.kit.db import session
from lms.kit.story import Story
from lms.surveys import demo as surveys
from lms.surveys.demo import WAIT

AGO = timedelta(days=30)  # a survey that is over


def tell(story: Story) -> Iterator[str]:
    """The survey of the last course that ended long enough ago, begun on the day after it."""
    for _chapter in range(WAIT):
        yield ""
    past = select(Offering).where(Offering.closes_on < story.today - AGO).order_by(Offering.closes_on.desc())
    offering = session.scalars(past.limit(1)).one()
    with story.at(clock.day_start(offering.closes_on) + timedelta(days=1, hours=4)):
        survey = surveying.begin(offering)
    with story.at(story.moment(-1)):
        told = surveys.answers(story, survey)
    yield f"a survey about a course with {told} answers"
