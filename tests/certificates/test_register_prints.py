"""The register on paper: the page's filters, every row once, heads on each sheet, Hangul that is really there."""

import re
import subprocess
from shutil import which

import pytest
from sqlalchemy import select

from certificates import register_prints, replacing, revoking
from certificates.facts import Facts
from certificates.models import Ground, RegisterPrint
from lms.kit import clock, files, i18n
from lms.kit.db import session
from lms.kit.jobs import Job
from lms.people.models import AuditEntry, Role
from tests import make
from tests.certificates.making import all_jobs, issued

WHY = "For the audit of the city."


def told(content: bytes, *options: str) -> str:
    """What a reader of the PDF finds in it."""
    if not which("pdftotext"):
        pytest.skip("pdftotext is not installed: apt-get install poppler-utils")
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


def on_paper(by, **filters: str) -> bytes:
    wanted = register_prints.ask(by, filters, WHY)
    session.commit()
    register_prints.print_register(str(wanted.id))
    session.refresh(wanted)
    return files.path_of(wanted.file).read_bytes()


def test_every_certificate_stands_there_once_under_a_head_on_each_sheet():
    cohort = make.cohort()
    lead = make.lead(cohort)
    names = [f"문가온{number:02}" for number in range(45)]
    for name in names:
        issued(cohort, lead, name=name, latin_name="Moon Gaon")
    with i18n.speaking("ko"):
        content = on_paper(lead)
    sheets = told(content, "-layout").split("\f")[:-1]
    assert len(sheets) > 1
    assert all("인쇄된 이름" in sheet for sheet in sheets)
    whole = "".join(sheets)
    assert [name for name in names if whole.count(name) != 1] == []
    assert re.findall(r"제\d{4}-(\d{4})호", whole) == [f"{number:04}" for number in range(1, 46)]
    assert b"/FontFile2" in content or b"/ObjStm" in content


def test_the_typefaces_are_inside():
    if not which("pdffonts"):
        pytest.skip("pdffonts is not installed: apt-get install poppler-utils")
    content = on_paper(issued(name="문가온").issued_by)
    done = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True)
    fonts = [line.split() for line in done.stdout.decode().splitlines()[2:]]
    assert fonts
    assert all(line[-5] == "yes" for line in fonts), fonts


def test_each_state_is_told_with_what_belongs_to_it():
    cohort = make.cohort()
    lead = make.lead(cohort)
    plain, revoked, replaced = (issued(cohort, lead, name=name) for name in ("Ada", "Bob", "Eve"))
    revoking.revoke(revoked, lead, "A private matter.", Ground.MISCONDUCT)
    replaced.person.name = "Eva"
    session.flush()
    newer = replacing.correct(replaced, lead, "Another private matter.")
    with i18n.speaking("en"):
        text = " ".join(told(on_paper(lead)).split())
        chosen = " ".join(told(on_paper(lead, state="revoked")).split())
    for said in ("Ada", "Bob", "Eve", "Eva", "The rules of the programme were broken.", lead.name):
        assert said in text
    assert text.count(Facts.from_json(newer.facts).number_en) == 2
    assert "private matter" not in text
    assert "Bob" in chosen
    assert "Ada" not in chosen
    assert str(clock.today().year) in Facts.from_json(plain.facts).number_en


def test_a_lead_has_it_printed_and_takes_it(browser):
    certificate = issued(name="문가온")
    other = issued(name="Somebody Else")
    lead = certificate.issued_by
    browser.sign_in(lead).open("certificates.register", query={"q": "가온"})
    foreign = {"cohort": str(other.cohort_id), "programme": "x", "year": "x"}
    browser.post("certificates.print_register", {"reason": " . "}, status=409, **foreign)
    assert "Say what the list is for" in browser.text
    assert session.scalars(select(RegisterPrint)).all() == []
    browser.post("certificates.print_register", {"reason": WHY}, **foreign)
    assert session.scalars(select(RegisterPrint.filters)).one() == {}
    session.query(RegisterPrint).delete()
    session.query(AuditEntry).filter_by(deed="register.printed").delete()
    session.commit()
    browser.open("certificates.register", query={"q": "가온"})
    (button,) = [each for each in browser.find("button") if "/register/prints" in each.get("formaction", "")]
    browser.post(button.get("formaction"), {"reason": WHY}).follow()
    assert browser.find("div", hx_trigger="every 3s")
    wanted = session.scalars(select(RegisterPrint)).one()
    mine = {"print_id": wanted.id}
    browser.open("certificates.printed_register", status=404, **mine)
    all_jobs()
    browser.open("certificates.register_print", **mine)
    assert not browser.find("div", hx_trigger="every 3s")
    browser.open("certificates.printed_register", **mine)
    text = told(browser.response.data)
    assert "문가온" in text
    assert "Somebody Else" not in text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.deed == "register.printed")).one()
    assert (entry.person_id, entry.new) == (lead.id, {"reason": WHY, "filters": {"q": "가온"}})
    session.refresh(wanted)
    before = wanted.file_id
    register_prints.print_register(str(wanted.id))  # a job may come twice
    session.refresh(wanted)
    assert (wanted.file_id, wanted.rows) == (before, 1)
    for stranger in (other.issued_by, make.admin()):
        browser.sign_in(stranger).open("certificates.register_print", status=404, **mine)
        browser.open("certificates.printed_register", status=404, **mine)
    browser.sign_in(make.person(Role.TRAINEE)).post("certificates.print_register", status=403)


def test_what_could_not_be_printed_says_so(browser):
    lead = issued().issued_by
    wanted = register_prints.ask(lead, {"year": "2026", "unknown": "x"}, WHY)
    assert wanted.filters == {"year": "2026"}
    job = session.scalars(select(Job).where(Job.arguments["print_id"].as_string() == str(wanted.id))).one()
    job.given_up_at = clock.now()
    session.commit()
    browser.sign_in(lead).open("certificates.register_print", print_id=wanted.id)
    assert not browser.find("div", hx_trigger="every 3s")
    assert browser.find("form", action="/certificates/register/prints?year=2026")
