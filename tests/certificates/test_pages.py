"""Pages of those who issue and of those who hold: who sees what, what a form does, what it costs."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from certificates.facts import Facts
from certificates.models import Certificate, Issuer, Revocation
from lms.kit import clock
from lms.kit.db import session
from lms.kit.jobs import Job
from lms.people.models import Role
from lms.pipeline.models import Lead, Stage
from tests import make
from tests.certificates.making import all_jobs, completed, issued, one_is_enough, printed

HOSTILE = "<script>alert(1)</script>"


def facts(certificate):
    return Facts.from_json(certificate.facts)


def give_up_printing(certificate):
    job = session.scalars(select(Job).where(Job.arguments["certificate_id"].as_string() == str(certificate.id))).one()
    job.given_up_at = clock.now()
    session.commit()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_lead_issues_from_the_dry_run_to_the_pdf(browser, language):
    cohort = make.cohort()
    lead = make.lead(cohort)
    lead.language = language
    ready, other = completed(cohort, name="문가온", latin_name="Moon Gaon"), completed(cohort, name="Ada")
    make.traineeship(cohort, make.person(Role.TRAINEE, name="Late Person"), stage=Stage.TRAINING)
    make.traineeship(cohort, make.person(Role.TRAINEE, name="Gone Person"), stage=Stage.LEFT)
    browser.sign_in(lead).open("certificates.issue", cohort_id=cohort.id)
    assert all(name in browser.text for name in ("문가온", "Moon Gaon", "Ada", "Late Person", "Gone Person"))
    assert {box.get("value") for box in browser.find("input", name="chosen")} == {str(ready.id), str(other.id)}
    browser.post("certificates.confirm", {"chosen": [str(ready.id)]}, cohort_id=cohort.id, status=200)
    assert "문가온" in browser.text
    assert "Ada" not in browser.text
    assert session.scalars(select(Certificate)).all() == []
    browser.post("certificates.issue_chosen", {"chosen": [str(ready.id)]}, cohort_id=cohort.id).follow()
    (certificate,) = session.scalars(select(Certificate)).all()
    assert browser.find("div", hx_trigger="every 3s")
    all_jobs()
    browser.open("certificates.issue", cohort_id=cohort.id)
    assert not browser.find("div", hx_trigger="every 3s")
    assert f"/certificates/{certificate.id}/document" in browser.links()
    browser.open("certificates.certificate", certificate_id=certificate.id)
    browser.open("certificates.register")
    browser.open("certificates.download", certificate_id=certificate.id)
    assert browser.response.data.startswith(b"%PDF-")


def test_pressing_twice_issues_once_and_says_so(browser):
    taking_part = completed()
    browser.sign_in(make.lead(taking_part.cohort))
    for _ in range(2):
        browser.post("certificates.issue_chosen", {"chosen": str(taking_part.id)}, cohort_id=taking_part.cohort_id)
    browser.follow()
    assert "have theirs already" in browser.text
    assert len(session.scalars(select(Certificate)).all()) == 1


def test_only_people_of_that_cohort_can_be_chosen(browser):
    mine, other = completed(), completed()
    browser.sign_in(make.lead(mine.cohort))
    browser.post("certificates.issue_chosen", {"chosen": [str(other.id), "", "x"]}, cohort_id=mine.cohort_id).follow()
    assert "Choose at least one person" in browser.text
    browser.post("certificates.confirm", {"chosen": [str(other.id)]}, cohort_id=mine.cohort_id)
    assert session.scalars(select(Certificate)).all() == []


def test_who_was_refused_is_named_and_the_others_have_theirs(browser):
    cohort = make.cohort()
    fine, smiling = completed(cohort, name="Ada"), completed(cohort, name="Bob 😀")
    browser.sign_in(make.lead(cohort)).open("certificates.issue", cohort_id=cohort.id)
    assert "U+1F600" in browser.text
    browser.post(
        "certificates.issue_chosen", {"chosen": [str(fine.id), str(smiling.id)]}, cohort_id=cohort.id, status=200
    )
    assert "Bob" in browser.text
    assert "U+1F600" in browser.text
    assert [facts(each).name for each in session.scalars(select(Certificate))] == ["Ada"]


def test_another_leads_cohort_is_not_there(browser):
    certificate = printed()
    other = make.lead(make.cohort())
    insider = session.scalars(select(Lead.person_id).where(Lead.cohort_id == certificate.cohort_id)).one()
    assert insider != other.id
    browser.sign_in(other)
    own = {"certificate_id": certificate.id}
    for endpoint in ("certificates.certificate", "certificates.download"):
        browser.open(endpoint, status=404, **own)
    browser.open("certificates.issue", cohort_id=certificate.cohort_id, status=404)
    for endpoint in ("certificates.confirm", "certificates.issue_chosen"):
        browser.post(endpoint, {"chosen": "x"}, cohort_id=certificate.cohort_id, status=404)
    browser.post("certificates.revoke", {"ground": "error", "reason": "Mine now."}, status=404, **own)
    browser.post("certificates.print_again", status=404, **own)
    browser.open("certificates.register")
    assert facts(certificate).name not in browser.text
    assert session.scalars(select(Revocation)).all() == []
    browser.sign_in(make.admin())
    browser.open("certificates.certificate", **own)
    browser.open("certificates.download", **own)


def test_a_trainee_takes_home_only_their_own(browser):
    cohort = make.cohort()
    mine, others = printed(cohort), printed(cohort)
    browser.sign_in(mine.person).open("certificates.download", certificate_id=mine.id)
    browser.open("certificates.download", certificate_id=others.id, status=404)
    browser.open("certificates.mine")
    assert mine.code in browser.text
    assert others.code not in browser.text
    for endpoint in ("certificates.register",):
        browser.open(endpoint, status=403)
    browser.open("certificates.certificate", certificate_id=mine.id, status=403)
    browser.open("certificates.issue", cohort_id=cohort.id, status=403)
    browser.post("certificates.revoke", {"ground": "error", "reason": "x"}, certificate_id=mine.id, status=403)
    browser.open("certificates.issuer", status=403)
    browser.sign_out().open("certificates.download", certificate_id=mine.id, status=303)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_holders_page_in_every_state(browser, language):
    person = make.person(Role.TRAINEE, language=language)
    browser.sign_in(person).open("certificates.mine")
    assert browser.find("div", class_="empty") or "empty" in browser.html
    taking_part = make.traineeship(make.cohort(), person, stage=Stage.COMPLETED)
    make.completion(taking_part)
    one_is_enough(taking_part.cohort)
    lead = make.lead(taking_part.cohort)
    browser.sign_in(lead).post(
        "certificates.issue_chosen", {"chosen": str(taking_part.id)}, cohort_id=taking_part.cohort_id
    )
    (certificate,) = session.scalars(select(Certificate)).all()
    browser.sign_in(person).open("certificates.mine")
    (asking,) = browser.find("div", hx_trigger="every 3s")
    again = asking.get("hx-get")
    assert browser._apart(browser.client.get, again, headers={"HX-Request": "true"}).status_code == 204
    browser.open("certificates.download", certificate_id=certificate.id, status=404)
    give_up_printing(certificate)
    assert browser._apart(browser.client.get, again, headers={"HX-Request": "true"}).status_code == 200
    browser.open("certificates.mine")
    assert not browser.find("div", hx_trigger="every 3s")
    browser.sign_in(lead).post("certificates.print_again", certificate_id=certificate.id)
    all_jobs()
    browser.sign_in(person).open("certificates.mine")
    assert f"/certificates/{certificate.id}/document" in browser.links()
    assert f"http://localhost/verify/{certificate.code}" in browser.text
    profile = next(link for link in browser.links() if "linkedin.com" in link)
    assert f"%2Fverify%2F{certificate.code}" in profile
    browser.sign_in(lead).post(
        "certificates.revoke", {"ground": "error", "reason": "Not their work."}, certificate_id=certificate.id
    )
    browser.sign_in(person).open("certificates.mine")
    assert "Not their work." in browser.text
    browser.open("certificates.download", certificate_id=certificate.id)
    assert browser.response.data.startswith(b"%PDF-")


@pytest.mark.parametrize("reason", ["", "   ", "\x00", "x" * 501])
def test_a_revocation_without_a_good_reason_comes_back_with_the_dialog(browser, reason):
    certificate = printed()
    browser.sign_in(certificate.issued_by).post(
        "certificates.revoke", {"ground": "error", "reason": reason}, certificate_id=certificate.id, status=422
    )
    assert browser.find("textarea", name="reason")[0].get("aria-invalid") == "true"
    assert session.scalars(select(Revocation)).all() == []


def test_revoking_from_the_page_and_only_once(browser):
    certificate = printed()
    browser.sign_in(certificate.issued_by)
    browser.post("certificates.revoke", {"ground": "error", "reason": "Wrong."}, certificate_id=certificate.id).follow()
    assert "Wrong." in browser.text
    assert not browser.find("textarea", name="reason")
    browser.post(
        "certificates.revoke", {"ground": "error", "reason": "Again."}, certificate_id=certificate.id, status=409
    )
    assert [each.reason for each in session.scalars(select(Revocation))] == ["Wrong."]


def test_names_are_words_wherever_they_stand(browser):
    cohort = make.cohort()
    certificate = printed(cohort, name=HOSTILE, latin_name=HOSTILE)
    browser.sign_in(certificate.issued_by)
    for endpoint, values in (
        ("certificates.issue", {"cohort_id": cohort.id}),
        ("certificates.certificate", {"certificate_id": certificate.id}),
        ("certificates.register", {}),
        ("certificates.verified", {"code": certificate.code}),
    ):
        browser.open(endpoint, **values)
        assert HOSTILE in browser.text
        assert HOSTILE not in browser.html
    browser.sign_in(certificate.person).open("certificates.mine")
    assert HOSTILE in browser.text
    assert HOSTILE not in browser.html


def test_the_register_finds_by_name_number_code_year_state_and_cohort(browser):
    cohort, other = make.cohort(), make.cohort()
    admin = make.admin()
    with clock.at(make.LONG_AGO + timedelta(days=200)):
        old = issued(cohort, name="문가온", latin_name="Moon Gaon")
    new = printed(other, name="Ada_Lovelace")
    browser.sign_in(admin)
    browser.post("certificates.revoke", {"ground": "error", "reason": "Wrong."}, certificate_id=new.id)

    def found(**query):
        browser.open("certificates.register", query=query)
        return {each for each in (old.id, new.id) if f"/certificates/{each}" in browser.links()}

    both = {old.id, new.id}
    assert found() == both
    assert found(q="가온") == found(q="gaon MOON") == {old.id}
    assert found(q="a_l") == {new.id}  # a line is no wildcard
    assert found(q="n_g") == set()
    assert found(q=facts(old).number) == found(q="2020-1") == {old.id}
    assert found(q=f"{old.code[:4]}-{old.code[4:]}".lower()) == {old.id}
    assert found(year=str(new.year)) == {new.id}
    assert found(state="revoked") == {new.id}
    assert found(state="valid") == found(state="waiting") == {old.id}
    assert found(cohort=str(cohort.id)) == found(programme=str(cohort.programme_id)) == {old.id}
    assert found(state="replaced") == found(state="expired") == set()
    assert found(year="x", state="x", cohort="x", page="-1", sort="x", q="  ") == both


def test_the_register_costs_the_same_for_two_and_sixty(browser, queries):
    cohort = make.cohort()
    lead = make.lead(cohort)
    browser.sign_in(lead)
    counts = []
    for more in (2, 58):
        for _ in range(more):
            issued(cohort, lead)
        session.commit()
        with queries() as seen:
            browser.open("certificates.register")
        counts.append(len(seen))
    assert counts[0] == counts[1] < 14
    assert "60" in browser.text
    browser.open("certificates.register", query={"page": "2"})
    assert len([link for link in browser.links() if link.startswith("/certificates/0")]) == 10


def test_an_administrator_names_who_signs(browser):
    admin = make.admin()
    said = {
        "name_ko": "서울 인공지능 허브", "name_en": "Seoul AI Hub", "signatory_ko": "한서윤",
        "signatory_en": "Han Seoyun", "title_ko": "허브장", "title_en": "Director",
    }  # fmt: skip
    browser.sign_in(admin).open("certificates.issuer")
    for wrong in ("", "😀", "x" * 81, "\x00"):
        browser.post("certificates.appoint", {**said, "name_en": wrong}, status=422)
    assert session.scalars(select(Issuer)).all() == []
    browser.post("certificates.appoint", said).follow()
    assert browser.find("input", name="signatory_ko")[0].get("value") == "한서윤"
    taking_part = completed()
    browser.post("certificates.confirm", {"chosen": str(taking_part.id)}, cohort_id=taking_part.cohort_id, status=200)
    assert "Han Seoyun, Director" in browser.text
