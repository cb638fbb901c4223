"""Headings: below the page's own, no level skipped, each with an anchor."""

import re
import unicodedata

from markdown_it.rules_core import StateCore

from lms.kit.markup.passage import Heading, passage_of
from lms.kit.markup.plain import text_of

GIVEN = re.compile(r"\s*\[\[([^\[\]\s]{1,80})\]\]\s*$")
PREFIX = "h-"  # so that no heading takes the id of a part of the page


def take_given_anchors(state: StateCore) -> None:
    """``## Title[[anchor]]``: take the anchor out of the words, before they are parsed."""
    for opening, line in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type == "heading_open" and (given := GIVEN.search(line.content)):
            opening.meta["anchor"] = given[1]
            line.content = line.content[: given.start()]


def slug(text: str) -> str:
    """As GitHub makes them: lower case, punctuation gone, hyphens for spaces; Hangul stays."""
    kept = re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", text).strip().lower())
    return kept.replace(" ", "-")[:80] or "section"


def _unique(anchor: str, taken: set[str]) -> str:
    candidate, number = anchor, 0
    while candidate in taken:
        number += 1
        candidate = f"{anchor}-{number}"
    taken.add(candidate)
    return candidate


def place_headings(state: StateCore) -> None:
    """The first level in use becomes h2; each deeper one is one below what holds it."""
    passage = passage_of(state.env)
    holding: list[int] = []
    tag = "h2"
    for index, token in enumerate(state.tokens):
        if token.type == "heading_open":
            written = int(token.tag[1])
            while holding and holding[-1] >= written:
                holding.pop()
            holding.append(written)
            level = min(len(holding) + 1, 6)
            text = " ".join(text_of(state.tokens[index + 1].children or ()).split())
            anchor = PREFIX + _unique(slug(token.meta.get("anchor") or text), passage.anchors)
            token.tag = tag = f"h{level}"
            token.attrSet("id", anchor)
            if token.level == 0 and text:
                passage.outline.append(Heading(level, text, anchor))
        elif token.type == "heading_close":
            token.tag = tag
