"""The story of the demonstration: told small into the test's database, it holds together, and every page of it opens."""

import fcntl
from itertools import islice
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from werkzeug.exceptions import HTTPException

from certificates import states
from certificates.models import Certificate, Revocation
from certificates.name_models import NameApproval, NameCorrection
from certificates.states import State
from courses.assignments import queue
from courses.catalogue.models import Activity
from courses.demo import words
from courses.gradebook.models import Completion
from courses.learning import progress
from courses.learning.models import ActivityProgress, Enrolment
from courses.quizzes import attempts, papers
from courses.quizzes.models import Answer, Attempt, Question
from lms import demonstration
from lms.kit import clock
from lms.kit import story as stories
from lms.kit.db import session
from lms.kit.jobs import Job
from lms.kit.mail import Letter
from lms.kit.story import Story
from lms.people import accounts
from lms.people.demo import INSTRUCTOR, LEAD, PASSWORD, SIGNING_IN, newcomers
from lms.people.models import Device, Person
from lms.pipeline import applications, demo, demo_words
from lms.pipeline.models import Application, Cohort, Stage, StageEvent, Traineeship
from lms.reporting import awaiting
from tests import make

SCALE = 0.1


def count(*conditions) -> int:
    return session.scalar(select(func.count()).where(*conditions)) or 0


def test_the_same_people_come_each_time():
    assert demo.applying(Story()) == demo.applying(Story())
    first, again = (list(islice(newcomers(Story()), 300)) for _time in range(2))
    assert first == again
    assert len({each.email for each in first}) == 300


def test_some_seven_hundred_people_apply_in_time_and_few_twice():
    cohorts = demo.applying(Story())
    people = [each.newcomer.email for cohort in cohorts for each in cohort]
    assert 600 <= len(set(people)) <= 800
    assert 0 < len(people) - len(set(people)) <= 10
    for plan, cohort in zip(demo.PLANS, cohorts, strict=True):
        assert all(plan.opens < each.sent < plan.closes and each.sent < 0 for each in cohort)
        assert len({each.newcomer for each in cohort}) == len(cohort)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_applicants_write_is_long_enough_and_differs(language):
    texts = [demo_words.motivation(language, Story().chance("text", number)) for number in range(200)]
    assert min(map(len, texts)) >= applications.SHORTEST_MOTIVATION
    assert len(set(texts)) > 40


@pytest.mark.parametrize("language", ["ko", "en"])
def test_careful_work_is_longer_than_hasty_work(language):
    hasty, careful = (
        [len(words.audit(language, Story().chance(number), talent)) for number in range(20)] for talent in (-0.2, 1.0)
    )
    assert max(hasty) < min(careful)
    assert min(hasty) > 200


def test_moments_are_never_ahead_of_the_clock():
    story = Story()
    assert story.moment(3) <= clock.now() < story.due(3)
    assert story.moment(-10.5).astimezone(clock.SEOUL).hour == 16  # half of a day that is awake from nine


def test_half_a_story_that_somebody_has_used_is_not_cleared(app):
    with stories.telling():
        person = make.person()
        make.add(Device(person_id=person.id, expires_at=clock.now()))
        refused = lms_demo("--if-empty", "--again")
    assert refused.exit_code == 1
    assert "somebody has signed in since" in refused.output
    assert str(app.config["DATA_DIR"]) in refused.output
    assert count(Person.id == person.id) == 1


def test_one_run_at_a_time(app):
    with (app.config["DATA_DIR"] / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = lms_demo("--again", "--small", "--no-pdf")
    assert refused.exit_code == 1
    assert "at work here" in refused.output
    assert count(Person.id.is_not(None)) == 0


def test_the_story_holds_together(app, browser):
    _an_interrupted_story_is_told_anew()
    _ledger_and_rows_agree()
    _seats_are_never_oversold()
    _percentages_are_those_of_the_pages()
    _attempts_are_scored_by_the_key()
    _certificates_follow_completions()
    _every_state_is_shown_and_something_waits_for_the_lead()
    _one_asks_to_correct_an_approved_name()
    _nothing_of_the_past_is_left_to_do()
    with app.test_request_context():
        assert queue.counts(accounts.find(INSTRUCTOR.email), queue.Filter())[queue.State.UNMARKED] > 0
    seen: set[str] = set()
    for newcomer in SIGNING_IN:
        _every_kind_of_page_opens(app, browser.sign_out(), newcomer.email, seen)
    assert len(seen) > 45, seen
    _a_second_time_is_refused()


def lms_demo(*options: str):
    """What the command says; the session sees what it wrote."""
    session.commit()
    said = CliRunner().invoke(demonstration.command, options)
    session.expire_all()
    return said


def _an_interrupted_story_is_told_anew():
    interrupted = demonstration.tell(Story(scale=SCALE, drawing=False))
    next(interrupted)
    interrupted.close()
    before = count(Person.id.is_not(None))
    assert before > 0
    for options in ((), ("--if-empty",)):
        refused = lms_demo(*options)
        assert refused.exit_code == 1
        assert "`lms demo --again`" in refused.output
    assert count(Person.id.is_not(None)) == before
    again = lms_demo("--if-empty", "--again", "--small", "--no-pdf")
    assert again.exit_code == 0, again.output
    assert "Clearing what it left" in again.output


def _ledger_and_rows_agree():
    """The stage of each application and traineeship is the last one that the ledger tells of that person in that cohort."""
    events = session.scalars(select(StageEvent).order_by(StageEvent.happened_at, StageEvent.id)).all()
    last = {(each.cohort_id, each.person_id): each.stage for each in events}
    for traineeship in session.scalars(select(Traineeship)):
        assert last[traineeship.cohort_id, traineeship.person_id] == traineeship.stage
    taking_part = select(Traineeship.application_id)
    for sent in session.scalars(
        select(Application).where(Application.stage.is_not(None), Application.id.not_in(taking_part))
    ):
        assert last[sent.cohort_id, sent.person_id] == sent.stage
    assert all(each.happened_at <= clock.now() for each in events)
    stages = {each.stage for each in session.scalars(select(Traineeship))}
    assert {Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED} <= stages


def _seats_are_never_oversold():
    for cohort in session.scalars(select(Cohort)):
        assert (cohort.starts_on.weekday(), cohort.ends_on.weekday()) == (0, 4)
        assert count(Traineeship.cohort_id == cohort.id, Traineeship.stage != Stage.LEFT) <= cohort.seats


def _percentages_are_those_of_the_pages():
    """Lessons and quizzes are written a person at a time; the numbers are what the pages' own functions count."""
    enrolments = session.scalars(select(Enrolment)).all()
    assert {each.progress for each in enrolments} >= {100}
    for enrolment in enrolments:
        assert enrolment.progress == progress.percent(enrolment)
        assert enrolment.traineeship.progress == progress.percent_of_traineeship(enrolment.traineeship)
    backwards = select(ActivityProgress.id).where(ActivityProgress.done_at < ActivityProgress.opened_at)
    assert session.scalars(backwards).all() == []
    done = session.scalar(select(func.max(ActivityProgress.done_at)))
    assert done is not None
    assert done <= clock.now()


def _attempts_are_scored_by_the_key():
    sittings = session.scalars(select(Attempt)).all()
    assert {each.passed for each in sittings} == {True, False}
    for attempt in sittings:
        tasks = papers.of(attempt.activity_id).tasks
        right = [answer for answer in attempt.answers if attempts.is_right(tasks[str(answer.question_id)], answer)]
        assert attempt.points == sum(answer.question.points for answer in right)
        assert attempt.number <= attempt.quiz.attempts
        assert sorted(attempt.order["questions"]) == sorted(str(each.id) for each in attempt.quiz.questions)
    unanswered = select(Question.id).where(Question.id.not_in(select(Answer.question_id)))
    assert session.scalars(unanswered).all() == []


def _certificates_follow_completions():
    certified = {each.person_id for each in session.scalars(select(Certificate))}
    assert 0 < len(certified) <= count(Traineeship.id.is_not(None))
    held = count(Traineeship.stage.in_([Stage.CERTIFIED, Stage.PLACED]))
    replaced = count(Certificate.replaces_id.is_not(None))
    of_programmes = select(Completion.id).where(Completion.traineeship_id.is_not(None))  # those of courses move nobody
    given = count(Certificate.completion_id.in_(of_programmes))
    assert held == given - count(Revocation.id.is_not(None)) - replaced
    assert replaced == 1
    assert count(Revocation.id.is_not(None)) == 2
    assert count(Person.id.is_not(None)) > len(certified)
    assert count(Activity.id.is_not(None)) == 15


def _every_state_is_shown_and_something_waits_for_the_lead():
    for state in State:
        assert session.scalar(select(func.count(Certificate.id)).where(states.being(state))), state
    lead = session.scalars(select(Person).where(Person.email == LEAD.email)).one()
    cohorts = list(session.scalars(select(Cohort.id)))
    (asked,) = awaiting.of_others(lead, cohorts)
    assert asked.people > 0


def _one_asks_to_correct_an_approved_name():
    assert count(NameCorrection.id.is_not(None)) == 1
    assert count(NameApproval.id.is_not(None)) > 1


def _nothing_of_the_past_is_left_to_do():
    left = set(session.scalars(select(Job.task).where(Job.done_at.is_(None), Job.due_at <= clock.now())))
    assert left == {"render_certificate", "print_transcript", "make_report_files"}
    assert count(Letter.sent_at.is_(None)) == 0


def _every_kind_of_page_opens(app, browser, email: str, seen: set[str]):
    """Signs in as people do and follows links, each kind of page once."""
    browser.post("people.enter", {"email": email, "password": PASSWORD})
    seen.discard("people.start")
    ahead = ["/start", "/account"]
    addresses = app.url_map.bind("localhost")
    while ahead:
        path = ahead.pop(0)
        try:
            endpoint, _values = addresses.match(urlsplit(path).path)
        except HTTPException:
            continue  # a form's address
        if endpoint in seen or endpoint in ("static", "people.look"):
            continue
        seen.add(endpoint)
        browser.open(
            path, status=303 if endpoint == "people.start" else 200
        ) if endpoint != "learning.activity" else None
        if browser.response.mimetype == "text/html":
            ahead += [browser.response.location] if browser.response.location else browser.links()


def _a_second_time_is_refused():
    before = count(Person.id.is_not(None))
    for options in ((), ("--again",)):
        refused = lms_demo(*options)
        assert refused.exit_code == 1
        assert "people in this database" in refused.output
    for options in (("--if-empty",), ("--if-empty", "--again")):
        assert lms_demo(*options).output == ""
    assert count(Person.id.is_not(None)) == before
