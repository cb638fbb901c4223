"""Blocks that are more than CommonMark: callouts, figures, tables."""

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# what a callout is called in the source → its tone (data-tone of .notice) and its icon
CALLOUTS = {
    "NOTE": ("", "info"),
    "TIP": ("good", "check-circle"),
    "IMPORTANT": ("", "info"),
    "WARNING": ("warn", "alert"),
    "CAUTION": ("bad", "alert"),
}
SAME_LINE = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*", re.IGNORECASE)
OLD_MARK = ["strong_open", "text", "strong_close", "softbreak"]
BREAK = Token("softbreak", "", 0)


def take_callout_marks(state: StateCore) -> None:
    """``> [!TIP] words`` on one line, which GitHub leaves alone and authors write."""
    for index in range(len(state.tokens) - 2):
        quote, _, line = state.tokens[index : index + 3]
        if quote.type == "blockquote_open" and line.type == "inline" and (mark := SAME_LINE.match(line.content)):
            line.content = line.content[mark.end() :]
            _become_callout(state.tokens, index, mark[1].upper())


def read_old_callouts(state: StateCore) -> None:
    """``> **Note**`` alone on its first line, as GitHub had them before."""
    for index in range(len(state.tokens) - 2):
        quote, _, line = state.tokens[index : index + 3]
        children = [t for t in line.children or [] if t.type != "text" or t.content]
        if quote.type != "blockquote_open" or [t.type for t in (*children, BREAK)][:4] != OLD_MARK:
            continue
        if children[1].content.upper() in CALLOUTS:
            line.children = children[4:]
            _become_callout(state.tokens, index, children[1].content.upper())


def _become_callout(tokens: list[Token], index: int, kind: str) -> None:
    opening = tokens[index]
    opening.type, opening.meta = "alert_open", {"kind": kind}
    for token in tokens[index + 1 :]:
        if token.type == "blockquote_close" and token.level == opening.level:
            token.type = "alert_close"
            break


def drop_stock_titles(state: StateCore) -> None:
    """The parser's own title of a callout is English; ours is drawn with its opening."""
    tokens, skipping = list[Token](), False
    for token in state.tokens:
        skipping = skipping or token.type == "alert_title_open"
        if not skipping:
            tokens.append(token)
        skipping = skipping and token.type != "alert_title_close"
    state.tokens = tokens


def _lone_image(children: list[Token]) -> Token | None:
    shown = [t for t in children if t.type != "softbreak" and (t.type != "text" or t.content.strip())]
    if len(shown) == 3 and shown[0].type == "link_open" and shown[2].type == "link_close":
        shown = shown[1:2]
    return shown[0] if len(shown) == 1 and shown[0].type == "image" else None


def make_figures(state: StateCore) -> None:
    """An image alone in its paragraph is a figure; its title is the caption."""
    for opening, line, closing in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        image = _lone_image(line.children or []) if opening.type == "paragraph_open" else None
        if image is None:
            continue
        opening.type, opening.tag, opening.hidden = "figure_open", "figure", False
        closing.type, closing.tag, closing.hidden = "figure_close", "figure", False
        caption = str(image.attrs.pop("title", ""))
        if caption:
            words = Token("text", "", 0, content=caption)
            parts = (Token("caption_open", "figcaption", 1), words, Token("caption_close", "figcaption", -1))
            line.children = [*(line.children or []), *parts]


def dress_tables(state: StateCore) -> None:
    """Heads get their scope, columns of numbers their class instead of a style; an empty head is a plain cell."""
    for index, token in enumerate(state.tokens):
        if token.type not in ("th_open", "td_open"):
            continue
        if "right" in str(token.attrs.pop("style", "")):
            token.attrSet("class", "num")
        if token.type == "th_open" and state.tokens[index + 1].content.strip():
            token.attrSet("scope", "col")
        elif token.type == "th_open":
            token.tag = state.tokens[index + 2].tag = "td"
