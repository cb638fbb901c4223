"""Answers against a hand-marked key."""

import pytest

from courses.quizzes.scoring import chosen_is_right, number_is_right, number_of, text_is_right


@pytest.mark.parametrize(
    "chosen,correct,right",
    [
        ("a", "a", True),
        ("b", "a", False),
        ("", "a", False),
        ("ab", "ab", True),
        ("a", "ab", False),
        ("abc", "ab", False),
        ("", "", False),
    ],
)
def test_chosen(chosen, correct, right):
    assert chosen_is_right(list(chosen), list(correct)) is right


@pytest.mark.parametrize(
    "given,answer,tolerance,right",
    [
        ("0.25", "0.25", None, True),
        ("0,255", "0.255", None, True),
        ("0,25", "0.25", None, True),
        (" .25 ", "0.25", None, True),
        ("０．２５", "0.25", None, True),
        ("0.26", "0.25", "0.01", True),
        ("0.24", "0.25", "0.01", True),
        ("0.2600001", "0.25", "0.01", False),
        ("0.3", "0.25", None, False),
        ("1,000", "1000", None, True),
        ("1,234,567.5", "1234567.5", None, True),
        ("-3", "-3", None, True),
        ("−3", "-3", None, True),
        ("1e3", "1000", None, True),
        ("nan", "0", "1", False),
        ("inf", "0", "1", False),
        ("", "0", "1", False),
        ("a quarter", "0.25", None, False),
        ("0.1", "0.1", "0", True),
        ("0.30000000000000004", "0.3", "0", False),
        ("9" * 41, "0", "1", False),
        ("1e999999999", "0", "1", False),
    ],
)
def test_numbers(given, answer, tolerance, right):
    assert number_is_right(given, answer, tolerance) is right


def test_a_number_is_never_rounded():
    assert str(number_of("0.1000000000000000000001")) == "0.1000000000000000000001"


@pytest.mark.parametrize(
    "given,right",
    [
        ("recall", True),
        (" Recall. ", True),
        ("RECALL", True),
        ("재현율", True),
        ("재현율 ", True),
        ("ＲＥＣＡＬＬ", True),
        ("recal", False),
        ("", False),
        (" . ", False),
    ],
)
def test_texts(given, right):
    assert text_is_right(given, ["recall", "재현율"]) is right
