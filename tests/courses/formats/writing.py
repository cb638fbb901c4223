"""Small made-up course folders."""

import json
from pathlib import Path

from courses.formats.reading import read_course
from courses.formats.shapes import ActivityShape, AssignmentShape, CourseShape, LessonShape, QuizShape

LESSON = "1-Start/1-First"


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write files under a folder; bytes as they are, text as UTF-8 with its own line ends."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def quiz(number: int, *questions: tuple[str, dict[str, object]]) -> dict[str, object]:
    """One quiz of a quiz app: each question with its answers and whether they are correct."""
    return {
        "id": number,
        "title": f"Quiz no. {number}",
        "quiz": [
            {
                "questionText": text,
                "answerOptions": [{"answerText": answer, "isCorrect": right} for answer, right in answers.items()],
            }
            for text, answers in questions
        ],
    }


def quiz_app(*quizzes: dict[str, object]) -> str:
    """The file of a quiz app."""
    return json.dumps([{"title": "Quizzes", "quizzes": list(quizzes)}], indent=2)


def lesson(root: Path, english: str | bytes, korean: str | bytes = "# 첫 강의\n\n내용\n", **more: str | bytes) -> Path:
    """A curriculum of one lesson; ``more`` are further files by path with "__" for "/"."""
    files: dict[str, str | bytes] = {
        f"{LESSON}/README.md": english,
        f"{LESSON}/translations/README.ko.md": korean,
    }
    return write(root, files | {name.replace("__", "/"): content for name, content in more.items()})


def activities(course: CourseShape) -> list[ActivityShape]:
    return [activity for module in course.modules for activity in module.activities]


def lessons(course: CourseShape) -> list[LessonShape]:
    return [activity for activity in activities(course) if isinstance(activity, LessonShape)]


def quizzes(course: CourseShape) -> list[QuizShape]:
    return [activity for activity in activities(course) if isinstance(activity, QuizShape)]


def assignments(course: CourseShape) -> list[AssignmentShape]:
    return [activity for activity in activities(course) if isinstance(activity, AssignmentShape)]


def problems(course: CourseShape) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.message) for problem in course.problems]


def body(root: Path, language: str = "en") -> str:
    """The body of the only lesson in a folder."""
    (only,) = lessons(read_course(root))
    return only.body[language]
