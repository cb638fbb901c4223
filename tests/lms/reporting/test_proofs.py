"""From a number to its people to the evidence: each stage of a person names the pages behind it, and a lead can open them."""

import pytest

from lms.kit.db import session
from lms.pipeline.models import Cohort, Stage, Traineeship
from tests import make
from tests.certificates.making import issued


def behind(browser):
    """Address → words of what stands behind the stages."""
    links = [link for cell in browser.find("td") for link in cell.iter() if str(link.tag).endswith("}a")]
    return {link.get("href"): "".join(link.itertext()) for link in links}


@pytest.fixture
def certificate():
    made = issued()
    taking_part = session.query(Traineeship).filter_by(person_id=made.person_id, cohort_id=made.cohort_id).one()
    for stage in (Stage.TRAINING, Stage.COMPLETED, Stage.CERTIFIED, Stage.PLACED):
        make.move(taking_part.cohort, taking_part.person, stage)
    make.enrolment(make.offering(to=taking_part.cohort), taking_part)
    return made


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_stage_leads_to_its_evidence(browser, certificate, language):
    lead = make.lead(session.get_one(Cohort, certificate.cohort_id))
    lead.language = language
    browser.sign_in(lead).open("/board/people", query={"cohort": certificate.cohort_id})
    assert f"/board/people/{certificate.person_id}" in [href.split("?")[0] for href in browser.links()]
    browser.open("reporting.person", person_id=certificate.person_id)
    found = behind(browser)
    assert f"{certificate.year}-{certificate.serial:04d}" in found[f"/certificates/{certificate.id}"]
    assert [href for href in found if href.startswith("/offerings/")]
    assert [href for href in found if href.startswith("/placement/people/")]
    for href in found:
        browser.open(href)


def test_what_is_of_other_leads_is_not_named(browser, certificate):
    mine = make.cohort()
    make.traineeship(mine, certificate.person, stage=Stage.TRAINING)
    browser.sign_in(make.lead(mine)).open("reporting.person", person_id=certificate.person_id)
    assert behind(browser) == {}
    assert f"{certificate.year}-{certificate.serial:04d}" not in browser.text


def test_a_person_costs_the_same_with_one_course_and_with_five(browser, certificate, queries):
    cohort = session.get_one(Cohort, certificate.cohort_id)
    taking_part = session.query(Traineeship).filter_by(person_id=certificate.person_id).one()
    person = certificate.person_id
    browser.sign_in(make.lead(cohort))
    counted = []
    for more in (0, 4):
        for _each in range(more):
            make.enrolment(make.offering(to=cohort), taking_part)
        session.commit()
        browser.open("reporting.person", person_id=person)
        with queries() as seen:
            browser.open("reporting.person", person_id=person)
        counted.append(len(seen))
    assert counted[0] == counted[1]
