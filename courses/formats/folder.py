"""A course folder on disk: what may be read of it, and the list of what was wrong with it."""

import os
from collections.abc import Iterator
from pathlib import Path

from courses.formats.naming import in_order
from courses.formats.shapes import Problem

LARGEST_TEXT = 2 * 1024 * 1024
LARGEST_ASSET = 50 * 1024 * 1024


class CourseFolder:
    """Reads inside one folder only: what a symbolic link leads out of it is not there."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.problems: list[Problem] = []

    def name(self, path: Path) -> str:
        """The path relative to the course, printable on any terminal."""
        relative = Path(os.path.normpath(path)).relative_to(self.root).as_posix()
        return relative.encode("utf-8", "replace").decode()

    def note(self, path: Path, line: int, message: str) -> None:
        """List a problem once, however many passes meet it."""
        problem = Problem(self.name(path), line, message)
        if problem not in self.problems:
            self.problems.append(problem)

    def holds(self, path: Path) -> bool:
        """Whether the path, with symbolic links followed, is something inside the folder."""
        try:
            return path.resolve(strict=True).is_relative_to(self.root)
        except (OSError, RuntimeError, ValueError):
            return False

    def entries(self, folder: Path) -> list[Path]:
        """What lies in a folder, in course order; hidden files are no part of a course."""
        found = sorted((path for path in folder.iterdir() if path.name[0] != "."), key=lambda path: in_order(path.name))
        for path in found:
            if not self.holds(path):
                self.note(path, 0, "This link leads out of the course folder or to nothing and was not followed.")
        return [path for path in found if self.holds(path)]

    def folders(self, folder: Path) -> list[Path]:
        """The folders in a folder, in course order."""
        return [path for path in self.entries(folder) if path.is_dir()]

    def files(self, folder: Path) -> list[Path]:
        """The files in a folder, in course order."""
        return [path for path in self.entries(folder) if path.is_file()]

    def files_below(self, folder: Path) -> Iterator[Path]:
        """All files under a folder; a folder that is a symbolic link is not entered, so that walks end."""
        for path in self.entries(folder):
            if path.is_file():
                yield path
            elif path.is_dir() and not path.is_symlink():
                yield from self.files_below(path)

    def text(self, path: Path) -> str | None:
        """The text of a file with plain line ends, or None when there is nothing to read; problems are listed."""
        if not self.holds(path) or not path.is_file():
            return None
        size = path.stat().st_size
        if size > LARGEST_TEXT:
            self.note(path, 0, f"The file is larger than {LARGEST_TEXT // 1024**2} MB and was not read.")
            return None
        raw = path.read_bytes()
        if not raw.strip():
            self.note(path, 0, "The file is empty.")
            return None
        return self._decoded(path, raw)

    def _decoded(self, path: Path, raw: bytes) -> str:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self.note(path, line, "The file is not valid UTF-8; what could not be read is shown as a replacement sign.")
            text = raw.decode("utf-8-sig", "replace")
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            self.note(path, line, "The file holds a zero character, which was replaced.")
            text = text.replace("\0", "\ufffd")
        return text.replace("\r\n", "\n").replace("\r", "\n")
