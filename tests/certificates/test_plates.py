"""One layout for many people: the same as a layout for each, and nothing of one person on the next one's certificate."""

import re
import shutil
import zlib

import pytest

from certificates.design import find
from certificates.rendering import Design, DesignError, Press, identity, render
from certificates.slots import Page, held_text
from certificates.typesetting import TooLong
from tests.certificates.make_facts import PLAIN, WORST, facts
from tests.certificates.test_rendering import letters, said, tool, words

NEAR = 0.5  # points: what a word may be off
PEOPLE = (
    PLAIN,
    WORST,
    facts(name="이산", latin_name="Yi San", serial=11111, code="1111-1111-1111-1111"),
    facts(name="金俤㬎 (김제현)", latin_name=""),
    facts(name="Nguyễn Thị Ánh Nguyệt", latin_name="Nguyen Thi Anh Nguyet"),
    facts(name="AVAToWaLYo P. Efflinger-Fjord", latin_name="AVA To, Wa. LY—Vo"),
    facts(name="Ольга Παπαδόπουλος Çelikoğlu", latin_name="W\u0331aç a\u0331\u0302"),
    facts(name="가나다라마바사아자차카타파하" * 5, latin_name="Wolfeschlegelsteinhausenbergerdorff " * 3),
)


@pytest.fixture
def press():
    return Press(find("programme"))


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name[:12])
def test_a_plate_prints_what_a_layout_of_its_own_prints(press, person):
    page = press.page(person)
    assert page.simple
    by_plate = press.print(page)
    assert press.plates[page.skeleton] is not None
    alone = press.print(Page(page.whole()))
    ours, theirs = words(by_plate), words(alone)
    assert letters(person.name) in said(by_plate)
    assert len(ours) == len(theirs) > 30
    for one, two in zip(sorted(ours, key=placed), sorted(theirs, key=placed), strict=True):
        assert one[4] == two[4]
        assert all(abs(a - b) < NEAR for a, b in zip(one[:4], two[:4], strict=True)), (one, two)


def placed(word):
    """Words in an order that does not hang on tenths of a point."""
    return word[4], round(word[1] / 5), word[0]


def test_a_cohort_is_laid_out_once(press):
    for number in range(1, 40):
        name = "김이박최정"[number % 5] + "하늘별솔빛"[number % 4] + "람찬준서윤"[number % 3]
        press.print(press.page(facts(serial=number, name=name, code=f"K7M3-Q9XD-{number:04d}")))
    assert len(press.plates) == 1


def test_nothing_of_one_person_stays_for_the_next(press):
    second = facts(
        name="박솔",
        latin_name="Park Sol",
        serial=2,
        code="1111-2222-3333-4444-5555-6666-77",
        verify_url="https://hub.example.kr/v/11112222333344445555666677",
    )
    fresh = press.print(press.page(second), identity(second))
    other = Press(find("programme"))
    other.print(other.page(PLAIN))
    after = other.print(other.page(second), identity(second))
    assert len(other.plates) == 1
    assert after == fresh
    assert not set("김하늘") & set(said(after)) - set("하")  # of the programme's own words


def test_plates_are_kept_within_bounds(press, monkeypatch):
    monkeypatch.setattr("certificates.rendering.PLATES", 2)
    for title in ("가", "나", "다"):
        press.print(press.page(facts(signatory={"ko": title, "en": "x"})))
    assert len(press.plates) == 2


@pytest.mark.parametrize("name", [held_text(0), held_text(1), f"김 {held_text(3)}"])
def test_a_name_that_reads_like_a_blank_is_printed_as_it_is(name):
    pdf = render(facts(name=name, cohort={"ko": held_text(2), "en": "1"}))
    assert letters(name) in said(pdf)
    assert letters(held_text(2)) in said(pdf)
    assert PLAIN.number in said(pdf)


def test_the_name_stands_in_the_description_of_the_file_whatever_it_is():
    pdf = render(facts(name="<b>김</b> & Söhne ]]>"))
    assert re.search(
        r"Title: +수료증 제2026-0001호 <b>김</b> & Söhne \]\]>\n", tool("pdfinfo", "-", given=pdf).decode()
    )
    claims = tool("pdfinfo", "-meta", "-", given=pdf).decode()
    assert "&lt;b&gt;김&lt;/b&gt; &amp; Söhne ]]&gt;</rdf:li>" in claims
    assert "<pdfuaid:part>1</pdfuaid:part>" in claims
    assert held_text(0)[0] not in claims


def test_the_file_is_sound(tmp_path):
    for person in (PLAIN, WORST, facts(name="محمد")):
        path = tmp_path / "certificate.pdf"
        path.write_bytes(render(person))
        assert b"No syntax or stream encoding errors" in tool("qpdf", "--check", str(path), given=b"")


def test_the_code_can_be_any_address(press):
    for address in ("https://a.kr/1", "https://hub.example.kr/v/" + "X" * 50):
        pdf = press.print(press.page(facts(verify_url=address)))
        assert b"%PDF-1.7" in pdf[:9]
    assert len(press.plates) == 2  # a larger code has a square of its own


def test_each_glyph_that_is_shown_has_a_width_and_a_meaning():
    pdf = render(facts(name="金俤㬎 김 뷁 Ḥ Ýž"))
    bodies = [zlib.decompress(body) for body in re.findall(rb"stream\n(x.*?)\nendstream", pdf, re.S)]
    content = next(body for body in bodies if b"BDC" in body)
    meant = {glyph for body in bodies for glyph in re.findall(rb"^<(....)> <(?:....)+>$", body, re.M)}
    drawn = {
        string[at : at + 4] for string in re.findall(rb"<([0-9a-f]{4,})>", content) for at in range(0, len(string), 4)
    }
    assert drawn
    assert drawn <= meant
    wide = b" ".join(re.findall(rb"/W\[(.*?\])\]", pdf))
    listed = set()
    for first, row in re.findall(rb"(\d+)\[([\d ]+)\]", wide):
        listed |= {b"%04x" % (int(first) + place) for place in range(len(row.split()))}
    assert drawn <= listed


@pytest.fixture
def sketch(tmp_path):
    """A design of one's own, from a body."""

    def make(body: str) -> Press:
        folder = tmp_path / "own"
        shutil.copytree(find("programme").folder, folder)
        page = f'<html lang="ko"><title>t</title><body><h1>t</h1>{body}</body></html>'
        (folder / "certificate.html").write_text(page)
        (folder / "certificate.css").write_text("")
        return Press(Design.read(folder))

    return make


def test_a_design_may_put_its_own_texts_where_it_likes(sketch):
    """Not alone in its element, or hidden: then each page is laid out for itself, and says the same."""
    press = sketch('<p>a {{ own(facts.name) }} b</p><p style="visibility: hidden">{{ own(facts.code) }}</p>')
    page = press.page(PLAIN)
    pdf = press.print(page)
    assert press.plates == {page.skeleton: None}
    assert letters(f"a{PLAIN.name}b") in said(pdf)
    assert PLAIN.code not in said(pdf)


def test_a_design_that_places_its_texts_nowhere_is_told_so(sketch):
    press = sketch("{{ own(facts.name, align='middle') }}")
    with pytest.raises(DesignError, match="left, center or right"):
        press.page(PLAIN)


def test_a_letter_of_the_design_that_no_face_has_is_refused(sketch):
    press = sketch("<p>ნ</p>")
    with pytest.raises(DesignError, match="no typeface"):
        press.print(press.page(PLAIN))


def test_what_is_too_long_is_refused_before_anything_is_laid_out(press):
    with pytest.raises(TooLong):
        press.page(facts(name="가" * 5000))
    assert not press.plates
