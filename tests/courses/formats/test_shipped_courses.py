"""The courses that ship with the product are read without a single problem."""

import re
from pathlib import Path

import pytest

import courses
from courses.formats.reading import read_course
from courses.formats.shapes import AssignmentShape, LessonShape
from tests.courses.formats.writing import activities, problems, quizzes

CONTENT = Path(courses.__file__).parent / "content"
SHIPPED = sorted(path.parent for path in CONTENT.glob("*/course.toml"))

if not SHIPPED:
    pytest.skip("no course ships yet", allow_module_level=True)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_shipped_course_is_whole(folder):
    course = read_course(folder)
    assert problems(course) == []
    assert course.title.keys() == course.summary.keys() == {"en", "ko"}
    assert all(activity.title.keys() == {"en", "ko"} for activity in activities(course))
    assert all(question.explanation for quiz in quizzes(course) for question in quiz.questions)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_every_target_in_a_shipped_course_is_there(folder):
    course = read_course(folder)
    keys = {activity.key for activity in activities(course)}
    written = [each for each in activities(course) if isinstance(each, LessonShape | AssignmentShape)]
    text = "\n".join(body for each in written for body in each.body.values())
    found = re.findall(r"(asset|activity):([^\s\"')#>]+)", text)
    assert found
    assert [name for kind, name in found if name not in (course.assets if kind == "asset" else keys)] == []
