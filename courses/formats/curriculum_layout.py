"""Where the modules and lessons of a curriculum lie: numbered folders with a README.md and its translation."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from courses.formats.folder import CourseFolder
from courses.formats.markdown import Page, page
from courses.formats.naming import safe_part, words_of_name
from courses.formats.shapes import Words

LANGUAGES = ("en", "ko")
_NUMBERED = re.compile(r"\d+[-_. ]?\S")
_LEFT_OUT = {"solution", "solutions", "quiz-app"}


@dataclass
class Written:
    """One text in the languages that it exists in."""

    files: dict[str, Path] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def title(self, otherwise: str) -> Words:
        """The headings; ``otherwise`` where a text has none."""
        return {language: page.title or otherwise for language, page in self.pages.items()}


@dataclass
class LessonPlace:
    """One lesson: its text, its assignment, and the numbers of the quizzes around it."""

    key: str
    folder: Path
    text: Written
    assignment: Written = field(default_factory=Written)
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)

    @property
    def title(self) -> Words:
        """The headings of its text."""
        return self.text.title(words_of_name(self.folder.name))


@dataclass
class ModulePlace:
    """One module: what its README says, and its lessons."""

    key: str
    folder: Path
    introduction: LessonPlace
    lessons: list[LessonPlace]

    @property
    def title(self) -> Words:
        """The headings of its README, or the words of the folder's name."""
        return self.introduction.title or dict.fromkeys(("en",), words_of_name(self.folder.name))


def is_withheld(path: Path) -> bool:
    """Solutions, versions in other programming languages beside them, and the answers of quizzes."""
    return not _LEFT_OUT.isdisjoint(path.parts)


def is_curriculum(root: Path) -> bool:
    """Whether a folder holds numbered folders of numbered folders with a README.md."""
    return any(
        _NUMBERED.match(readme.parent.name) and _NUMBERED.match(readme.parents[1].name)
        for readme in root.glob("*/*/README.md")
    )


class Layout:
    """Finds the modules; each text is read once."""

    def __init__(self, folder: CourseFolder) -> None:
        self._folder = folder
        self._keys: set[str] = set()

    def modules(self) -> list[ModulePlace]:
        """The modules that hold a lesson, in course order."""
        places = [self._module(path) for path in self._folder.folders(self._folder.root) if _NUMBERED.match(path.name)]
        return [place for place in places if place is not None and place.lessons]

    def _module(self, path: Path) -> ModulePlace | None:
        inside = [child for child in self._folder.folders(path) if _NUMBERED.match(child.name)]
        if not inside:
            self._folder.note(path, 0, "This module folder holds no lesson folder and was left out.")
            return None
        key = safe_part(path.name)
        introduction = LessonPlace(f"{key}/introduction", path, self._written(path, "README"))
        lessons = [self._lesson(key, child) for child in inside]
        return ModulePlace(key, path, introduction, [lesson for lesson in lessons if lesson is not None])

    def _lesson(self, module_key: str, path: Path) -> LessonPlace | None:
        key = f"{module_key}/{safe_part(path.name)}"
        if key in self._keys:
            self._folder.note(path, 0, f'Another lesson already has the key "{key}", so this one was left out.')
            return None
        text = self._written(path, "README")
        if not text.pages:
            self._folder.note(path, 0, "This lesson folder has no README.md to read and was left out.")
            return None
        self._keys.add(key)
        for file in self._folder.files(path):
            if file.suffix == ".ipynb" and file.stat().st_size == 0:
                self._folder.note(file, 0, "The notebook is empty (0 bytes).")
        return LessonPlace(key, path, text, self._written(path, "assignment"))

    def _written(self, path: Path, name: str) -> Written:
        written = Written()
        for language in LANGUAGES:
            file = path / f"{name}.md" if language == "en" else path / "translations" / f"{name}.{language}.md"
            text = self._folder.text(file)
            if text is not None:
                written.files[language] = file
                written.pages[language] = page(text)
        if len(written.pages) == 1:
            language, file = next(iter(written.files.items()))
            absent = "Korean" if language == "en" else "English"
            self._folder.note(file, 0, f"There is no {absent} text of this page.")
        return written
