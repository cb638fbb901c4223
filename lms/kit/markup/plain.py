"""The words of a text, without its markup."""

import math
import re
from collections.abc import Iterable

from markdown_it.token import Token

SYLLABLE = re.compile("[\uac00-\ud7a3]")
WORD = re.compile("[^\\W_\uac00-\ud7a3][^\\s\uac00-\ud7a3]*")
SYLLABLES = 2  # what one English word takes in Korean, measured over lessons that exist in both


def text_of(tokens: Iterable[Token]) -> str:
    """What a reader sees in a line, images by their text."""
    parts: list[str] = []
    for token in tokens:
        if token.type in ("text", "code_inline", "formula_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "image":
            parts.append(text_of(token.children or ()))
    return "".join(parts)


def count_words(text: str) -> int:
    """Words for a reading time; two syllables of Hangul are one, so that both languages of a lesson take the same."""
    return len(WORD.findall(text)) + math.ceil(len(SYLLABLE.findall(text)) / SYLLABLES)


def shortened(text: str, length: int) -> str:
    """At most ``length`` characters, cut after a word where there is one, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[: max(length - 1, 0)]
    head, space, _ = cut.rpartition(" ")
    kept = head if space and len(head) > length // 2 and text[len(cut)] != " " else cut
    return kept.rstrip(" ,.;:") + "…"
