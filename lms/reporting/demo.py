"""What the hub has promised: a small number for its first year, the real one for this."""

from collections.abc import Iterator

from sqlalchemy import select

from lms.kit.db import session
from lms.kit.story import Story
from lms.people import accounts
from lms.people.demo import BEGINNING, LEAD
from lms.pipeline.models import Programme
from lms.reporting.models import Target

PROMISED = ((-1, 100), (0, 500))  # years from this one, people


def tell(story: Story) -> Iterator[str]:
    """The targets, set when the programme began."""
    with story.at(story.moment(BEGINNING + 8, 11)):
        programme, lead = session.scalars(select(Programme)).one(), accounts.find(LEAD.email)
        for years, number in PROMISED:
            session.add(
                Target(
                    programme_id=programme.id,
                    year=story.today.year + years,
                    version=1,
                    number=number,
                    reason="서울시 인공지능 인재 양성 계획",
                    set_by_id=lead.id if lead else None,
                )
            )
    yield "targets"
