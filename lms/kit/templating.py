"""The template environment: one compiled copy of each template for each language, with what is always the same worked out.

A page asks for some hundred words, symbols and addresses that depend on nothing but the language. They are put in when the
template is compiled, and a run of text and words between two values becomes one string. Drawing a page then costs about
as much as the values on it.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, Protocol

from flask import Flask, current_app
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from lms.kit import i18n

PARTS_KEPT = 2048
LETTERS = "mail/"  # their addresses are whole and known only when they are written


class Constant(Protocol):
    """A function of constants that gives the same in each request; its first argument is the language."""

    def __call__(self, language: str, /, *arguments: Any, **named: Any) -> Any: ...


class Pages(Environment):
    """Hands out the copy of a template in the reader's language. `constants`: the functions that are worked out beforehand."""

    spoken: str = ""  # the language of this copy of the environment; "" for the one that chooses
    constants: dict[str, Constant]
    copies: dict[str, "Pages"]

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self.constants, self.copies = {}, {}

    def speaking(self, language: str) -> "Pages":
        """This environment for one language; it shares filters and globals."""
        if language not in self.copies:
            copy = self.overlay()
            assert isinstance(copy, Pages)
            copy.spoken = language
            self.copies[language] = copy
        return self.copies[language]

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        if self.spoken:
            return super().get_template(name, parent, globals)
        return self.speaking(i18n.current()).get_template(name, parent, globals)

    def get_or_select_template(self, template_name_or_list: Any, parent: Any = None, globals: Any = None) -> Template:
        if self.spoken:
            return super().get_or_select_template(template_name_or_list, parent, globals)
        return self.speaking(i18n.current()).get_or_select_template(template_name_or_list, parent, globals)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """The documented hook between parsing and compiling."""
        if self.spoken and not (name or "").startswith(LETTERS):
            source = _Folding(self).visit(source)
        return super()._generate(source, name, filename, defer_init)


class _Folding(NodeTransformer):
    """Replaces calls of the constant functions with what they give."""

    def __init__(self, environment: Pages) -> None:
        self.environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        constant = self.environment.constants.get(node.node.name)
        given = [*node.args, *(pair.value for pair in node.kwargs)]
        if constant is None or not all(isinstance(each, nodes.Const) for each in given):
            return node
        arguments = [each.value for each in node.args if isinstance(each, nodes.Const)]
        named = {pair.key: pair.value.value for pair in node.kwargs if isinstance(pair.value, nodes.Const)}
        said = constant(self.environment.spoken, *arguments, **named)
        return node if said is None else nodes.Const(said, lineno=node.lineno, environment=self.environment)


class _Drawing:
    """What a part is drawn from; equal when language, zone and what tells the values apart are the same."""

    def __init__(self, name: str, of: Hashable, values: dict[str, Any]) -> None:
        self.name, self.values = name, values
        self.key = (name, i18n.current(), i18n.zone().key, of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Drawing) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def part(name: str, of: Hashable, **values: Any) -> Markup:
    """A part of a page that follows from `values`, the language and the time zone alone; drawn once for equal ones.

    For parts that are opened all day and seldom different. `of` tells one set of values from another (the key of a row that
    never changes, or the `repr` of what they were made from, with the day if the part tells the time); forms with a forgery
    token stand outside.
    """
    return _drawn(_Drawing(name, of, values))


@lru_cache(maxsize=PARTS_KEPT)
def _drawn(drawing: _Drawing) -> Markup:
    pages = current_app.jinja_env
    drawn = pages.get_template(drawing.name).render(language=i18n.current(), **drawing.values)
    return Markup(drawn)  # noqa: S704  (the template has escaped it)


def icon(name: str, tone: str | None = None, label: str | None = None) -> Markup:
    """One symbol of the sprite that base.html prints at its end.

    An icon beside words is decoration and hidden from readers; one that stands alone needs `label`.
    `tone`: good, warn, bad or info. The names are in templates/macros/_sprite.html; a test refuses others.
    """
    look = Markup(' class="icon tone" data-tone="{}"').format(tone) if tone else ' class="icon"'
    told = Markup(' role="img" aria-label="{}"').format(label) if label else ' aria-hidden="true"'
    return Markup(f'<svg{look}{told}><use href="#i-{escape(name)}"/></svg>')  # noqa: S704  (its parts are escaped)


def init(app: Flask, static_url: Callable[[str], str]) -> None:
    """Give the templates their functions and say which of them are constant."""
    pages = app.jinja_env
    assert isinstance(pages, Pages), "the application was made without `jinja_environment = Pages`"
    addresses = app.url_map.bind("")

    def words(language: str, /, message: str, **values: object) -> Markup | None:
        return None if values else i18n.text_in(language, message)

    def address(_language: str, /, endpoint: str, **values: object) -> str | None:
        return None if values or endpoint.startswith(".") else addresses.build(endpoint)

    pages.globals.update(icon=icon, static_url=static_url, part=part)
    pages.constants.update(
        _=words,
        url_for=address,
        icon=lambda _language, *given, **named: icon(*given, **named),
        static_url=lambda _language, name: static_url(name),
    )
