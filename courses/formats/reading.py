"""One door for all formats: look at a folder, choose the reader."""

from collections.abc import Callable
from pathlib import Path

from courses.formats.curriculum import Curriculum
from courses.formats.curriculum_layout import is_curriculum
from courses.formats.folder import CourseFolder
from courses.formats.plain_folder import COURSE_FILE, PlainFolder
from courses.formats.shapes import CourseShape, LessonShape


class NotACourse(Exception):
    """Nothing in the folder can be read as a course; the message is one English sentence."""


def read_course(folder: Path, progress: Callable[[str], None] | None = None) -> CourseShape:
    """Read a course folder of any known form.

    ``progress`` is told the name of each part as it is reached. What is broken inside is listed in the course's
    problems and left out. Raises NotACourse when the folder is missing, empty, of no known form or without any lesson.
    """
    if not folder.exists():
        raise NotACourse(f"There is no folder {folder}.")
    if not folder.is_dir():
        raise NotACourse(f"{folder} is a file; a course is a folder.")
    if not any(folder.iterdir()):
        raise NotACourse(f"The folder {folder} is empty.")
    course = _read(CourseFolder(folder), progress or _silent)
    if not any(isinstance(activity, LessonShape) for module in course.modules for activity in module.activities):
        raise NotACourse(f"The folder {folder} holds no lesson that can be read.")
    course.problems.sort(key=lambda problem: (problem.file, problem.line, problem.message))
    return course


def _read(folder: CourseFolder, progress: Callable[[str], None]) -> CourseShape:
    if (folder.root / COURSE_FILE).is_file():
        return PlainFolder(folder, progress).read()
    if is_curriculum(folder.root):
        return Curriculum(folder, progress).read()
    raise NotACourse(f"The folder {folder.root} has neither a course.toml nor numbered folders of lessons.")


def _silent(_message: str) -> None:
    """Nobody wants to hear of the progress."""
