"""TOML written by hand: each value read with its line, each mistake listed, a default in its place."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from courses.formats.folder import CourseFolder
from courses.formats.shapes import Words

LANGUAGES = {"en": "English", "ko": "Korean"}
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*\]")
_KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")
_AT_LINE = re.compile(r"at line (\d+)")
_MOST_DIGITS = 30

Way = tuple[str | int, ...]


@dataclass(frozen=True)
class Table:
    """One table of a file; ``way`` leads to it from the top."""

    folder: CourseFolder
    path: Path
    values: dict[str, Any]
    lines: dict[Way, int]
    way: Way = ()

    def line(self, key: str | None = None) -> int:
        """The line of a value, or of what it stands in when its own is not to be found."""
        way: Way = self.way if key is None else (*self.way, key)
        while way and way not in self.lines:
            way = way[:-1]
        return self.lines.get(way, 0)

    def note(self, message: str, key: str | None = None) -> None:
        """List a problem at a value, or at the table."""
        self.folder.note(self.path, self.line(key), message)

    def only(self, *allowed: str) -> None:
        """List keys that mean nothing here: most are misspelt."""
        for key in self.values.keys() - set(allowed):
            self.note(f'"{key}" means nothing here and was passed over.', key)

    def table(self, key: str) -> "Table":
        """The table under a key; an empty one when there is none."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.note(f'"{key}" should be a table.', key)
            value = {}
        return Table(self.folder, self.path, value, self.lines, (*self.way, key))

    def tables(self, key: str) -> list["Table"]:
        """The list of tables under a key."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.note(f'"{key}" should be a list of tables.', key)
            return []
        return [
            Table(self.folder, self.path, each, self.lines, (*self.way, key, number))
            for number, each in enumerate(value)
        ]

    def text(self, key: str, default: str = "") -> str:
        """A single text."""
        value = self.values.get(key, default)
        if not isinstance(value, str):
            self.note(f'"{key}" should be a text.', key)
            return default
        return value.strip()

    def texts(self, key: str) -> list[str]:
        """A list of texts, empty ones left out."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.note(f'"{key}" should be a list of texts.', key)
            return []
        return [each.strip() for each in value if each.strip()]

    def truth(self, key: str) -> bool:
        """A boolean, false when it is not there."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.note(f'"{key}" should be true or false.', key)
            return False
        return value

    def whole(self, key: str, default: int | None, lowest: int, highest: int) -> int | None:
        """A whole number from ``lowest`` to ``highest``."""
        value = self.values.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            self.note(f'"{key}" should be a whole number from {lowest} to {highest}.', key)
            return default
        return value

    def decimal(self, key: str) -> str | None:
        """A number as text, exactly as written; None when it is none."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return None
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            return None
        return str(number) if number.is_finite() and abs(number.adjusted()) <= _MOST_DIGITS else None

    def words(self, key: str, required: bool = True) -> Words:
        """A text in both languages; a plain text stands for both, a missing language is listed."""
        value = self.values.get(key)
        if isinstance(value, str) and value.strip():
            return dict.fromkeys(LANGUAGES, value.strip())
        if isinstance(value, dict):
            found = {language: text.strip() for language, text in value.items() if isinstance(text, str)}
            words = {language: found[language] for language in LANGUAGES if found.get(language)}
            if words:
                self._missing_languages(key, words)
                return words
        if required or value is not None:
            self.note(f'"{key}" should be a text in English and Korean.', key)
        return {}

    def _missing_languages(self, key: str, words: Iterable[str]) -> None:
        for language, name in LANGUAGES.items():
            if language not in words:
                self.note(f'"{key}" has no {name} text.', key)


def read_toml(folder: CourseFolder, path: Path) -> Table | None:
    """The top table of a file; None when there is no such file or it is not valid TOML, which is listed."""
    text = folder.text(path)
    if text is None:
        return None
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else text.rstrip().count("\n") + 1
        reason = str(error).partition(" (at ")[0]
        folder.note(path, line, f"The file is not valid TOML and was left out: {reason}.")
        return None
    return Table(folder, path, values, _lines(text))


def _lines(text: str) -> dict[Way, int]:
    """The line of each table and each key, by its way from the top."""
    lines: dict[Way, int] = {}
    counts: dict[Way, int] = {}
    here: Way = ()
    quote: str | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if quote is None:
            if header := _HEADER.match(line):
                here = _way(header[2], counts, is_new=header[1] == "[[")
                lines.setdefault(here, number)
            elif key := _KEY.match(line):
                way = here
                for part in key[1].split("."):
                    way = (*way, part.strip())
                    lines.setdefault(way, number)
        quote = _quote_after(line, quote)
    return lines


def _way(dotted: str, counts: dict[Way, int], is_new: bool) -> Way:
    """The way that a header names: lists are entered at their latest table."""
    way: Way = ()
    parts = [part.strip() for part in dotted.split(".")]
    for order, part in enumerate(parts, 1):
        way = (*way, part)
        if is_new and order == len(parts):
            counts[way] = counts.get(way, 0) + 1
        if way in counts:
            way = (*way, counts[way] - 1)
    return way


def _quote_after(line: str, quote: str | None) -> str | None:
    """Whether a text of several lines is open at the end of this line, and by which quotes."""
    rest = line
    while True:
        found = re.search(quote or "\"\"\"|'''", rest)
        if found is None:
            return quote
        quote = None if quote else found[0]
        rest = rest[found.end() :]
