"""What a reader needs to know of a Markdown text without rendering it: title, front matter, what is code, how long."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

_CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n[ \t>]*\n).){0,2000}?)(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SETTING = re.compile(r"([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*)")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ANCHOR = re.compile(r"\[\[[^\]]*\]\]|\{#[^}]*\}")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_]{1,3})(?=\S)([^*_\n]+)(?<=\S)\1(?![\w*_])")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Page:
    """A Markdown file taken apart; lines are those of the file."""

    title: str | None
    body: str
    """Without front matter and without the title, each replaced by nothing but its line ends."""
    settings: dict[str, str] = field(default_factory=dict)


def page(text: str) -> Page:
    """Take the front matter and the first heading of level one off a text, so that lines keep their numbers."""
    settings, text = _front_matter(text)
    lines = text.split("\n")
    for opening, inline in _headings(text):
        if opening.tag == "h1" and opening.map and (title := plain(inline.content)):
            first, end = opening.map
            kept = [*lines[:first], *[""] * (end - first), *lines[end:]]
            return Page(title, "\n".join(kept), settings)
    for _opening, inline in _headings(text):
        if title := plain(inline.content):
            return Page(title, text, settings)
    return Page(None, text, settings)


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """A block of ``key: value`` lines between two lines ``---`` at the very start; anything else is text."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return {}, text
    settings: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return settings, "\n".join([*[""] * (number + 1), *lines[number + 1 :]])
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        setting = _SETTING.fullmatch(line.rstrip())
        if setting is None:
            return {}, text
        settings[setting[1].lower()] = setting[2].strip().strip("\"'")
    return {}, text


@lru_cache(maxsize=8)
def _blocks(text: str) -> list[Token]:
    return MarkdownIt("commonmark").disable("inline").parse(text)


def _headings(text: str) -> list[tuple[Token, Token]]:
    """Headings that stand at the outermost level, each with the token that holds its words."""
    tokens = _blocks(text)
    return [(one, next_one) for one, next_one in pairwise(tokens) if one.type == "heading_open" and one.level == 0]


def plain(markdown: str) -> str:
    """The words of one line of Markdown: no links, no marks, no emoji, no HTML."""
    words = _ANCHOR.sub("", _IMAGE.sub("", markdown))
    words = _EMPHASIS.sub(r"\2", _TAG.sub("", _LINK.sub(r"\1", words))).replace("**", "").replace("`", "")
    words = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", words)
    return " ".join("".join(sign for sign in words if not _is_decoration(sign)).split())


def _is_decoration(sign: str) -> bool:
    return (ord(sign) >= 0x2600 and unicodedata.category(sign) == "So") or sign in "\ufe0f\u200d\U0001f3fb\U0001f3fc"


def without_code(text: str) -> str:
    """The text with code and comments replaced by blanks, each remaining sign at its old place."""
    lines = text.split("\n")
    for token in _blocks(text):
        if token.type in ("fence", "code_block") and token.map:
            for number in range(*token.map):
                if number < len(lines):
                    lines[number] = " " * len(lines[number])
    return _COMMENT.sub(_blank, _CODE_SPAN.sub(_blank, "\n".join(lines)))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def count_words(text: str) -> int:
    """Words to read, code apart."""
    return len(_WORD.findall(_TAG.sub("", _LINK.sub(r"\1", _IMAGE.sub("", without_code(text))))))


def study_minutes(text: str) -> int:
    """How long a lesson takes, rounded up to five minutes: 120 words a minute, and four lines of code."""
    code = sum(
        token.content.count("\n") for token in _blocks(text) if token.type in ("fence", "code_block") and token.content
    )
    minutes = count_words(text) / 120 + code / 4
    return max(5, -int(-minutes // 5) * 5)


def first_paragraph(text: str) -> str:
    """The first paragraph of prose as plain words; badges, quotes and short lines are passed over."""
    for token, inline in pairwise(_blocks(text)):
        if token.type == "paragraph_open" and token.level == 0:
            words = plain(inline.content.replace("\n", " "))
            if len(words.split()) >= 8:
                return words
    return ""
