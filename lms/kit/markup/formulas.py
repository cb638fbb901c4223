r"""Formulas: ``$…$``, ``$$…$$``, ``\\(…\\)`` and ``\\[…\\]`` to MathML.

Own rules instead of the plugin's: that one takes no formula at the start of a paragraph that ends in a digit, cannot
end a paragraph, and looks through the whole text for each ``$$`` that is never closed. Here a block is at most
``LINES`` long, and a formula at most ``LENGTH``.
"""

import html
import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from lms.kit.markup.passage import FORMULAS, passage_of
from lms.kit.markup.tags import tags

LENGTH = 4000
LINES = 120
DEPTH = 80

ELEMENTS = tags(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose msub msup msubsup munder"
    " mover munderover mmultiscripts mprescripts mtable mtr mtd"
)
ATTRIBUTES = tags(
    "accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form height largeop"
    " linethickness lspace mathsize mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace"
    " scriptlevel separator stretchy symmetric voffset width"
)

# The dollar closes only after a character that is no space and before one that is no digit: "$5 and $6" is money.
INLINE = re.compile(
    r"\$\$(?P<double>(?:[^$\\]|\\.)+?)\$\$"
    r"|\$(?![\s$])(?P<single>(?:[^$\\]|\\.)+?)(?<!\s)\$(?![\d$])"
    r"|\\\\\((?P<round>.+?)\\\\\)"
    r"|\\\\\[(?P<square>.+?)\\\\\]",
    re.DOTALL,
)
MONEY = re.compile(r"\d[\d.,]*(\s+[^\W\d_]{2,}|[가-힣])")
BRACKETS = {r"\\(": r"\\)", r"\\[": r"\\]"}
BLOCKS = (("$$", "$$"), (r"\\[", r"\\]"))

WRAPPERS = re.compile(r"\\(?:begin|end)\{(?:equation|displaymath|math)\*?\}|\\(?:nonumber|notag)\b|\\label\{[^{}]*\}")
ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|alignedat|gathered|gather|eqnarray|align)\*?\}")
TAG = re.compile(r"\\tag\*?\{([^{}]*)\}")
SYNONYMS = ((r"\bm{", r"\boldsymbol{"), (r"\operatorname*", r"\operatorname"), (r"\mathbbm", r"\mathbb"))


class Unconvertible(Exception):
    """The converter would print something else than was meant."""


def _prepared(latex: str) -> str:
    latex = ALIGNED.sub(r"\\\1{align*}", WRAPPERS.sub("", latex))
    for written, known in SYNONYMS:
        latex = latex.replace(written, known)
    return latex.strip()


def _serialised(element: Element, depth: int = 0) -> str:
    """Our own, not the converter's: that one prints text as it came, tags included."""
    text = html.unescape(element.text or "")
    if element.tag not in ELEMENTS or depth > DEPTH or text == "&" or re.match(r"\\[A-Za-z]", text):
        raise Unconvertible
    attributes = "".join(f' {k}="{html.escape(v)}"' for k, v in element.attrib.items() if k in ATTRIBUTES)
    inner = "".join(_serialised(child, depth + 1) for child in element)
    return f"<{element.tag}{attributes}>{html.escape(text)}{inner}</{element.tag}>"


@lru_cache(maxsize=2048)
def to_mathml(latex: str, display: bool) -> str | None:
    """``<math>`` with the LaTeX as ``alttext``, or nothing when it cannot be converted."""
    if len(latex) > LENGTH or not latex.strip():
        return None
    try:
        rows = "".join(_serialised(child) for child in convert_to_element(_prepared(latex)))
    except Exception:  # the converter raises whatever its input makes it trip over, recursion and index errors included
        return None
    if not re.search(">[^<]", rows):
        return None
    shown = ' display="block"' if display else ""
    return f'<math{shown} alttext="{html.escape(latex.strip())}">{rows}</math>'


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    limit = min(state.posMax, state.pos + LENGTH)
    if state.src[state.pos] == "\\":
        closer = BRACKETS.get(state.src[state.pos : state.pos + 3])
        if closer is None or state.src.find(closer, state.pos + 3, limit) < 0:
            return False
    match = INLINE.match(state.src, state.pos, limit)
    if match is None or not match[match.lastgroup or 0].strip():
        return False
    before = state.src[state.pos - 1] if state.pos else " "
    if match["single"] is not None and (before.isdigit() or MONEY.match(match["single"])):
        return False
    if not silent:
        token = state.push("formula_inline", "math", 0)
        token.content = match[match.lastgroup or 0]
        token.meta = {"display": match.lastgroup in ("double", "square")}
        token.markup = state.src[state.pos]
    state.pos = match.end()
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].strip()


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    first = _line(state, start)
    marks = next((pair for pair in BLOCKS if first.startswith(pair[0])), None)
    if marks is None:
        return False
    opener, closer = marks
    begins = state.bMarks[start] + state.tShift[start] + len(opener)
    if state.src.find(closer, begins, begins + LENGTH) < 0:
        return False
    lines: list[str] = []
    for number in range(start, min(end, start + LINES)):
        line = first[len(opener) :] if number == start else _line(state, number)
        if number > start and (not line or state.sCount[number] < state.blkIndent):
            return False
        body, found, rest = line.partition(closer)
        lines.append(body)
        if found:
            return not rest.strip() and _push_block(state, start, number + 1, "\n".join(lines), silent)
    return False


def _push_block(state: StateBlock, start: int, end: int, latex: str, silent: bool) -> bool:
    if not latex.strip():
        return False
    if not silent:
        token = state.push("formula_block", "math", 0)
        token.block, token.content, token.map = True, latex, [start, end]
        state.line = end
    return True


def _drawn(latex: str, display: bool, env: MutableMapping[str, Any]) -> str:
    passage = passage_of(env)
    passage.formulas += 1
    mathml = to_mathml(TAG.sub("", latex), display) if passage.formulas <= FORMULAS else None
    if mathml is None:
        return f"<code>{html.escape(latex.strip())}</code>"
    if not display:
        return mathml
    tag = TAG.search(latex)
    number = f"<span>({html.escape(tag[1])})</span>" if tag else ""
    label = passage.label("formula") + (f" {html.escape(tag[1])}" if tag else "")
    return f'<span class="formula" tabindex="0" role="group" aria-label="{label}">{mathml}{number}</span>'


def draw_inline(tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    return _drawn(tokens[index].content, tokens[index].meta["display"], env)


def draw_block(tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    drawn = _drawn(tokens[index].content, True, env)
    if drawn.startswith("<code>"):
        return f'<pre tabindex="0">{drawn}</pre>\n'
    return drawn.replace("<span", "<div", 1).removesuffix("</span>") + "</div>\n"


def use_formulas(md: MarkdownIt) -> None:
    """Add the two rules and how their tokens are drawn."""
    md.inline.ruler.before("escape", "formula_inline", _inline)
    md.block.ruler.before("fence", "formula_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]})
