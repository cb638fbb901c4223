"""One figure for everything that was read, so that an unchanged course is not imported again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from courses.formats.shapes import CourseShape

APART = (
    "slug",
    "assets",
    "problems",
)  # the name is the course's, pictures count by content, problems follow from the rest


def digest_of(shape: CourseShape, assets: Mapping[str, str]) -> str:
    """SHA-256 over the texts, questions and rubrics, and over `assets` (name → SHA-256 of its content)."""
    told = {field.name: getattr(shape, field.name) for field in fields(shape) if field.name not in APART}
    told["assets"] = assets
    text = json.dumps(told, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def content_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    if is_dataclass(value):
        return {"shape": type(value).__name__, **{each.name: getattr(value, each.name) for each in fields(value)}}
    raise TypeError(f"{type(value).__name__} has no place in a course.")
