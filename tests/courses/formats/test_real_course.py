"""The real course "ML for Beginners", where it lies beside the repository."""

import os
import re
from pathlib import Path

import pytest

from courses.formats.reading import read_course
from courses.formats.shapes import AssignmentShape, CourseShape, LessonShape
from tests.courses.formats.writing import activities, assignments, lessons, problems, quizzes

SHARED = Path(os.environ.get("LMS_SHARED") or Path(__file__).parents[4] / "shared")
FOLDER = SHARED / "data" / "courses" / "ml-for-beginners"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real course is not beside the repository (LMS_SHARED)")

NOTHING = 'The {} "{}" leads to nothing in this folder.'
KNOWN = [
    ("1-Introduction/1-intro-to-ML/assignment.md", 0, "The assignment has no rubric table; it is marked by one criterion, done or not done."),
    ("1-Introduction/3-fairness/README.md", 85, NOTHING.format("image", "images/ceos.png")),
    ("1-Introduction/3-fairness/translations/README.ko.md", 86, NOTHING.format("image", "../images/ceos.png")),
    ("1-Introduction/4-techniques-of-ML/README.md", 39, NOTHING.format("link", "../../3-Web-App/README.md")),
    ("1-Introduction/4-techniques-of-ML/README.md", 63, NOTHING.format("link", "../../7-TimeSeries/1-Introduction/README.md")),
    ("1-Introduction/4-techniques-of-ML/translations/README.ko.md", 39, NOTHING.format("link", "../../../3-Web-App/README.md")),
    ("1-Introduction/4-techniques-of-ML/translations/README.ko.md", 41, NOTHING.format("link", "../../5-Clustering/1-Visualize/README.md")),
    ("1-Introduction/4-techniques-of-ML/translations/README.ko.md", 63, NOTHING.format("link", "../../../7-TimeSeries/1-Introduction/README.md")),
    ("2-Regression/1-Tools/notebook.ipynb", 0, "The notebook is empty (0 bytes)."),
    ("2-Regression/2-Data/translations/README.ko.md", 22, NOTHING.format("link", "../data/US-pumpkins.csv")),
    ("4-Classification/4-Applied/README.md", 23, NOTHING.format("link", "../../3-Web-App/1-Web-App/README.md")),
    ("4-Classification/4-Applied/README.md", 215, NOTHING.format("link", "../data/ingredient_indexes.csv")),
    ("4-Classification/4-Applied/README.md", 300, NOTHING.format("link", "../data/ingredient_indexes.csv")),
    ("4-Classification/4-Applied/translations/README.ko.md", 23, NOTHING.format("link", "../../../3-Web-App/1-Web-App/README.md")),
    ("4-Classification/4-Applied/translations/README.ko.md", 215, NOTHING.format("link", "../../data/ingredient_indexes.csv")),
    ("4-Classification/4-Applied/translations/README.ko.md", 323, NOTHING.format("link", "../../data/ingredient_indexes.csv")),
    ("5-Clustering/1-Visualize/README.md", 61, NOTHING.format("image", "./images/flat-nonflat.png")),
    ("5-Clustering/1-Visualize/translations/README.ko.md", 64, NOTHING.format("image", ".././images/flat-nonflat.png")),
]  # fmt: skip


@pytest.fixture(scope="module")
def course() -> CourseShape:
    return read_course(FOLDER)


def bodies(course: CourseShape) -> list[str]:
    written = [each for each in activities(course) if isinstance(each, LessonShape | AssignmentShape)]
    return [body for each in written for body in each.body.values()]


def test_everything_is_there(course):
    assert [module.key for module in course.modules] == [
        "1-introduction",
        "2-regression",
        "4-classification",
        "5-clustering",
    ]
    assert len(lessons(course)) == 18  # 14 lessons and the introductions of 4 modules
    assert sum("ko" in each.body and "ko" in each.title for each in lessons(course)) == 18
    assert len(quizzes(course)) == 28
    assert sum(len(quiz.questions) for quiz in quizzes(course)) == 84
    assert len(assignments(course)) == 14
    assert sum("ko" in each.body for each in assignments(course)) == 14
    assert sum(len(each.criteria) for each in assignments(course)) == 14
    assert sum(len(criterion.levels) for each in assignments(course) for criterion in each.criteria) == 41
    assert len(course.assets) == 75  # 65 pictures, 9 notebooks, 1 table


def test_the_course_is_named(course):
    assert (course.slug, course.licence, course.source) == ("ml-for-beginners", "MIT", "microsoft/ML-For-Beginners")
    assert course.title == {"en": "Machine Learning for Beginners", "ko": "초보자를 위한 머신러닝"}
    assert course.summary.keys() == {"en", "ko"}
    assert 20 <= course.hours <= 60


def test_each_lesson_stands_between_its_quizzes(course):
    keys = [activity.key for activity in course.modules[1].activities]
    assert keys[:5] == [
        "2-regression/introduction",
        "2-regression/1-tools/quiz-9",
        "2-regression/1-tools",
        "2-regression/1-tools/quiz-10",
        "2-regression/1-tools/assignment",
    ]
    assert len({activity.key for activity in activities(course)}) == 60


def test_every_target_in_a_body_is_there(course):
    keys = {activity.key for activity in activities(course)}
    found = [target for body in bodies(course) for target in re.findall(r"(asset|activity):([^\s\"')#>]+)", body)]
    assert len(found) > 200
    assert [target for target in found if target[1] not in (course.assets if target[0] == "asset" else keys)] == []
    assert all(path.is_file() and path.stat().st_size > 0 for path in course.assets.values())
    named = {name for kind, name in found if kind == "asset"}
    assert named == set(course.assets)


def test_nothing_is_left_of_relative_links_and_the_quiz_site(course):
    for body in bodies(course):
        assert "/quiz/" not in body.replace("activity:", "").replace("/quiz-", "")
        assert not re.search(r"\]\((?!https?:|asset:|activity:|#)[^)\s]*\.(?:md|png|jpg|ipynb|csv)\)", body)
        assert "solution/" not in "".join(re.findall(r"\]\([^)]*\)", body))


def test_questions_can_be_answered(course):
    for quiz in quizzes(course):
        assert len(quiz.questions) == 3
        for question in quiz.questions:
            assert question.kind == "one"
            assert sum(option.correct for option in question.options) == 1
            assert set(question.text) == {"en"}


def test_each_point_of_a_rubric_has_one_level(course):
    for assignment in assignments(course):
        assert sum(criterion.points for criterion in assignment.criteria) == 100
        for criterion in assignment.criteria:
            points = [point for level in criterion.levels for point in range(level.lowest, level.highest + 1)]
            assert sorted(points) == list(range(criterion.points + 1))
            assert all({"en", "ko"} == set(level.title) == set(level.description) for level in criterion.levels)
        assert not any(re.search(r"\|\s*-{3}", body) for body in assignment.body.values())


def test_the_known_gaps_are_listed_and_nothing_else(course):
    assert problems(course) == KNOWN


def test_the_lines_are_those_of_the_files(course):
    for file, line, message in problems(course):
        if line:
            target = message.split('"')[1]
            assert target in (FOLDER / file).read_text().split("\n")[line - 1]


def test_reading_twice_gives_the_same(course):
    assert read_course(FOLDER) == course
