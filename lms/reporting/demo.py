"""What the hub has promised: a small number for its first year, the real one for this."""

from collections.abc import Iterator

from sqlalchemy import select

from lms.kit.db import session
from lms.kit.story import Story
from lms.people.demo import BEGINNING, LEAD, known
from lms.pipeline.models import Programme
from lms.reporting import targets

PROMISED = ((-1, 100), (0, 500))  # years from this one, people
REASON = "서울시 인공지능 인재 양성 계획"


def tell(story: Story) -> Iterator[str]:
    """The targets, set when the programme began."""
    with story.at(story.moment(BEGINNING + 8, 11)):
        programme = session.scalars(select(Programme)).one()
        lead = known(LEAD)
        for years, number in PROMISED:
            targets.promise(programme, lead, year=story.today.year + years, number=number, reason=REASON, seen=0)
    yield "targets"
