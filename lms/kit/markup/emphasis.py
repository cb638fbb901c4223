"""Emphasis that closes before Hangul.

CommonMark leaves ``**"강조"**는`` as asterisks: a run of asterisks between punctuation and a letter may not close
there, because in languages that put spaces between words it would be the start of a word. Korean particles follow
without a space, so beside Hangul, Han and Kana punctuation does not hold emphasis back. Between other letters nothing
changes.
"""

import re
from collections.abc import MutableMapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token

from lms.kit.markup.passage import passage_of

UNSPACED = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]")

MARKS = 60_000
BRACKET = 5  # an opening bracket is looked at that much longer


def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


class HangulState(StateInline):
    """The scan of CommonMark, with a mended notion of flanking for asterisks and tildes beside Hangul."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < self.posMax else " "
        if self.src[start] == "_" or (isWhiteSpace(ord(before)) and isWhiteSpace(ord(after))):
            return scanned
        opens = bool(UNSPACED.match(before)) and _is_punctuation(after)
        closes = bool(UNSPACED.match(after)) and _is_punctuation(before)
        return Scanned(scanned.can_open or opens, scanned.can_close or closes, scanned.length)


class HangulInline(ParserInline):
    """The stock parser of lines, with the state above, and an end to its patience.

    A mark costs up to a hundred microseconds where marks are nested without end; the longest real lesson has some
    5,000. What comes after ``MARKS`` of them is text.
    """

    def add_terminator_char(self, ch: str) -> None:
        """Not for ``w``: to stop at each of them costs more than bare ``www.`` addresses are worth."""
        if ch != "w":
            super().add_terminator_char(ch)

    def parse(self, src: str, md: MarkdownIt, env: MutableMapping[str, Any], tokens: list[Token]) -> list[Token]:
        state = HangulState(src, md, env, tokens)
        passage = passage_of(env)
        passage.marks += sum(src.count(mark) for mark in "*_~<$\\`!&:@") + BRACKET * src.count("[")
        if passage.marks > MARKS:
            state.pending = src
            state.pushPending()
            return state.tokens
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens
