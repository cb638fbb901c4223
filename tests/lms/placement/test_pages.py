"""The pages of placement: what is recorded, who is contacted, what a cohort's page tells, and to whom they are there."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lms.kit import clock, i18n, jobs
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.kit.refusal import Conflict, Refused
from lms.people import consents, erasing
from lms.people.models import Role
from lms.pipeline.models import Stage, StageEvent
from lms.placement import asking, employers, placements, rounds
from lms.placement.arithmetic import months_after
from lms.placement.models import Contact, Employer, FollowUp, Opening, Placement
from lms.placement.placements import Told
from lms.placement.terms import Evidence, Outcome, RoleKind
from tests import make

END = date(2026, 3, 31)
START = END - timedelta(days=60)
TODAY = clock.day_start(date(2026, 10, 20)) + timedelta(hours=3)  # the round of 6 months is on


@pytest.fixture(autouse=True)
def today():
    with clock.at(TODAY), i18n.speaking("en"):
        yield


@pytest.fixture
def cohort():
    return make.cohort(starts_on=START, ends_on=END)


def completed(of, stage=Stage.CERTIFIED, *, agrees=True, **more):
    person = make.person(Role.TRAINEE, **more)
    if agrees:
        consents.choose(person, consents.current(consents.OUTCOMES), True, "ko")
    with clock.at(clock.day_start(END)):
        return make.traineeship(of, person, stage=stage)


def told(name="한빛 비전", started_on=date(2026, 5, 4), ended_on=None, kind=RoleKind.JOB, evidence=Evidence.LETTER):
    employer = employers.find(name) or make.add(Employer(name=name, in_hub=True)) if name else None
    return Told(kind, employer, "", started_on, ended_on, evidence)


WORK = {"kind": "job", "employer": "한빛 비전", "started_on": "2026-05-04", "evidence": "letter"}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_placement_is_recorded_with_its_evidence_and_the_ledger_moves(browser, cohort, language):
    lead, one = make.lead(cohort), completed(cohort)
    lead.language = language
    url = {"traineeship_id": one.id}
    browser.sign_in(lead).open("placement.person", **url)
    pdf = (BytesIO(b"%PDF-1.7 letter"), "letter.pdf")
    browser.post("placement.record", {**WORK, "file": pdf}, **url).follow()
    assert "한빛 비전" in browser.text
    assert "letter.pdf" in browser.text
    kept = session.scalars(select(Placement)).one()
    assert (kept.employer.name, kept.started_on, kept.recorded_by_id) == ("한빛 비전", date(2026, 5, 4), lead.id)
    assert one.stage is Stage.PLACED
    event = session.scalars(select(StageEvent).where(StageEvent.stage == Stage.PLACED)).one()
    assert event.happened_at == clock.day_start(date(2026, 5, 4))
    browser.open("placement.file", placement_id=kept.id)
    assert browser.response.data == b"%PDF-1.7 letter"


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"employer": ""}, "Give the employer"),
        ({"started_on": "2026-12-01"}, "Record it from that day on"),
        ({"started_on": "2025-12-01"}, "began before the cohort did"),
        ({"ended_on": "2026-05-01"}, "ends after it begins"),
        ({"ended_on": "2026-12-01"}, "The last day lies ahead"),
        ({"started_on": "31.5.2026"}, "Not a valid date"),
        ({"kind": "gift"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_says_so_and_nothing_is_kept(browser, cohort, wrong, words):
    one = completed(cohort)
    browser.sign_in(make.lead(cohort)).post("placement.record", WORK | wrong, status=422, traineeship_id=one.id)
    assert words in browser.text
    assert session.scalars(select(Placement)).all() == []
    assert session.scalars(select(Employer)).all() == []
    assert one.stage is Stage.CERTIFIED


def test_an_own_company_needs_no_employer(cohort):
    one = completed(cohort)
    placements.record(one, one.person, told(None, kind=RoleKind.OWN_COMPANY))
    assert one.stage is Stage.PLACED


@pytest.mark.parametrize("stage", [Stage.ADMITTED, Stage.TRAINING])
def test_whoever_takes_part_still_has_no_placement(cohort, stage):
    one = make.traineeship(cohort, stage=stage)
    with pytest.raises(Refused, match="still takes part"):
        placements.record(one, one.person, told())


def test_a_placement_waits_for_the_certificate(cohort):
    one = completed(cohort, Stage.COMPLETED)
    placements.record(one, one.person, told())
    assert one.stage is Stage.COMPLETED
    make.move(cohort, one.person, Stage.CERTIFIED)
    one.stage, one.certified_at = Stage.CERTIFIED, clock.now()
    session.commit()
    placements.place_the_certified()
    placements.place_the_certified()  # twice, as a job may run
    session.refresh(one)
    assert one.stage is Stage.PLACED


def test_a_correction_is_a_row_of_its_own(browser, cohort):
    lead, one = make.lead(cohort), completed(cohort)
    first = placements.record(one, lead, told())
    browser.sign_in(lead).open("placement.correction", placement_id=first.id)
    typed = {**WORK, "started_on": "2026-06-01", "ended_on": "2026-09-30", "reason": "날짜를 잘못 적음"}
    browser.post("placement.correct", {**typed, "reason": ""}, status=422, placement_id=first.id)
    browser.post("placement.correct", typed, placement_id=first.id)
    kept = session.scalars(select(Placement).order_by(Placement.recorded_at, Placement.id)).all()
    assert [each.started_on for each in kept] == [date(2026, 5, 4), date(2026, 6, 1)]
    assert session.scalars(placements.current()).all() == [kept[1]]
    browser.post("placement.correct", typed, status=422, placement_id=first.id)
    assert "corrected already" in browser.text
    with pytest.raises(Conflict):
        placements.correct(first, lead, told(), "Again.")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "job", "employer_id": None},
        {"ended_on": date(2026, 5, 1)},
        {"replaces": True, "reason": ""},
    ],
)
def test_the_database_keeps_the_rule_too(cohort, wrong):
    one = completed(cohort)
    kept = placements.record(one, one.person, told())
    facts = {"kind": kept.kind, "employer_id": kept.employer_id, "reason": "", **wrong}
    if facts.pop("replaces", False):
        facts["replaces_id"] = kept.id
    with pytest.raises(IntegrityError), session.begin_nested():
        make.add(
            Placement(
                traineeship_id=one.id,
                started_on=date(2026, 5, 4),
                evidence=Evidence.LETTER,
                recorded_by_id=one.person_id,
                **facts,
            )
        )


def test_rounds_come_at_3_6_12_months_and_then_twice_more():
    told_of = [rounds.round_on(END, months_after(END, months) + timedelta(days=day)) for months, day in (
        (3, -1), (3, 0), (6, -1), (6, 0), (12, 0), (18, 0), (24, 0), (30, -1), (30, 0),
    )]  # fmt: skip
    assert told_of == [None, 3, 3, 6, 12, 18, 24, 24, None]


def test_the_work_list_shows_whom_nobody_reached_and_leaves_alone_who_did_not_agree(browser, cohort):
    lead = make.lead(cohort)
    fresh, tried, done = (completed(cohort, name=name) for name in ("가나다", "라마바", "사아자"))
    completed(cohort, name="차카타", agrees=False)
    completed(make.cohort(starts_on=START, ends_on=date(2026, 9, 30)), name="파하파")
    rounds.log(tried, lead, Outcome.NOT_REACHED, Evidence.PHONE)
    rounds.log(done, lead, Outcome.SEEKING, Evidence.PHONE)
    browser.sign_in(lead).open("placement.work")
    assert browser.find("h1")[0].text == "2 people to contact"
    assert browser.text.index("가나다") < browser.text.index("라마바")
    for name in ("사아자", "차카타", "파하파"):
        assert name not in browser.text
    assert "1 more person did not agree" in browser.text
    browser.open("placement.work", query={"cohort": str(cohort.id)})
    browser.open("placement.work", query={"cohort": str(make.cohort().id)}, status=404)
    browser.open("placement.work", query={"cohort": "no"}, status=404)
    assert fresh.stage is Stage.CERTIFIED


def test_a_call_is_logged_and_a_new_job_recorded_with_it(browser, cohort):
    lead, one = make.lead(cohort), completed(cohort)
    url = {"traineeship_id": one.id}
    browser.sign_in(lead)
    browser.post("placement.log", {"contact-outcome": "not_reached", "contact-evidence": "phone"}, **url)
    browser.post("placement.log", {"contact-outcome": "employed", "contact-evidence": "phone"}, status=422, **url)
    assert "Give the first day of the work." in browser.text
    assert "Give the name of the employer." in browser.text
    work = {
        "contact-outcome": "employed",
        "contact-evidence": "phone",
        "contact-employer": "새 회사",
        "contact-started_on": "2026-06-01",
    }
    browser.post("placement.log", work, **url).follow()
    assert "새 회사" in browser.text
    assert one.stage is Stage.PLACED
    assert [each.outcome for each in session.scalars(select(Contact).order_by(Contact.at, Contact.id))] == [
        Outcome.NOT_REACHED,
        Outcome.EMPLOYED,
    ]
    assert session.scalars(select(Placement)).one().evidence is Evidence.PHONE


def test_nobody_is_called_who_did_not_agree(cohort):
    lead, one = make.lead(cohort), completed(cohort, agrees=False)
    with pytest.raises(Refused, match="did not agree"):
        rounds.log(one, lead, Outcome.SEEKING, Evidence.PHONE)
    rounds.log(one, lead, Outcome.SEEKING, Evidence.LETTER)
    rounds.log(one, one.person, Outcome.SEEKING, Evidence.OWN_WORD)
    assert rounds.answer(rounds.of(one).tried).by_id == one.person_id


def test_nobody_is_asked_before_the_first_round(cohort):
    one = completed(cohort)
    with clock.at(clock.day_start(END)), pytest.raises(Refused, match="three months"):
        rounds.log(one, one.person, Outcome.SEEKING, Evidence.OWN_WORD)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_ones_own_answer(browser, cohort, language):
    one = completed(cohort, language=language)
    browser.sign_in(one.person).open("placement.mine")
    browser.open("placement.ask", traineeship_id=one.id)
    browser.post("placement.answer", {}, status=422, traineeship_id=one.id)
    browser.post("placement.answer", {"outcome": "own_company"}, status=422, traineeship_id=one.id)
    answer = {"outcome": "own_company", "started_on": "2026-07-01", "title": "비전 검사"}
    browser.post("placement.answer", answer, traineeship_id=one.id).follow()
    kept = session.scalars(select(Placement)).one()
    assert (kept.kind, kept.evidence, kept.recorded_by_id) == (RoleKind.OWN_COMPANY, Evidence.OWN_WORD, one.person_id)
    browser.open("placement.ask", traineeship_id=one.id)
    browser.post("placement.answer", {"outcome": "own_company"}, traineeship_id=one.id)
    assert len(session.scalars(select(Placement)).all()) == 1  # what is known is not recorded twice


def test_others_answer_for_nobody(browser, cohort):
    one = completed(cohort)
    browser.sign_in(completed(cohort).person).open("placement.ask", status=404, traineeship_id=one.id)
    browser.post("placement.answer", {"outcome": "seeking"}, status=404, traineeship_id=one.id)
    assert session.scalars(select(Contact)).all() == []


def test_letters_leave_once_to_those_who_agreed(cohort):
    one, other = completed(cohort), completed(cohort, language="en")
    completed(cohort, agrees=False)
    answered = completed(cohort)
    with clock.at(clock.day_start(months_after(END, 6)) + timedelta(days=3)):
        rounds.log(answered, answered.person, Outcome.SEEKING, Evidence.OWN_WORD)
        session.commit()
        asking.ask_what_became()
        asking.ask_what_became()
    letters = session.scalars(select(Letter)).all()
    assert {each.to_address for each in letters} == {one.person.email, other.person.email}
    assert all(f"/placement/mine/{key}" in letter.text for key, letter in zip(
        [one.id if each.to_address == one.person.email else other.id for each in letters], letters, strict=True))  # fmt: skip
    assert len(session.scalars(select(FollowUp).where(FollowUp.asked_at.is_not(None))).all()) == 2
    asking.ask_what_became()  # three weeks after the round began nobody is written to
    assert len(session.scalars(select(Letter)).all()) == 2


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_cohorts_page_tells_its_rate_with_bounds_and_a_table(browser, cohort, language):
    lead = make.lead(cohort)
    lead.language = language
    people = [completed(cohort) for _each in range(10)]
    for each in people[:4]:
        placements.record(each, lead, told())
    for each in people[4:8]:
        rounds.log(each, lead, Outcome.SEEKING, Evidence.PHONE)
    browser.sign_in(lead).open("placement.cohort", cohort_id=cohort.id)
    assert "50%" in browser.find("h1")[0].text
    assert "40%" in browser.text
    assert "60%" in browser.text
    assert browser.html.count('role="img"') == 2
    browser.open("placement.cohorts")
    assert "50%" in browser.text
    assert ("2027. 3. 31." if language == "ko" else "31 Mar") in browser.text or "3. 31." in browser.text


def test_a_young_cohort_matures(browser):
    young = make.cohort(starts_on=date(2026, 7, 1), ends_on=date(2026, 9, 1))
    lead = make.lead(young)
    for _each in range(6):
        placements.record(completed(young), lead, told(started_on=date(2026, 9, 7)))
    browser.sign_in(lead).open("placement.cohort", cohort_id=young.id)
    assert "is maturing" in browser.find("h1")[0].text
    assert "0%" not in browser.text


def test_shares_of_four_people_are_not_told(browser, cohort):
    lead = make.lead(cohort)
    for _each in range(4):
        placements.record(completed(cohort), lead, told())
    browser.sign_in(lead).open("placement.cohort", cohort_id=cohort.id)
    assert "Fewer than 5 people" in browser.text
    assert "100%" not in browser.text


def test_the_pages_cost_the_same_for_two_and_for_thirty(browser, cohort, queries):
    lead = make.lead(cohort)

    def grow(count):
        for _each in range(count):
            placements.record(completed(cohort), lead, told())
            rounds.log(completed(cohort), lead, Outcome.NOT_REACHED, Evidence.PHONE)
        session.commit()
        cost = []
        for endpoint, values in (("placement.work", {}), ("placement.cohorts", {}), ("placement.cohort", {"cohort_id": cohort.id}), ("placement.employers", {})):  # fmt: skip
            with queries() as seen:
                browser.open(endpoint, **values)
            cost.append(len(seen))
        return cost

    browser.sign_in(lead)
    assert grow(2) == grow(13)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_employers_are_kept_the_hubs_own_first(browser, cohort, language):
    lead = make.lead(cohort)
    lead.language = language
    browser.sign_in(lead).open("placement.employers")
    browser.open("placement.new_employer")
    browser.post("placement.create_employer", {"name": ""}, status=422)
    browser.post("placement.create_employer", {"name": " 가나  소프트 "})
    browser.post("placement.create_employer", {"name": "하이 AI", "in_hub": "y", "business": "비전"}).follow()
    browser.post("placement.create_employer", {"name": "가나 소프트"}, status=422)
    browser.open("placement.employers")
    assert browser.text.index("하이 AI") < browser.text.index("가나 소프트")
    browser.open("placement.employers", query={"hub": "yes", "q": "비전"})
    assert "가나 소프트" not in browser.text


def test_two_leads_change_one_employer_and_the_second_is_told(browser, cohort):
    one = employers.create(Employer(name="하이 AI"), make.lead(cohort))
    browser.sign_in(make.lead(cohort)).open("placement.employer", employer_id=one.id)
    browser.post("placement.change_employer", {"name": "하이 에이아이", "version": one.version}, employer_id=one.id)
    browser.post("placement.change_employer", {"name": "하이", "version": 1}, status=409, employer_id=one.id)
    assert "Somebody changed this employer" in browser.text
    assert one.name == "하이 에이아이"


def test_openings_are_offered_and_closed(browser, cohort):
    one = employers.create(Employer(name="하이 AI", in_hub=True), make.lead(cohort))
    browser.sign_in(make.lead(cohort))
    typed = {"title": "비전 엔지니어", "kind": "internship", "seats": "2", "until": "2026-12-01"}
    browser.post("placement.offer", typed, employer_id=one.id)
    browser.post("placement.offer", typed | {"until": "2026-01-01"}, status=422, employer_id=one.id)
    browser.post("placement.offer", typed | {"seats": "0"}, status=422, employer_id=one.id)
    opening = session.scalars(select(Opening)).one()
    assert employers.counts([one.id]) == {one.id: (2, 0)}
    browser.post("placement.close_opening", opening_id=opening.id)
    assert employers.counts([one.id]) == {one.id: (0, 0)}
    browser.post("placement.close_opening", status=409, opening_id=opening.id)


def test_another_cohorts_people_are_not_on_the_employers_page(browser, cohort):
    mine, other = (
        completed(cohort, name="우리 사람"),
        completed(make.cohort(starts_on=START, ends_on=END), name="남의 사람"),
    )
    for each in (mine, other):
        placements.record(each, each.person, told())
    browser.sign_in(make.lead(cohort)).open("placement.employer", employer_id=employers.find("한빛 비전").id)
    assert "우리 사람" in browser.text
    assert "남의 사람" not in browser.text
    assert employers.counts([employers.find("한빛 비전").id]).popitem()[1][1] == 2


def test_what_was_written_is_forgotten_with_the_person(cohort):
    one = completed(cohort)
    rounds.log(one, one.person, Outcome.SEEKING, Evidence.OWN_WORD, note="전화 010")
    placements.record(one, one.person, told())
    session.execute(update(Placement).values(title="그만의 자리"))
    erasing.order(one.person, make.admin(), one.person.email)
    session.commit()
    jobs.perform_all()
    session.expire_all()
    assert session.scalars(select(Contact.note)).all() == [""]
    assert session.scalars(select(Placement.title)).all() == [""]
    assert session.scalars(select(Placement.started_on)).all() == [date(2026, 5, 4)]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_companies_of_the_hub_come_in_as_a_list(browser, cohort, language):
    lead = make.lead(cohort)
    lead.language = language
    make.add(Employer(name="한빛 비전", business="Cameras"))
    browser.sign_in(lead).open("placement.employer_list")
    pasted = "한빛 비전\tsomething else\r\n  Acme   AI \tRobots\r\n\r\nacme ai\r\nÉtoile\r\n"
    browser.post("placement.create_employers", {"names": pasted, "in_hub": "y"}).follow()
    found = {each.name: (each.business, each.in_hub) for each in session.scalars(select(Employer))}
    assert found == {"한빛 비전": ("Cameras", False), "Acme AI": ("Robots", True), "Étoile": ("", True)}
    browser.post("placement.create_employers", {"names": pasted}).follow()
    assert session.query(Employer).count() == 3
    for wrong in ("", " \n\t\n", "x" * 121, "\n".join(f"Company {number}" for number in range(501))):
        browser.post("placement.create_employers", {"names": wrong}, status=422)
    browser.sign_out().sign_in(make.person(Role.INSTRUCTOR)).post(
        "placement.create_employers", {"names": "X"}, status=403
    )
    assert session.query(Employer).count() == 3
