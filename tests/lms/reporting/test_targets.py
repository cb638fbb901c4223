"""Targets: versions, the newest holds, two leads at once."""

import pytest
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.kit.db import session
from lms.kit.refusal import Conflict
from lms.people.models import AuditEntry
from lms.reporting import targets
from lms.reporting.models import Target
from tests import make


def promise(programme, by, number, seen, year=2026):
    return targets.promise(programme, by, year=year, number=number, reason="Because the city said so.", seen=seen)


def test_setting_a_number_adds_a_version_and_the_newest_holds():
    cohort = make.cohort()
    lead = make.lead(cohort)
    promise(cohort.programme, lead, 450, 0)
    promise(cohort.programme, lead, 500, 1)
    promise(cohort.programme, lead, 600, 0, year=2027)
    assert [
        (each.version, each.number) for each in session.scalars(targets.visible_to(lead).where(Target.year == 2026))
    ] == [(2, 500), (1, 450)]
    assert targets.total(targets.promises(lead, 2026)) == 500
    assert targets.total(targets.promises(lead, 2027)) == 600
    assert targets.total(targets.promises(lead, 2025)) is None
    noted = session.scalars(select(AuditEntry).order_by(AuditEntry.happened_at)).all()
    assert (noted[1].deed, noted[1].old, noted[1].new["number"]) == ("target.set", {"number": 450, "version": 1}, 500)


def test_the_target_of_a_year_is_the_sum_over_programmes():
    one, two = make.cohort(), make.cohort()
    lead = make.lead(one)
    promise(one.programme, lead, 300, 0)
    promise(two.programme, lead, 200, 0)
    assert targets.total(targets.promises(make.admin(), 2026)) == 500
    assert targets.total(targets.promises(lead, 2026)) == 300, "the other programme is not theirs"
    assert [each.cohorts for each in targets.promises(lead, 2026)] == [1]


def test_who_has_not_seen_the_newest_version_is_told_what_it_is():
    cohort = make.cohort()
    first, second = make.lead(cohort), make.lead(cohort)
    promise(cohort.programme, first, 520, 0)
    with force_locale("en"), pytest.raises(Conflict) as told:
        promise(cohort.programme, second, 480, 0)
    assert f"{first.name} set 520 for this year in between: Because the city said so." in told.value.sentence
    assert session.scalars(select(Target.number)).all() == [520]


def test_the_database_takes_a_version_once():
    cohort = make.cohort()
    make.add(Target(programme_id=cohort.programme_id, year=2026, version=1, number=1))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(Target(programme_id=cohort.programme_id, year=2026, version=1, number=2))


@pytest.mark.parametrize("wrong", [{"number": -1}, {"version": 0}, {"year": 1999}])
def test_the_database_keeps_targets_sane(wrong):
    programme = make.programme()
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(Target(**{"programme_id": programme.id, "year": 2026, "version": 1, "number": 1, **wrong}))


def test_a_lead_sees_the_targets_of_their_programmes_only():
    mine, other = make.cohort(), make.cohort()
    lead = make.lead(mine)
    make.lead(other)
    promise(other.programme, make.admin(), 100, 0)
    assert session.scalars(targets.visible_to(lead)).all() == []
    assert session.scalars(targets.led_by(lead)).all() == [mine.programme]
    assert len(session.scalars(targets.visible_to(make.admin())).all()) == 1
