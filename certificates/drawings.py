"""Pictures that strangers give us for a certificate: seals, and those in a design's folder.

A PNG is measured before it is opened and written anew. Of an SVG only shapes are kept: nothing that runs, loads, repeats
itself or needs a typeface.
"""

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from flask_babel import gettext as _
from PIL import Image

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
LARGEST_SVG = 256 * 1024  # bytes
MOST_SHAPES = 4000
DEEPEST = 40
MOST_PIXELS = 4_000_000  # of the widest sheet's picture: 2000 by 2000
SVG = "http://www.w3.org/2000/svg"
SHAPES = re.compile(
    "svg|g|path|rect|circle|ellipse|line|polyline|polygon|title|desc|defs|linearGradient|radialGradient|stop|clipPath"
)
SEEN = re.compile("text|tspan|textPath|image|use|foreignObject|pattern|mask|filter|marker|switch|symbol|a")
KEPT = re.compile(
    "id|x|y|x1|y1|x2|y2|cx|cy|r|rx|ry|fx|fy|d|points|width|height|viewBox|version|transform|fill|fill-rule|fill-opacity|stroke"
    "|stroke-(width|linecap|linejoin|miterlimit|dasharray|dashoffset|opacity)|opacity|clip-path|clip-rule|color|offset"
    "|stop-color|stop-opacity|gradientUnits|gradientTransform|spreadMethod|clipPathUnits|preserveAspectRatio"
)
ELSEWHERE = re.compile(r"url\((?!\s*['\"]?#)|[a-z][a-z0-9+.-]*:|//|\\", re.IGNORECASE)
STYLE = re.compile(r"\s*([a-z-]+)\s*:\s*([^;{}<>]+?)\s*(?:;|$)", re.IGNORECASE)


class BadPicture(ValueError):
    """A sentence that says what is wrong, and the line of an SVG (0: the whole)."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


def pixels(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG, from its head alone. Raises BadPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
                wide, high = picture.size
    except Image.DecompressionBombWarning as error:
        raise BadPicture(_too_many()) from error
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise BadPicture(_("This is no picture that can be opened. Save it again as PNG or SVG.")) from error
    if wide * high > MOST_PIXELS:
        raise BadPicture(_too_many(wide, high))
    return wide, high


def repainted(content: bytes) -> bytes:
    """The same PNG with its pixels and nothing else. Raises BadPicture."""
    pixels(content)
    done = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
            picture.load()
            Image.frombytes("RGBA", picture.size, picture.convert("RGBA").tobytes()).save(done, "PNG", optimize=True)
    except (OSError, ValueError, SyntaxError) as error:
        raise BadPicture(_("This is no picture that can be opened. Save it again as PNG or SVG.")) from error
    return done.getvalue()


def cleaned(content: bytes) -> bytes:
    """An SVG of shapes alone. Raises BadPicture when it is none, too large, or when something to be seen would be lost."""
    if len(content) > LARGEST_SVG:
        raise BadPicture(_("The drawing is larger than %(size)s kB. Simplify it.", size=LARGEST_SVG // 1024))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadPicture(_("The drawing is not written in UTF-8. Save it again as plain SVG.")) from error
    cleaner = Cleaner()
    try:
        cleaner.read(text)
    except expat.ExpatError as error:
        raise BadPicture(_("This is no SVG that can be read: it is broken here."), error.lineno) from error
    return cleaner.written()


@dataclass
class Cleaner:
    """Reads an SVG from beginning to end and keeps the shapes."""

    parts: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)  # elements, "" for those that are left out
    shapes: int = 0
    drawn: int = 0

    def read(self, text: str) -> None:
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.Parse(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode(), True)

    def doctype(self, *_declared: object) -> None:
        """DOCTYPE is where entities are defined, and entities can grow without end."""
        raise self.bad(_("The drawing has a DOCTYPE. Save it as plain SVG, without one."))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _blank, local = name.rpartition(" ")
        if not self.open and (space, local) != (SVG, "svg"):
            raise self.bad(_("The drawing does not begin with <svg>. Save it as plain SVG."))
        self.shapes += 1
        if self.shapes > MOST_SHAPES or len(self.open) > DEEPEST:
            raise self.bad(_("The drawing has more than %(most)s parts. Simplify it.", most=f"{MOST_SHAPES:,}"))
        out = space != SVG or not SHAPES.fullmatch(local) or "" in self.open
        if space == SVG and SEEN.fullmatch(local) and "" not in self.open:
            raise self.bad(_("<%(name)s> cannot be printed. Turn everything into paths and save it again.", name=local))
        self.open.append("" if out else local)
        if not out:
            self.drawn += local in ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon")
            mine = "".join(f" {key}={quoteattr(value)}" for key, value in self.kept(attributes))
            first = "" if len(self.open) > 1 else f' xmlns="{SVG}"'
            self.parts.append(f"<{local}{first}{mine}>")

    def kept(self, attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
        """Geometry and colours, those of a `style` among them; nothing that leads out of the drawing."""
        own = {name: value for name, value in attributes.items() if KEPT.fullmatch(name)}
        own |= {name: value for name, value in STYLE.findall(attributes.get("style", "")) if KEPT.fullmatch(name)}
        if "clipPath" in self.open:  # where it could name itself
            own.pop("clip-path", None)
        for name, value in own.items():
            if ELSEWHERE.search(value):
                raise self.bad(
                    _("The drawing asks for something outside itself: %(what)s. Take it out.", what=value[:80])
                )
            yield name, value

    def end(self, _name: str) -> None:
        if local := self.open.pop():
            self.parts.append(f"</{local}>")

    def characters(self, text: str) -> None:
        if self.open and self.open[-1] in ("title", "desc"):
            self.parts.append(text.replace("&", "&amp;").replace("<", "&lt;"))

    def bad(self, sentence: str) -> BadPicture:
        return BadPicture(sentence, self.parser.CurrentLineNumber)

    def written(self) -> bytes:
        if not self.drawn:
            raise BadPicture(_("Nothing of the drawing can be printed. Turn everything into paths and save it again."))
        return "".join(self.parts).encode()


def size_of(svg: bytes) -> tuple[float, float]:
    """Width and height of a cleaned SVG in its own units. Raises BadPicture without a viewBox or two plain numbers."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - written by `cleaned`: no DOCTYPE, no entities
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    said = (
        box[2:] if len(box) == 4 else [re.sub(r"(px|mm|pt)$", "", root.get(side, "")) for side in ("width", "height")]
    )
    try:
        wide, high = map(float, said)
    except ValueError as error:
        raise BadPicture(_("The drawing does not say how large it is: it needs a viewBox."), 1) from error
    if not (0 < wide < 100_000 and 0 < high < 100_000):
        raise BadPicture(_("The drawing does not say how large it is: it needs a viewBox."), 1)
    return wide, high


def _too_many(wide: int = 0, high: int = 0) -> str:
    most = f"{MOST_PIXELS:,}"
    if not wide:
        return _("The picture has more than %(most)s pixels. Make it smaller.", most=most)
    return _(
        "The picture has %(wide)s × %(high)s pixels; together at most %(most)s. Make it smaller.",
        wide=f"{wide:,}",
        high=f"{high:,}",
        most=most,
    )
