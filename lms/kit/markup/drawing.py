"""How tokens become HTML where the stock renderer says too little."""

import html
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lms.kit.markup.blocks import CALLOUTS
from lms.kit.markup.formulas import draw_block, draw_inline
from lms.kit.markup.listings import draw_listing
from lms.kit.markup.passage import passage_of

Env = MutableMapping[str, Any]
Tokens = Sequence[Token]


def _image(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    attrs = tokens[index].attrs
    names = [name for name in ("title", "width", "height") if name in attrs]
    rest = "".join(f' {name}="{html.escape(str(attrs[name]))}"' for name in names)
    source, text = html.escape(str(attrs["src"])), html.escape(str(attrs["alt"]))
    return f'<img src="{source}" alt="{text}"{rest} loading="lazy" decoding="async">'


def _table_open(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    passage = passage_of(env)
    passage.tables += 1
    label = f"{passage.label('table')} {passage.tables}"
    box = f'<div class="table-box table-scroll" tabindex="0" role="region" aria-label="{label}">'
    return f'{box}<table class="table table-stay">\n'


def _table_close(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    return "</table></div>\n"


def _callout_open(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    kind = str(tokens[index].meta["kind"]).upper()
    tone, icon = CALLOUTS[kind]
    toned = f' data-tone="{tone}"' if tone else ""
    label = passage_of(env).label(kind)
    mark = f'<span data-icon="{icon}"></span>'
    return f'<div class="notice" role="note"{toned}>{mark}<p class="notice-label"><strong>{label}</strong></p>\n'


def _callout_close(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    return "</div>\n"


def _item_open(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    if "checked" not in tokens[index].meta:
        return "<li>"
    return f'<li class="task"><span data-task="{"done" if tokens[index].meta["checked"] else "open"}"></span> '


def _note_reference(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    meta = tokens[index].meta
    number = meta["id"] + 1
    again = f"-{meta['subId'] + 1}" if meta.get("subId", 0) > 0 else ""
    label = f"{passage_of(env).label('note')} {number}"
    return f'<sup><a href="#note-{number}" id="ref-{number}{again}" aria-label="{label}">{number}</a></sup>'


def _notes_open(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    return f'<section class="notes" aria-label="{passage_of(env).label("notes")}">\n<ol>\n'


def _notes_close(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    return "</ol>\n</section>\n"


def _note_open(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    return f'<li id="note-{tokens[index].meta["id"] + 1}">'


def _note_close(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    return "</li>\n"


def _note_back(tokens: Tokens, index: int, options: Any, env: Env) -> str:
    meta = tokens[index].meta
    again = meta["subId"] + 1 if meta["subId"] > 0 else 0
    target = f"ref-{meta['id'] + 1}" + (f"-{again}" if again else "")
    return f' <a href="#{target}">{passage_of(env).label("back")}{f" {again}" if again else ""}</a>'


DRAWN: dict[str, Callable[[Tokens, int, Any, Env], str]] = {
    "image": _image,
    "table_open": _table_open,
    "table_box_open": _table_open,
    "table_close": _table_close,
    "alert_open": _callout_open,
    "alert_close": _callout_close,
    "list_item_open": _item_open,
    "fence": draw_listing,
    "code_block": draw_listing,
    "formula_inline": draw_inline,
    "formula_block": draw_block,
    "footnote_ref": _note_reference,
    "footnote_block_open": _notes_open,
    "footnote_block_close": _notes_close,
    "footnote_open": _note_open,
    "footnote_close": _note_close,
    "footnote_anchor": _note_back,
}


def use_drawing(md: MarkdownIt) -> None:
    """Draw these tokens our way."""
    for name, draw in DRAWN.items():
        md.renderer.rules[name] = draw  # type: ignore[attr-defined]
