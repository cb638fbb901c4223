"""Our own form: a folder with ``course.toml``, a folder a module, a file an activity and a language.

course.toml                                     slug, hours, licence, source, title, summary, completion
01-start/module.toml                            title
01-start/01-name.lesson.en.md  .ko.md           a lesson; front matter "minutes: 20" if wanted
01-start/02-name.quiz.toml                      a quiz
01-start/03-name.assignment.en.md  .ko.md       an assignment, with 03-name.rubric.toml
images/, data/, …                               other files are shown or offered where a text names them
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

from courses.formats.assets import Assets
from courses.formats.folder import CourseFolder
from courses.formats.markdown import page, study_minutes
from courses.formats.naming import in_order, safe_part, words_of_name
from courses.formats.plain_quiz import PlainQuiz
from courses.formats.plain_rubric import read_criteria
from courses.formats.rubrics import default_criterion
from courses.formats.shapes import ActivityShape, AssignmentShape, CourseShape, LessonShape, ModuleShape, QuizShape
from courses.formats.targets import Targets
from courses.formats.toml_file import LANGUAGES, Table, read_toml

COURSE_FILE = "course.toml"
_MODULE_FILE = "module.toml"
_TEXT = re.compile(r"(?P<name>.+)\.(?P<kind>lesson|assignment)\.(?P<language>[A-Za-z-]+)\.md")
_TABLE = re.compile(r"(?P<name>.+)\.(?P<kind>quiz|rubric)\.toml")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_QUIZ_MINUTES = 10
_LONGEST = 10_000


@dataclass
class _Part:
    """The files of one activity."""

    key: str
    name: str
    kind: str
    texts: dict[str, Path] = field(default_factory=dict)
    table: Path | None = None


class PlainFolder:
    """One such folder, read into a course."""

    def __init__(self, folder: CourseFolder, progress: Callable[[str], None]) -> None:
        self._folder = folder
        self._progress = progress
        self._assets = Assets(folder)
        self._targets = Targets(folder, self._assets, withheld=lambda path: path.suffix == ".toml")

    def read(self) -> CourseShape:
        """The course, with all that is wrong in it in its problems."""
        modules = [(path, self._parts(path)) for path in self._folder.folders(self._folder.root)]
        modules = [(path, parts) for path, parts in modules if parts or (path / _MODULE_FILE).is_file()]
        self._enter_targets([part for _path, parts in modules for part in parts])
        about = read_toml(self._folder, self._folder.root / COURSE_FILE)
        shapes = [self._module(path, parts) for path, parts in modules]
        return self._course(about or Table(self._folder, self._folder.root / COURSE_FILE, {}, {}), shapes)

    def _parts(self, module: Path) -> list[_Part]:
        parts: dict[str, _Part] = {}
        rubrics: list[tuple[str, Path]] = []
        for path in self._folder.files(module):
            found = _TEXT.fullmatch(path.name) or _TABLE.fullmatch(path.name)
            if found is None:
                self._note_stray(path)
                continue
            if found["kind"] == "rubric":
                rubrics.append((found["name"], path))
                continue
            language = found.groupdict().get("language")
            if language is not None and language not in LANGUAGES:
                self._folder.note(path, 0, f'The language "{language}" is not one of en, ko; the file was left out.')
                continue
            self._add(parts, module, found["name"], found["kind"], language, path)
        for name, path in rubrics:
            part = parts.get(safe_part(name))
            if part is None or part.kind != "assignment":
                self._folder.note(path, 0, "There is no assignment of this name; the rubric was left out.")
            else:
                part.table = path
        return sorted(parts.values(), key=lambda part: in_order(part.name))

    def _note_stray(self, path: Path) -> None:
        if path.suffix.lower() == ".md" and path.stem.upper() != "README":
            message = "The file is no activity: its name should end in .lesson.en.md, .assignment.ko.md or the like."
            self._folder.note(path, 0, message)

    def _add(
        self, parts: dict[str, _Part], module: Path, name: str, kind: str, language: str | None, path: Path
    ) -> None:
        short = safe_part(name)
        part = parts.setdefault(short, _Part(f"{safe_part(module.name)}/{short}", name, kind))
        if part.kind != kind or part.name != name:
            self._folder.note(path, 0, f'The key "{part.key}" is there twice; this {kind} was left out.')
        elif language is None:
            part.table = path
        else:
            part.texts[language] = path

    def _enter_targets(self, parts: list[_Part]) -> None:
        taken: set[Path] = set()
        for part in parts:
            for path in (*part.texts.values(), *([part.table] if part.table else [])):
                self._targets.activities[path] = part.key
                taken.add(path)
        for path in self._folder.files_below(self._folder.root):
            if path in taken or path.suffix.lower() in ("", ".md", ".toml"):
                continue
            if objection := self._assets.objection(path):
                self._folder.note(path, 0, f"The file {objection} and was left out.")
            else:
                self._assets.keep(path)

    def _module(self, path: Path, parts: list[_Part]) -> ModuleShape:
        self._progress(self._folder.name(path))
        table = read_toml(self._folder, path / _MODULE_FILE)
        if table is None and not (path / _MODULE_FILE).exists():
            self._folder.note(path, 0, "The module has no module.toml; its title is the name of the folder.")
        if table is not None:
            table.only("title")
        title = table.words("title") if table is not None else {}
        readers = {"lesson": self._lesson, "quiz": self._quiz, "assignment": self._assignment}
        activities = [activity for part in parts if (activity := readers[part.kind](part)) is not None]
        return ModuleShape(safe_part(path.name), title or {"en": words_of_name(path.name)}, activities)

    def _texts(self, part: _Part) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """Titles and bodies by language, and the settings of the front matter."""
        titles: dict[str, str] = {}
        bodies: dict[str, str] = {}
        settings: dict[str, str] = {}
        for language in LANGUAGES:
            path = part.texts.get(language)
            text = self._folder.text(path) if path is not None else None
            if path is None or text is None:
                continue
            leaf = page(text)
            if leaf.title is None:
                self._folder.note(path, 1, 'The text has no heading "# …" for its title.')
            titles[language] = leaf.title or words_of_name(part.name)
            bodies[language] = self._targets.rewritten(leaf.body, path).strip() + "\n"
            settings = {**leaf.settings, **settings}
        for language, name in LANGUAGES.items():
            if bodies and language not in bodies:
                self._folder.note(next(iter(part.texts.values())), 0, f"There is no {name} text of this {part.kind}.")
        return titles, bodies, settings

    def _lesson(self, part: _Part) -> ActivityShape | None:
        titles, bodies, settings = self._texts(part)
        if not bodies:
            return None
        minutes = settings.get("minutes")
        if minutes is not None and not (minutes.isdecimal() and len(minutes) < 6 and 0 < int(minutes) <= _LONGEST):
            path = next(iter(part.texts.values()))
            self._folder.note(path, 1, '"minutes" should be a whole number of minutes.')
            minutes = None
        longest = max(map(study_minutes, bodies.values()))
        return LessonShape(part.key, titles, bodies, int(minutes) if minutes else longest)

    def _quiz(self, part: _Part) -> ActivityShape | None:
        table = read_toml(self._folder, part.table) if part.table else None
        quiz = PlainQuiz(table, self._targets).read(part.key) if table is not None else None
        if quiz is not None and not quiz.title:
            quiz.title = {"en": words_of_name(part.name)}
        return quiz

    def _assignment(self, part: _Part) -> ActivityShape | None:
        titles, bodies, _settings = self._texts(part)
        if not bodies:
            return None
        path = next(iter(part.texts.values()))
        table = read_toml(self._folder, part.table) if part.table else None
        criteria = read_criteria(table) if table is not None else []
        if not criteria:
            message = "The assignment has no rubric to use; it is marked by one criterion, done or not done."
            self._folder.note(path, 0, message)
            criteria = [default_criterion()]
        shape = AssignmentShape(part.key, titles, bodies, criteria)
        if table is not None:
            shape.minutes = table.whole("minutes", None, 1, _LONGEST) or shape.minutes
            shape.pass_percent = _percent(table, "pass_percent")
        return shape

    def _course(self, about: Table, modules: list[ModuleShape]) -> CourseShape:
        about.only("slug", "hours", "licence", "source", "title", "summary", "completion")
        completion = about.table("completion")
        completion.only("quiz_minimum", "assignment_pass")
        name = self._folder.root.name
        slug = about.text("slug")
        if not _SLUG.fullmatch(slug):
            about.note("The slug should be small Latin letters, digits and hyphens; the folder's name is used.", "slug")
            slug = safe_part(name)
        minutes = sum(_minutes(activity) for module in modules for activity in module.activities)
        return CourseShape(
            slug=slug,
            title=about.words("title") or {"en": words_of_name(name)},
            summary=about.words("summary"),
            hours=about.whole("hours", None, 1, _LONGEST) or ceil(minutes / 60),
            licence=about.text("licence"),
            source=about.text("source"),
            modules=modules,
            assets=self._assets.files,
            problems=self._folder.problems,
            quiz_minimum=_percent(completion, "quiz_minimum"),
            assignment_pass=_percent(completion, "assignment_pass"),
        )


def _percent(table: Table, key: str) -> int:
    value = table.whole(key, 60, 0, 100)
    return 60 if value is None else value


def _minutes(activity: ActivityShape) -> int:
    return (activity.minutes or _QUIZ_MINUTES) if isinstance(activity, QuizShape) else activity.minutes
