"""Work of every night is written down once, for the next three o'clock in Seoul."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from lms.kit import clock, jobs
from lms.kit.db import session
from lms.kit.jobs import Job


def planned() -> list[datetime]:
    rows = session.scalars(select(Job).where(Job.task == "publish_kit").order_by(Job.due_at)).all()
    session.commit()
    return [row.due_at for row in rows]


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2026, 11, 22, 17, 59, tzinfo=UTC), date(2026, 11, 23)),  # 02:59 in Seoul
        (datetime(2026, 11, 22, 18, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_the_next_night_is_planned(app, now, night):
    with clock.at(now):
        assert jobs.plan_the_night() == night
        (due,) = planned()
    assert due == clock.day_start(night) + jobs.NIGHT
    assert due > now


def test_a_night_is_planned_once_however_often_it_is_asked(app):
    with clock.at(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        jobs.plan_the_night()
        jobs.plan_the_night()
    assert len(planned()) == 1
    with clock.at(datetime(2026, 11, 23, 12, tzinfo=UTC)):
        jobs.plan_the_night()
        assert jobs.perform_all() == len(jobs._nightly), "last night's work is done, tonight's waits"
    assert len(planned()) == 2
