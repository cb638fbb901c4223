"""Pages of a programme's designs: written beside a picture, kept in versions, seen by its leads only."""

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from certificates import designing
from certificates.design_models import DesignVersion
from lms.kit.db import session
from lms.people.models import Role
from tests import make

SEAL = (Path(__file__).resolve().parents[2] / "certificates/designs/programme/seal.svg").read_bytes()


def typed(browser, **own):
    """What the form of the page holds, with these typed over it; "ko.document" is written ko_document."""
    form = browser.find("form", enctype="multipart/form-data")[0]
    said = {}
    for node in form.iter():
        tag, name = str(node.tag).rpartition("}")[2], node.get("name")
        if tag == "textarea":
            said[name] = (node.text or "").removeprefix("\n")
        elif tag == "select":
            options = [each for each in node.iter() if str(each.tag).endswith("}option")]
            said[name] = next((each for each in options if each.get("selected") is not None), options[0]).get("value")
        elif tag == "input" and (node.get("checked") is not None or node.get("type") in ("text", "hidden")):
            said[name] = node.get("value") or ""
    said.pop("csrf_token", None)
    return said | {
        name.replace("ko_", "ko.", 1) if name.startswith("ko_") else name: text for name, text in own.items()
    }


def pictures(browser):
    return [node.get("src") for node in browser.find("img") if "/designs/pictures/" in (node.get("src") or "")]


def error_at(browser, field):
    said = browser.find("p", id=f"{field}-error")
    return "".join(said[0].itertext()) if said else ""


@pytest.fixture
def programme(browser):
    cohort = make.cohort()
    browser.sign_in(make.lead(cohort))
    return cohort.programme


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_lead_looks_keeps_and_changes_a_design(browser, language):
    cohort = make.cohort()
    lead = make.lead(cohort)
    lead.language = language
    own = {"slug": cohort.programme.slug}
    browser.sign_in(lead).open("certificates.designs", **own)
    assert browser.find("a", href=f"/programmes/{own['slug']}/designs/new")
    browser.open("certificates.new_design", **own)
    first = pictures(browser)
    wanted = typed(browser, name="Evening classes", ko_document="이수증", reason="The ministry asked for it.")
    browser.post("certificates.preview_design", wanted, status=200, **own)
    assert pictures(browser) != first
    assert session.scalar(select(func.count(DesignVersion.id))) == 0
    browser.open(pictures(browser)[0])
    assert Image.open(io.BytesIO(browser.response.data)).size[0] == 1400
    browser.post("certificates.begin_design", wanted, **own).follow()
    made = designing.of_programme(cohort.programme)[0]
    assert made.wording == {"ko": {"document": "이수증"}}
    browser.open("certificates.own_design", design_id=made.design_id, **own)
    wanted = typed(browser, languages="ko", reason="No foreigners.")
    browser.post("certificates.change_design", wanted, design_id=made.design_id, **own).follow()
    assert "No foreigners." in browser.text
    assert designing.of_programme(cohort.programme)[0].version == 2
    browser.open("certificates.designs", **own)
    assert "Evening classes" in browser.text
    browser.open("certificates.picture_of_design", design_id=made.design_id, **own)
    assert browser.response.mimetype == "image/png"


def test_what_does_not_fit_is_said_at_its_field(browser, programme):
    own = {"slug": programme.slug}
    browser.open("certificates.new_design", **own)
    blank = typed(browser)
    for given, field, said in (
        ({"ko.statement": "가나다라마바사 " * 50}, "ko.statement", "가나다라마바사"),
        ({"ko.document": "수료증 😀"}, "ko.document", "U+1F600"),
        ({"ko.statement": "%(issuer)s에서 %(secret)s"}, "ko.statement", "%(secret)s"),
        ({"ko.statement": "100% 이수"}, "ko.statement", "percent"),
        ({"ko.statement": "%(issuer)1000000000s"}, "ko.statement", "percent"),
        ({"signatory_ko": "한서윤"}, "signatory_en", "all four"),
        ({"own_seal": "y"}, "seal", "Choose"),
    ):
        browser.post("certificates.preview_design", blank | given, status=200, **own)
        assert said in error_at(browser, field), given
        assert not pictures(browser)
    kept = blank | {"name": "A", "reason": "B", "ko.statement": "가나다라마바사 " * 50}
    browser.post("certificates.begin_design", kept, status=422, **own)
    assert error_at(browser, "ko.statement")
    assert session.scalar(select(func.count(DesignVersion.id))) == 0


@pytest.mark.parametrize("sample", ["short", "long", "one_word", "hanja", "arabic", "marks", "programme"])
def test_each_worst_case_gets_a_picture(browser, programme, sample):
    browser.open("certificates.new_design", slug=programme.slug)
    plain = pictures(browser)
    browser.post("certificates.preview_design", typed(browser, sample=sample), status=200, slug=programme.slug)
    assert pictures(browser)
    assert pictures(browser) != plain


def test_a_seal_is_kept_through_looking_and_cleaned(browser, programme):
    own = {"slug": programme.slug}
    browser.open("certificates.new_design", **own)
    wanted = typed(browser, name="Own seal", reason="Registered.", own_seal="y")
    sent = SEAL.replace(b"<g ", b'<script>alert(1)</script><g onclick="alert(1)" ', 1)
    browser.post("certificates.preview_design", wanted | {"seal": (io.BytesIO(sent), "seal.svg")}, status=200, **own)
    assert pictures(browser)
    browser.post("certificates.begin_design", typed(browser, name="Own seal", reason="Registered."), **own)
    seal = designing.drawn(designing.look(designing.of_programme(programme)[0])).seal
    assert b"alert" not in seal
    assert b"<path" in seal


def test_of_two_who_change_it_at_once_the_second_sees_the_difference_first(browser, programme):
    own = {"slug": programme.slug}
    browser.open("certificates.new_design", **own)
    browser.post("certificates.begin_design", typed(browser, name="One", reason="First."), **own)
    own |= {"design_id": designing.of_programme(programme)[0].design_id}
    browser.open("certificates.own_design", **own)
    mine = typed(browser, ko_document="이수증", reason="Mine.")
    theirs = typed(browser, ko_document="합격증", reason="Theirs came first.")
    browser.post("certificates.change_design", theirs, **own)
    browser.post("certificates.change_design", mine, status=409, **own)
    for word in ("Theirs came first.", "합격증", "이수증"):
        assert word in browser.text
    assert designing.of_programme(programme)[0].wording == {"ko": {"document": "합격증"}}
    browser.post("certificates.change_design", typed(browser), **own)
    newest = designing.of_programme(programme)[0]
    assert (newest.version, newest.wording) == (3, {"ko": {"document": "이수증"}})
    browser.open("certificates.own_design", **own)
    browser.post("certificates.change_design", typed(browser, reason="Nothing."), status=422, **own)


def test_only_leads_of_the_programme_find_its_designs(browser, programme):
    own = {"slug": programme.slug}
    browser.open("certificates.new_design", **own)
    wanted = typed(browser, name="One", reason="First.")
    browser.post("certificates.begin_design", wanted, **own)
    key = designing.of_programme(programme)[0].design_id
    picture = pictures(browser.open("certificates.own_design", design_id=key, **own))[0]
    outsider, elsewhere = make.lead(make.cohort()), make.cohort()
    browser.sign_in(outsider)
    for page in ("designs", "new_design"):
        browser.open(f"certificates.{page}", status=404, **own)
    for page in ("own_design", "picture_of_design"):
        browser.open(f"certificates.{page}", status=404, design_id=key, **own)
    browser.open(picture, status=404)
    for deed in ("begin_design", "preview_design"):
        browser.post(f"certificates.{deed}", wanted, status=404, **own)
    browser.post("certificates.change_design", wanted, status=404, design_id=key, **own)
    browser.sign_in(make.lead(elsewhere))
    browser.open("certificates.own_design", status=404, slug=elsewhere.programme.slug, design_id=key)
    browser.open(picture.replace(own["slug"], elsewhere.programme.slug), status=404)
    browser.sign_in(make.person(Role.INSTRUCTOR)).open("certificates.designs", status=403, **own)
    browser.sign_in(make.admin()).open("certificates.own_design", design_id=key, **own)
