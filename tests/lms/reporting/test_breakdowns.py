"""The year by what people told: totals add up, small cells are hidden, nobody is told apart from one table to the next."""

from datetime import date
from itertools import product

import pytest

from lms.kit.db import session
from lms.people import erasing
from lms.people.models import ConsentChoice, Role
from lms.pipeline.erasing import erase_in_pipeline
from lms.pipeline.models import Profile, Region, Sex, Stage
from lms.reporting import breakdowns, definitions, intakes
from lms.reporting.asof import AsOf
from lms.reporting.breakdowns import By
from lms.reporting.groupings import Across
from tests import make
from tests.lms.reporting.test_hiding import attack
from tests.lms.reporting.test_pages import YEAR, certify


def told(cohort, *, sex=None, region=None, born=None, certified=False):
    taking_part = make.traineeship(cohort, stage=Stage.COMPLETED)
    if certified:
        certify(taking_part)
    if sex or region or born:
        make.add(Profile(person_id=taking_part.person_id, sex=sex, region=region, birth_year=born))
    return taking_part.person


def begun(**more):
    return make.cohort(starts_on=date(YEAR, 1, 1), **more)


@pytest.fixture
def lead():
    one, two = begun(track="Vision"), begun(track="Language")
    made = make.lead(one)
    make.add(make.Lead(person_id=made.id, cohort_id=two.id))
    for cohort, women, men in ((one, 12, 9), (two, 8, 3)):
        for number in range(women):
            told(cohort, sex=Sex.FEMALE, region=Region.SEOUL, born=YEAR - 20 - number, certified=number > 3)
        for number in range(men):
            told(cohort, sex=Sex.MALE, region=Region.YANGJAE, born=YEAR - 60, certified=number > 1)
    for _each in range(7):
        told(one)
    return made


def found(lead, by, year=YEAR):
    led = intakes.led_by(lead)
    defined = definitions.of_all({each.programme_id for each in led}, AsOf.now())
    return breakdowns.of(by, led, definitions.counting(led, defined.values()), year)


def test_rows_add_up_to_everybody_and_small_cells_are_hidden(lead):
    sexes = found(lead, By.SEX)
    assert (sexes.rows, sexes.totals) == (["female", "male", ""], [20, 12, 7])
    assert (sexes.everybody, sexes.experts) == (39, 20)
    flat = [cell for row in sexes.splits[Across.COHORT].cells for cell in row]
    assert flat.count(None) >= 4, "three men alone in a cohort could be subtracted"
    assert all(cell is None or cell >= 5 for cell in flat)


def test_ages_are_of_the_year_and_in_bands(lead):
    ages = found(lead, By.AGE)
    assert ages.rows == ["0", "25", "30", "50", ""]
    assert ages.everybody == 39


def test_a_value_of_few_people_is_hidden_with_another(lead):
    led = intakes.led_by(lead)
    told(session.get_one(make.Cohort, led[0].id), sex=Sex.OTHER)
    sexes = found(lead, By.SEX)
    assert dict(zip(sexes.rows, sexes.totals, strict=True)) == {"female": 20, "male": 12, "other": None, "": None}


def test_groups_are_cohorts_tracks_courses_and_programmes(lead):
    one, two = (session.get_one(make.Cohort, each.id) for each in breakdowns.begun_in(intakes.led_by(lead), YEAR))
    offering = make.offering(to=one)
    make.offering(offering.version, two)
    make.offering(to=two)
    splits = found(lead, By.SEX).splits
    assert [each.title and each.title["en"] for each in splits[Across.TRACK].groups] == ["Language", "Vision"]
    assert splits[Across.COHORT].sizes == [28, 11]
    assert sorted(splits[Across.COURSE].sizes) == [11, 39]
    assert len(splits[Across.PROGRAMME].groups) == 2
    shared = splits[Across.COURSE].sizes.index(39)
    assert [row[shared] for row in splits[Across.COURSE].cells] == [20, 12, 7], "what everybody is given is the total"


def test_a_cohort_without_track_or_course_has_its_place(lead):
    third = begun()
    make.add(make.Lead(person_id=lead.id, cohort_id=third.id))
    told(third)
    splits = found(lead, By.SEX).splits
    assert splits[Across.TRACK].groups[-1].title is None
    assert splits[Across.TRACK].sizes == [11, 28, None]
    assert splits[Across.COURSE].groups == []


def test_a_cohort_stands_in_one_year_alone(lead):
    """Two years that both held it could be subtracted from one another."""
    later = begun(ends_on=date(YEAR + 1, 6, 1))
    make.add(make.Lead(person_id=lead.id, cohort_id=later.id))
    for _each in range(6):
        told(later, sex=Sex.FEMALE)
    assert found(lead, By.SEX).everybody == 45
    assert found(lead, By.SEX, YEAR + 1).rows == []


def crowd(lead):
    """Three more cohorts, the courses of which overlap in every way, with answers of few people here and there."""
    cohorts = [session.get_one(make.Cohort, each.id) for each in intakes.led_by(lead)]
    for track in ("Vision", "Language", ""):
        cohorts.append(begun(track=track))
        make.add(make.Lead(person_id=lead.id, cohort_id=cohorts[-1].id))
    answers = [{"sex": Sex.FEMALE, "region": Region.SEOUL}, {"sex": Sex.MALE, "region": Region.CAPITAL}, {}]
    for number, (cohort, answer) in enumerate(product(cohorts[2:], answers)):
        for each in range((11, 2, 6, 1, 14, 7, 9, 8, 3)[number]):
            told(cohort, **answer, certified=each % 3 == 0)
    for given in ((0, 1), (1, 2, 3), (0, 3, 4), (4,)):
        first = make.offering(to=cohorts[given[0]])
        for each in given[1:]:
            make.offering(first.version, cohorts[each])


@pytest.mark.parametrize("by", [By.SEX, By.REGION])
def test_all_tables_of_an_answer_together_tell_no_small_number(lead, by):
    crowd(lead)
    breakdown = found(lead, by)
    cohorts = [each.cohort for each in breakdown.splits[Across.COHORT].groups]
    places = [(each.id, expert) for each in cohorts for expert in (True, False)]
    table = true_table(lead, by, breakdown.rows, places)
    families = [
        [[at for at, place in enumerate(places) if place[0] in group.cohorts] for group in split.groups]
        for split in breakdown.splits.values()
    ]
    shown = [split.cells for split in breakdown.splits.values()]
    becoming = [[at for at, place in enumerate(places) if place[1] is wanted] for wanted in (True, False)]
    assert sum(map(sum, table)) == breakdown.everybody
    assert [len(family) for family in families] == [5, 3, 4, 5]
    assert any(shown)
    assert list(attack(table, [*families, becoming], breakdown.totals, [*shown, breakdown.becoming])) == []


def true_table(lead, by, rows, places):
    """What is hidden, counted in another way."""
    led = intakes.led_by(lead)
    experts = {
        (each.cohort_id, each.person_id) for each in session.query(make.Traineeship) if each.stage is Stage.CERTIFIED
    }
    table = [[0] * len(places) for _row in rows]
    for each in session.query(make.Traineeship).filter(make.Traineeship.cohort_id.in_([one.id for one in led])):
        profile = session.get(Profile, each.person_id)
        row = rows.index((getattr(profile, by.value) or "") if profile else "")
        table[row][places.index((each.cohort_id, (each.cohort_id, each.person_id) in experts))] += 1
    return table


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_page_shows_a_small_number(browser, lead, language):
    lead.language = language
    crowd(lead)
    browser.sign_in(lead)
    for by, across in product(By, Across):
        browser.open("/board/breakdown", query={"by": by.value, "across": across.value})
        cells = ["".join(node.itertext()).strip() for node in browser.find("td", class_="num")]
        assert len(cells) >= 10
        assert [cell for cell in cells if cell.isdecimal() and int(cell) < 5] == []


def test_what_is_chosen_stands_in_the_address(browser, lead):
    browser.sign_in(lead).open("/board/breakdown", query={"by": "region", "across": "track", "year": YEAR})
    links = browser.links()
    assert f"/board/breakdown?year={YEAR}&by=age&across=track" in links
    assert f"/board/breakdown?year={YEAR}&by=region&across=course#across" in links
    assert "Vision" in browser.text
    browser.open("/board/breakdown", query={"by": "x", "across": "x", "year": "x"})
    assert browser.find("table")


def test_the_page_costs_the_same_for_two_cohorts_and_for_five(browser, lead, queries):
    browser.sign_in(lead).open("/board/breakdown")
    counted = []
    for _times in range(2):
        with queries() as seen:
            browser.open("/board/breakdown", query={"across": "course"})
        counted.append(len(seen))
        crowd(lead) if not counted[1:] else None
    assert counted[0] == counted[1]


def test_a_year_without_anybody_and_other_leads(browser, lead):
    browser.sign_in(lead).open("/board/breakdown", query={"year": 2001})
    assert browser.find("div", class_="empty")
    browser.sign_in(make.person(Role.TRAINEE)).open("/board/breakdown", status=403)


def test_answers_are_kept_with_the_consent_and_go_without_it(browser):
    person = make.person(Role.TRAINEE)
    browser.sign_in(person).open("pipeline.profile")
    answers = {"sex": "female", "birth_year": "1998", "region": "seoul"}
    browser.post("pipeline.tell", answers, status=422)
    assert "Agree that your answers are used" in browser.text
    assert session.get(Profile, person.id) is None
    browser.post("pipeline.tell", answers | {"agreed": "y"}).follow()
    kept = session.get_one(Profile, person.id)
    assert (kept.sex, kept.birth_year, kept.field) == (Sex.FEMALE, 1998, None)
    browser.open("pipeline.profile")
    browser.post("pipeline.tell", {}).follow()
    session.expire_all()
    assert session.get(Profile, person.id) is None
    assert session.query(ConsentChoice).filter_by(person_id=person.id).count() == 2


@pytest.mark.parametrize("wrong", [{"birth_year": "1066"}, {"birth_year": "x"}, {"sex": "x"}])
def test_what_is_no_answer_is_told_at_its_field(browser, wrong):
    browser.sign_in(make.person(Role.TRAINEE)).post("pipeline.tell", {"agreed": "y"} | wrong, status=422)
    assert browser.find("section", class_="summary")


def test_an_erased_person_leaves_no_answers(app):
    person, by = make.person(Role.TRAINEE), make.admin()
    make.add(Profile(person_id=person.id, sex=Sex.MALE))
    with app.test_request_context():
        erasing.order(person, by, person.email)
    session.commit()
    erase_in_pipeline(str(person.id))
    assert session.query(Profile).count() == 0
