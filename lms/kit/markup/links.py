"""Where links lead and what images are: only the course's own files are loaded, everything else is a link or text."""

import re
from collections.abc import Callable
from typing import Literal
from urllib.parse import unquote

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from lms.kit.markup.headings import PREFIX, slug
from lms.kit.markup.passage import Passage, Resolver, passage_of
from lms.kit.markup.plain import text_of

EXTERNAL = re.compile(r"https?://[^/\s]|mailto:[^\s]", re.IGNORECASE)


def _ask(resolver: Resolver | None, written: str) -> str | None:
    """Try the name as written, then with its percent signs read."""
    if resolver is None:
        return None
    return resolver(written) or (resolver(unquote(written)) if "%" in written else None)


def _address(written: str, passage: Passage) -> str | None:
    """The address of a link's target, or nothing when it leads nowhere that we know."""
    target, _, fragment = written.strip().partition("#")
    if target.startswith(("asset:", "activity:")):
        address = _ask(passage.link, target)
        if address and fragment and target.startswith("activity:"):
            return f"{address}#{PREFIX}{slug(unquote(fragment))}"
        return address
    if not target:
        anchor = slug(unquote(fragment))
        return f"#{PREFIX}{anchor}" if fragment and anchor in passage.anchors else None
    return written.strip() if EXTERNAL.match(target) else None


def _span(nesting: Literal[-1, 1]) -> Token:
    token = Token("missing_open" if nesting > 0 else "missing_close", "span", nesting)
    if nesting > 0:
        token.attrSet("class", "missing")
    return token


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(address: str, token: Token) -> Token:
    title = token.attrs.get("title")
    token.attrs = {"href": address}
    if title:
        token.attrSet("title", title)
    if re.match("https?:", address, re.IGNORECASE):
        token.attrSet("rel", "noopener noreferrer")
    return token


def _picture(token: Token, passage: Passage, in_link: bool) -> list[Token]:
    """An image of the course, else a link to it, else its text."""
    source = str(token.attrs.get("src", "")).strip()
    text = " ".join(text_of(token.children or ()).split())
    if source.startswith("asset:"):
        address = _ask(passage.image, source.removeprefix("asset:"))
        if address:
            token.attrs |= {"src": address, "alt": text}
            return [token]
    name = text or str(token.attrs.get("title", "")) or passage.label("image")
    if source.startswith("asset:") or not re.match(r"https?://[^/\s]", source, re.IGNORECASE):
        return [_span(1), _text(name), _span(-1)]
    if in_link:
        return [_text(name)]
    return [_link(source, Token("link_open", "a", 1)), _text(name), Token("link_close", "a", -1)]


def _resolved(children: list[Token], passage: Passage) -> list[Token]:
    out: list[Token] = []
    closers: list[Callable[[], Token | None]] = []
    depth = 0  # links within links (raw HTML) keep only the outer one
    for token in children:
        if token.type == "link_open":
            address = None if depth else _address(str(token.attrs.get("href", "")), passage)
            if address:
                depth += 1
                out.append(_link(address, token))
                closers.append(lambda: Token("link_close", "a", -1))
            elif depth or not token.attrs.get("href"):
                closers.append(lambda: None)
            else:
                out.append(_span(1))
                closers.append(lambda: _span(-1))
        elif token.type == "link_close":
            closer = closers.pop()() if closers else None
            if closer:
                depth -= closer.type == "link_close"
                out.append(closer)
        elif token.type == "image":
            out.extend(_picture(token, passage, depth > 0))
        else:
            out.append(token)
    return out


def resolve_links(state: StateCore) -> None:
    """Give every link and image of the text its address."""
    passage = passage_of(state.env)
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _resolved(token.children, passage)
