"""Links and images in a Markdown text: where they stand, and a text with other targets."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from html import unescape

from courses.formats.markdown import without_code

_MARKDOWN = re.compile(
    r"\]\([ \t]*(?P<address><[^<>\n]*>|(?:\\[^\n]|[^\s()<>\\]|\((?:\\[^\n]|[^\s()\\])*\))+)"
    r"(?:[ \t]*\n?[ \t]*(?<=\s)"
    r"(?:\"(?:\\[^\n]|[^\"\\\n]){0,500}\"|'(?:\\[^\n]|[^'\\\n]){0,500}'|\([^()\n]{0,500}\)))?\s*\)"
)
_DEFINITION = re.compile(r"^[ ]{0,3}\[(?!\^)[^\]\n]+\]:[ \t]*(?P<address><[^<>\n]*>|[^\s<]\S*)[^\n]*$", re.MULTILINE)
_HTML = re.compile(r"<(?P<tag>img|a|source|video|audio)(?=[\s/])(?P<rest>[^<>]*)>", re.IGNORECASE)
_TARGET = re.compile(r"\b(?:src|href)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))", re.I)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_ALONE_BEFORE = re.compile(r"[\s>#*+\-]*")
_LONGEST_TEXT = 2000

Cut = tuple[int, int, str]


class Leave(Enum):
    """What remains of a link that has no target here."""

    WORDS = "its words"
    NOTHING = "its words, or nothing when the line holds nothing else"


@dataclass(frozen=True)
class Reference:
    """One link or image."""

    address: str
    line: int
    image: bool
    place: tuple[int, int]
    """Where the address stands in the text."""
    cuts: tuple[Cut, ...]
    """The replacements that leave its words only."""


Decide = Callable[[Reference], str | Leave]


def references(text: str) -> Iterator[Reference]:
    """Every link and image outside code, in no special order."""
    visible = without_code(text)
    ends = [position for position, sign in enumerate(text) if sign == "\n"]

    def line(position: int) -> int:
        return bisect_right(ends, position - 1) + 1

    for found in _MARKDOWN.finditer(visible):
        start = _opening(visible, found.start())
        if start is None:
            continue
        image = start > 0 and visible[start - 1] == "!"
        words = text[start + 1 : found.start()]
        address, place = _unwrapped(text, found)
        name = "" if words.strip() or not image else address.rpartition("/")[2]
        cuts = ((start - image, start + 1, name), (found.start(), found.end(), ""))
        yield Reference(address, line(found.start()), image, place, cuts)
    for found in _DEFINITION.finditer(visible):
        address, place = _unwrapped(text, found)
        yield Reference(address, line(found.start()), False, place, ((*found.span(), ""),))
    for found in _HTML.finditer(visible):
        yield from _in_tag(found, line(found.start()))


def _unwrapped(text: str, found: re.Match[str]) -> tuple[str, tuple[int, int]]:
    start, end = found.span("address")
    address = text[start:end]
    if address.startswith("<"):
        address = address[1:-1]
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", address), (start, end)


def _opening(text: str, closing: int) -> int | None:
    """The bracket that the one at ``closing`` closes."""
    depth = 0
    for position in range(closing, max(-1, closing - _LONGEST_TEXT), -1):
        if position and text[position - 1] == "\\":
            if position == closing:
                return None
            continue
        if text[position] == "]":
            depth += 1
        elif text[position] == "[":
            depth -= 1
            if depth == 0:
                return position
    return None


def _in_tag(found: re.Match[str], line: int) -> Iterator[Reference]:
    target = _TARGET.search(found["rest"])
    if target is None:
        return
    group = next(name for name in ("double", "single", "bare") if target[name] is not None)
    shift = found.start("rest")
    place = (target.start(group) + shift, target.end(group) + shift)
    image = found["tag"].lower() == "img"
    if image:
        alt = _ALT.search(found["rest"])
        words = (alt and (alt[1] or alt[2])) or target[group].rpartition("/")[2]
        cuts: tuple[Cut, ...] = ((*found.span(), unescape(words)),)
    else:
        cuts = ((target.start() + shift, target.end() + shift, ""),)
    yield Reference(unescape(target[group]), line, image, place, cuts)


def rewrite(text: str, decide: Decide) -> str:
    """The text with each target replaced by what ``decide`` says of it: an address, or what to leave of the link."""
    cuts: list[Cut] = []
    for reference in references(text):
        decision = decide(reference)
        if decision is Leave.NOTHING and (whole := _alone(text, reference)):
            cuts.append((*whole, ""))
        elif isinstance(decision, Leave):
            cuts.extend(reference.cuts)
        elif decision != reference.address:
            cuts.append((*reference.place, decision))
    return _cut(text, cuts)


def _alone(text: str, reference: Reference) -> tuple[int, int] | None:
    """The line of a link when it holds nothing else."""
    first, last = reference.cuts[0][0], reference.cuts[-1][1]
    start = text.rfind("\n", 0, first) + 1
    end = text.find("\n", last)
    end = len(text) if end < 0 else end
    if _ALONE_BEFORE.fullmatch(text, start, first) and not text[last:end].strip():
        return start, end
    return None


def _cut(text: str, cuts: list[Cut]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, instead in sorted(cuts):
        if start >= done:
            pieces += [text[done:start], instead]
            done = end
    return "".join([*pieces, text[done:]])
