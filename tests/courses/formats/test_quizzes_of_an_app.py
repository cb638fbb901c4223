from courses.formats.reading import read_course
from tests.courses.formats.writing import lesson, problems, quiz, quiz_app, quizzes

APP = "quiz-app__en.json"
TEXT = "# A\n\n[before](https://q.example/quiz/7/)\n" + "\n" * 20 + "[after](https://q.example/a/quiz/104)\n"


def read(tmp_path, app, text=TEXT):
    return read_course(lesson(tmp_path, text, **{APP: app}))


def test_quizzes_stand_around_the_lesson_that_links_to_them(tmp_path):
    app = quiz_app(
        quiz(7, ("Q?", {"a": "true", "b": "false"})),
        quiz(104, ("Q?", {"a": True, "b": True, "c": False})),
        quiz(9, ("Q?", {"a": True, "b": False})),
    )
    course = read(tmp_path, app)
    keys = [activity.key for activity in course.modules[0].activities]
    assert keys == ["1-start/1-first/quiz-7", "1-start/1-first", "1-start/1-first/quiz-104"]
    before, after = quizzes(course)
    assert before.title == {"en": "Quiz no. 7", "ko": "첫 강의: 강의 전 퀴즈"}
    assert after.title["ko"] == "첫 강의: 강의 후 퀴즈"
    assert [question.kind for question in before.questions + after.questions] == ["one", "several"]
    assert [option.correct for option in after.questions[0].options] == [True, True, False]
    assert before.questions[0].text == {"en": "Q?"}
    assert course.problems == []


def test_a_link_to_a_quiz_that_does_not_exist_stays_and_is_listed(tmp_path):
    course = read(tmp_path, quiz_app(quiz(7, ("Q?", {"a": True, "b": False}))))
    assert problems(course) == [("1-Start/1-First/README.md", 24, "Quiz 104 is in none of the quiz files.")]
    assert "(https://q.example/a/quiz/104)" in course.modules[0].activities[-1].body["en"]


def test_what_cannot_be_asked_is_listed_with_its_line_and_left_out(tmp_path):
    app = quiz_app(
        quiz(7, ("Good?", {"a": "TRUE", "b": "false"}), ("Bad?", {"a": "false", "b": "no"}), ("One?", {"a": True})),
        quiz(104, ("", {"a": True, "b": False})),
        quiz(7, ("Again?", {"a": True, "b": False})),
    )
    course = read(tmp_path, app)
    lines = app.split("\n")
    bad = next(number for number, line in enumerate(lines, 1) if "Bad?" in line)
    alone = next(number for number, line in enumerate(lines, 1) if "One?" in line)
    last = next(number for number, line in enumerate(lines, 1) if '"id": 104' in line)
    again = max(number for number, line in enumerate(lines, 1) if '"id": 7' in line)
    assert [problem for problem in problems(course) if problem[0] == "quiz-app/en.json"] == [
        ("quiz-app/en.json", bad, "The question has no correct answer and was left out."),
        ("quiz-app/en.json", alone, "The question has fewer than two answers and was left out."),
        ("quiz-app/en.json", last, "A question without text was left out."),
        ("quiz-app/en.json", last, "Quiz 104 has no question that can be asked and was left out."),
        ("quiz-app/en.json", again, "Quiz 7 is there twice; the first one counts."),
    ]
    assert [len(each.questions) for each in quizzes(course)] == [1]


def test_the_same_answer_twice_is_kept_and_listed(tmp_path):
    app = quiz_app(quiz(7, ("Q?", {"a": True, "a ": False})))
    course = read(tmp_path, app, "# A\n\n[q](https://q.example/quiz/7)\n")
    assert [message for _, _, message in problems(course)] == ["The question has the same answer twice."]
    assert len(quizzes(course)[0].questions[0].options) == 2


def test_broken_json_has_a_line_and_the_lesson_is_still_read(tmp_path):
    course = read(tmp_path, '[\n{"quizzes": [\n}]', "# A\n\ntext\n")
    assert problems(course) == [("quiz-app/en.json", 3, "The quiz file is not valid JSON.")]
    assert len(course.modules[0].activities) == 1


def test_json_of_another_shape_is_survived(tmp_path):
    for app in ("{}", "[1, null]", '{"quizzes": [3, {"id": "x"}, {"id": 7, "quiz": [null, {"questionText": 3}]}]}'):
        assert quizzes(read(tmp_path, app)) == []
