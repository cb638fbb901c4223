"""For `http.py`: a cohort of N trainees who may sign in, enrolled in the shipped course. Prints what they can open as JSON."""

import json
import secrets
import sys
from datetime import timedelta

from sqlalchemy import select

from courses.catalogue.models import Activity, ActivityKind, CourseVersion
from courses.learning import teaching
from courses.learning.enrolments import enrol
from lms.app import create_app
from lms.kit import clock, db
from lms.kit.words import Words
from lms.people import passwords
from lms.people.models import Person, Role, RoleGrant
from lms.pipeline.models import Cohort, Programme, Stage, Traineeship


def main(count: int) -> None:
    app, mark = create_app(), secrets.token_hex(3)
    with app.app_context(), db.transaction() as session:
        lead = session.scalars(select(Person).where(Person.email == "lead@example.org")).one()
        version = session.scalars(select(CourseVersion).where(CourseVersion.published_at.is_not(None))).first()
        assert version
        today = clock.today()
        cohort = Cohort(
            programme=session.scalars(select(Programme)).first(),
            slug=f"measured-{mark}",
            title=Words(ko="측정", en="Measured"),
            summary=Words(),
            seats=count,
            opens_at=clock.now() - timedelta(days=9),
            closes_at=clock.now() - timedelta(days=2),
            starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=60),
        )
        session.add(cohort)
        session.flush()
        offering = teaching.give(
            version, cohort, lead, opens_on=cohort.starts_on, closes_on=cohort.ends_on, required=True
        )
        known, facts = passwords.hash_of("demo-demo-demo"), {}
        for number in range(count):
            person = Person(
                email=f"measured-{mark}-{number}@example.org",
                name=f"측정 {number}",
                password_hash=known,
                email_confirmed_at=clock.now(),
            )
            person.grants = [RoleGrant(role=Role.TRAINEE)]
            traineeship = Traineeship(cohort_id=cohort.id, person=person, stage=Stage.ADMITTED)
            session.add(traineeship)
            session.flush()
            facts[f"enrolment{number}"] = str(enrol(traineeship)[0].id)
        activities = session.scalars(
            select(Activity).where(Activity.version_id == offering.version_id).order_by(Activity.position)
        ).all()
        for kind, page in ((ActivityKind.LESSON, "lessons"), (ActivityKind.QUIZ, "quizzes")):
            first = next(activity for activity in activities if activity.kind == kind)
            facts[kind.value] = f"/learn/{{}}/{page}/{first.id}"
        facts["email"] = f"measured-{mark}-{{}}@example.org"
    print(json.dumps(facts))


if __name__ == "__main__":
    main(int(sys.argv[1]))
