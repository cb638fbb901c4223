"""The last gate: an allow-list for HTML and MathML, then the few marks of our own that no author can write."""

import re

import nh3

from lms.kit.markup.formulas import ATTRIBUTES, ELEMENTS
from lms.kit.markup.passage import Passage
from lms.kit.markup.tags import tags

HTML = tags(
    "a abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img"
    " ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th thead tr u ul"
    " var wbr"
)
REACHED = {"tabindex", "role", "aria-label"}

ALLOWED = {
    **{tag: set(ATTRIBUTES) for tag in ELEMENTS},
    **{f"h{level}": {"id"} for level in range(2, 7)},
    "math": {"display", "alttext"},
    "a": {"href", "title", "rel", "id", "aria-label"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
    "details": {"open"},
    "ol": {"start"},
    "li": {"id", "class"},
    "div": {"class", "data-tone"} | REACHED,
    "span": {"class", "data-icon", "data-task"} | REACHED,
    "p": {"class"},
    "section": {"class", "aria-label"},
    "figure": {"class", "data-kind"},
    "figcaption": {"class"},
    "pre": REACHED,
    "table": {"class"},
    "th": {"class", "scope", "colspan", "rowspan"},
    "td": {"class", "colspan", "rowspan"},
}

CLEANER = nh3.Cleaner(
    tags=set(HTML | ELEMENTS),
    attributes=ALLOWED,
    clean_content_tags={"script", "style", "svg", "object", "noscript", "template", "title", "annotation-xml"},
    link_rel=None,  # set by the rule that knows which links lead out
    url_schemes={"http", "https", "mailto"},
)

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef]|[\ufffe\uffff]")
ICON = re.compile(r'<span data-icon="(info|check-circle|alert)"></span>')
TASK = re.compile(r'<span data-task="(done|open)"></span>')


def sanitised(markup: str, passage: Passage) -> str:
    """Safe HTML, with icons and the boxes of task lists."""
    clean = UNPRINTABLE.sub("", CLEANER.clean(markup)).replace("<p></p>", "")
    clean = ICON.sub(r'<svg class="icon" aria-hidden="true"><use href="#i-\1"></use></svg>', clean)
    return TASK.sub(lambda mark: _box(mark[1], passage), clean)


def _box(state: str, passage: Passage) -> str:
    checked = " checked" if state == "done" else ""
    return f'<input type="checkbox" disabled{checked} aria-label="{passage.label(state)}">'
