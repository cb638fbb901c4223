"""What the hub has promised: a small number for its first year, the real one for this."""

from collections.abc import Iterator

from sqlalchemy import select

from lms.kit.db import session
from lms.kit.story import Story
from lms.people.demo import BEGINNING, LEAD, known
from lms.pipeline.models import Programme
from lms.reporting import definitions, targets
from lms.reporting.models import Achievement

PROMISED = ((-1, 100), (0, 500))  # years from this one, people
REASON = "서울시 인공지능 인재 양성 계획"
DEFINED = "수료증을 받은 사람만 전문 인재로 보고합니다."


def tell(story: Story) -> Iterator[str]:
    """The targets, set when the programme began."""
    with story.at(story.moment(BEGINNING + 8, 11)):
        programme = session.scalars(select(Programme)).one()
        lead = known(LEAD)
        for years, number in PROMISED:
            targets.promise(programme, lead, year=story.today.year + years, number=number, reason=REASON, seen=0)
    yield "targets"
    with story.at(story.moment(BEGINNING + 20, 11)):
        programme = session.scalars(select(Programme)).one()
        lead = known(LEAD)
        definitions.set_down(
            programme,
            lead,
            from_year=story.today.year - 1,
            clauses={(programme.id, Achievement.CERTIFIED)},
            reason=DEFINED,
            seen=0,
        )
    yield "who counts as an expert"
