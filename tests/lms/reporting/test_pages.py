"""The lead's pages: every number is as long as its list, nobody sees other people's cohorts, exports come back whole."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from lms.kit import clock
from lms.kit.db import session
from lms.people.models import AuditEntry, Role
from lms.pipeline import traineeships
from lms.pipeline.models import LeavingReason, Stage
from lms.reporting.models import Target
from tests import make

YEAR = clock.today().year
WHY = "The city asked for it."
STAGES = (Stage.ADMITTED, Stage.TRAINING, Stage.COMPLETED, Stage.PLACED, Stage.LEFT)


def certify(traineeship):
    return traineeships.advance(traineeship, Stage.CERTIFIED, by=None)


def lively():
    """Two cohorts of one programme that share people, with somebody at each stage, and one that waits to begin."""
    today = clock.today()
    programme = make.programme()
    first = make.cohort(programme, starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 12, 31))
    second = make.cohort(programme, starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 12, 31))
    soon = make.cohort(programme, seats=3, starts_on=today + timedelta(days=9), ends_on=today + timedelta(days=90))
    last_year = make.cohort(programme, starts_on=date(YEAR - 2, 1, 1), ends_on=date(YEAR - 1, 6, 1))
    lead = make.lead(first)
    for cohort in (second, soon, last_year):
        make.add(make.Lead(person_id=lead.id, cohort_id=cohort.id))
    for cohort in (first, second):
        for stage in STAGES:
            make.traineeship(cohort, stage=stage)
        for stage in (Stage.APPLIED, Stage.WAITING, Stage.DECLINED, Stage.WITHDRAWN):
            make.application(cohort, stage=stage, sent_at=make.ago(days=20))
    for _ in range(2):
        both = make.person(Role.TRAINEE)
        for cohort in (first, second):
            make.application(cohort, both, stage=Stage.ADMITTED)
            certify(make.traineeship(cohort, both, stage=Stage.COMPLETED))
    certify(make.traineeship(last_year, stage=Stage.COMPLETED))  # finished before, certified this year
    revoked = make.traineeship(first, stage=Stage.COMPLETED)
    certify(revoked)
    traineeships.advance(revoked, Stage.COMPLETED, by=None)
    make.application(first, stage=None)
    make.add(Target(programme_id=programme.id, year=YEAR, version=1, number=500))
    elsewhere = make.cohort()
    certify(make.traineeship(elsewhere, stage=Stage.COMPLETED))
    make.lead(elsewhere)
    return lead, first, last_year


def numbers(browser):
    """Every number of the page that opens a list, with its address."""
    found = [("".join(node.itertext()), node.get("href")) for node in browser.find("a", class_="n")]
    found += [
        ("".join(link.itertext()), link.get("href"))
        for paragraph in browser.find("p", class_="answer-number")
        for link in paragraph.iter("{http://www.w3.org/1999/xhtml}a")
    ]
    return [(int(text.replace(",", "")), href) for text, href in found if "/board/people" in href]


def charts(browser):
    return [node for node in browser.tree.iter() if str(node.tag).endswith("}svg") and node.get("role") == "img"]


def length(browser, href):
    """How long the list is: by its title, and by its lines."""
    browser.open(href)
    title = "".join(browser.find("title")[0].itertext())
    rows = [row for body in browser.find("tbody") for row in body]
    return int(re.search(r"(\d+) ·", title)[1]), len(rows)


@pytest.mark.parametrize(
    "address", ["/board", "/board?year={before}", "/board?programme={slug}", "cohort", "/board?year={next}"]
)
def test_every_number_is_as_long_as_its_list(browser, address):
    lead, cohort, _last = lively()
    browser.sign_in(lead)
    if address == "cohort":
        browser.open("reporting.cohort", cohort_id=cohort.id)
    else:
        browser.open(address.format(before=YEAR - 1, next=YEAR + 1, slug=cohort.programme.slug))
    found = numbers(browser)
    assert len(found) >= {"/board?year={next}": 0, "/board?year={before}": 7, "cohort": 12}.get(address, 30)
    for number, href in found:
        assert length(browser, href) == (number, number), href


def test_the_answer_counts_people_once_and_without_the_revoked(browser):
    lead, *_ = lively()
    browser.sign_in(lead).open("reporting.board")
    answer = " ".join("".join(browser.find("p", class_="answer-number")[0].itertext()).split())
    assert answer == "3 / 500 certified", "two people in two cohorts each, and one of last year's cohort"
    assert "Certified traineeships52 people have several, so 3 people" in browser.text


def test_the_board_says_what_waits(browser):
    lead, *_ = lively()
    browser.sign_in(lead).open("reporting.board")
    assert "1 application waits for a decision" in browser.text
    assert browser.text.count("1 person completed and has no certificate") == 2, "who was revoked gets no other one"
    assert "1 person waits while seats are free" in browser.text
    assert "3 seats are still free" in browser.text
    assert "7 things need you" in browser.text
    browser.open("/board", query={"year": YEAR - 1})
    assert "need you" not in browser.text, "what waits is of today"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_lead_without_cohorts_and_a_year_without_anything(browser, language):
    browser.sign_in(make.person(Role.LEAD, language=language)).open("reporting.board")
    assert len(charts(browser)) == 2
    for endpoint in ("reporting.people", "reporting.targets"):
        browser.open(endpoint)
        assert browser.find("div", class_="empty")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_all_pages_in_both_languages(browser, language):
    lead, cohort, _last = lively()
    lead.language = language
    person = make.traineeship(cohort).person
    browser.sign_in(lead)
    for endpoint in ("board", "people", "targets"):
        browser.open(f"reporting.{endpoint}")
    browser.open("reporting.people", query={"what": "people"})
    browser.open("reporting.cohort", cohort_id=cohort.id)
    browser.open("reporting.person", person_id=person.id)
    browser.open("reporting.target", slug=cohort.programme.slug, of_year=YEAR)
    assert browser.find("html")[0].get("lang") == language


def test_the_chart_is_drawn_for_two_widths_with_words_and_a_table(browser):
    lead, *_ = lively()
    browser.sign_in(lead).open("reporting.board")
    drawings = [node for node in charts(browser) if node.get("viewBox") in ("0 0 800 400", "0 0 350 300")]
    assert len(drawings) == 2
    for drawing in drawings:
        named = {node.get("id"): node.text for node in drawing.iter() if node.get("id")}
        assert set(drawing.get("aria-labelledby").split()) == set(named)
        assert any("3 people were certified" in text and "The target is 500." in text for text in named.values())
    assert "People certified by the end of the month" in browser.text


def test_only_leads_and_administrators_come_in(browser):
    _lead, cohort, _last = lively()
    for person in (make.person(Role.TRAINEE), make.person(Role.INSTRUCTOR)):
        browser.sign_in(person)
        browser.open("reporting.board", status=403)
        browser.post("reporting.export_people", status=403)
    browser.sign_in(make.admin()).open("reporting.cohort", cohort_id=cohort.id)


def test_other_peoples_cohorts_are_not_there(browser):
    lead, cohort, _last = lively()
    other = make.lead(make.cohort())
    inside = make.traineeship(cohort).person
    browser.sign_in(lead)
    browser.open("reporting.person", person_id=inside.id)
    browser.sign_in(other)
    browser.open("reporting.cohort", cohort_id=cohort.id, status=404)
    browser.open("reporting.person", person_id=inside.id, status=404)
    browser.open("reporting.people", query={"cohort": cohort.id}, status=404)
    browser.post(f"/board/people/export?cohort={cohort.id}", {"format": "xlsx"}, status=404)
    browser.open("reporting.target", slug=cohort.programme.slug, of_year=YEAR, status=404)
    browser.open("reporting.people")
    assert inside.name not in browser.text


def test_a_person_shows_their_part_in_the_readers_cohorts_only(browser):
    mine, other = make.cohort(), make.cohort()
    person = make.traineeship(mine, stage=Stage.TRAINING).person
    hidden = make.traineeship(other, person, stage=Stage.TRAINING)
    traineeships.advance(hidden, Stage.LEFT, by=None, reason=LeavingReason.HEALTH, note="Only they know")
    browser.sign_in(make.lead(mine)).open("reporting.person", person_id=person.id)
    assert mine.title["en"] in browser.text
    assert other.title["en"] not in browser.text
    assert "Only they know" not in browser.text


def test_a_draft_makes_nobody_visible(browser):
    cohort = make.cohort()
    writer = make.application(cohort, stage=None).person
    browser.sign_in(make.lead(cohort)).open("reporting.person", person_id=writer.id, status=404)


def test_a_person_with_the_evidence_of_each_stage(browser):
    cohort = make.cohort()
    lead = make.lead(cohort)
    sent = make.application(cohort)
    taking_part = make.traineeship(cohort, sent.person, stage=Stage.TRAINING)
    early = datetime(2026, 3, 2, 1, tzinfo=UTC)
    with clock.at(datetime(2026, 3, 9, 1, tzinfo=UTC)):
        traineeships.advance(
            taking_part, Stage.LEFT, by=lead, reason=LeavingReason.EMPLOYED, note="Joined a start-up", happened_at=early
        )
    browser.sign_in(lead).open("reporting.person", person_id=sent.person_id)
    for words in (
        "Left",
        "2 Mar 2026 10:00",
        "recorded 9 Mar 2026 10:00",
        lead.name,
        "Found work",
        "Joined a start-up",
        sent.receipt,
    ):
        assert words in browser.text


def test_search_sort_and_pages_keep_the_filters(browser):
    cohort = make.cohort(seats=200)
    for number in range(60):
        make.traineeship(cohort, make.person(Role.TRAINEE, name=f"김{number:02}서연", email=f"kim{number}@example.org"))
    make.traineeship(cohort, make.person(Role.TRAINEE, name="100% Ånna_", latin_name="ANNA"), stage=Stage.TRAINING)
    browser.sign_in(make.lead(cohort))
    browser.open("reporting.people", query={"q": "서연", "stage": "admitted", "sort": "-name"})
    assert browser.find("tbody")[0][0][0][0].text == "김59서연"
    following = next(link for link in browser.links() if "page=2" in link)
    assert "stage=admitted" in following
    browser.open("/board/people" + following)
    assert len(browser.find("tbody")[0]) == 10
    for words, count in (("kim7@", 1), ("ANNA", 1), ("%", 1), ("_", 1), ("nobody", 0)):
        browser.open("reporting.people", query={"q": words})
        assert f"{count} ·" in "".join(browser.find("title")[0].itertext()), words


@pytest.mark.parametrize(
    "query",
    [
        "stage=nonsense",
        "year=x",
        "year=99999999999",
        "certified=0",
        "until=13",
        "older=-1",
        "older=99999999",
        "what=x",
        "sort=x",
        "page=-1",
        "programme=x",
        "several=1",
    ],
)
def test_odd_addresses_do_no_harm(browser, query):
    lead, *_ = lively()
    browser.sign_in(lead).open(f"/board/people?{query}")
    browser.open(f"/board?{query}")


def test_a_cohort_that_is_no_key_is_not_there(browser):
    lead, *_ = lively()
    browser.sign_in(lead).open("/board/people?cohort=x", status=404)


def test_the_board_costs_the_same_for_two_cohorts_and_forty(browser, queries):
    admin = make.admin()
    counted = []
    for more in (2, 38):
        for _ in range(more):
            cohort = make.cohort()
            certify(make.traineeship(cohort, stage=Stage.COMPLETED))
            make.application(cohort)
        browser.sign_in(admin)
        for endpoint in ("reporting.board", "reporting.people"):
            with queries() as seen:
                browser.open(endpoint)
            counted.append(len([each for each in seen if each.startswith("SELECT")]))
    assert counted[0] == counted[2]
    assert counted[1] == counted[3]
    assert counted[0] <= 30, counted


def test_a_cohort_and_a_person_cost_the_same_however_much_there_is(browser, queries):
    cohort = make.cohort()
    lead = make.lead(cohort)
    counted = []
    for more in (2, 38):
        for _ in range(more):
            taking_part = make.traineeship(cohort, stage=Stage.COMPLETED)
            certify(taking_part)
        browser.sign_in(lead)
        for endpoint, values in (
            ("cohort", {"cohort_id": cohort.id}),
            ("person", {"person_id": taking_part.person_id}),
        ):
            with queries() as seen:
                browser.open(f"reporting.{endpoint}", **values)
            counted.append(len(seen))
    assert counted[:2] == counted[2:]


def test_a_list_leaves_as_a_workbook_and_the_trail_keeps_that(browser):
    lead, cohort, _last = lively()
    evil = make.traineeship(cohort, make.person(Role.TRAINEE, name="=1+1"), stage=Stage.TRAINING)
    evil.progress = 40
    browser.sign_in(lead).post(
        f"/board/people/export?cohort={cohort.id}&stage=training&sort=name",
        {"format": "xlsx", "reason": WHY},
        status=200,
    )
    assert browser.response.mimetype.endswith("spreadsheetml.sheet")
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(browser.response.data)).get_sheet_by_index(0).to_python()
    assert head[:2] == ["Name", "Name in Latin letters"]
    assert len(rows) == 2
    row = next(row for row in rows if row[0] == "=1+1")
    assert row[3:7] == [cohort.title["en"], "In training", clock.today(), 40.0]
    noted = session.scalars(select(AuditEntry).where(AuditEntry.deed == "people.exported")).one()
    assert (noted.person_id, noted.new["rows"]) == (lead.id, 2)
    assert noted.new["filters"] == {"cohort": str(cohort.id), "stage": "training"}
    assert noted.new["reason"] == WHY
    browser.sign_in(make.admin()).open("people.audit_trail", query={"deed": "people.exported"})
    assert WHY in browser.text
    assert lead.name in browser.text


@pytest.mark.parametrize("reason", [None, "", " . ", "\x00\x00\x00\x00\x00\x00"])
def test_a_list_with_names_does_not_leave_without_a_reason(browser, reason):
    lead, *_ = lively()
    typed = {"format": "xlsx"} | ({} if reason is None else {"reason": reason})
    browser.sign_in(lead).post("/board/people/export?what=people", typed, status=409)
    assert "Say what the list is for" in browser.text
    assert session.scalars(select(AuditEntry).where(AuditEntry.deed == "people.exported")).all() == []


def test_a_list_of_people_leaves_as_text_that_excel_reads(browser):
    lead, *_ = lively()
    lead.language = "ko"
    browser.sign_in(lead).post(
        f"/board/people/export?what=people&certified={YEAR}", {"format": "csv", "reason": WHY}, status=200
    )
    assert "filename*=UTF-8''%" in browser.response.headers["Content-Disposition"]
    assert browser.response.data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(browser.response.data.decode("utf-8-sig")))
    assert head[0] == "이름"
    assert len(rows) == 3


def test_the_cohorts_leave_as_a_workbook(browser):
    lead, first, _last = lively()
    browser.sign_in(lead).post(f"/board/cohorts/export?year={YEAR}", {"format": "xlsx"}, status=200)
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(browser.response.data)).get_sheet_by_index(0).to_python()
    row = dict(zip(head, next(row for row in rows if row[0] == first.title["en"]), strict=True))
    assert (row["First day"], row["Certified"], row["Traineeships"], row["Everybody"]) == (
        date(YEAR, 1, 1),
        2.0,
        8.0,
        12.0,
    )
    assert len(rows) >= 3
    browser.post("/board/cohorts/export", {"format": "exe"}, status=400)


def test_an_export_is_no_get(browser):
    lead, *_ = lively()
    browser.sign_in(lead).open("/board/cohorts/export", status=405)


def test_a_lead_sets_a_target_and_changes_it(browser):
    lead, cohort, _last = lively()
    browser.sign_in(lead)
    at = {"slug": cohort.programme.slug, "of_year": YEAR}
    browser.post("reporting.set_target", {"number": "2", "reason": "Fewer rooms", "seen": "1"}, **at).follow()
    assert f"The target of {YEAR} is 2 now. It lies below the 3 people who are certified already." in browser.text
    browser.open("reporting.target", **at)
    assert "Fewer rooms" in browser.text
    assert "500 people" in browser.text, "the version before stays readable"
    browser.open("reporting.board")
    assert "The target of 2 is reached" in browser.text


def test_the_second_of_two_leads_sees_what_the_first_set(browser):
    lead, cohort, _last = lively()
    at = {"slug": cohort.programme.slug, "of_year": YEAR}
    browser.sign_in(lead).post("reporting.set_target", {"number": "520", "reason": "Two more rooms", "seen": "1"}, **at)
    other = make.admin()
    browser.sign_in(other).post(
        "reporting.set_target", {"number": "480", "reason": "Fewer rooms", "seen": "1"}, status=409, **at
    )
    assert f"{lead.name} set 520 for this year in between: Two more rooms" in browser.text
    assert browser.find("input", name="number")[0].get("value") == "480", "nothing typed is lost"
    seen = browser.find("input", name="seen")[0].get("value")
    browser.post("reporting.set_target", {"number": "480", "reason": "Fewer rooms", "seen": seen}, **at)
    assert session.scalars(select(Target.number).where(Target.year == YEAR).order_by(Target.version)).all() == [
        500,
        520,
        480,
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"number": "-1"},
        {"number": "1.5"},
        {"number": "9" * 30},
        {"number": "viele"},
        {"reason": " "},
        {"reason": "x" * 501},
        {"reason": "a\x00b"},
        {"seen": "x"},
        {"seen": ""},
    ],
)
def test_what_is_typed_wrong_is_told_at_the_field(browser, wrong):
    lead, cohort, _last = lively()
    typed = {"number": "520", "reason": "Two more rooms", "seen": "1", **wrong}
    browser.sign_in(lead).post("reporting.set_target", typed, status=422, slug=cohort.programme.slug, of_year=YEAR)
    assert browser.find("section", class_="summary")
    assert session.scalars(select(Target.number)).all() == [500]


def test_targets_lie_within_ten_years(browser):
    lead, cohort, _last = lively()
    browser.sign_in(lead).open("reporting.target", slug=cohort.programme.slug, of_year=YEAR + 10)
    browser.open("reporting.target", slug=cohort.programme.slug, of_year=YEAR + 11, status=404)


def test_who_leads_a_part_of_a_programme_is_told_that_the_target_is_for_all(browser):
    lead, cohort, _last = lively()
    make.cohort(cohort.programme)
    browser.sign_in(lead).open("reporting.board")
    assert "1 cohort of theirs is led by others" in browser.text
