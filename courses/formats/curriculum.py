"""Curricula in the manner of "ML for Beginners": numbered folders, a README.md a lesson, quizzes in a quiz app.

A lesson names its quizzes by web addresses that end in ``/quiz/13/``; a quiz stands before or after its lesson as the
link to it stands in the first or second half of the text. Rubrics of assignments are tables.
"""

import re
from collections import Counter
from collections.abc import Callable
from math import ceil
from pathlib import Path

from courses.formats.assets import Assets
from courses.formats.curriculum_layout import Layout, LessonPlace, ModulePlace, Written, is_withheld
from courses.formats.folder import CourseFolder
from courses.formats.known_curricula import KNOWN
from courses.formats.links import references
from courses.formats.markdown import count_words, first_paragraph, page, study_minutes
from courses.formats.naming import safe_part, words_of_name
from courses.formats.quiz_json import NumberedQuiz, QuizJson
from courses.formats.rubrics import RubricTable, criteria_of, default_criterion, take_rubric
from courses.formats.shapes import (
    ActivityShape,
    AssignmentShape,
    CourseShape,
    CriterionShape,
    LessonShape,
    ModuleShape,
    QuizShape,
    Words,
)
from courses.formats.targets import Targets, quiz_number

_REPOSITORY = re.compile(r"https?://github\.com/([\w.-]+/[\w.-]+)", re.IGNORECASE)
_LICENCES = {"MIT License": "MIT", "Apache License": "Apache-2.0", "CC BY-SA 4.0": "CC-BY-SA-4.0"}
_WORTH_READING = 40
"""Words of a module's README from which it becomes a lesson."""
_QUIZ_MINUTES = 5
_WORKING_FILES = {".ipynb", ".csv"}
_FILES = {"en": "Files for this lesson:", "ko": "이 강의의 파일:"}


class Curriculum:
    """One such folder, read into a course."""

    def __init__(self, folder: CourseFolder, progress: Callable[[str], None]) -> None:
        self._folder = folder
        self._progress = progress
        self._readme = folder.text(folder.root / "README.md") or ""
        named = Counter(name.lower() for name in _REPOSITORY.findall(self._readme))
        repository = named.most_common(1)[0][0] if named else None
        self._assets = Assets(folder)
        self._targets = Targets(folder, self._assets, repository=repository, withheld=self._is_withheld)

    def _is_withheld(self, path: Path) -> bool:
        return is_withheld(path.relative_to(self._folder.root))

    def read(self) -> CourseShape:
        """The course, with all that could not be resolved in its problems."""
        places = Layout(self._folder).modules()
        self._quizzes = self._read_quizzes()
        self._place_quizzes(places)
        self._enter_targets(places)
        modules = [self._module(place) for place in places]
        return self._course(modules)

    def _read_quizzes(self) -> dict[int, NumberedQuiz]:
        found: dict[int, NumberedQuiz] = {}
        app = self._folder.root / "quiz-app"
        if self._folder.holds(app) and app.is_dir():
            for path in self._folder.files_below(app):
                if path.name == "en.json":
                    found = QuizJson(self._folder, path).quizzes() | found
        return found

    def _place_quizzes(self, places: list[ModulePlace]) -> None:
        """Each quiz belongs to the lesson that links to it first."""
        keys: dict[int, str] = {}
        for place in places:
            for lesson in (place.introduction, *place.lessons):
                for text in lesson.text.pages.values():
                    lines = text.body.count("\n") + 1
                    for reference in sorted(references(text.body), key=lambda reference: reference.line):
                        number = quiz_number(reference.address)
                        if number in self._quizzes and number not in keys:
                            keys[number] = f"{lesson.key}/quiz-{number}"
                            (lesson.before if reference.line <= lines / 2 else lesson.after).append(number)
        self._targets.quizzes = keys

    def _enter_targets(self, places: list[ModulePlace]) -> None:
        activities = self._targets.activities
        for place in places:
            lessons = [*place.lessons]
            if self._is_worth_reading(place.introduction):
                lessons.append(place.introduction)
            for lesson in lessons:
                activities[lesson.folder] = lesson.key
                activities.update(dict.fromkeys(lesson.text.files.values(), lesson.key))
                activities.update(dict.fromkeys(lesson.assignment.files.values(), f"{lesson.key}/assignment"))

    def _is_worth_reading(self, introduction: LessonPlace) -> bool:
        pages = introduction.text.pages.values()
        return any(count_words(page.body) >= _WORTH_READING for page in pages)

    def _module(self, place: ModulePlace) -> ModuleShape:
        activities: list[ActivityShape] = []
        if self._is_worth_reading(place.introduction):
            self._progress(self._folder.name(place.folder))
            about = {"en": "About this module", "ko": "모듈 소개"}
            titles = {language: f"{about[language]}: {title}" for language, title in place.introduction.title.items()}
            activities += self._lesson(place.introduction, titles)
        for lesson in place.lessons:
            self._progress(self._folder.name(lesson.folder))
            activities += self._lesson(lesson, lesson.title)
        return ModuleShape(place.key, place.title, activities)

    def _lesson(self, lesson: LessonPlace, title: Words) -> list[ActivityShape]:
        bodies = self._with_files(lesson, self._bodies(lesson.text))
        longest = max(map(study_minutes, bodies.values()))
        activities: list[ActivityShape] = [
            *(self._quiz(lesson, number, "강의 전 퀴즈") for number in lesson.before),
            LessonShape(lesson.key, title, bodies, longest),
            *(self._quiz(lesson, number, "강의 후 퀴즈") for number in lesson.after),
        ]
        if lesson.assignment.pages:
            activities.append(self._assignment(lesson))
        return activities

    def _bodies(self, text: Written) -> dict[str, str]:
        return {
            language: self._targets.rewritten(page.body, text.files[language]).strip() + "\n"
            for language, page in text.pages.items()
        }

    def _with_files(self, lesson: LessonPlace, bodies: dict[str, str]) -> dict[str, str]:
        """Notebooks and tables beside a lesson are only spoken of in many texts: offer those that are not linked."""
        paths = [path for path in self._folder.files(lesson.folder) if path.suffix.lower() in _WORKING_FILES]
        names = {path.name: self._assets.keep(path) for path in paths if self._assets.objection(path) is None}
        for language, body in bodies.items():
            links = [f"[{file}](asset:{name})" for file, name in names.items() if f"asset:{name}" not in body]
            if links:
                bodies[language] = f"{body}\n**{_FILES[language]}** {', '.join(links)}\n"
        return bodies

    def _quiz(self, lesson: LessonPlace, number: int, korean: str) -> QuizShape:
        """The questions exist in English only; the title in the languages of the lesson."""
        quiz = self._quizzes[number]
        title = {"en": quiz.title}
        if "ko" in lesson.title:
            title["ko"] = f"{lesson.title['ko']}: {korean}"
        return QuizShape(f"{lesson.key}/quiz-{number}", title, quiz.questions)

    def _assignment(self, lesson: LessonPlace) -> AssignmentShape:
        bodies: dict[str, str] = {}
        tables: dict[str, RubricTable] = {}
        for language, text in lesson.assignment.pages.items():
            body, table = take_rubric(text.body)
            file = lesson.assignment.files[language]
            bodies[language] = self._targets.rewritten(body, file).strip() + "\n"
            if table is not None:
                tables[language] = table
        title = lesson.assignment.title(words_of_name(lesson.folder.name))
        return AssignmentShape(f"{lesson.key}/assignment", title, bodies, self._criteria(lesson.assignment, tables))

    def _criteria(self, text: Written, tables: dict[str, RubricTable]) -> list[CriterionShape]:
        files = text.files
        if not tables:
            message = "The assignment has no rubric table; it is marked by one criterion, done or not done."
            self._folder.note(next(iter(files.values())), 0, message)
            return [default_criterion()]
        first = next(iter(tables))
        for language in files:
            table = tables.get(language)
            if table is None:
                self._folder.note(files[language], 0, "The rubric table is missing in this language.")
            elif (len(table.rows), len(table.levels)) != (len(tables[first].rows), len(tables[first].levels)):
                message = "The rubric table has other rows or columns than the one in English and was not used."
                self._folder.note(files[language], table.line, message)
                del tables[language]
        return criteria_of(tables)

    def _course(self, modules: list[ModuleShape]) -> CourseShape:
        repository = self._targets.repository
        known = KNOWN.get(repository or "")
        readme = page(self._readme)
        summary = {"en": first_paragraph(readme.body)}
        title = {"en": readme.title or words_of_name(self._folder.root.name)}
        minutes = sum(_minutes(activity) for module in modules for activity in module.activities)
        return CourseShape(
            slug=known.slug if known else safe_part(self._folder.root.name),
            title=known.title if known else title,
            summary=known.summary if known else summary,
            hours=ceil(minutes / 60),
            licence=self._licence(),
            source=known.repository if known else repository or "",
            modules=modules,
            assets=self._assets.files,
            problems=self._folder.problems,
        )

    def _licence(self) -> str:
        for path in self._folder.files(self._folder.root):
            if path.stem.upper() in ("LICENSE", "LICENCE"):
                text = self._folder.text(path) or ""
                head = " ".join(text.split())[:200]
                return next((short for words, short in _LICENCES.items() if words in head), head.split(".")[0])
        return ""


def _minutes(activity: ActivityShape) -> int:
    return _QUIZ_MINUTES if isinstance(activity, QuizShape) else activity.minutes
