"""What could not be resolved when a course was imported, told by file and in the reader's language.

Readers of course folders write English sentences, which are kept with the version. The forms that they take are listed
here with their translations; a sentence of another form is shown as it was written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from lms.kit import i18n

LINE = re.compile(r"(?P<file>.*?)(?::(?P<line>\d+))?: (?P<sentence>.*)", re.DOTALL)

KNOWN = (
    _l('The link "%(what)s" leads to nothing in this folder.'),
    _l('The image "%(what)s" leads to nothing in this folder.'),
    _l("The notebook is empty (0 bytes)."),
    _l("The file is empty."),
    _l("The file is not valid UTF-8; what could not be read is shown as a replacement sign."),
    _l("The file holds a zero character, which was replaced."),
    _l("This link leads out of the course folder or to nothing and was not followed."),
    _l("There is no %(language)s text of this page."),
    _l("There is no %(language)s text of this lesson."),
    _l("There is no %(language)s text of this assignment."),
    _l("The assignment has no rubric table; it is marked by one criterion, done or not done."),
    _l("The rubric table is missing in this language."),
    _l("This module folder holds no lesson folder and was left out."),
    _l("This lesson folder has no README.md to read and was left out."),
    _l("The quiz file is not valid JSON."),
    _l("Quiz %(number)s is there twice; the first one counts."),
    _l("Quiz %(number)s has no question that can be asked and was left out."),
    _l("The quiz has no question that can be asked and was left out."),
    _l("A question without text was left out."),
    _l("The question has the same answer twice."),
    _l("The question has no correct answer and was left out."),
    _l("The question has fewer than two answers and was left out."),
    _l('The key "%(key)s" is there twice; this question was left out.'),
    _l('"%(key)s" means nothing here and was passed over.'),
    _l('"%(key)s" has no %(language)s text.'),
    _l('"%(key)s" should be a text in English and Korean.'),
    _l("The file is not valid TOML and was left out: %(reason)s."),
)
LANGUAGES = {"English": _l("English"), "Korean": _l("Korean")}


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
        for file, group in groupby(parts, lambda part: part["file"])
    ]


def _remark(part: re.Match[str]) -> Remark:
    said = translated(part["sentence"])
    return Remark(int(part["line"]) if part["line"] else None, said or part["sentence"], said is not None)


def translated(sentence: str) -> str | None:
    """The sentence in the reader's language, None when its form is not known."""
    if i18n.current() == "en":
        return sentence
    for pattern, source in _patterns():
        if found := pattern.fullmatch(sentence):
            values = {name: str(LANGUAGES.get(value, value)) for name, value in found.groupdict().items()}
            return gettext(source) % values
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    with i18n.speaking("en"):
        sources = [str(sentence) for sentence in KNOWN]
    return [
        (re.compile(re.sub(r"%\\\((\w+)\\\)s|%\((\w+)\)s", _group, re.escape(source))), source) for source in sources
    ]


def _group(found: re.Match[str]) -> str:
    return f"(?P<{found[1] or found[2]}>.*)"
