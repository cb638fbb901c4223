"""The door of the package: Markdown in, safe HTML with its outline and length out."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from lms.kit.markup.listings import read_info
from lms.kit.markup.parser import PARSER
from lms.kit.markup.passage import Heading, Passage
from lms.kit.markup.plain import count_words, shortened, text_of
from lms.kit.markup.sanitising import sanitised

__all__ = ["Heading", "Rendered", "excerpt", "render"]

LENGTH = 400_000  # ten times the longest real lesson; what is longer is shown as it was written

FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n((?:[\w-]+:.*\n|[ \t]+\S.*\n|- .*\n|#.*\n)+)(?:---|\.\.\.)[ \t]*(?:\n|$)")


@dataclass(frozen=True)
class Rendered:
    """``html`` is safe to print as it is; ``words`` is for a reading time (two syllables of Hangul are one word)."""

    html: str
    outline: list[Heading]
    words: int


def _readable(source: str) -> str:
    """Line ends as one kind, no halves of characters, no front matter (a first line ``---`` alone is a rule)."""
    text = source.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return text[matter.end() :] if (matter := FRONT_MATTER.match(text)) else text


def render(
    source: str,
    *,
    language: str = "en",
    image: Callable[[str], str | None] | None = None,
    link: Callable[[str], str | None] | None = None,
) -> Rendered:
    """Render a text of the course.

    ``image(NAME)`` is asked for images ``asset:NAME``, ``link(TARGET)`` for links to ``asset:NAME`` and
    ``activity:KEY`` (whole, without a fragment, which is added to its answer). What has no address stays as text with
    the class ``missing``. ``language`` is that of the text; the labels follow it.
    """
    if len(source) > LENGTH:
        text = sanitised(f"<pre>{html.escape(source)}</pre>", Passage(language))
        return Rendered(text, [], count_words(source))
    passage = Passage(language, image, link)
    env: dict[str, Any] = {"passage": passage}
    tokens = PARSER.parse(_readable(source), env)
    markup = PARSER.renderer.render(tokens, PARSER.options, env)
    return Rendered(sanitised(str(markup), passage), passage.outline, _words(tokens))


def _words(tokens: list[Token]) -> int:
    """What there is to read: prose and code, not what code printed."""
    lines = (text_of(token.children or ()) for token in tokens if token.type == "inline")
    listings = (t.content for t in tokens if t.type in ("fence", "code_block") and not read_info(t.info)[1])
    return sum(count_words(text) for text in (*lines, *listings))


def excerpt(source: str, length: int) -> str:
    """The beginning of the prose as plain text of at most ``length`` characters; headings, code and tables left out."""
    tokens = PARSER.parse(_readable(source)[: length * 20 + 2000], {"passage": Passage(image=str, link=str)})
    parts: list[str] = []
    for before, token in pairwise(tokens):
        if token.type == "inline" and before.type == "paragraph_open":
            parts.append(text_of(t for t in token.children or () if t.type != "image"))
    return shortened(" ".join(parts), length)
