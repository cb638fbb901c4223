"""Code: fences with a head, highlighted in the four classes of the stylesheet."""

import html
import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any

from markdown_it.token import Token
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String
from pygments.util import ClassNotFound

from lms.kit.markup.passage import LISTED, passage_of

NAMES = {
    "bash": "Bash",
    "c": "C",
    "c++": "C++",
    "cpp": "C++",
    "console": "Console",
    "css": "CSS",
    "cuda": "CUDA",
    "diff": "Diff",
    "docker": "Dockerfile",
    "dockerfile": "Dockerfile",
    "go": "Go",
    "html": "HTML",
    "ini": "INI",
    "java": "Java",
    "javascript": "JavaScript",
    "js": "JavaScript",
    "json": "JSON",
    "julia": "Julia",
    "kotlin": "Kotlin",
    "latex": "LaTeX",
    "makefile": "Makefile",
    "php": "PHP",
    "powershell": "PowerShell",
    "py": "Python",
    "pycon": "Python",
    "python": "Python",
    "python3": "Python",
    "r": "R",
    "ruby": "Ruby",
    "rust": "Rust",
    "scala": "Scala",
    "sh": "Shell",
    "shell": "Shell",
    "sql": "SQL",
    "swift": "Swift",
    "toml": "TOML",
    "ts": "TypeScript",
    "typescript": "TypeScript",
    "xml": "XML",
    "yaml": "YAML",
    "yml": "YAML",
}
OUTPUT = {"out", "output", "stdout", "stderr"}
CLASSES = (
    (Comment, "c"),
    (String, "s"),
    (Number, "m"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Name.Builtin.Pseudo, "k"),
)


def read_info(info: str) -> tuple[str | None, bool]:
    """The language that we know, if any, and whether it is output: ``python``, ``{.python .input}``, ``python out``."""
    words = [word.lstrip(".").lower() for word in re.split(r"[\s{},]+", info) if word]
    language = next((word for word in words if word in NAMES), None)
    return language, any(word in OUTPUT for word in words)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _class_of(kind: Any) -> str:
    return next((name for parent, name in CLASSES if kind in parent), "")


def highlighted(code: str, language: str) -> str:
    """Safe HTML of a listing; neighbours of one class share a span."""
    lexer = _lexer(language)
    if lexer is None:
        return html.escape(code, quote=False)
    runs: list[tuple[str, str]] = []
    for kind, value in lexer.get_tokens(code):
        name = _class_of(kind)
        if runs and (runs[-1][0] == name or not value.strip()):
            runs[-1] = (runs[-1][0], runs[-1][1] + value)
        else:
            runs.append((name, value))
    parts = ((name, html.escape(value, quote=False)) for name, value in runs)
    return "".join(f'<span class="{name}">{value}</span>' if name else value for name, value in parts)


def draw_listing(tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    """A fence or an indented block."""
    token, passage = tokens[index], passage_of(env)
    language, is_output = read_info(token.info)
    code = token.content.removesuffix("\n")
    passage.listed += len(code)
    plain = language is None or is_output or passage.listed > LISTED
    inner = html.escape(code, quote=False) if plain or language is None else highlighted(code, language)
    title = passage.label("output") if is_output else NAMES.get(language or "", "")
    label = title if is_output or not title else f"{title} {passage.label('code').lower()}"
    head = f'<figcaption class="code-head"><span>{title}</span></figcaption>' if title else ""
    kind = ' data-kind="output"' if is_output else ""
    label = label or passage.label("code")
    pre = f'<pre tabindex="0" role="group" aria-label="{label}"><code>{inner}</code></pre>'
    return f'<figure class="code"{kind}>{head}{pre}</figure>\n'
