"""Transcripts on paper: every fact in its languages, over as many sheets as it takes, nothing clipped or on anything."""

import json
import re
from collections import Counter

import pytest

from certificates.checking import attached
from certificates.credential import signer
from certificates.design import Drawn
from certificates.rendering import render
from certificates.sealing import complete
from certificates.transcript_facts import TranscriptFacts
from certificates.transcript_pages import BOTTOM, LAST_BOTTOM, sheets
from tests.certificates.make_seal import own_keys, seal
from tests.certificates.make_transcript import LONG, SHORT, counted
from tests.certificates.test_designs import seal_is_free
from tests.certificates.test_rendering import MM, high, letters, said, tool
from tests.certificates.test_standards import assert_standards

EACH = [Drawn("transcript", languages) for languages in ("ko", "en", "both")]
each_way = pytest.mark.parametrize("drawn", EACH, ids=lambda drawn: drawn.languages)
Word = tuple[float, float, float, float, str]


def pages(pdf: bytes) -> list[list[Word]]:
    """The words of each page with their boxes."""
    told = tool("pdftotext", "-bbox", "-", "-", given=pdf).decode()
    word = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
    return [
        [(float(a), float(b), float(c), float(d), text) for a, b, c, d, text in word.findall(page)]
        for page in told.split("<page ")[1:]
    ]


def nothing_is_clipped(pdf: bytes) -> None:
    for page in pages(pdf):
        assert page
        for left, top, right, bottom, text in page:
            assert 20 * MM < left <= right < 190 * MM, text
            assert 14 * MM < top < bottom < 287 * MM, text
        for at, one in enumerate(page):
            for two in page[at + 1 :]:
                assert min(one[2], two[2]) - max(one[0], two[0]) < 1 or not high(one, two), (one, two)


@each_way
@pytest.mark.parametrize("facts", [SHORT, LONG], ids=["short", "long"])
def test_every_fact_is_printed_in_its_languages(facts, drawn):
    pdf = render(facts, drawn)
    nothing_is_clipped(pdf)
    text = said(pdf)
    assert letters(facts.code) in text
    for language in ("ko", "en"):
        told = [part.programme[language] for part in facts.parts] + [facts.signatory_title[language]]
        told += [course.title[language] for part in facts.parts for course in part.courses]
        for each in told:
            assert (letters(each) in text) == (drawn.languages in (language, "both")), each
    for part in facts.parts:
        for course in part.courses:
            assert course.grade in text
    assert f"{facts.hours:,}" in text


@each_way
def test_the_signature_stands_on_the_last_sheet_with_at_least_one_course(drawn):
    found = pages(render(LONG, drawn))
    assert len(found) > 2
    numbers = Counter(text for page in found for *_box, text in page)
    assert numbers[f"{len(found)}"] >= 1
    spoken = ("ko", "en") if drawn.languages == "both" else (drawn.languages,)
    laid = sheets(LONG, spoken)
    assert len(laid) == len(found)
    assert [row.number for sheet in laid for part in sheet.parts for row in part.rows] == [*range(1, 36)]
    assert laid[-1].parts[-1].rows


@pytest.mark.parametrize("count", range(1, 40))
def test_however_many_courses_there_are_they_stay_on_their_sheets(count):
    for languages in (("ko",), ("ko", "en")):
        laid = sheets(counted(count), languages)
        assert [row.number for sheet in laid for part in sheet.parts for row in part.rows] == [*range(1, count + 1)]
        for sheet in laid[:-1]:
            assert sheet.parts[-1].bottom <= BOTTOM
        assert laid[-1].parts[-1].bottom <= LAST_BOTTOM
        assert [each.continued for sheet in laid for each in sheet.parts] == [False] + [True] * (len(laid) - 1)


@each_way
def test_the_seal_stands_beside_the_signature(drawn):
    for facts in (SHORT, counted(1)):
        seal_is_free(render(facts, drawn))


def test_facts_come_back_from_json_as_they_were():
    for facts in (SHORT, LONG):
        assert TranscriptFacts.from_json(json.loads(json.dumps(facts.as_json()))) == facts


def test_the_same_facts_give_the_same_bytes():
    assert render(SHORT, EACH[2]) == render(SHORT, EACH[2])


@each_way
def test_what_is_repeated_on_every_sheet_is_drawn_but_not_read_aloud(drawn, tmp_path):
    """Read aloud are number and name once, and the code once; sheets are not counted aloud."""
    path = tmp_path / "transcript.pdf"
    path.write_bytes(render(LONG, drawn))
    drawn_on = [" ".join(word for *_box, word in page) for page in pages(path.read_bytes())]
    number = LONG.number if drawn.languages != "en" else LONG.number_en
    assert len(drawn_on) > 2
    assert all(number in page and f"{at} / {len(drawn_on)}" in page for at, page in enumerate(drawn_on, 1))
    aloud = tool("pdfinfo", "-struct-text", str(path), given=b"").decode()
    assert letters(aloud).count(letters(LONG.code)) == 1
    assert aloud.count(number) == 1
    assert f"1 / {len(drawn_on)}" not in aloud
    courses = [course for part in LONG.parts for course in part.courses]
    assert letters(aloud).count(letters(courses[-1].title["en" if drawn.languages == "en" else "ko"])) >= 1


def test_it_is_signed_and_carries_its_credential(tmp_path):
    pdf = complete(SHORT, EACH[2], seal())
    path = tmp_path / "transcript.pdf"
    path.write_bytes(pdf)
    told = tool("pdfsig", "-nocert", str(path), given=b"").decode()
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    tool("pdfdetach", "-save", "1", "-o", str(tmp_path / "credential.json"), str(path), given=b"")
    kept = (tmp_path / "credential.json").read_bytes()
    assert kept == attached(pdf)
    assert signer(json.loads(kept)) == own_keys().public
    assert len(pdf) < 120_000


def test_both_standards_hold(tmp_path):
    paths = [tmp_path / f"{drawn.languages}-{number}.pdf" for drawn in EACH for number in (0, 1)]
    files = [complete(facts, drawn, seal()) for drawn in EACH for facts in (SHORT, LONG)]
    for path, file in zip(paths, files, strict=True):
        path.write_bytes(file)
    assert_standards(paths)
