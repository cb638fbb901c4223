"""Tables that we lay out ourselves: to both standards, whatever people are called, fast, and of bounded size."""

import re
from datetime import UTC, datetime
from time import process_time

from certificates import paper
from certificates.lettering import broken, set_in
from certificates.paper import Cell, Column, Sheet
from tests.certificates.test_register_prints import told
from tests.certificates.test_standards import assert_standards

NAMES = (
    "문가온",
    "金俤㬎 (김제현)",
    "محمد عبد الرحمن الفارسي",
    "श्रीनिवास रामानुजन्",
    "Ṩḥa\u0331ṣim Ọ̀ṣun Çelikoğlu",
    "Wolfeschlegelsteinhausenbergerdorff" * 3,
    "😀 no such letter",
    "",
)


def sheet(rows, **more):
    given = {
        "title": "수료증 대장",
        "language": "ko",
        "made": datetime(2026, 11, 22, tzinfo=UTC),
        "said": "인쇄한 사람 <이서연> & 아무개",
        "facts": [[], [("수료증", str(len(rows)))]],
        "columns": [Column("번호", 30), Column("인쇄된 이름", 60), Column("시간", 20, right=True)],
        "rows": rows,
        **more,
    }
    return Sheet(**given)


def rows(count, names=NAMES):
    return [(Cell(f"제{n:05}호"), Cell(names[n % len(names)], "Latin Name", "en"), Cell("240")) for n in range(count)]


def test_both_standards_hold_over_several_pages(tmp_path):
    for number, count in enumerate((0, 1, 90)):
        (tmp_path / f"{number}.pdf").write_bytes(paper.pdf(sheet(rows(count)), "0" * 32))
    assert_standards(sorted(tmp_path.iterdir()))


def test_every_row_stands_there_once_with_the_head_on_each_page():
    text = told(paper.pdf(sheet(rows(200, ["문가온"])), "0" * 32), "-layout")
    pages = text.split("\f")[:-1]
    assert len(pages) > 5
    assert all("인쇄된 이름" in page for page in pages)
    assert re.findall(r"제(\d{5})호", text) == [f"{n:05}" for n in range(200)]
    assert f"{len(pages)} / {len(pages)}" in pages[-1]


def test_names_of_any_letters_are_read_back():
    text = told(paper.pdf(sheet(rows(len(NAMES))), "0" * 32))
    for name in ("문가온", "金俤㬎", "محمد", "Çelikoğlu", "? no such letter"):
        assert name in text


def test_lines_keep_to_their_width():
    for name in NAMES:
        for width in (3.0, 8.0, 20.0):
            lines = broken(name, "plain", width)
            assert all(line.width <= width or len(line.text) == 1 for line in lines)
            assert sum(len(line.text.replace(" ", "")) for line in lines) == len(name.replace(" ", ""))
    assert [line.text for line in broken("one two three", "plain", set_in("one two", "plain").width)] == [
        "one two",
        "three",
    ]


def test_the_same_rows_are_the_same_bytes():
    assert paper.pdf(sheet(rows(50)), "a" * 32) == paper.pdf(sheet(rows(50)), "a" * 32)


def test_a_thousand_rows_take_less_than_five_milliseconds_each():
    paper.pdf(sheet(rows(10)), "0" * 32)  # reads the typefaces
    begun = process_time()
    content = paper.pdf(sheet(rows(1000)), "0" * 32)
    assert process_time() - begun < 5
    assert len(content) < 1_000_000
