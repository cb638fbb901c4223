"""The designs of certificates: folders of HTML, CSS, strings and pictures, each with a name and a version.

A design folder holds ``design.toml`` (name, version, title in each language, and the strings that it prints),
``certificate.html`` and ``certificate.css``. Whatever else it needs (a seal, a picture) lies in the same folder.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "designs"
PAGE = "certificate.html"
SHEET = "certificate.css"


class UnknownDesign(LookupError):
    """No folder of that name."""


@dataclass(frozen=True)
class Design:
    """One design as it lies on disk. ``version`` goes up with every change of what is printed."""

    name: str
    version: str
    title: Mapping[str, str]
    strings: Mapping[str, Mapping[str, Any]] = field(repr=False)
    folder: Path = field(repr=False)

    @classmethod
    def read(cls, folder: Path) -> "Design":
        own = tomllib.loads((folder / "design.toml").read_text(encoding="utf-8"))
        return cls(own["name"], own["version"], own["title"], own["strings"], folder)


@cache
def designs() -> tuple[Design, ...]:
    """All designs that ship with the product, by name. Read once a process."""
    return tuple(Design.read(path.parent) for path in sorted(FOLDER.glob("*/design.toml")))


def find(name: str) -> Design:
    for design in designs():
        if design.name == name:
            return design
    raise UnknownDesign(name)
