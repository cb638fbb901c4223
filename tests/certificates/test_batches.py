"""Batches: asked for by one, approved by another, issued one by one; whatever happens, a number for each and one for each."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from certificates import approving, batches, eligibility, issuing, revoking
from certificates.eligibility import Verdict
from certificates.issue_models import BatchState, IssueBatch, IssueItem
from certificates.models import Ground, SerialCounter
from lms.kit import clock, jobs
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.kit.refusal import Conflict, Refused
from lms.people.models import AuditEntry, Person
from lms.pipeline.models import Stage, Traineeship
from lms.reporting import awaiting, needs, year
from tests import make
from tests.certificates.making import completed, one_is_enough
from tests.certificates.test_issuing import all_certificates, at_once


def ready(count, cohort=None, **person):
    """A cohort that two people lead, with `count` people who completed; (cohort, first lead, second lead, people)."""
    cohort = cohort or make.cohort()
    one_is_enough(cohort, needs_second_person=True)
    people = [completed(cohort, **person) for _number in range(count)]
    return cohort, make.lead(cohort), make.lead(cohort), people


def requested(count):
    cohort, first, second, people = ready(count)
    return batches.request(cohort, people, first), first, second


def running(count):
    batch, first, second = requested(count)
    batches.approve(batch, second)
    session.commit()
    return batch, first, second


def outcomes(batch):
    session.expire_all()
    return session.scalars(batches.items(batch)).all()


def letters_to(person):
    return session.scalars(select(Letter).where(Letter.to_address == person.email)).all()


def test_nothing_is_issued_before_a_second_person_approves_and_then_everybody_gets_one():
    batch, first, second = requested(3)
    session.commit()
    jobs.perform_all()
    assert (all_certificates(), batch.state) == ([], BatchState.WAITING)
    batches.approve(batch, second)
    session.commit()
    jobs.perform_all()
    found = outcomes(batch)
    assert batch.state is BatchState.DONE
    assert [each.certificate.serial for each in found] == [1, 2, 3]
    for each in found:
        assert (each.certificate.issued_by_id, each.certificate.approved_by_id) == (first.id, second.id)
        assert each.certificate.issuing_version == batch.rule_version == 1
        assert each.traineeship.stage is Stage.CERTIFIED
        assert len(letters_to(each.traineeship.person)) == 1
    assert len(letters_to(first)) == 1  # the end
    assert len(letters_to(second)) == 1  # the question
    deeds = {row.deed for row in session.scalars(select(AuditEntry).where(AuditEntry.subject_id == batch.id))}
    assert deeds == {"batch.requested", "batch.approved"}


def test_one_alone_issues_nothing_where_two_are_asked_for():
    _cohort, first, second, (person, *_others) = ready(2)
    with pytest.raises(Refused):
        issuing.issue(person, first)
    with pytest.raises(Refused):
        issuing.issue(person, first, approved_by=first)
    assert all_certificates() == []
    assert issuing.issue(person, first, approved_by=second).serial == 1


def test_whoever_asked_does_not_decide():
    batch, first, _second = requested(1)
    assert not approving.may_decide(batch, first)
    for deed in (lambda: batches.approve(batch, first), lambda: approving.decline(batch, first, "No.")):
        with pytest.raises(Refused):
            deed()
    assert (batch.state, batch.decided_by_id) == (BatchState.WAITING, None)


def test_only_those_who_lead_the_cohort_decide():
    batch, _first, second = requested(1)
    stranger, admin = make.lead(make.cohort()), make.admin()
    assert [approving.may_decide(batch, each) for each in (stranger, second, admin)] == [False, True, True]
    with pytest.raises(Refused):
        batches.approve(batch, stranger)
    batches.approve(batch, admin)
    assert batch.decided_by_id == admin.id
    for late in (second, admin):
        with pytest.raises(Conflict):
            batches.approve(batch, late)


def test_the_other_leads_are_asked_and_where_there_is_none_the_administrators():
    batch, _first, second = requested(1)
    admin = make.admin()
    assert [each.id for each in approving.approvers(batch)] == [second.id]
    alone = make.cohort()
    one_is_enough(alone, needs_second_person=True)
    lead = make.lead(alone)
    lonely = batches.request(alone, [completed(alone)], lead)
    assert [each.id for each in approving.approvers(lonely)] == [admin.id]


@pytest.mark.parametrize(
    "wrong",
    [
        {"decided_by_id": "requester", "decided_at": clock.now(), "state": "running"},
        {"state": "running"},
        {"decided_by_id": "other", "state": "waiting"},
        {"decided_by_id": "other", "decided_at": clock.now(), "state": "declined", "ended_at": clock.now()},
        {"decided_by_id": "other", "decided_at": clock.now(), "state": "done"},
        {"decided_by_id": "other", "decided_at": clock.now(), "state": "running", "halt": "Why."},
    ],
)
def test_the_database_refuses_what_cannot_be(wrong):
    cohort = make.cohort()
    people = {"requester": make.lead(cohort).id, "other": make.lead(cohort).id}
    told = {**wrong, "decided_by_id": people.get(wrong.get("decided_by_id"))}
    told["state"] = BatchState(told["state"])
    with pytest.raises(IntegrityError):
        make.add(IssueBatch(cohort_id=cohort.id, rule_version=0, requested_by_id=people["requester"], **told))
    session.rollback()


def test_the_database_refuses_who_approved_their_own():
    _cohort, first, second, (person,) = ready(1)
    certificate = issuing.issue(person, first, approved_by=second)
    certificate.approved_by_id = first.id
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("ended, refusal", [(False, "Why."), (True, "")])
def test_the_database_wants_a_result_with_every_end(ended, refusal):
    cohort = make.cohort()
    batch = make.add(IssueBatch(cohort_id=cohort.id, rule_version=0, requested_by_id=make.lead(cohort).id))
    told = {"ended_at": clock.now() if ended else None, "refusal": refusal}
    with pytest.raises(IntegrityError):
        make.add(IssueItem(batch_id=batch.id, traineeship_id=completed(cohort).id, position=1, **told))
    session.rollback()


def test_nobody_is_in_two_batches_that_are_not_finished():
    cohort, first, second, people = ready(2)
    batch = batches.request(cohort, people[:1], first)
    with pytest.raises(Conflict):
        batches.request(cohort, people, second)
    assert [each.verdict for each in eligibility.examine(cohort)] == [Verdict.ASKED, Verdict.READY]
    approving.decline(batch, second, "Wait for the last marks.")
    again = batches.request(cohort, people, second)
    assert len(outcomes(again)) == 2


def test_of_eight_who_ask_at_once_one_does(app):
    _cohort, first, _second, people = ready(3)
    keys, lead_id = [each.id for each in people], first.id
    session.commit()

    def ask(_number):
        chosen = [session.get_one(Traineeship, key) for key in keys]
        return batches.request(chosen[0].cohort, chosen, session.get_one(Person, lead_id)).id

    answers = at_once(app, 8, ask)
    assert sorted(isinstance(each, Conflict) for each in answers) == [False] + [True] * 7
    assert session.scalar(select(func.count(IssueBatch.id))) == 1


def test_two_who_decide_at_once_decide_once(app):
    batch, _first, second = requested(1)
    other = make.admin()
    keys = batch.id, [second.id, other.id]
    session.commit()

    def decide(number):
        found, person = session.get_one(IssueBatch, keys[0]), session.get_one(Person, keys[1][number])
        return batches.approve(found, person) if number else approving.decline(found, person, "No.")

    answers = at_once(app, 2, decide)
    assert sorted(isinstance(each, Conflict) for each in answers) == [False, True]


def test_what_was_declined_says_why_and_issues_nothing():
    batch, first, second = requested(2)
    with pytest.raises(Refused):
        approving.decline(batch, second, "  ")
    approving.decline(batch, second, "Wait for the last marks.")
    session.commit()
    jobs.perform_all()
    assert (all_certificates(), batch.state) == ([], BatchState.DECLINED)
    assert {each.refusal for each in outcomes(batch)} == {"Wait for the last marks."}
    assert any("Wait for the last marks." in (each.text or "") for each in letters_to(first))
    with pytest.raises(Conflict):
        batches.approve(batch, second)


def test_each_gets_a_certificate_or_the_sentence():
    cohort, first, second, people = ready(3)
    smiling, gone, plain = people
    batch = batches.request(cohort, people, first)
    batches.approve(batch, second)
    smiling.person.name = "Ada 😀"
    revoking.revoke(issuing.issue(gone, first, approved_by=second), first, "Wrong person.", Ground.ERROR)
    session.commit()
    jobs.perform_all()
    found = {each.traineeship_id: each for each in outcomes(batch)}
    assert "U+1F600" in found[smiling.id].refusal
    assert f"{clock.today().year}-0001" in found[gone.id].refusal
    assert found[plain.id].certificate.serial == 2
    assert session.scalar(select(SerialCounter.last)) == 2
    assert batch.state is BatchState.DONE
    assert batches.tallies([batch.id])[batch.id] == batches.Tally(3, 1, 2)


def test_who_has_one_by_then_keeps_it():
    cohort, first, second, people = ready(2)
    batch = batches.request(cohort, people, first)
    batches.approve(batch, second)
    before = issuing.issue(people[0], first, approved_by=second)
    session.commit()
    jobs.perform_all()
    assert [each.certificate.serial for each in outcomes(batch)] == [1, 2]
    assert outcomes(batch)[0].certificate_id == before.id
    assert len(letters_to(people[0].person)) == 1


def test_a_pause_stops_after_the_one_at_hand_and_goes_on_there():
    batch, first, second = running(3)
    assert batches.step(batch.id)
    batches.pause(batch, first)
    session.commit()
    jobs.perform_all()
    assert [bool(each.certificate) for each in outcomes(batch)] == [True, False, False]
    with pytest.raises(Refused):
        batches.pause(batch, second)
    batches.resume(batch, second)
    with pytest.raises(Refused):
        batches.resume(batch, second)
    session.commit()
    jobs.perform_all()
    assert [each.certificate.serial for each in outcomes(batch)] == [1, 2, 3]
    assert batch.state is BatchState.DONE


def test_the_same_job_twice_has_the_effect_of_once():
    batch, first, _second = running(3)
    for _time in range(3):
        batches.issue_batch(str(batch.id))
    assert [each.serial for each in all_certificates()] == [1, 2, 3]
    assert len(letters_to(first)) == 1


def test_work_is_handed_on_when_the_turn_is_over(monkeypatch):
    batch, _first, _second = running(3)
    monkeypatch.setattr(batches, "TURN", 0)
    batches.issue_batch(str(batch.id))
    assert [bool(each.certificate) for each in outcomes(batch)] == [True, False, False]
    asked = select(func.count()).where(jobs.Job.task == "issue_batch", jobs.Job.done_at.is_(None))
    assert session.scalar(asked) == 2  # the one that the approval asked for, and the next
    session.commit()
    jobs.perform_all()
    assert batch.state is BatchState.DONE
    assert [each.serial for each in all_certificates()] == [1, 2, 3]


def test_what_breaks_stops_the_batch_before_a_number_is_lost(monkeypatch):
    batch, first, second = running(2)
    with monkeypatch.context() as broken:
        broken.setattr(issuing, "freeze", lambda *given, **named: 1 / 0)
        batches.issue_batch(str(batch.id))
    session.expire_all()
    assert (batch.state, bool(batch.halt)) == (BatchState.PAUSED, True)
    assert all_certificates() == []
    assert len(letters_to(first)) == 1
    batches.resume(batch, second)
    session.commit()
    jobs.perform_all()
    assert [each.serial for each in all_certificates()] == [1, 2]
    assert batch.halt == ""


def test_without_a_key_nothing_is_numbered(app, tmp_path, monkeypatch):
    batch, _first, second = running(2)
    other, _third, fourth = requested(1)
    session.commit()
    monkeypatch.setitem(app.config, "SIGNING_PKCS12", str(tmp_path / "lost.p12"))
    batches.issue_batch(str(batch.id))
    session.expire_all()
    assert batch.state is BatchState.PAUSED
    assert "lost.p12" in batch.halt
    with pytest.raises(Refused, match=r"lost\.p12"):
        batches.resume(batch, second)
    session.rollback()
    with pytest.raises(Refused, match=r"lost\.p12"):
        batches.approve(other, fourth)
    session.rollback()
    assert (all_certificates(), session.scalar(select(SerialCounter.last))) == ([], None)


def test_whoever_asked_takes_it_back_while_it_waits():
    batch, first, second = requested(2)
    approving.withdraw(batch, first)
    session.commit()
    jobs.perform_all()
    assert (all_certificates(), batch.state) == ([], BatchState.WITHDRAWN)
    assert batch.ended_at is not None
    assert {bool(each.refusal) for each in outcomes(batch)} == {True}
    with pytest.raises(Conflict):
        batches.approve(batch, second)
    people = [each.traineeship for each in outcomes(batch)]
    assert batches.request(batch.cohort, people, second).state is BatchState.WAITING  # asked for again, by anybody


def test_nobody_else_takes_it_back_and_not_after_the_decision():
    batch, first, second = requested(1)
    with pytest.raises(Refused):
        approving.withdraw(batch, second)
    with pytest.raises(Refused):
        approving.withdraw(batch, make.admin())
    assert batch.state is BatchState.WAITING
    batches.approve(batch, second)
    with pytest.raises(Conflict):
        approving.withdraw(batch, first)
    assert batch.state is BatchState.RUNNING


def test_it_waits_on_the_board_of_those_who_may_decide_until_somebody_did():
    for deed in (approving.approve, lambda batch, by: approving.decline(batch, by, "No."), None):
        batch, first, second = requested(3)
        cohort = [batch.cohort_id]
        admin, stranger = make.admin(), make.lead(make.cohort())
        waits = [(row[0], row[2]) for row in awaiting.of_others(second, cohort)]
        assert waits == [(batch.id, 3)] == [(row[0], row[2]) for row in awaiting.of_others(admin, cohort)]
        assert awaiting.of_others(first, cohort) == []
        assert year.of(stranger, None).needs == []
        assert needs.Kind.APPROVE in {need.kind for need in year.of(second, None).needs}
        deed(batch, second) if deed else approving.withdraw(batch, first)
        assert awaiting.of_others(second, cohort) == []


def test_a_list_of_batches_costs_the_same_for_two_and_twenty(queries):
    cohort, first, second, _people = ready(0)
    counts = []
    for more in (2, 18):
        for _number in range(more):
            approving.decline(batches.request(cohort, [completed(cohort)], first), second, "No.")
        session.commit()
        session.expunge_all()
        cohort, first, second = (session.get_one(type(each), each.id) for each in (cohort, first, second))
        with queries() as seen:
            found = session.scalars(batches.of(cohort)).all()
            assert batches.tallies(each.id for each in found)
        counts.append(len(seen))
    assert counts[0] == counts[1] < 5
