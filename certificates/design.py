"""The designs of certificates: folders of HTML, CSS, strings and pictures, each with a name and a version.

A design folder holds ``design.toml`` (name, version, title in each language, what it certifies, which facts in which
order, the places of names, and the strings that it prints), ``certificate.html`` and ``certificate.css``. Whatever else
it needs (a seal, a picture) lies in the same folder. A folder that only says something else may be ``like`` another one
that ships with the product: it is drawn by that one's page and sheet. A folder is printed in one language or both, with
words and a seal of one's own: that choice is a ``Drawn``.
"""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from flask_babel import gettext as _

FOLDER = Path(__file__).resolve().parent / "designs"
PAGE = "certificate.html"
SHEET = "certificate.css"
STRINGS = "design.toml"
PROGRAMME, COURSE, TRANSCRIPT = "programme", "course", "transcript"  # what a design certifies
SEAL = "seal.svg"  # in each folder; the name that a page has for the seal, whoever's it is


BROUGHT_IN = 32  # folders that are kept read
Kind = TypeVar("Kind", str, dict[str, Any], list[Any])


class UnknownDesign(LookupError):
    """No folder of that name."""


class Unreadable(ValueError):
    """A design.toml that is none; `key` is where, and `detail` what was expected there."""

    def __init__(self, key: str, detail: str) -> None:
        super().__init__(f"{STRINGS}, {key}: {detail}")
        self.key, self.detail = key, detail


class UnknownWording(LookupError):
    """A text is put in the place of one that the folder does not have; the message names it."""


@dataclass(frozen=True)
class Drawn:
    """How a certificate is drawn: a folder with what was chosen for it. Plain values, the same for ever.

    ``languages`` is "ko", "en" or "both". ``wording`` puts texts in the place of the folder's, each as (language, key,
    text); the key of a text inside a table has a full stop: "rows.programme". ``seal`` is a PNG or an SVG in the place of
    the folder's. ``version`` stands on the certificate ("": that of the folder).
    """

    folder: str
    languages: str = "both"
    wording: tuple[tuple[str, str, str], ...] = ()
    seal: bytes | None = field(default=None, repr=False)
    version: str = ""

    @property
    def brought_in(self) -> bool:
        """Whether its layout did not come with the product."""
        return self.folder.startswith("/")

    @property
    def shown_version(self) -> str:
        return self.version or find(self.folder).version


@dataclass(frozen=True)
class Place:
    """Where a line stands: width and height in mm, the sizes in points that it may shrink to, its leading."""

    wide: float
    high: float
    sizes: tuple[float, ...]
    leading: float

    @classmethod
    def read(cls, name: str, said: Any) -> "Place":
        """From a table of design.toml. Raises Unreadable."""
        table: dict[str, Any] = said if isinstance(said, dict) else {}
        sizes = table.get("sizes")
        sizes = sizes if isinstance(sizes, list) and sizes else [None]
        numbers = [table.get("wide"), table.get("high"), *sizes, table.get("leading")]
        if not all(
            isinstance(each, int | float) and not isinstance(each, bool) and 0 < each < 1000 for each in numbers
        ):
            raise Unreadable(f"places.{name}", _("wide, high, leading and a list of sizes, each between 0 and 1000"))
        return cls(table["wide"], table["high"], tuple(sizes), table["leading"])


@dataclass(frozen=True)
class Design:
    """One design as it lies on disk. ``version`` goes up with every change of what is printed.

    ``rows`` are the facts in the order in which they are printed. ``places`` are those of the "first" line of the name and
    of the "second", which is in Latin letters, or in English the name as written. ``changeable``: the keys of the strings
    that a programme may word for itself. ``page_folder`` holds page and sheet.
    """

    name: str
    version: str
    kind: str
    title: Mapping[str, str]
    rows: tuple[str, ...]
    strings: Mapping[str, Mapping[str, Any]] = field(repr=False)
    places: Mapping[str, Place] = field(repr=False)
    folder: Path = field(repr=False)
    page_folder: Path = field(repr=False)
    changeable: tuple[str, ...] = ()

    def worded(self, wording: tuple[tuple[str, str, str], ...]) -> dict[str, Any]:
        """The strings with these in the place of the folder's own. Raises UnknownWording."""
        strings: dict[str, Any] = deepcopy(dict(self.strings))
        for language, key, text in wording:
            *tables, last = (language, *key.split("."))
            place: Any = strings
            for table in tables:
                place = place.get(table) if isinstance(place, dict) else None
            if not isinstance(place, dict) or not isinstance(place.get(last), str):
                raise UnknownWording(f"{language}.{key}")
            place[last] = text
        return strings

    @classmethod
    def read(cls, folder: Path) -> "Design":
        """The design that lies in a folder. Raises Unreadable."""
        own = _table(folder)
        page_folder, model = folder, own
        if "like" in own:
            page_folder = FOLDER / Path(_of(own, "like", str)).name
            if not (page_folder / STRINGS).is_file():
                raise Unreadable("like", _("the name of a design that comes with the product"))
            model = _table(page_folder)
        places = {name: Place.read(name, said) for name, said in _of(model, "places", dict, {}).items()}
        about = (
            _of(own, "name", str),
            _of(own, "version", str),
            _of(own, "kind", str, PROGRAMME),
            _of(own, "title", dict),
        )
        strings, rows = _of(own, "strings", dict), _names(own, "rows")
        return cls(*about, rows, strings, places, folder, page_folder, _names(own, "changeable"))


def _table(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / STRINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(STRINGS, str(error)) from error


def _of(own: Mapping[str, Any], key: str, kind: type[Kind], instead: Kind | None = None) -> Kind:
    """What stands under a key, which is to be of a kind. Raises Unreadable."""
    found = own.get(key, instead)
    if not isinstance(found, kind):
        raise Unreadable(key, {str: _("a text in quotes"), dict: _("a table"), list: _("a list")}[kind])
    return found


def _names(own: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = _of(own, key, list, [])
    if not all(isinstance(each, str) for each in names):
        raise Unreadable(key, _("a list of texts in quotes"))
    return tuple(names)


@cache
def designs(kind: str = PROGRAMME) -> tuple[Design, ...]:
    """All designs of a kind that ship with the product, by name. Read once a process."""
    every = (Design.read(path.parent) for path in sorted(FOLDER.glob(f"*/{STRINGS}")))
    return tuple(design for design in every if design.kind == kind)


@lru_cache(maxsize=BROUGHT_IN)
def brought_in(folder: str) -> Design:
    """A design that did not come with the product, by the whole path of its folder. What lies there never changes."""
    return Design.read(Path(folder))


def find(name: str) -> Design:
    """The design of a ``Drawn.folder``: a name of ours, or a whole path. Raises UnknownDesign."""
    if name.startswith("/"):
        return brought_in(name)
    for design in (*designs(), *designs(COURSE), *designs(TRANSCRIPT)):
        if design.name == name:
            return design
    raise UnknownDesign(name)
