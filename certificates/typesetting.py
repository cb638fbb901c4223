"""Lines and dates of a certificate, worked out before anything is drawn.

Lines are broken here and not by the layout engine: it tears Korean words apart and measures each text many times. What
is measured here fits: the type shrinks within the sizes that a design allows, then wraps, and is never clipped.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from markupsafe import Markup

from certificates import faces
from certificates.design import Place

MM_PER_PT = 25.4 / 72
TEARS = 0.5  # of its size a text gives up rather than have a word torn apart
SAFETY = 0.985  # of the width is used: rounding in the layout engine
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class TooLong(ValueError):
    """A text does not fit its place even in the smallest size that the design allows."""


@dataclass(frozen=True)
class Setting:
    """A text as it will stand: size in points and the lines; in a template it prints its lines."""

    size: float
    lines: tuple[str, ...]
    voice: str
    width: float  # of the widest line, in mm

    def __html__(self) -> Markup:
        return Markup("<br>").join(self.lines)


def fit(
    text: str,
    wide: float,
    high: float,
    sizes: Sequence[float],
    voice: str = "",
    leading: float = 1.25,
    spacing: float = 0,
) -> Setting:
    """The text in the largest of the sizes (points, falling) in which it fits a place of ``wide`` by ``high`` mm.

    ``spacing`` is letter-spacing in em. Raises TooLong.
    """
    voice = voice or faces.voice(text)
    torn: Setting | None = None
    for size in sizes:
        setting = set_in(text, wide, size, voice, spacing)
        if len(setting.lines) * size * MM_PER_PT * leading > high + 0.01:
            continue
        if torn and size < torn.size * TEARS:
            break
        if whole(setting, text):
            return setting
        torn = torn or setting
    if torn:
        return torn
    raise TooLong(text)


def whole(setting: Setting, text: str) -> bool:
    """Whether lines end only where a word does."""
    plain = unicodedata.normalize("NFC", text)
    words = {*plain.split(), *plain.replace("-", "- ").split()}
    return all(word in words for line in setting.lines for word in line.split())


def fit_in(text: str, place: Place) -> Setting:
    """The text in a place that a design names. Raises TooLong."""
    return fit(text, place.wide, place.high, place.sizes, leading=place.leading)


@lru_cache(maxsize=4096)
def set_in(text: str, wide: float, size: float, voice: str, spacing: float = 0) -> Setting:
    """The text in this size, in as many lines as it takes; a line feed always ends a line."""
    limit = wide * SAFETY / (size * MM_PER_PT)
    parts = [" ".join(part.split()) for part in unicodedata.normalize("NFC", text).split("\n")]
    lines = [line for part in parts for line in broken(part, limit, voice, spacing)]
    widest = max(measure(line, voice, spacing) for line in lines)
    return Setting(size, tuple(lines), voice, widest * size * MM_PER_PT)


@dataclass(frozen=True)
class Row:
    """One row of facts, each cell set; ``high`` in mm."""

    key: str
    cells: tuple[Setting, ...]
    high: float


@dataclass(frozen=True)
class Rows:
    """Rows of facts in one size; ``line`` is the height of a line in mm."""

    size: float
    line: float
    rows: tuple[Row, ...]


def fit_rows(
    rows: Sequence[tuple[str, str, Sequence[str]]],
    wides: Sequence[float],
    high: float,
    sizes: Sequence[float],
    leading: float = 1.4,
    *,
    stacked: bool = False,
    gap: float = 0,
) -> Rows:
    """Rows of (key, voice, one text a column) in the largest size in which all fit ``high`` mm. Raises TooLong.

    ``stacked``: the texts of a row stand below one another. ``gap`` is free after each row, in mm.
    """
    tallest = sum if stacked else max
    for size in sizes:
        line = size * MM_PER_PT * leading
        done = []
        for key, voice, texts in rows:
            cells = tuple(set_in(text, wide, size, voice) for text, wide in zip(texts, wides, strict=True))
            done.append(Row(key, cells, tallest(len(cell.lines) for cell in cells) * line + gap))
        if sum(row.high for row in done) - gap <= high:
            return Rows(size, line, tuple(done))
    raise TooLong(" ".join(text for _, _, texts in rows for text in texts))


def measure(line: str, voice: str, spacing: float = 0) -> float:
    """Width in em, with letter-spacing after each letter but the last."""
    return faces.width(line, voice) + spacing * max(len(line) - 1, 0)


def broken(text: str, limit: float, voice: str, spacing: float = 0) -> list[str]:
    """The fewest lines of at most ``limit`` em, then as even as they can be, so that no single word is left alone."""
    lines = filled(text, limit, voice, spacing)
    if len(lines) == 1:
        return lines
    widest = max(measure(word, voice, spacing) for word in text.split())
    low, high = max(limit / 2, min(widest, limit)), limit
    while high - low > 0.25:
        middle = (low + high) / 2
        if len(filled(text, middle, voice, spacing)) > len(lines):
            low = middle
        else:
            high = middle
    return filled(text, high, voice, spacing)


def filled(text: str, limit: float, voice: str, spacing: float = 0) -> list[str]:
    """Lines filled one after the other; words stay whole unless one alone is wider than a line."""
    lines = [""]
    for word in re.findall(r"\S+?-(?=\w)|\S+\s*|\s+", text):
        if measure((lines[-1] + word).rstrip(), voice, spacing) <= limit:
            lines[-1] += word
        elif measure(word.rstrip(), voice, spacing) <= limit:
            lines.append(word)
        else:
            for cluster in faces.clusters(word):
                if lines[-1] and measure((lines[-1] + cluster).rstrip(), voice, spacing) > limit:
                    lines.append("")
                lines[-1] += cluster
    return [line.strip() for line in lines if line.strip()] or [""]


def direction(text: str) -> str:
    """ "rtl" when the first letter with a direction is written from right to left."""
    strong = (unicodedata.bidirectional(c) for c in text)
    first = next((kind for kind in strong if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


def day_in(language: str, day: date) -> str:
    return day_ko(day) if language == "ko" else day_en(day)


def day_ko(day: date) -> str:
    return f"{day.year}년 {day.month}월 {day.day}일"


def day_en(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def period_in(language: str, first: date, last: date) -> str:
    return period_ko(first, last) if language == "ko" else period_en(first, last)


def period_ko(first: date, last: date) -> str:
    return f"{first.year}. {first.month}. {first.day}. ~ {last.year}. {last.month}. {last.day}."


def short_period(first: date, last: date) -> str:
    """In figures that both languages read: the year of the last day is left out where it is that of the first."""
    year = "" if first.year == last.year else f"{last.year}. "
    return f"{first.year}. {first.month}. {first.day}. ~ {year}{last.month}. {last.day}."


def period_en(first: date, last: date) -> str:
    start = day_en(first)
    if first.year == last.year:
        start = start.removesuffix(f" {first.year}")
    return f"{start} – {day_en(last)}"


def hours_in(language: str, hours: int) -> str:
    return f"{hours:,}시간" if language == "ko" else hours_en(hours)


def hours_en(hours: int) -> str:
    return f"{hours:,} hour" if hours == 1 else f"{hours:,} hours"


def shown_address(verify_url: str, code: str) -> str:
    """The address to type, without scheme and without the code, which stands below it."""
    parts = urlsplit(verify_url)
    address = f"{parts.netloc}{parts.path}".rstrip("/")
    for ending in (code, code.replace("-", "")):
        if address.lower().endswith("/" + ending.lower()):
            return address[: -len(ending) - 1]
    return address


def grouped(code: str) -> tuple[str, str]:
    """The code in groups of four, as two lines of about the same length."""
    plain = code.replace("-", "")
    groups = [plain[at : at + 4] for at in range(0, len(plain), 4)]
    half = (len(groups) + 1) // 2
    return "-".join(groups[:half]) + "-" * (len(groups) > half), "-".join(groups[half:])
