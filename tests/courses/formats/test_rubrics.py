import pytest

from courses.formats.rubrics import criteria_of, default_criterion, ranges, shares, take_rubric

TABLE = """# Work

## Instructions

Do it.

## Rubric

| Criteria | Exemplary | Adequate | Needs Improvement |
| -------- | :-------: | -------- | ----------------- |
| Report   | a \\| b    | good     |
|          | all       | some     | none              |

## After

More.
"""


@pytest.mark.parametrize("points", [3, 4, 10, 33, 34, 50, 100])
@pytest.mark.parametrize("levels", [1, 2, 3])
def test_ranges_cover_every_point_once_best_first(points, levels):
    found = ranges(points, levels)
    assert len(found) == levels
    assert [point for low, high in reversed(found) for point in range(low, high + 1)] == list(range(points + 1))


def test_three_levels_of_a_hundred_points():
    assert ranges(100, 3) == [(80, 100), (60, 79), (0, 59)]


def test_shares_add_up_to_a_hundred():
    assert shares(3) == [34, 33, 33]
    assert shares(1) == [100]
    assert min(shares(60, least=3)) == 3


def test_the_table_and_its_bare_heading_leave_the_text():
    text, table = take_rubric(TABLE)
    assert table is not None
    assert table.levels == ["Exemplary", "Adequate", "Needs Improvement"]
    assert table.rows == [["Report", "a | b", "good", ""], ["", "all", "some", "none"]]
    assert table.line == 9
    assert "Rubric" not in text
    assert "|" not in text
    assert "## After" in text
    assert text.count("\n") == TABLE.count("\n")


def test_a_heading_with_other_words_under_it_stays():
    text, table = take_rubric("## Rubric\n\nAs follows.\n\n| Criteria | Good |\n|---|---|\n| a | b |\n")
    assert table is not None
    assert "## Rubric\n\nAs follows." in text


@pytest.mark.parametrize(
    "text", ["no table", "| Name | Age |\n|---|---|\n| a | b |", "| Criteria | Good |\n\nno table"]
)
def test_other_tables_are_left_alone(text):
    assert take_rubric(text) == (text, None)


def test_rows_become_criteria_in_both_languages():
    _, english = take_rubric(TABLE)
    _, korean = take_rubric(
        "| 평가기준 | 모범 | 적절 | 향상 필요 |\n|---|---|---|---|\n| 보고서 | 가 | 나 | 다 |\n| | 라 | 마 | 바 |"
    )
    assert english is not None
    assert korean is not None
    report, whole = criteria_of({"en": english, "ko": korean})
    assert report.title == {"en": "Report", "ko": "보고서"}
    assert whole.title == {"en": "The work as a whole", "ko": "과제 전체"}
    assert (report.points, whole.points) == (50, 50)
    assert [level.title["ko"] for level in report.levels] == ["모범", "적절", "향상 필요"]
    assert [(level.lowest, level.highest) for level in report.levels] == [(40, 50), (30, 39), (0, 29)]
    assert report.levels[0].description == {"en": "a | b", "ko": "가"}


def test_the_default_criterion_covers_its_points_and_is_made_anew():
    first, second = default_criterion(), default_criterion()
    assert [(level.lowest, level.highest) for level in first.levels] == [(60, 100), (0, 59)]
    assert first.levels[0] is not second.levels[0]
