"""Designs of a programme: in versions, chosen by the issuing rule, and each certificate keeps its own."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from certificates import designing, issuing_rules, replacing, seal_pictures
from certificates.design import Drawn
from certificates.design_models import CertificateDesign, DesignVersion
from certificates.designing import Look
from certificates.facts import Facts
from certificates.issuing_rules import Choice
from certificates.models import Certificate
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.words import Words
from lms.people.models import AuditEntry, Person
from tests import make
from tests.certificates.making import issued
from tests.certificates.test_issuing import at_once

OWN = Look(
    languages="ko",
    wording={"ko": {"document": "이수증"}},
    signatory=Words(ko="한서윤", en="Han Seoyun"),
    signatory_title=Words(ko="허브장", en="Director"),
)


def chosen(cohort, by, look=OWN, seen=0):
    """A design of the cohort's programme that its rule prints."""
    made = designing.begin(cohort.programme, by, "Evening", look, reason="Asked for.")
    rule = Choice(needs_second_person=False, own_design_id=made.design_id)
    issuing_rules.change(cohort.programme, by, rule, reason="Asked for.", seen=seen)
    return made


def test_versions_are_added_and_the_newest_is_printed():
    cohort, admin = make.cohort(), make.admin()
    assert designing.newest(cohort.programme) is None
    first = chosen(cohort, admin)
    second = designing.change(first.design, admin, replace(OWN, languages="en"), reason="For abroad.", seen=1)
    assert designing.newest(cohort.programme).id == second.id
    assert [each.id for each in designing.of_programme(cohort.programme)] == [second.id]
    assert [each.version for each in session.scalars(designing.history(first.design))] == [2, 1]
    assert designing.look(first) == OWN
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == first.design_id)).all()
    assert [each.new["languages"] for each in entries] == ["ko", "en"]
    assert designing.of_programme(make.programme()) == []


def test_a_certificate_keeps_the_version_it_was_issued_with():
    cohort, admin = make.cohort(), make.admin()
    plain = issued(cohort, admin)
    made = chosen(cohort, admin, seen=1)
    certificate = issued(cohort, admin)
    designing.change(made.design, admin, Look(languages="en"), reason="For abroad.", seen=1)
    assert (plain.drawn, certificate.drawn) == (None, made)
    assert designing.drawn_for(certificate) == Drawn("programme", "ko", (("ko", "document", "이수증"),))
    assert designing.drawn_for(plain) == Drawn("programme", "both")
    facts = Facts.from_json(certificate.facts)
    assert (facts.signatory["en"], facts.signatory_title["ko"]) == ("Han Seoyun", "허브장")
    assert Facts.from_json(issued(cohort, admin).facts).signatory["en"] != "Han Seoyun"


def test_a_correction_looks_like_what_it_replaces():
    cohort, admin = make.cohort(), make.admin()
    made = chosen(cohort, admin)
    certificate = issued(cohort, admin, name="이선", latin_name="Lee Seon")
    designing.change(made.design, admin, Look(languages="en"), reason="For abroad.", seen=1)
    certificate.person.name = "이산"
    newer = replacing.correct(certificate, admin, "One letter.")
    assert newer.drawn_id == made.id
    assert Facts.from_json(newer.facts).signatory["en"] == "Han Seoyun"
    assert designing.drawn_for(newer) == designing.drawn_for(certificate)


def test_what_cannot_be_is_refused():
    cohort, other, admin = make.cohort(), make.cohort(), make.admin()
    made = designing.begin(cohort.programme, admin, "Evening", OWN, reason="Asked for.")
    with pytest.raises(Refused):
        designing.begin(cohort.programme, admin, "Evening", Look(), reason="Again.")
    with pytest.raises(Refused):
        designing.change(made.design, admin, OWN, reason="Nothing.", seen=1)
    with pytest.raises(Refused):
        designing.change(made.design, admin, Look(), reason=" ", seen=1)
    for seen in (0, 7):
        with pytest.raises(Conflict):
            designing.change(made.design, admin, Look(), reason="Late.", seen=seen)
    stolen = Choice(needs_second_person=False, own_design_id=made.design_id)
    with pytest.raises(Refused):
        issuing_rules.change(other.programme, admin, stolen, reason="Theirs is nicer.", seen=0)
    assert session.scalar(select(func.count(DesignVersion.id))) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": 1},
        {"version": 0},
        {"reason": ""},
        {"languages": "fr"},
        {"signatory_title": None},
        {"design_id": None},
    ],
)
def test_the_database_keeps_versions_whole(wrong):
    made = designing.begin(make.programme(), make.admin(), "Evening", OWN, reason="Asked for.")
    row = {each.name: getattr(made, each.name) for each in DesignVersion.__table__.columns if each.name != "id"}
    with pytest.raises(IntegrityError):
        make.add(DesignVersion(**row | {"version": 2} | wrong))


def test_what_was_printed_from_cannot_be_deleted():
    cohort, admin = make.cohort(), make.admin()
    made = chosen(cohort, admin)
    issued(cohort, admin)
    for deed in (delete(DesignVersion).where(DesignVersion.id == made.id), delete(CertificateDesign)):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(deed)
    assert session.scalar(select(func.count(Certificate.id))) == 1


def test_of_six_who_change_it_at_once_one_does(app):
    programme, admin = make.programme(), make.admin()
    made = designing.begin(programme, admin, "Evening", Look(), reason="Asked for.")
    keys = made.design_id, admin.id
    session.commit()

    def change(number):
        given = session.get_one(CertificateDesign, keys[0]), session.get_one(Person, keys[1])
        look = Look(wording={"ko": {"document": f"이수증 {number}"}})
        return designing.change(*given, look, reason="Asked for.", seen=1).version

    answers = at_once(app, 6, change)
    assert sorted(isinstance(each, Conflict) for each in answers) == [False] + [True] * 5


def test_a_seal_is_kept_clean_and_printed():
    cohort, admin = make.cohort(), make.admin()
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>x()</script><path d="M0 0H9V9Z" onload="x()"/></svg>'
    seal = seal_pictures.keep(seal_pictures.checked(svg), admin)
    chosen(cohort, admin, Look(seal_id=seal.id))
    drawn = designing.drawn_for(issued(cohort, admin))
    assert drawn.seal == b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0H9V9Z"></path></svg>'
