"""Who may need help, for those who may help: whose people they see, what was done, and that nothing happens by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.attendance import keepers
from lms.kit import clock, jobs
from lms.kit.db import session
from lms.kit.jobs import Job
from lms.kit.mail import Letter
from lms.people import erasing
from lms.people.models import AuditEntry, Role
from lms.pipeline import traineeships
from lms.pipeline.models import LeavingReason, Stage, Traineeship
from lms.pipeline.progress_marks import ProgressMark
from lms.reporting import risk, risk_facts, risk_list, support
from lms.reporting.risk import Kind
from lms.reporting.risk_facts import Course
from lms.reporting.support_models import ContactWay, SupportContact
from tests import make
from tests.lms.attendance import making

TODAY = clock.today()


def running(**more):
    """A cohort in the middle of its hundred days."""
    given = {"starts_on": TODAY - timedelta(days=50), "ends_on": TODAY + timedelta(days=49), **more}
    return make.cohort(**given)


def takes_part(cohort, *, progress=40, seen=0, name="", stage=Stage.TRAINING):
    """Somebody in training who was seen so many days ago (None: never)."""
    found = make.traineeship(cohort, make.person(Role.TRAINEE, name=name), stage=stage)
    found.progress = progress
    found.last_activity_at = None if seen is None else clock.now() - timedelta(days=seen)
    found.admitted_at = clock.now() - timedelta(days=60)
    session.flush()
    return found


def keeper(cohort):
    made = make.person(Role.INSTRUCTOR)
    keepers.appoint(cohort, made, made)
    return made


def rows(browser):
    return ["".join(row.itertext()) for body in browser.find("tbody")[:1] for row in body]


def contact(of, by, **more):
    given = {"held_on": TODAY, "how": ContactWay.CALL, "agreed": "Comes on Monday.", "next_on": None, **more}
    return support.note(of, by, **given)


def note(browser, cohort, of, given, status=303):
    """Send the form; a day that is not given is left out."""
    typed = {name: str(value) for name, value in given.items() if value != ""}
    whom = {"cohort_id": cohort.id, "person_id": of.person_id}
    browser.post("reporting.note_contact", typed, status=status, **whom)
    return browser.follow() if status == 303 else browser


# What is known


def test_the_list_tells_why_in_words_and_leaves_out_who_is_well(browser):
    cohort = running()
    lead = make.lead(cohort)
    takes_part(cohort, name="Well")
    takes_part(cohort, name="Silent", seen=15)
    takes_part(cohort, name="Late", progress=0)
    browser.sign_in(lead).open("reporting.support")
    first, second = rows(browser)
    assert "Late" in first
    assert "Has done 0 of five parts of the required work. By now it should be 2." in first
    assert "Silent" in second
    assert "Has not come and has done nothing for 15 days." in second
    assert "Well" not in browser.text


def test_absences_are_those_of_the_register():
    cohort = make.cohort(starts_on=making.FIRST, ends_on=making.LAST)
    person = making.trainee(cohort)
    other = making.trainee(cohort)
    for meeting in making.meetings(cohort, 10):
        making.there(meeting, other)
        if meeting.day.day < 5:
            making.there(meeting, person)
    days = [making.FIRST + timedelta(days=number) for number in (0, 4, 9)]
    course = Course(cohort.id, cohort.starts_on, cohort.ends_on)
    found = []
    for day in days:
        with clock.at(clock.day_end(day)):
            facts = risk_facts.now([course], day)[cohort.id, person.id]
            found.append([(each.kind, each.numbers) for each in risk.reasons(facts) if each.kind is Kind.ABSENCES])
    assert found == [[], [(Kind.ABSENCES, (2, 5, 0))], [(Kind.ABSENCES, (7, 10, 0))]]


def test_a_holiday_of_the_whole_cohort_makes_nobody_silent():
    cohort = running()
    away = [takes_part(cohort, seen=20), takes_part(cohort, seen=22)]
    facts = risk_facts.now([Course(cohort.id, cohort.starts_on, cohort.ends_on)], TODAY)
    assert [facts[cohort.id, each.person_id].silent for each in away] == [0, 2]


def test_who_has_done_everything_is_not_silent():
    cohort = running()
    takes_part(cohort)
    done = takes_part(cohort, progress=100, seen=30)
    assert risk_list.facts_of(cohort, done.person_id).silent is None


def test_of_a_cohort_without_any_trace_nothing_is_said(browser):
    cohort = running()
    takes_part(cohort, progress=0, seen=None)
    browser.sign_in(make.lead(cohort)).open("reporting.support")
    assert "Nothing is known of" in browser.text
    assert risk_list.of([cohort], make.admin()).lines == []


def settled(*, people=12, lost=4, programme=None):
    """A cohort that is over, with marks of the work; so many of its people did nothing, and left in its last quarter."""
    last = TODAY - timedelta(days=70)
    first = last - timedelta(days=99)
    cohort = make.cohort(programme, starts_on=first, ends_on=last)
    for number in range(people):
        gone = number < lost
        with clock.at(clock.day_start(first) - timedelta(days=9)):
            seat = make.traineeship(cohort, stage=Stage.TRAINING)
        for fifth in () if gone else range(1, 6):
            reached = clock.day_start(first + timedelta(days=15 * fifth))
            make.add(ProgressMark(traineeship_id=seat.id, fifth=fifth, reached_at=reached))
        with clock.at(clock.day_start(last - timedelta(days=10))):
            traineeships.advance(
                seat, Stage.LEFT if gone else Stage.COMPLETED, by=None, reason=LeavingReason.TIME if gone else None
            )
    return cohort


def past_of(cohort):
    return risk_facts.past([Course(cohort.id, cohort.starts_on, cohort.ends_on)])


def test_the_past_is_told_as_it_was_known_then():
    """Half of the course: three fifths were reached by day 45, whatever came later."""
    past = past_of(settled())
    half = [each for each in past if each.share == 0.5]
    assert {(each.facts.done, each.lost) for each in half} == {(0, True), (3, False)}
    assert {each.facts.due for each in half} == {2}
    assert [len([each for each in past if each.share == share]) for share in (0.25, 0.5, 0.75)] == [12, 12, 12]


def test_who_had_left_by_then_or_left_for_work_teaches_nothing():
    cohort = settled(people=4, lost=0)
    with clock.at(clock.day_start(cohort.starts_on)):
        early, employed = (make.traineeship(cohort, stage=Stage.TRAINING) for _ in range(2))
    with clock.at(clock.day_start(cohort.starts_on + timedelta(days=30))):
        traineeships.advance(early, Stage.LEFT, by=None, reason=LeavingReason.TIME)
    with clock.at(clock.day_start(cohort.starts_on + timedelta(days=60))):
        traineeships.advance(employed, Stage.LEFT, by=None, reason=LeavingReason.EMPLOYED)
    past = past_of(cohort)
    assert [len([each for each in past if each.share == share]) for share in (0.25, 0.5, 0.75)] == [5, 4, 4]


def test_a_move_that_was_recorded_later_was_not_known_then():
    cohort = settled(people=4, lost=0)
    with clock.at(clock.day_start(cohort.starts_on)):
        seat = make.traineeship(cohort, stage=Stage.TRAINING)
    with clock.at(clock.day_start(cohort.starts_on + timedelta(days=60))):
        left = clock.day_start(cohort.starts_on + timedelta(days=10))
        traineeships.advance(seat, Stage.LEFT, by=None, reason=LeavingReason.TIME, happened_at=left)
    lost = [each.share for each in past_of(cohort) if each.lost]
    assert lost == [0.25, 0.5]


def test_precision_and_recall_stand_on_the_page_with_the_numbers_behind_them(browser):
    for _ in range(3):
        settled()
    cohort = running()
    lead = make.lead(cohort)
    takes_part(cohort)
    browser.sign_in(lead).open("reporting.support")
    assert "Tried on 3 earlier cohorts" in browser.text
    assert "36 people were in training in them, 12 did not complete." in browser.text
    cells = [["".join(cell.itertext()) for cell in row] for body in browser.find("tbody") for row in body]
    assert ["50%", "the whole list", "12 of 36", "100%", "100%"] in cells
    assert ["25%", "the whole list", "0 of 36", "–", "0%"] in cells


def test_with_too_little_history_the_page_says_so(browser):
    settled()
    cohort = running()
    browser.sign_in(make.lead(cohort)).open("reporting.support")
    assert "1 earlier cohort, in which 4 people did not complete." in browser.text


def test_the_list_costs_the_same_for_one_cohort_and_for_four(queries):
    lead = make.admin()
    cohorts = [running() for _ in range(4)]
    for cohort in cohorts:
        for _ in range(3):
            takes_part(cohort, seen=0)
            takes_part(cohort, seen=30)
    settled()
    session.flush()
    risk_list.of(cohorts, lead)
    counts = []
    for some in (cohorts[:1], cohorts):
        with queries() as seen:
            risk_list.of(some, lead)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


# Whose people


def test_each_sees_only_the_people_of_their_cohorts(browser):
    mine, theirs = running(), running()
    lead, instructor, other = make.lead(mine), keeper(mine), make.lead(theirs)
    takes_part(mine), takes_part(theirs)
    here, there = takes_part(mine, name="Mina", seen=20), takes_part(theirs, name="Jiho", seen=20)
    for reader in (lead, instructor):
        browser.sign_in(reader).open("reporting.support")
        assert "Mina" in browser.text
        assert "Jiho" not in browser.text
        browser.open("reporting.support", cohort=mine.id)
        browser.open("reporting.support", cohort=theirs.id, status=404)
        browser.open("reporting.support_of", cohort_id=mine.id, person_id=here.person_id)
        browser.open("reporting.support_of", cohort_id=theirs.id, person_id=there.person_id, status=404)
        browser.open("reporting.support_of", cohort_id=mine.id, person_id=there.person_id, status=404)
    browser.sign_in(other).open("reporting.support_of", cohort_id=theirs.id, person_id=there.person_id)
    browser.sign_in(make.admin()).open("reporting.support")
    assert "Mina" in browser.text
    assert "Jiho" in browser.text


def test_a_trainee_sees_the_rules_alone_and_what_is_known_of_them(browser):
    cohort = running()
    takes_part(cohort)
    silent = takes_part(cohort, seen=15)
    browser.sign_in(silent.person)
    browser.open("reporting.support", status=403)
    browser.open("reporting.support_of", cohort_id=cohort.id, person_id=silent.person_id, status=403)
    browser.open("reporting.support_rules")
    assert "We have seen nothing of you for 15 days." in browser.text
    browser.sign_in(takes_part(cohort).person).open("reporting.support_rules")
    assert "You do not stand on the list." in browser.text


def test_nobody_reads_about_oneself(browser):
    cohort = running()
    takes_part(cohort)
    own = takes_part(cohort, seen=20)
    keepers.appoint(cohort, own.person, own.person)
    own.person.grants.append(make.RoleGrant(role=Role.INSTRUCTOR))
    session.flush()
    browser.sign_in(own.person).open("reporting.support")
    assert own.person.name not in "".join(rows(browser))
    browser.open("reporting.support_of", cohort_id=cohort.id, person_id=own.person_id, status=404)


def test_no_cohort_no_list(browser):
    browser.sign_in(make.person(Role.INSTRUCTOR)).open("reporting.support")
    assert "No cohort of yours is running" in browser.text


# What was done


def test_a_contact_is_written_down_and_shown_with_the_next_look(browser):
    cohort = running()
    lead = make.lead(cohort)
    takes_part(cohort)
    silent = takes_part(cohort, name="Silent", seen=20)
    given = {"how": "call", "agreed": "Comes on Monday.", "held_on": TODAY, "next_on": TODAY + timedelta(days=7)}
    browser.sign_in(lead).open("reporting.support_of", cohort_id=cohort.id, person_id=silent.person_id)
    note(browser, cohort, silent, given)
    assert "Comes on Monday." in browser.text
    (made,) = session.scalars(select(SupportContact))
    assert (made.by_id, made.how, made.next_on) == (lead.id, ContactWay.CALL, TODAY + timedelta(days=7))
    assert session.scalars(select(AuditEntry.deed)).all().count("support.contact_noted") == 1
    browser.open("reporting.support", state="touch")
    assert "Silent" in browser.text
    browser.open("reporting.support", state="waiting")
    assert "Silent" not in browser.text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"agreed": ""}, "Say in a sentence what you agreed"),
        ({"agreed": "x" * 1001}, "at most 1,000 characters"),
        ({"agreed": "a\0b"}, "invisible character"),
        ({"how": ""}, "Choose how you spoke."),
        ({"how": "pigeon"}, "Not a valid choice"),
        ({"held_on": ""}, "Give the day on which you spoke."),
        ({"held_on": "31.2.26"}, "Not a valid date"),
        ({"held_on": TODAY + timedelta(days=1)}, "Give the day on which you spoke: from"),
        ({"held_on": TODAY - timedelta(days=400)}, "Give the day on which you spoke: from"),
        ({"next_on": TODAY - timedelta(days=1)}, "Give the day on which you look again: from"),
        ({"next_on": TODAY + timedelta(days=400)}, "Give the day on which you look again: from"),
    ],
)
def test_bad_input_comes_back_with_a_sentence_and_writes_nothing(browser, change, says):
    cohort = running()
    silent = takes_part(cohort, seen=20)
    given = {"how": "call", "agreed": "Comes on Monday.", "held_on": TODAY, "next_on": "", **change}
    browser.sign_in(make.lead(cohort))
    note(browser, cohort, silent, given, status=422)
    assert says in browser.text
    assert session.scalar(select(func.count()).select_from(SupportContact)) == 0


def test_outsiders_write_nothing(browser):
    cohort = running()
    silent = takes_part(cohort, seen=20)
    make.lead(cohort)
    given = {"how": "call", "agreed": "Comes on Monday.", "held_on": TODAY}
    for reader, status in ((make.lead(running()), 404), (silent.person, 403)):
        browser.sign_in(reader)
        note(browser, cohort, silent, given, status=status)
    assert session.scalar(select(func.count()).select_from(SupportContact)) == 0


def test_about_who_left_nothing_more_is_noted(browser):
    cohort = running()
    gone = takes_part(cohort, stage=Stage.LEFT)
    given = {"how": "call", "agreed": "Comes on Monday.", "held_on": TODAY}
    browser.sign_in(make.lead(cohort))
    note(browser, cohort, gone, given, status=409)
    assert "has left the cohort" in browser.text


@pytest.mark.parametrize(
    ("ago", "next_in", "state"), [(1, None, "recent"), (14, None, "open"), (9, 0, "due"), (9, 3, "ahead")]
)
def test_what_a_contact_makes_of_the_line(ago, next_in, state):
    cohort = running()
    lead = make.lead(cohort)
    takes_part(cohort)
    silent = takes_part(cohort, seen=20)
    contact(silent, lead, held_on=TODAY - timedelta(days=40))
    next_on = None if next_in is None else TODAY + timedelta(days=next_in)
    contact(silent, lead, held_on=TODAY - timedelta(days=ago), next_on=next_on)
    (line,) = risk_list.of([cohort], lead).lines
    assert (line.state, line.waits) == (state, state in ("open", "due"))


def test_the_database_keeps_the_days_in_order_and_the_two_apart():
    cohort = running()
    silent = takes_part(cohort)
    given = {
        "cohort_id": cohort.id,
        "person_id": silent.person_id,
        "how": ContactWay.CALL,
        "agreed": "A",
        "held_on": TODAY,
    }
    for more in ({"by_id": silent.person_id}, {"by_id": make.lead(cohort).id, "next_on": TODAY - timedelta(days=1)}):
        with pytest.raises(IntegrityError), session.begin_nested():
            make.add(SupportContact(**{**given, **more}))


def test_erasing_somebody_empties_what_was_agreed_with_them_and_leaves_the_rest():
    cohort = running()
    lead = make.lead(cohort)
    gone, other = takes_part(cohort), takes_part(cohort)
    for each in (gone, other):
        contact(each, lead)
    erasing.order(gone.person, make.admin(), gone.person.email)
    session.commit()
    jobs.perform_all()
    session.expire_all()
    found = {each.person_id: (each.agreed, each.held_on) for each in session.scalars(select(SupportContact))}
    assert found == {gone.person_id: ("", TODAY), other.person_id: ("Comes on Monday.", TODAY)}


def test_nothing_happens_by_itself(browser):
    """Everybody's worst day, looked at by everybody: no letter, no later work, no move."""
    cohort = running()
    lead = make.lead(cohort)
    takes_part(cohort)
    silent = takes_part(cohort, progress=0, seen=40)
    session.commit()
    before = [session.scalar(select(func.count()).select_from(table)) for table in (Letter, Job, AuditEntry)]
    browser.sign_in(lead).open("reporting.support")
    browser.open("reporting.support_of", cohort_id=cohort.id, person_id=silent.person_id)
    given = {"how": "tried", "agreed": "Nobody answers.", "held_on": TODAY}
    note(browser, cohort, silent, given)
    after = [session.scalar(select(func.count()).select_from(table)) for table in (Letter, Job, AuditEntry)]
    assert after == [before[0], before[1], before[2] + 1]
    assert session.get_one(Traineeship, silent.id).stage is Stage.TRAINING
