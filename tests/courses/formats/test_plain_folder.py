import pytest

from courses.formats.reading import read_course
from tests.courses.formats.writing import activities, assignments, lessons, problems, quizzes, write

COURSE = """slug = "honest"
hours = 6
licence = "CC-BY-4.0"
source = "Somebody"

[title]
en = "Honest"
ko = "정직"

[summary]
en = "A summary."
ko = "요약."

[completion]
quiz_minimum = 70
assignment_pass = 65
"""
MODULE = '[title]\nen = "Start"\nko = "시작"\n'
QUIZ = """attempts = 2
pass_percent = 75

[title]
en = "Check"
ko = "확인"

[[questions]]
key = "one"
kind = "one"
points = 2
text = { en = "Which?", ko = "어느 것?" }
explanation = { en = "See [a](01-a.lesson.en.md).", ko = "[가](01-a.lesson.ko.md) 참고." }

[[questions.options]]
text = { en = "This", ko = "이것" }
correct = true
feedback = { en = "Right", ko = "맞아요" }

[[questions.options]]
text = "0.5"

[[questions]]
key = "several"
kind = "several"
text = { en = "Which ones?", ko = "어느 것들?" }
options = [
  { text = { en = "A", ko = "가" }, correct = true },
  { text = { en = "B", ko = "나" }, correct = true },
]

[[questions]]
key = "number"
kind = "number"
text = { en = "How many?", ko = "몇?" }
answer = 0.250
tolerance = 0.01

[[questions]]
key = "text"
kind = "text"
text = { en = "Name?", ko = "이름?" }
accepted = ["recall", "재현율"]
"""
RUBRIC = """minutes = 90
pass_percent = 55

[[criteria]]
key = "method"
points = 10
title = { en = "Method", ko = "방법" }

[[criteria.levels]]
title = { en = "Good", ko = "좋음" }
description = { en = "Sound.", ko = "타당함." }
lowest = 6
highest = 10

[[criteria.levels]]
title = { en = "Poor", ko = "부족" }
description = { en = "Flawed.", ko = "결함." }
lowest = 0
highest = 5
"""


def good() -> dict[str, str | bytes]:
    return {
        "course.toml": COURSE,
        "LICENSE": "text",
        "01-start/module.toml": MODULE,
        "01-start/01-a.lesson.en.md": "---\nminutes: 12\n---\n# A\n\n![p](../images/p.png) [next](02-b.quiz.toml) [d](../data/d.csv)\n",
        "01-start/01-a.lesson.ko.md": "# 가\n\n![p](../images/p.png) [과제](03-c.assignment.en.md#끝)\n",
        "01-start/02-b.quiz.toml": QUIZ,
        "01-start/03-c.assignment.en.md": "# C\n\nDo [it](asset:images/p.png), see [b](activity:01-start/02-b).\n",
        "01-start/03-c.assignment.ko.md": "# 다\n\n하세요.\n",
        "01-start/03-c.rubric.toml": RUBRIC,
        "images/p.png": b"png",
        "data/d.csv": "1,2",
    }


def test_a_good_folder_is_read_whole(tmp_path):
    course = read_course(write(tmp_path, good()))
    assert course.problems == []
    assert (course.slug, course.hours, course.licence, course.source) == ("honest", 6, "CC-BY-4.0", "Somebody")
    assert (course.title["ko"], course.summary["en"]) == ("정직", "A summary.")
    assert (course.quiz_minimum, course.assignment_pass) == (70, 65)
    assert [(module.key, module.title) for module in course.modules] == [("01-start", {"en": "Start", "ko": "시작"})]
    assert [activity.key for activity in activities(course)] == ["01-start/01-a", "01-start/02-b", "01-start/03-c"]
    assert sorted(course.assets) == ["data/d.csv", "images/p.png"]


def test_lessons_have_both_languages_minutes_and_rewritten_links(tmp_path):
    (lesson,) = lessons(read_course(write(tmp_path, good())))
    assert lesson.title == {"en": "A", "ko": "가"}
    assert lesson.minutes == 12
    assert lesson.body["en"] == "![p](asset:images/p.png) [next](activity:01-start/02-b) [d](asset:data/d.csv)\n"
    assert lesson.body["ko"] == "![p](asset:images/p.png) [과제](activity:01-start/03-c#끝)\n"


def test_the_four_kinds_of_questions(tmp_path):
    (quiz,) = quizzes(read_course(write(tmp_path, good())))
    assert (quiz.attempts, quiz.pass_percent, quiz.minutes) == (2, 75, None)
    one, several, number, text = quiz.questions
    assert [question.kind for question in quiz.questions] == ["one", "several", "number", "text"]
    assert one.points == 2
    assert one.explanation["ko"] == "[가](activity:01-start/01-a) 참고."
    assert [(option.text["ko"], option.correct) for option in one.options] == [("이것", True), ("0.5", False)]
    assert one.options[0].feedback == {"en": "Right", "ko": "맞아요"}
    assert [option.correct for option in several.options] == [True, True]
    assert (number.answer, number.tolerance) == ("0.250", "0.01")
    assert text.accepted == ["recall", "재현율"]


def test_the_rubric_belongs_to_its_assignment(tmp_path):
    (work,) = assignments(read_course(write(tmp_path, good())))
    assert (work.minutes, work.pass_percent) == (90, 55)
    (criterion,) = work.criteria
    assert (criterion.key, criterion.points, criterion.title["ko"]) == ("method", 10, "방법")
    assert [(level.lowest, level.highest, level.title["en"]) for level in criterion.levels] == [
        (6, 10, "Good"),
        (0, 5, "Poor"),
    ]


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


@pytest.mark.parametrize(
    "old, new, at, message",
    [
        ('kind = "several"', 'kind = "many"', 'kind = "many"', 'The kind "many" is not known, so the question was left out.'),
        ("correct = true\nfeedback", "correct = false\nfeedback", "[[questions]]", "The question has no correct answer and was left out."),
        ('kind = "several"', 'kind = "one"', 'key = "several"', 'The question is of the kind "one" but has several correct answers; it was left out.'),
        ("correct = true\nfeedback", "corect = true\ncorrect = true\nfeedback", "corect", '"corect" means nothing here and was passed over.'),
        ('key = "number"', 'key = "one"', 'key = "one"', 'The key "one" is there twice; this question was left out.'),
        ("answer = 0.250", 'answer = "a lot"', "answer =", "The question asks for a number but its answer is none; it was left out."),
        ("answer = 0.250", "answer = nan", "answer =", "The question asks for a number but its answer is none; it was left out."),
        ("tolerance = 0.01", "tolerance = -1", "tolerance =", "The tolerance should be a number from 0 on; the question was left out."),
        ('accepted = ["recall", "재현율"]', "accepted = []", "accepted", "The question asks for a text but accepts none; it was left out."),
        (', ko = "이름?"', "", "Name?", '"text" has no Korean text.'),
        ('en = "Name?", ', "", "이름?", '"text" has no English text.'),
        ("points = 2", "points = 0", "points = 0", '"points" should be a whole number from 1 to 1000.'),
        ("points = 2", 'points = "2"', 'points = "2"', '"points" should be a whole number from 1 to 1000.'),
        ("attempts = 2", "attempts = true", "attempts", '"attempts" should be a whole number from 1 to 100.'),
        ("See [a](01-a.lesson.en.md)", "See [a](no.md)", "no.md", 'The link "no.md" leads to nothing in this folder.'),
        ("attempts = 2", "attempts = = 2", "attempts", "The file is not valid TOML and was left out: Invalid value."),
    ],
)  # fmt: skip
def test_a_mistake_in_a_quiz_is_listed_with_its_line(tmp_path, old, new, at, message):
    text = QUIZ.replace(old, new)
    assert text != QUIZ
    course = read_course(write(tmp_path, good() | {"01-start/02-b.quiz.toml": text}))
    found = {text: line for file, line, text in problems(course) if file == "01-start/02-b.quiz.toml"}
    assert message in found
    if at == 'key = "several"':
        assert found[message] == line_of(text, at) - 1
    elif at == 'key = "one"':
        assert found[message] == [number for number, line in enumerate(text.split("\n"), 1) if at in line][1]
    else:
        assert found[message] == line_of(text, at)
    assert len(lessons(course)) == len(assignments(course)) == 1


def test_a_text_of_several_lines_does_not_move_the_lines(tmp_path):
    text = '[title]\nen = """\n[[questions]]\nkey = 1\n"""\nko = "나"\n\n[[questions]]\nkey = "a"\nkind = "odd"\ntext = "x"\n'
    course = read_course(write(tmp_path, good() | {"01-start/02-b.quiz.toml": text}))
    assert ("01-start/02-b.quiz.toml", 10, 'The kind "odd" is not known, so the question was left out.') in problems(
        course
    )
    assert quizzes(course) == []


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("lowest = 6", "lowest = 7", "The levels leave out 6 points, so the criterion was read without its levels."),
        ("lowest = 6", "lowest = 5", "The levels overlap at 5 points, so the criterion was read without its levels."),
        ("highest = 10", "highest = 9", "The levels end at 9 points and not at 10; they were left out."),
    ],
)
def test_levels_must_cover_each_point_once(tmp_path, old, new, message):
    course = read_course(write(tmp_path, good() | {"01-start/03-c.rubric.toml": RUBRIC.replace(old, new)}))
    assert [text for _, _, text in problems(course)] == [message]
    assert problems(course)[0][1] == (
        line_of(RUBRIC, "points = 10") if old.startswith("high") else line_of(RUBRIC, "lowest = 6")
    )
    (criterion,) = assignments(course)[0].criteria
    assert (criterion.points, criterion.levels) == (10, [])


def test_criteria_need_a_key_of_their_own_a_title_and_points(tmp_path):
    text = RUBRIC + '\n[[criteria]]\nkey = "method"\npoints = 5\ntitle = "T"\n\n[[criteria]]\nkey = "x"\ntitle = "T"\n'
    course = read_course(write(tmp_path, good() | {"01-start/03-c.rubric.toml": text}))
    first = line_of(text, "[[criteria]]")
    second, third = (
        number for number, line in enumerate(text.split("\n"), 1) if line == "[[criteria]]" and number > first
    )
    assert [(line, message) for _, line, message in problems(course)] == [
        (second + 1, 'The key "method" is there twice; this criterion was left out.'),
        (third, "A criterion needs a key, a title and points; this one was left out."),
    ]


def test_files_that_do_not_fit_are_listed(tmp_path):
    files = good() | {
        "01-start/01-a.quiz.toml": QUIZ,
        "01-start/04-notes.md": "# Notes",
        "01-start/05-x.lesson.fr.md": "# X",
        "01-start/06-y.rubric.toml": RUBRIC,
        "01-start/07-z.lesson.en.md": "no heading",
        "02-more/01-a.lesson.ko.md": "# 가",
        "images/empty.png": b"",
    }
    course = read_course(write(tmp_path, files))
    assert problems(course) == [
        ("01-start/01-a.quiz.toml", 0, 'The key "01-start/01-a" is there twice; this quiz was left out.'),
        ("01-start/04-notes.md", 0, "The file is no activity: its name should end in .lesson.en.md, .assignment.ko.md or the like."),
        ("01-start/05-x.lesson.fr.md", 0, 'The language "fr" is not one of en, ko; the file was left out.'),
        ("01-start/06-y.rubric.toml", 0, "There is no assignment of this name; the rubric was left out."),
        ("01-start/07-z.lesson.en.md", 0, "There is no Korean text of this lesson."),
        ("01-start/07-z.lesson.en.md", 1, 'The text has no heading "# …" for its title.'),
        ("02-more", 0, "The module has no module.toml; its title is the name of the folder."),
        ("02-more/01-a.lesson.ko.md", 0, "There is no English text of this lesson."),
        ("images/empty.png", 0, "The file is empty (0 bytes) and was left out."),
    ]  # fmt: skip
    assert [module.title for module in course.modules][1] == {"en": "more"}
    assert "images/empty.png" not in course.assets


def test_a_missing_image_has_its_line_below_the_front_matter(tmp_path):
    text = "---\nminutes: lots\n---\n\n# A\n\n![gone](../images/gone.png)\n"
    course = read_course(write(tmp_path, good() | {"01-start/01-a.lesson.en.md": text}))
    assert problems(course) == [
        ("01-start/01-a.lesson.en.md", 1, '"minutes" should be a whole number of minutes.'),
        ("01-start/01-a.lesson.en.md", 7, 'The image "../images/gone.png" leads to nothing in this folder.'),
    ]
    assert lessons(course)[0].body["en"] == "gone\n"


def test_a_broken_course_file_does_not_stop_the_rest(tmp_path):
    course = read_course(write(tmp_path / "My Course", good() | {"course.toml": 'slug = "a"\nhours = \n'}))
    assert problems(course)[0][0] == "course.toml"
    assert ("course.toml", 2, "The file is not valid TOML and was left out: Invalid value.") in problems(course)
    assert course.slug.startswith("my-course")
    assert course.hours > 0
    assert len(activities(course)) == 3


@pytest.mark.parametrize("slug", ["", "Not A Slug", "../up", "ä"])
def test_a_bad_slug_gives_way_to_the_name_of_the_folder(tmp_path, slug):
    course = read_course(write(tmp_path / "here", good() | {"course.toml": COURSE.replace("honest", slug)}))
    assert course.slug == "here"
    assert [line for _, line, message in problems(course) if "slug" in message] == [1]


def test_answers_are_no_downloads(tmp_path):
    files = good() | {
        "01-start/01-a.lesson.ko.md": "# 가\n[q](02-b.quiz.toml) [r](03-c.rubric.toml) [c](../course.toml)"
    }
    course = read_course(write(tmp_path, files))
    assert lessons(course)[0].body["ko"] == "[q](activity:01-start/02-b) [r](activity:01-start/03-c) c\n"
    assert not any(name.endswith(".toml") for name in course.assets)


def test_reading_twice_gives_the_same(tmp_path):
    write(tmp_path, good())
    assert read_course(tmp_path) == read_course(tmp_path)
