"""The year by what people told: totals are the board's, small cells are hidden, nobody is told apart."""

import pytest

from lms.kit.db import session
from lms.people import erasing
from lms.people.models import ConsentChoice, Role
from lms.pipeline.erasing import erase_in_pipeline
from lms.pipeline.models import Profile, Region, Sex, Stage
from lms.reporting import breakdowns, definitions, intakes
from lms.reporting.asof import AsOf
from lms.reporting.breakdowns import By
from tests import make
from tests.lms.reporting.test_pages import YEAR, certify


def told(cohort, *, sex=None, region=None, born=None, certified=False):
    taking_part = make.traineeship(cohort, stage=Stage.COMPLETED)
    if certified:
        certify(taking_part)
    if sex or region or born:
        make.add(Profile(person_id=taking_part.person_id, sex=sex, region=region, birth_year=born))
    return taking_part.person


@pytest.fixture
def lead():
    one, two = make.cohort(), make.cohort()
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


def found(lead, by):
    led, at = intakes.led_by(lead), AsOf.now()
    defined = definitions.of_all({each.programme_id for each in led}, at)
    return breakdowns.of(by, led, definitions.counting(led, defined.values()), YEAR, at)


def test_rows_add_up_to_everybody_and_small_cells_are_hidden(lead):
    sexes = found(lead, By.SEX)
    assert (sexes.rows, sexes.totals) == (["female", "male", ""], [20, 12, 7])
    assert (sexes.everybody, sexes.experts) == (39, 20)
    flat = [cell for row in sexes.in_cohorts for cell in row]
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


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("by", list(By))
def test_the_page_shows_no_small_number(browser, lead, by, language):
    lead.language = language
    browser.sign_in(lead).open("/board/breakdown", query={"by": by.value})
    cells = ["".join(node.itertext()).strip() for node in browser.find("td", class_="num")]
    assert cells
    assert [cell for cell in cells if cell.isdecimal() and int(cell) < 5] == []


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
