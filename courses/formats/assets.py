"""The files of a course that its bodies show or offer for download."""

import hashlib
from pathlib import Path

from courses.formats.folder import LARGEST_ASSET, CourseFolder
from courses.formats.naming import safe_name

PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif"}


class Assets:
    """Gives each file one name, the same at every reading."""

    def __init__(self, folder: CourseFolder) -> None:
        self._folder = folder
        self._names: dict[Path, str] = {}
        self.files: dict[str, Path] = {}

    def objection(self, path: Path) -> str | None:
        """Why a file cannot be an asset, or None."""
        if not self._folder.holds(path):
            return "is not in the course folder"
        if any(part.startswith(".") for part in path.relative_to(self._folder.root).parts):
            return "is a hidden file"
        size = path.stat().st_size
        if size == 0:
            return "is empty (0 bytes)"
        if size > LARGEST_ASSET:
            return f"is larger than {LARGEST_ASSET // 1024**2} MB"
        return None

    def keep(self, path: Path) -> str:
        """The name of a file to which there is no objection."""
        if path not in self._names:
            relative = path.relative_to(self._folder.root).as_posix()
            name = safe_name(relative)
            if name in self.files:
                mark = hashlib.sha1(relative.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()[:8]
                name = f"{mark}-{name}"
            self._names[path] = name
            self.files[name] = path
        return self._names[path]
