"""Counts over the ledger: unique people, one stage each, revocations, the year of Seoul."""

from datetime import UTC, date, datetime, timedelta

from lms.kit import clock
from lms.kit.db import session
from lms.pipeline import traineeships
from lms.pipeline.models import Stage
from lms.reporting import counts, experts, filters, intakes, needs, roster
from lms.reporting.asof import AsOf
from lms.reporting.experts import Experts
from lms.reporting.filters import Filters
from lms.reporting.models import Achievement
from lms.reporting.needs import Kind
from tests import make

NOON = datetime(2026, 6, 15, 3, tzinfo=UTC)


def certify(traineeship, at=NOON):
    with clock.at(at):
        return traineeships.advance(traineeship, Stage.CERTIFIED, by=None)


def completed(cohort, person=None):
    with clock.at(datetime(2025, 3, 3, tzinfo=UTC)):
        return make.traineeship(cohort, person, stage=Stage.COMPLETED)


def listed(lead, at=None, **asked):
    """The rows of a list, as the page of a lead asks for them."""
    wanted = filters.question(intakes.led_by(lead), Filters(**asked), at or AsOf.now())
    return session.execute((roster.people if wanted.asked.by_person else roster.rows)(wanted)).all()


def certified(ids, year=2026):
    """Experts by certificates, as of now (or of the end of the year, where that is later than today)."""
    return experts.of({Achievement.CERTIFIED: ids}, year, AsOf(date(2100, 1, 1)))


def test_a_person_in_two_cohorts_counts_once():
    one, two = make.cohort(), make.cohort()
    person = make.person()
    certify(completed(one, person))
    certify(completed(two, person))
    certify(completed(two))
    found = certified([one.id, two.id], 2026)
    assert (found.people, found.traineeships, found.several) == (2, 3, 1)
    assert experts.by_cohort({Achievement.CERTIFIED: [one.id, two.id]}, 2026, AsOf(date(2100, 1, 1))) == {
        one.id: 1,
        two.id: 2,
    }


def test_a_revocation_takes_back_and_a_new_certificate_counts_anew():
    cohort = make.cohort()
    taking_part = completed(cohort)
    certify(taking_part)
    with clock.at(datetime(2026, 7, 1, tzinfo=UTC)):
        traineeships.advance(taking_part, Stage.COMPLETED, by=None, note="Wrong name")
    assert certified([cohort.id], 2026).people == 0
    certify(taking_part, datetime(2026, 8, 1, tzinfo=UTC))
    found = certified([cohort.id], 2026)
    assert (found.people, found.by_month) == (1, (0,) * 7 + (1,) * 5), "it counts from its second day on"


def test_a_revocation_of_a_placed_person_takes_back_too():
    cohort = make.cohort()
    taking_part = completed(cohort)
    certify(taking_part)
    for stage in (Stage.PLACED, Stage.COMPLETED):
        with clock.at(datetime(2026, 9, 1, tzinfo=UTC)):
            traineeships.advance(taking_part, stage, by=None)
    assert certified([cohort.id], 2026).people == 0


def test_a_revoked_certificate_leaves_nobody_to_be_issued_one():
    """Issuing refuses a second certificate, so the board does not ask for it; the stage is "completed" all the same."""
    cohort, other = make.cohort(), make.cohort()
    waits = completed(cohort)
    for way in ((Stage.CERTIFIED,), (Stage.CERTIFIED, Stage.PLACED)):
        taking_part = completed(cohort)
        for stage in (*way, Stage.COMPLETED):
            traineeships.advance(taking_part, stage, by=None)
    completed(other, taking_part.person)  # revoked there, not here
    tallies = counts.tallies([cohort.id, other.id])
    tally = tallies[cohort.id]
    assert (tally.of("completed"), tally.of("uncertified"), tally.of("uncertified")) == (3, 1, 1)
    assert counts.together(list(tallies.values())).of("uncertified") == 2
    lead = make.lead(cohort)
    assert [row.person_id for row in listed(lead, stage="uncertified")] == [waits.person_id]
    assert len(listed(lead, stage="revoked")) == tally.of("revoked") == 2
    mine = intakes.led_by(lead)
    waiting = needs.waiting([each.id for each in mine])
    assert [need.count for need in needs.of(mine, tallies, *waiting) if need.kind is Kind.CERTIFY] == [1]


def test_a_person_revoked_in_one_cohort_still_counts_by_the_other():
    one, two = make.cohort(), make.cohort()
    person = make.person()
    certify(completed(two, person))
    wrong = completed(one, person)
    certify(wrong)
    with clock.at(datetime(2026, 7, 1, tzinfo=UTC)):
        traineeships.advance(wrong, Stage.COMPLETED, by=None)
    found = certified([one.id, two.id], 2026)
    assert (found.people, found.traineeships, found.several) == (1, 1, 0)


def test_the_year_and_its_months_are_those_of_seoul():
    cohort = make.cohort()
    for moment in (
        datetime(2025, 12, 31, 14, 59, tzinfo=UTC),  # still 2025 in Seoul
        datetime(2025, 12, 31, 15, 0, tzinfo=UTC),  # midnight: 2026
        datetime(2026, 2, 28, 15, 0, tzinfo=UTC),  # 1 March
        datetime(2026, 12, 31, 14, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 15, 0, tzinfo=UTC),  # 2027
    ):
        certify(completed(cohort), moment)
    found = certified([cohort.id], 2026)
    assert (found.people, found.by_month) == (3, (1, 1) + (2,) * 9 + (3,))
    assert [certified([cohort.id], year).people for year in (2025, 2027)] == [1, 1]


def test_other_cohorts_and_no_cohorts():
    certify(completed(make.cohort()))
    assert certified([make.cohort().id], 2026) == Experts()
    assert certified([], 2026) == Experts()
    assert counts.tallies([]) == {}
    assert counts.heads([]) == (counts.Heads(), counts.Heads())


def test_stages_sum_to_the_roster_and_each_person_has_one():
    cohort = make.cohort()
    for stage in (*counts.FUNNEL[1:], Stage.LEFT):
        make.traineeship(cohort, stage=stage)
    for stage in (Stage.APPLIED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN, None):
        make.application(cohort, stage=stage)
    both = make.person()
    make.application(cohort, both, stage=Stage.ADMITTED)
    make.traineeship(cohort, both, stage=Stage.TRAINING)
    tally = counts.tallies([cohort.id])[cohort.id]
    assert tally.roster == 11, "a draft is nobody's business, and who applied and takes part is one person"
    assert sum(tally.of(stage.value) for stage in (*counts.FUNNEL, *counts.BESIDE)) == tally.roster
    assert (tally.of("training"), tally.of("learning"), tally.of("awarded"), tally.of("undecided")) == (2, 3, 2, 2)
    assert (tally.traineeships, tally.seated) == (7, 6)


def test_overdue_are_undecided_applications_sent_before_a_day():
    cohort = make.cohort()
    early, late = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 20, tzinfo=UTC)
    make.application(cohort, sent_at=early), make.application(cohort, sent_at=late)
    make.application(cohort, stage=Stage.DECLINED, sent_at=early)
    make.application(cohort, stage=Stage.WAITING, sent_at=early)
    assert counts.undecided([cohort.id], NOON) == {cohort.id: (1, early, 1)}


def test_people_and_their_traineeships_and_applications_are_told_apart():
    one, two = make.cohort(), make.cohort()
    person = make.person()
    for cohort in (one, two):
        make.application(cohort, person, stage=Stage.ADMITTED)
        make.traineeship(cohort, person)
    make.traineeship(one), make.application(one), make.application(one, stage=None)
    assert counts.heads([one.id, two.id]) == (counts.Heads(3, 2, 1), counts.Heads(3, 2, 1))


def test_cohorts_added_together():
    one, two = make.cohort(), make.cohort()
    make.traineeship(one, stage=Stage.TRAINING), make.traineeship(two, stage=Stage.TRAINING), make.application(two)
    tallies = counts.tallies([one.id, two.id])
    assert counts.together(list(tallies.values())).of("training") == 2
    assert counts.together(list(tallies.values())).roster == 3


def test_a_cohort_of_zero_and_of_one():
    empty, single = make.cohort(), make.cohort(starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 1))
    make.traineeship(single)
    tallies = counts.tallies([empty.id, single.id])
    assert (tallies[empty.id].roster, tallies[single.id].roster) == (0, 1)


def test_when_certified_is_what_the_ledger_says():
    """The board reads the date beside the stage, the lists read the ledger: both tell the same story."""
    cohort = make.cohort()
    kept, revoked, again, placed = (completed(cohort) for _number in range(4))
    for each in (kept, revoked, again, placed):
        certify(each)
    with clock.at(NOON + timedelta(days=1)):
        for each in (revoked, again):
            traineeships.advance(each, Stage.COMPLETED, by=None)
    later = NOON + timedelta(days=3)
    certify(again, later)
    with clock.at(later):
        traineeships.advance(placed, Stage.PLACED, by=None)
    assert [each.certified_at for each in (kept, revoked, again, placed)] == [NOON, None, later, NOON]
    for moment, count in ((NOON, 4), (NOON + timedelta(days=1), 2), (later, 3)):
        at = AsOf(moment.astimezone(clock.SEOUL).date())
        assert experts.of({Achievement.CERTIFIED: [cohort.id]}, 2026, at).people == count
