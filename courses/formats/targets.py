"""Where a link in a course leads: to a file of the course, to another activity, to the world, or to nothing."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from courses.formats.assets import PICTURES, Assets
from courses.formats.folder import CourseFolder
from courses.formats.links import Leave, Reference, rewrite

_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|//)")
_QUIZ = re.compile(r"https?://[^\s?#]+/quiz/(\d{1,9})/?(?:[?#].*)?")
_OTHER_LANGUAGE = re.compile(r"\.(?!en\.|ko\.)[a-z]{2}(?:[-_][a-z]{2,4})?\.md$", re.IGNORECASE)


def _nothing_withheld(_path: Path) -> bool:
    return False


def quiz_number(address: str) -> int | None:
    """The number of the quiz that a web address ends in (".../quiz/13/"), or None."""
    found = _QUIZ.fullmatch(address)
    return int(found[1]) if found else None


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long for the file system, or not a name at all
        return False


@dataclass
class Targets:
    """What links of one course can lead to; filled before the first text is rewritten."""

    folder: CourseFolder
    assets: Assets
    activities: dict[Path, str] = field(default_factory=dict)
    """File or folder → key of the activity that it is."""
    quizzes: Mapping[int, str] = field(default_factory=dict)
    """Number in the address of a quiz → key."""
    repository: str | None = None
    """"owner/name": links to its files on the web mean the files here, where they are here."""
    withheld: Callable[[Path], bool] = _nothing_withheld
    """Files that no learner shall get, left out without a word: solutions, answers."""

    def rewritten(self, text: str, file: Path, first_line: int = 1) -> str:
        """The text of ``file`` (from ``first_line`` on) with every target that is in the course replaced."""

        def decide(reference: Reference) -> str | Leave:
            decision, problem = self._decision(reference, file)
            if problem:
                self.folder.note(file, reference.line + first_line - 1, problem)
            return decision

        return rewrite(text, decide)

    def _decision(self, reference: Reference, file: Path) -> tuple[str | Leave, str | None]:
        address = reference.address
        if not address or address.startswith("#"):
            return address, None
        if address.startswith(("asset:", "activity:")):
            return self._checked(address)
        if (number := quiz_number(address)) is not None:
            if number in self.quizzes:
                return f"activity:{self.quizzes[number]}", None
            return address, f"Quiz {number} is in none of the quiz files."
        if _SCHEME.match(address):
            return self._file_on_the_web(address), None
        return self._local(reference, file)

    def _checked(self, address: str) -> tuple[str | Leave, str | None]:
        scheme, _, name = address.partition(":")
        known = self.assets.files if scheme == "asset" else self.activities.values()
        if unquote(name.partition("#")[0]) in known:
            return address, None
        return Leave.WORDS, f'There is no {scheme} "{name}" in this course.'

    def _file_on_the_web(self, address: str) -> str:
        """A link to a file in the course's own repository means the file here."""
        if self.repository is None:
            return address
        pattern = rf"https?://github\.com/{re.escape(self.repository)}/(?:blob|tree|raw)/[^/]+/([^?#]+)"
        found = re.match(pattern, address, re.IGNORECASE)
        if found is None:
            return address
        path = Path(os.path.normpath(self.folder.root / unquote(found[1])))
        if path in self.activities:
            return f"activity:{self.activities[path]}"
        if _there(path) and path.is_file() and not self.withheld(path) and self.assets.objection(path) is None:
            return f"asset:{self.assets.keep(path)}"
        return address

    def _local(self, reference: Reference, file: Path) -> tuple[str | Leave, str | None]:
        target, _, fragment = reference.address.partition("#")
        target = unquote(target.partition("?")[0])
        kind = "image" if reference.image else "link"
        start = self.folder.root if target.startswith("/") else file.parent
        if "\0" in target:
            return Leave.WORDS, f"The {kind} holds a zero character."
        path = Path(os.path.normpath(start / target.lstrip("/")))
        if not path.is_relative_to(self.folder.root):
            return Leave.WORDS, f'The {kind} "{reference.address}" points outside the course folder.'
        if path in self.activities and not reference.image:
            return f"activity:{self.activities[path]}" + (f"#{fragment}" if fragment else ""), None
        if self.withheld(path) or _OTHER_LANGUAGE.search(path.name):
            return Leave.NOTHING, None
        if not _there(path):
            return Leave.WORDS, f'The {kind} "{reference.address}" leads to nothing in this folder.'
        return self._asset(reference, path, kind)

    def _asset(self, reference: Reference, path: Path, kind: str) -> tuple[str | Leave, str | None]:
        if not path.is_file() or path.suffix.lower() == ".md":
            return Leave.WORDS, f'The {kind} "{reference.address}" leads to something that is no part of the course.'
        if reference.image and path.suffix.lower() not in PICTURES:
            return Leave.WORDS, f'The image "{reference.address}" is not a picture file.'
        if objection := self.assets.objection(path):
            return Leave.WORDS, f'The {kind} "{reference.address}" leads to a file that {objection}.'
        return f"asset:{self.assets.keep(path)}", None
