"""HTML written in Markdown: a small safe part stays, the rest is shown or dies.

Nothing an author wrote reaches the page as it is: tags are read here and written anew. Tags of the safe part keep a few
attributes; other tags of HTML go and leave their content; what runs goes with its content; whatever is no HTML at all
(``<eos>``, ``<Question …>``) is text and stays visible. Every tag opened is closed where its block or its text ends.
"""

import html
import re
from collections.abc import Iterator

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from lms.kit.markup.passage import passage_of
from lms.kit.markup.tags import tags

INLINE = tags("b i em strong u s del ins small mark sub sup kbd code samp var cite q abbr dfn span a")
BLOCKS = tags("div details summary table ul ol dl blockquote pre figure figcaption")
IMPLIED = tags("p li dt dd tr td th thead tbody tfoot caption")  # HTML closes these by itself
VOID = tags("br hr wbr")
HEADINGS = tags("h1 h2 h3 h4 h5 h6")
DEADLY = tags("script style svg math object applet noscript noembed noframes template select textarea xmp")
FRAMES = tags("iframe video audio embed")
DROPPED = tags(
    "html head body title base link meta header footer main nav section article aside hgroup address search center font"
    " big tt strike form fieldset legend label input button option optgroup datalist output progress meter dialog"
    " picture source track canvas colgroup col bdi bdo ruby rt rp plaintext marquee frame frameset"
)
KEPT = {
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "ol": ("start",),
    "details": ("open",),
    "abbr": ("title",),
}
DEPTH = 30

TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)"
    r"(?P<attributes>(?:\s+[^\s=>\"'/<]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*)\s*/?>"
)
ATTRIBUTE = re.compile(r"([^\s=>\"'/<]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")


def _attributes(written: str) -> dict[str, str]:
    return {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in ATTRIBUTE.finditer(written)}


def _piece(kind: str, content: str, level: int) -> Token:
    return Token(kind, "", 0, content=content, level=level)


class Reader:
    """Turns the raw HTML of one text into tokens; remembers the blocks that are still open, and how deep they began."""

    def __init__(self, state: StateCore) -> None:
        self.frame_label = passage_of(state.env).label("video")
        self.blocks: list[tuple[str, int]] = []

    def rest(self, level: int) -> list[Token]:
        """What closes the blocks still open at this level."""
        closing = [_piece("html_inline", f"</{name}>", level) for name, at in reversed(self.blocks) if at >= level]
        self.forget(level - 1)
        return closing

    def forget(self, level: int) -> None:
        """Blocks opened deeper than this level ended with what held them."""
        while self.blocks and self.blocks[-1][1] > level:
            self.blocks.pop()

    def block(self, source: str, level: int) -> list[Token]:
        opened: list[str] = []
        pieces = list(self._pieces(source, level, opened, in_block=True))
        return pieces + [self._closing(name, level) for name in reversed(opened)]

    def line(self, children: list[Token], level: int) -> list[Token]:
        opened: list[str] = []
        pieces: list[Token] = []
        for child in children:
            if child.type == "html_inline":
                pieces.extend(self._pieces(child.content, child.level, opened, in_block=False))
            else:
                pieces.append(child)
        return pieces + [self._closing(name, level) for name in reversed(opened)]

    def _pieces(self, source: str, level: int, opened: list[str], in_block: bool) -> Iterator[Token]:
        position, lowered, unclosed = 0, source.lower(), set[str]()
        while position < len(source):
            start = source.find("<", position)
            if start < 0:
                break
            yield _piece("text", html.unescape(source[position:start]), level)
            position = start + 1
            if source.startswith("<!--", start):
                end = -1 if "-->" in unclosed else source.find("-->", start + 2)
                if end >= 0:
                    position = end + 3
                    continue
                unclosed.add("-->")
            tag = TAG.match(source, start)
            if tag is None:
                yield _piece("text", "<", level)
                continue
            position, name = tag.end(), tag["name"].lower()
            if name in DEADLY | FRAMES and not tag["end"]:
                end = -1 if name in unclosed else lowered.find(f"</{name}", position)
                if end < 0 and name in DEADLY:
                    unclosed.add(name)
                    yield _piece("text", tag[0], level)
                    continue
                position = (source.find(">", end) + 1 or len(source)) if end >= 0 else position
                yield from self._frame(name, _attributes(tag["attributes"]), level)
            else:
                yield from self._tag(name, tag, level, opened, in_block)
        yield _piece("text", html.unescape(source[position:]), level)

    def _frame(self, name: str, attributes: dict[str, str], level: int) -> Iterator[Token]:
        address = attributes.get("src", "").strip()
        if name in FRAMES and address.startswith("https://"):
            opening = Token("link_open", "a", 1, attrs={"href": address}, level=level)
            label = attributes.get("title") or f"{self.frame_label}: {address}"
            yield from (opening, _piece("text", label, level), Token("link_close", "a", -1, level=level))

    def _tag(self, name: str, tag: re.Match[str], level: int, opened: list[str], in_block: bool) -> Iterator[Token]:
        attributes = _attributes(tag["attributes"])
        if name in HEADINGS:
            yield _piece("html_inline", "</strong></p>" if tag["end"] else "<p><strong>", level)
        elif name in VOID or name in IMPLIED:
            yield _piece("html_inline", self._opening(name, attributes) if not tag["end"] else f"</{name}>", level)
        elif name == "img":
            yield self._image(attributes, level)
        elif name in INLINE or name in BLOCKS:
            keeps = in_block and name in BLOCKS
            yield from (self._close if tag["end"] else self._open)(name, attributes, level, opened, keeps)
        elif name not in DROPPED and name not in FRAMES:
            yield _piece("text", tag[0], level)

    def _open(
        self, name: str, attributes: dict[str, str], level: int, opened: list[str], keeps: bool
    ) -> Iterator[Token]:
        if len(opened) + len(self.blocks) >= DEPTH:
            return
        if keeps:
            self.blocks.append((name, level))
        else:
            opened.append(name)
        if name == "a":
            attrs: dict[str, str | int | float] = {k: attributes[k] for k in ("href", "title") if attributes.get(k)}
            yield Token("link_open", "a", 1, attrs=attrs, level=level)
        elif name == "table":
            yield _piece("table_box_open", "", level)
        else:
            yield _piece("html_inline", self._opening(name, attributes), level)

    def _close(self, name: str, _: dict[str, str], level: int, opened: list[str], keeps: bool) -> Iterator[Token]:
        if keeps:
            yield from (self._closing(opened.pop(), level) for _ in range(len(opened)))
            if (name, level) in self.blocks:
                while self.blocks:
                    last, _at = self.blocks.pop()
                    yield self._closing(last, level)
                    if last == name:
                        return
        elif name in opened:
            while opened:
                last = opened.pop()
                yield self._closing(last, level)
                if last == name:
                    return

    def _closing(self, name: str, level: int) -> Token:
        if name == "a":
            return Token("link_close", "a", -1, level=level)
        return _piece("html_inline", "</table></div>" if name == "table" else f"</{name}>", level)

    def _opening(self, name: str, attributes: dict[str, str]) -> str:
        kept = [k for k in KEPT.get(name, ()) if k in attributes]
        if name in ("td", "th", "ol"):
            kept = [k for k in kept if re.fullmatch(r"[1-9]\d?", attributes[k])]
        written = "".join(f' {k}="{html.escape(attributes[k])}"' for k in kept)
        return f"<{name}{written}>"

    def _image(self, attributes: dict[str, str], level: int) -> Token:
        token = Token("image", "img", 0, level=level, attrs={"src": attributes.get("src", ""), "alt": ""})
        token.children = [_piece("text", attributes.get("alt", ""), level)]
        for name in ("title", "width", "height"):
            value = attributes.get(name, "")
            if value and (name == "title" or re.fullmatch(r"[1-9]\d{0,3}", value)):
                token.attrs[name] = value
        return token


def read_raw(state: StateCore) -> None:
    """Replace raw HTML by tokens of our own."""
    reader, tokens = Reader(state), list[Token]()
    for token in state.tokens:
        reader.forget(token.level)
        if token.type == "footnote_block_open":
            tokens.append(Token("inline", "", 0, children=reader.rest(0)))
        if token.type == "html_block":
            token = Token("inline", "", 0, children=reader.block(token.content, token.level), level=token.level)
        elif token.type == "inline" and token.children:
            token.children = reader.line(token.children, token.level)
        tokens.append(token)
    tokens.append(Token("inline", "", 0, children=reader.rest(0)))
    state.tokens = tokens
