"""The places of a page where one person's certificate differs from the next.

A template marks them (``own``, ``own_square``) and prints a sign of the private use area in each, which no fact may
hold. Two people whose pages are then the same text share one layout: see ``certificates.plates``.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from jinja2 import TemplateRuntimeError
from markupsafe import Markup, escape

from certificates.squares import Corners, Square, square
from certificates.typesetting import Setting

OPENING, CLOSING = "\ue000", "\ue001"
HELD_DAY = "1000-01-01T00:00:00+09:00"
HELD = re.compile(r"¦(\d{3})¦")
SIGN = re.compile(f"{OPENING}(\\d+){CLOSING}")
SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}  # of what a text is wider, by how much it begins further left
INDIC = range(0x0900, 0x0E00)  # scripts whose letters change places
SIMPLE = frozenset(("L", "EN", "ES", "ET", "CS", "WS", "ON", "NSM"))  # directions that need no second look


@dataclass(frozen=True)
class Slot:
    """One line of text that is a person's own. ``line`` joins the slots that follow one another in the same line."""

    text: str
    voice: str
    align: str
    spacing: float
    line: int


@dataclass
class Slots:
    """Collects what a template marks while it is rendered; one for each page."""

    texts: list[Slot] = field(default_factory=list)
    squares: list[Square] = field(default_factory=list)
    day: date = date.min

    def own_day(self, day: date) -> str:
        """The day of the document for its description, as midnight in Seoul."""
        self.day = day
        return HELD_DAY

    def own(self, what: Setting | str, voice: str = "plain", align: str = "left", spacing: float = 0) -> Markup:
        """A text of this person: a setting, or a string that is one line in a ``voice``.

        ``align`` and ``spacing`` (em) are those of the element round it.
        """
        if isinstance(what, Setting):
            signs = [self.own_line(line, voice=what.voice, align=align, spacing=spacing)[0] for line in what.lines]
            return Markup("<br>").join(signs)
        return self.own_line(what, voice=voice, align=align, spacing=spacing)[0]

    def own_line(self, *texts: str, voice: str = "plain", align: str = "left", spacing: float = 0) -> list[Markup]:
        """Texts that follow one another in one line, each in an element of its own and nothing between them."""
        if align not in SHARES:
            raise TemplateRuntimeError(f"align is left, center or right, not {align}")
        first = len(self.texts)
        self.texts += [Slot(text, voice, align, spacing, first) for text in texts]
        return [Markup(sign(number)) for number in range(first, len(self.texts))]  # noqa: S704 - signs only

    def own_square(self, payload: str) -> "Held":
        """The place of the QR code of an address of this person."""
        code = square(payload)
        self.squares.append(code)
        return Held(code.modules, held_path(len(self.squares) - 1))


@dataclass(frozen=True)
class Held:
    """What a template sees of a person's QR code: its side in modules, and a path that stands for its own."""

    modules: int
    path: str


@dataclass(frozen=True)
class Page:
    """The text of a page with its signs, and what belongs in their places."""

    skeleton: str
    texts: tuple[Slot, ...] = ()
    squares: tuple[Square, ...] = ()
    day: date = date.min

    @property
    def simple(self) -> bool:
        """Whether all of its own texts run from left to right, letter by letter."""
        return all(straight(slot.text) for slot in self.texts)

    def whole(self) -> str:
        """The page with everything in its place, for a layout of its own."""
        page = filled(self.skeleton, lambda number: str(escape(self.texts[number].text)))
        for number, code in enumerate(self.squares):
            page = page.replace(held_path(number), code.path)
        return page.replace(HELD_DAY, f"{self.day.isoformat()}{HELD_DAY[10:]}")

    def holding(self) -> str:
        """The page with a short text in each place, the same for everybody."""
        return filled(self.skeleton, held_text)


def filled(text: str, put: Callable[[int], str]) -> str:
    return SIGN.sub(lambda found: put(int(found[1])), text)


def sign(number: int) -> str:
    return f"{OPENING}{number}{CLOSING}"


def held_text(number: int) -> str:
    return f"¦{number:03d}¦"


def held_path(number: int) -> str:
    """A path that nobody draws; ``held_corners`` are where it goes."""
    return f"M0 0H1V1H-{1001 + number}Z"


def held_corners(number: int) -> Corners:
    return (0, 0), (1, 0), (1, 1), (-1001 - number, 1)


@lru_cache(maxsize=4096)
def straight(text: str) -> bool:
    return all(unicodedata.bidirectional(c) in SIMPLE and ord(c) not in INDIC for c in text)
