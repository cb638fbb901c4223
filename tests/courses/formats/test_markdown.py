import pytest

from courses.formats.markdown import first_paragraph, page, study_minutes


def test_the_first_heading_of_level_one_is_the_title_and_leaves_the_body():
    leaf = page("intro\n\n# The *title* 🎃 [quiz](https://x/quiz/1/)\n\ntext\n\n# Another\n")
    assert leaf.title == "The title quiz"
    assert leaf.body == "intro\n\n\n\ntext\n\n# Another\n"


@pytest.mark.parametrize(
    "text, title",
    [
        ("# Plain\n", "Plain"),
        ("Underlined\n==========\n", "Underlined"),
        ("#  두 칸\n", "두 칸"),
        ("# `code` and **bold** <u>x</u> [[anchor]]\n", "code and bold x"),
        ("```\n# no\n```\n\n# Yes\n", "Yes"),
        ("> # quoted\n\n## Second level\n", "Second level"),
        ("# \n\n# Real\n", "Real"),
        ("# snake_case_name and _this_, *that*\n", "snake_case_name and this, that"),
        ("no heading", None),
    ],
)
def test_titles(text, title):
    assert page(text).title == title


def test_front_matter_is_taken_off_and_lines_stay():
    leaf = page("---\nminutes: 25\nlayout: 'page'\n---\n# A\n\ntext")
    assert leaf.settings == {"minutes": "25", "layout": "page"}
    assert leaf.title == "A"
    assert leaf.body.split("\n").index("text") == 6


def test_a_first_line_of_hyphens_alone_is_no_front_matter():
    assert page("---\n\nJust a rule.\n\n---\n\n# A\n").settings == {}
    assert "Just a rule." in page("---\n\nJust a rule.\n\n---\n\n# A\n").body
    assert page("---\nnever: closed\n").settings == {}


def test_minutes_grow_with_words_and_code_in_steps_of_five():
    assert study_minutes("short") == 5
    assert study_minutes("word " * 1200) == 10
    assert study_minutes("word " * 1201) == 15
    assert study_minutes("```\n" + "x = 1\n" * 40 + "```\n") == 10


def test_the_first_paragraph_passes_over_badges_and_quotes():
    text = "[![b](x.svg)](y)\n\n# T\n\n> a quote of more than eight words that is not the summary\n\nThis **paragraph** has [more](x) than eight plain words.\n"
    assert first_paragraph(text) == "This paragraph has more than eight plain words."
