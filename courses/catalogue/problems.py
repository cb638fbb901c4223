"""What could not be resolved when a course was imported, told by file and in the reader's language.

Readers of course folders write English sentences, which are kept with the version and translated when they are shown; a
sentence that is not known is shown as it was written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from flask_babel import gettext

from courses.catalogue.known_problems import FRAGMENTS, SENTENCES
from lms.kit import i18n

LINE = re.compile(r"(?:(?P<file>.*?)(?::(?P<line>\d+))?: )?(?P<sentence>.*)", re.DOTALL)
GAP = re.compile(r"%\((\w+)\)s")
Patterns = list[tuple[re.Pattern[str], str]]


@dataclass(frozen=True)
class Remark:
    """One problem: its line (None: the whole file), its sentence, and whether that is in the reader's language."""

    line: int | None
    sentence: str
    translated: bool


@dataclass(frozen=True)
class FileRemarks:
    """What is wrong in one file."""

    file: str
    remarks: list[Remark]


def by_file(problems: Sequence[str]) -> list[FileRemarks]:
    """The stored lines ("file:line: sentence"), grouped by file in their order."""
    parts = [found for problem in problems if (found := LINE.fullmatch(problem))]
    return [
        FileRemarks(file, [_remark(part) for part in group])
        for file, group in groupby(parts, lambda part: part["file"] or "")
    ]


def _remark(part: re.Match[str]) -> Remark:
    said = translated(part["sentence"])
    return Remark(int(part["line"]) if part["line"] else None, said or part["sentence"], said is not None)


def translated(sentence: str) -> str | None:
    """The sentence in the reader's language, None when it is not known."""
    if i18n.current() == "en":
        return sentence
    sentences, fragments = _patterns()
    return _translated(sentence, sentences, fragments)


def _translated(text: str, patterns: Patterns, fragments: Patterns) -> str | None:
    for pattern, source in patterns:
        if found := pattern.fullmatch(text):
            gaps = {name: _translated(gap, fragments, []) or gap for name, gap in found.groupdict().items()}
            return gettext(source) % gaps
    return None


@cache
def _patterns() -> tuple[Patterns, Patterns]:
    with i18n.speaking("en"):
        return [_pattern(str(each)) for each in SENTENCES], [_pattern(str(each)) for each in FRAGMENTS]


def _pattern(source: str) -> tuple[re.Pattern[str], str]:
    """A sentence with gaps ("%(what)s") as a pattern, and as it was written."""
    parts = GAP.split(source)
    written = [f"(?P<{part}>.*)" if at % 2 else re.escape(part) for at, part in enumerate(parts)]
    return re.compile("".join(written), re.DOTALL), source
