import pytest

from courses.formats.links import Leave, references, rewrite


def moved(reference):
    return f"new:{reference.address}"


@pytest.mark.parametrize(
    "written, expected",
    [
        ("[a](b.md)", "[a](new:b.md)"),
        ('[a](b.md "Title")', '[a](new:b.md "Title")'),
        ("[a](<b c.md>)", "[a](new:b c.md)"),
        ("[a](b_(c).md)", "[a](new:b_(c).md)"),
        ("![a](b.png) ![](c.png)", "![a](new:b.png) ![](new:c.png)"),
        ("[![a](b.png)](c.md)", "[![a](new:b.png)](new:c.md)"),
        ("[`code`](b.md)", "[`code`](new:b.md)"),
        ("[two\nlines](b.md)", "[two\nlines](new:b.md)"),
        ('<img alt="x" src="b.png" width="60%"/>', '<img alt="x" src="new:b.png" width="60%"/>'),
        ("<img src='b.png'>", "<img src='new:b.png'>"),
        ("<img src=b.png>", "<img src=new:b.png>"),
        ('<a href="b.md#c">d</a>', '<a href="new:b.md#c">d</a>'),
        ("[a]: b.md 'T'\n\n[a]", "[a]: new:b.md 'T'\n\n[a]"),
    ],
)
def test_targets_are_replaced(written, expected):
    assert rewrite(written, moved) == expected


@pytest.mark.parametrize(
    "written",
    [
        "```\n[a](b.md)\n```",
        "~~~~html\n<img src='b.png'>\n~~~\n[a](b.md)\n~~~~",
        "```python\n[a](b.md) in a fence that is never closed",
        "> ```\n> [a](b.md)\n> ```",
        "    [a](b.md)",
        "`[a](b.md)` and ``x ` [a](b.md)``",
        "<!-- [a](b.md)\n<img src='b.png'> -->",
        r"\[a\](b.md)",
        "[^1]: a footnote",
        "no links at all, array[1](2 3)",
    ],
)
def test_code_and_comments_are_left_alone(written):
    assert rewrite(written, moved) == written


@pytest.mark.parametrize(
    "written, words",
    [
        ("see [the **guide**](b.md).", "see the **guide**."),
        ("![a picture](b.png)", "a picture"),
        ("![](images/b.png)", "b.png"),
        ('<img alt="a &amp; b" src="b.png">', "a & b"),
        ('<img src="images/b.png">', "b.png"),
        ('<a href="b.md">words</a>', "<a >words</a>"),
        ("[![a](b.png)](c.md)", "a"),
    ],
)
def test_what_leads_nowhere_leaves_its_words(written, words):
    assert rewrite(written, lambda reference: Leave.WORDS) == words


def test_a_line_that_holds_only_a_link_can_go_with_it():
    text = "before\n\n> ### [Also in R!](solution/r.ipynb)\n\nsee [R](solution/r.ipynb) too"
    assert rewrite(text, lambda reference: Leave.NOTHING) == "before\n\n\n\nsee R too"


def test_lines_are_counted_from_one():
    text = "[a](1)\n\n[b](3) ![c](3)\n```\n[no](5)\n```\n<img src='7'>\n[d]: 8\n"
    assert {(reference.address, reference.line) for reference in references(text)} == {
        ("1", 1),
        ("3", 3),
        ("7", 7),
        ("8", 8),
    }


def test_hostile_text_is_read_in_time():
    for text in ("[" * 20_000, "](a '" * 20_000, "`" * 3 + "a`b``" * 20_000, "<a " * 20_000, "[](((((" * 20_000):
        assert rewrite(text, moved) == text or "new:" in rewrite(text, moved)
