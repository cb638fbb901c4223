"""What holds whatever happens: a hundred at once, a worker that is killed, a clock that was set back."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from certificates import eligibility, issuing
from certificates.facts import Facts
from certificates.models import SerialCounter
from lms.kit import clock
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.people.models import Person
from lms.pipeline.models import Traineeship
from tests import make
from tests.certificates.killing import PEOPLE
from tests.certificates.making import completed
from tests.certificates.test_issuing import all_certificates, at_once

ROOT = Path(__file__).parents[2]


def test_a_hundred_at_once_are_numbered_from_one_to_a_hundred(app):
    """A quarter of the completions is asked for by two at the same moment."""
    cohort = make.cohort()
    lead_id, people = make.lead(cohort).id, [completed(cohort).id for _number in range(100)]
    assert eligibility.ready(cohort)  # the dry run comes first; it reads the typefaces
    session.commit()

    def issue(number):
        lead = session.get_one(Person, lead_id)
        return issuing.issue(session.get_one(Traineeship, people[number % 100]), lead).serial

    answers = at_once(app, 125, issue)
    assert [each for each in answers if not isinstance(each, int)] == []
    assert sorted(set(answers)) == list(range(1, 101))
    issued = all_certificates()
    assert [each.serial for each in issued] == list(range(1, 101))
    assert len({each.completion_id for each in issued}) == len({each.code for each in issued}) == 100
    assert session.scalar(select(func.count(Letter.id))) == 100
    assert session.scalar(select(SerialCounter.last)) == 100


def test_a_worker_killed_again_and_again_ends_with_a_number_and_a_letter_for_each(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.certificates.killing", str(tmp_path)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert any(0 < left < PEOPLE for left in found["unfinished"]), found["unfinished"]  # killed in the midst of it
    assert found["done"]
    assert found["serials"] == list(range(1, PEOPLE + 1))
    assert (found["completions"], found["counter"]) == (PEOPLE, PEOPLE)
    assert found["letters"] == [1] * PEOPLE
    assert found["end"] == 1
    assert found["moves"]["certified"] == PEOPLE
    assert found["sent"] == found["files"] == PEOPLE + 1


def test_a_clock_set_back_moves_neither_days_nor_years_back():
    cohort = make.cohort()
    lead = make.lead(cohort)
    new_year = datetime(2026, 1, 1, 3, tzinfo=UTC)
    issued = []
    for moment in (new_year - timedelta(days=9), new_year, new_year - timedelta(days=30), new_year + timedelta(days=2)):
        person = completed(cohort)
        with clock.at(moment):
            issued.append(issuing.issue(person, lead))
    assert [(each.year, each.serial) for each in issued] == [(2025, 1), (2026, 1), (2026, 2), (2026, 3)]
    assert [each.issued_on for each in issued] == [
        date(2025, 12, 23),
        date(2026, 1, 1),
        date(2026, 1, 1),
        date(2026, 1, 3),
    ]
    assert [each.issued_at for each in issued] == sorted(each.issued_at for each in issued)
    assert [Facts.from_json(each.facts).issued_on for each in issued] == [each.issued_on for each in issued]


def test_a_number_that_is_given_back_leaves_the_day_as_it_was():
    cohort = make.cohort()
    lead, later, sooner = make.lead(cohort), completed(cohort), completed(cohort)
    session.commit()
    with clock.at(datetime(2026, 3, 1, tzinfo=UTC)):
        issuing.issue(later, lead)
        session.rollback()
    with clock.at(datetime(2026, 2, 1, tzinfo=UTC)):
        certificate = issuing.issue(session.get_one(Traineeship, sooner.id), session.get_one(Person, lead.id))
    assert (certificate.serial, certificate.issued_on) == (1, date(2026, 2, 1))
