"""Some of those who may need help were spoken with: on paper it looks like this."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from lms.kit import clock
from lms.kit.db import session
from lms.kit.story import Story
from lms.people.demo import INSTRUCTOR, LEAD, known
from lms.pipeline.demo import PLANS
from lms.pipeline.models import Traineeship
from lms.reporting import risk_list, support
from lms.reporting.support_models import ContactWay

# Days ago, by whom, how, what was agreed, days until the next look (None: no further one).
SAID = (
    (9, LEAD, ContactWay.TRIED, "두 번 전화했으나 받지 않아 문자를 남김. 이틀 뒤 다시 연락하기로 함.", 0),
    (3, INSTRUCTOR, ContactWay.TALK, "출근 시간이 바뀌어 늦음. 다음 주부터 보강에 나오고 밀린 과제는 나누어 내기로 함.", 5),
    (5, LEAD, ContactWay.CALL, "면접이 이어져 빠졌다고 함. 면접 확인서를 내면 정정 신청을 함께 처리하기로 함.", None),
)  # fmt: skip
EVERY = 2  # each second one on the list is left for whoever looks


def tell(story: Story) -> Iterator[str]:
    """When the attendance of the running cohorts is told."""
    for _chapter in range(2 * len(PLANS) + 2):
        yield ""
    with story.at(story.moment(-0.1, 9)):
        lead = known(LEAD)
        sheet = risk_list.of(session.scalars(support.cohorts_of(lead)).unique().all(), lead)
        lines = sheet.lines[::EVERY]
        for line, (ago, by, how, agreed, ahead) in zip(lines, SAID, strict=False):
            key = (Traineeship.cohort_id == line.cohort.id, Traineeship.person_id == line.person.id)
            support.note(
                session.scalars(select(Traineeship).where(*key)).one(),
                known(by),
                held_on=clock.today() - timedelta(days=ago),
                how=how,
                agreed=agreed,
                next_on=None if ahead is None else clock.today() + timedelta(days=ahead),
            )
    yield f"{min(len(lines), len(SAID))} people spoken with"
