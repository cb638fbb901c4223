"""The name that is printed: approved once, locked, kept whatever the account says later."""

import pytest
from sqlalchemy.exc import IntegrityError

from certificates import eligibility, issuing, names
from certificates.eligibility import Verdict
from certificates.facts import Facts
from certificates.name_models import NameApproval
from certificates.names import PrintedName
from lms.kit import i18n
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people.models import AuditEntry, Person, Role
from tests import make
from tests.certificates import making
from tests.certificates.test_issuing import at_once


def someone(name="김하늘", latin_name="KIM HANEUL"):
    return make.person(Role.TRAINEE, name=name, latin_name=latin_name)


def test_before_approval_the_account_is_printed(app):
    person = someone("  김\u1112\u1161늘 ")
    assert names.printed(person) == PrintedName("김하늘", "KIM HANEUL", approved=False)
    assert names.approved_of([person]) == {}


def test_what_was_approved_is_printed_whatever_the_account_says_later(app):
    taking_part = making.completed(name="김하늘", latin_name="KIM HANEUL")
    person = taking_part.person
    names.approve(person, "김하늘", "Kim Haneul")
    person.name, person.latin_name = "김바다 😀", "KIM BADA"
    assert names.printed(person) == PrintedName("김하늘", "Kim Haneul", approved=True)
    (candidate,) = eligibility.examine(taking_part.cohort)
    assert candidate.verdict == Verdict.READY
    assert candidate.printed.name == "김하늘"
    certificate = issuing.issue(taking_part, make.lead(taking_part.cohort), approved_by=make.admin())
    facts = Facts.from_json(certificate.facts)
    assert (facts.name, facts.latin_name) == ("김하늘", "Kim Haneul")


def test_a_name_is_approved_once(app):
    person = someone()
    names.approve(person, "김하늘", "Kim Haneul")
    with i18n.speaking("en"), pytest.raises(Refused, match="Ask for a correction"):
        names.approve(person, "김바다", "Kim Bada")
    assert session.query(NameApproval).count() == 1
    entry = session.query(AuditEntry).filter_by(deed="name.approved").one()
    assert entry.new == {"name": "김하늘", "latin_name": "Kim Haneul"}


def test_the_database_keeps_one_approval_of_a_number(app):
    person = someone()
    names.approve(person, "김하늘", "Kim Haneul")
    with pytest.raises(IntegrityError), session.begin_nested():
        names.add(person, "김바다", "Kim Bada", by=person, number=1)
    with pytest.raises(IntegrityError), session.begin_nested():
        make.add(NameApproval(person_id=person.id, number=2, name="", latin_name="", approved_by_id=person.id))
    with pytest.raises(IntegrityError), session.begin_nested():
        make.add(NameApproval(person_id=person.id, number=0, name="A", latin_name="", approved_by_id=person.id))


def test_the_newest_approval_holds_for_one_and_for_many(app, queries):
    people = [someone() for _ in range(5)]
    for person in people[:3]:
        names.approve(person, "김하늘", "Kim Haneul")
    names.add(people[0], "김바다", "Kim Bada", by=people[0], number=2)
    session.commit()
    with queries() as sent:
        found = names.approved_of(people)
    assert len([each for each in sent if each.startswith("SELECT")]) == 1
    assert {each.id for each in people[:3]} == set(found)
    assert found[people[0].id].name == "김바다"
    assert names.printed(people[0]).name == "김바다"
    assert names.latest(people[4]) is None


def test_a_mark_that_turns_the_direction_is_not_printed(app):
    approved = names.approve(someone(), "김\u202e하늘", "Kim \u2066Haneul")
    assert (approved.name, approved.latin_name) == ("김하늘", "Kim Haneul")


@pytest.mark.parametrize(
    ("name", "latin_name", "field", "says"),
    [
        ("", "Kim", "name", "Write your name"),
        ("12 -", "Kim", "name", "Write your name"),
        ("김하늘 😀", "Kim", "name", "U+1F600 GRINNING FACE"),
        ("가" * 121, "Kim", "name", "at most 120"),
        ("김하늘", "김하늘", "latin_name", "Latin letters"),
        ("김하늘", "Kim <b>", "latin_name", "Latin letters"),
        ("김하늘", "--", "latin_name", "Latin letters"),
        ("김" + "\ufdfd" * 119, "Kim", "name", "does not fit"),
    ],
)
def test_what_cannot_be_printed_is_said_at_its_line(app, name, latin_name, field, says):
    with i18n.speaking("en"):
        found = names.problems(name, latin_name)
    assert list(found) == [field]
    assert says in found[field]
    with pytest.raises(Refused):
        names.approve(someone(), name, latin_name)
    assert session.query(NameApproval).count() == 0


@pytest.mark.parametrize(
    ("name", "latin_name"),
    [
        ("Sukarno", ""),
        ("Björk", "Björk"),
        ("محمد", "Muhammad"),
        ("洪吉童", "Hong Gildong"),
        ("Nguyễn", "Nguye\u0302\u0303n"),
    ],
)
def test_a_name_in_any_script_needs_no_latin_line(app, name, latin_name):
    approval = names.approve(someone(), name, latin_name)
    assert approval.name == name
    assert names.composed(approval.latin_name) == approval.latin_name


class TestPage:
    def fields(self, browser):
        return {each.get("name"): each.get("value") for each in browser.find("input") if each.get("name")}

    def test_what_was_seen_is_approved_and_locked(self, browser):
        person = someone("김하늘", "")
        browser.sign_in(person).open("certificates.my_name")
        assert [each.get("value") for each in browser.find("button", name="use")][:2] == ["Gim Haneul", "Kim Haneul"]
        assert browser.html.count('role="img" aria-label="As printed: 김하늘"') == 1
        fields = self.fields(browser)
        browser.post("certificates.approve_name", fields | {"use": "Kim Haneul"}, status=200)
        assert self.fields(browser)["latin_name"] == self.fields(browser)["shown_latin"] == "Kim Haneul"
        assert session.query(NameApproval).count() == 0
        browser.post("certificates.approve_name", self.fields(browser) | {"step": "approve"}).follow()
        assert "Approved and locked" in browser.text
        assert names.printed(person) == PrintedName("김하늘", "Kim Haneul", approved=True)
        browser.post("certificates.approve_name", fields | {"step": "approve", "shown_latin": ""}, status=409)
        assert session.query(NameApproval).count() == 1

    def test_a_line_changed_after_it_was_drawn_is_drawn_again(self, browser):
        browser.sign_in(someone("김하늘", "")).open("certificates.my_name")
        browser.post(
            "certificates.approve_name", self.fields(browser) | {"name": "김하늬", "step": "approve"}, status=200
        )
        assert "changed a line" in browser.text
        assert self.fields(browser)["shown_name"] == "김하늬"
        assert session.query(NameApproval).count() == 0

    def test_what_cannot_be_printed_is_named_and_cannot_be_approved(self, browser):
        browser.sign_in(someone("김하늘 😀")).open("certificates.my_name")
        assert "U+1F600 GRINNING FACE" in browser.text
        assert not browser.find("button", value="approve")
        wrong = {"name": "<b>😀x", "latin_name": "한", "step": "approve", "shown_name": "<b>😀x", "shown_latin": "한"}
        browser.post("certificates.approve_name", wrong, status=422)
        assert "2 things to mend" in browser.text
        assert session.query(NameApproval).count() == 0

    def test_other_scripts_get_no_suggestion_and_one_line_is_enough(self, browser):
        browser.sign_in(someone("محمد", "")).open("certificates.my_name")
        assert browser.find("button", name="use") == []
        browser.post("certificates.approve_name", self.fields(browser) | {"step": "approve"}).follow()
        assert session.query(NameApproval).one().latin_name == ""

    def test_what_would_not_fit_is_not_suggested(self, browser):
        browser.sign_in(someone("가나다라마바사아자차카타파하" * 8, "")).open("certificates.my_name")
        assert browser.find("button", name="use") == []
        assert "in 3 lines" in browser.text

    def test_the_page_is_linked_where_one_looks_for_it(self, browser):
        browser.sign_in(someone()).open("certificates.mine")
        assert "/certificates/name" in browser.links()
        browser.open("people.account")
        assert "/certificates/name" in browser.links()


def test_of_four_who_approve_at_once_one_does(app):
    person = someone()
    key = person.id
    session.commit()

    def approve(number):
        return names.approve(session.get_one(Person, key), f"김하늘 {'가나다라'[number]}", "").name

    answers = at_once(app, 4, approve)
    assert sum(isinstance(each, str) for each in answers) == 1
    assert all(isinstance(each, str | Refused | IntegrityError) for each in answers)
    assert session.query(NameApproval).count() == 1
