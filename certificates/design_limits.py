"""A design folder from somebody we do not know: read from a folder or a zip, and looked through before anything is drawn.

A folder of ours is flat, small and made of few kinds of files, so everything else is refused by its name alone.
"""

import io
import re
import stat
import tomllib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from jinja2 import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from certificates import design, design_folders, drawings
from certificates.design import PAGE, SHEET, STRINGS
from certificates.design_faults import BadDesign, Fault, shortened
from certificates.design_folders import Files
from certificates.drawings import BadPicture
from certificates.facts import LANGUAGES

MOST_FILES = 30
LARGEST_FILE = 512 * 1024  # bytes
LARGEST_WHOLE = 2 * 1024 * 1024
LARGEST_ZIP = 2 * 1024 * 1024
LONGEST_TEXT = 400
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}\.(html|css|toml|svg|png|jpg|md|txt)")
OWN_NAME = re.compile(r"[a-z][a-z0-9-]{1,40}")
LEFT_OUT = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$)")
TEXTS = (".html", ".css", ".toml", ".md", ".txt")
# An address in a page or sheet that is not the name of a file beside it.
ADDRESS = re.compile(
    r"""(?:(?:src|href|data|poster|action|srcset|background)\s*=\s*["']?|url\(\s*["']?|@import\s+["'])\s*"""
    r"""([a-z][a-z0-9+.-]*:[^\s"')>]*|/[^\s"')>]*|\\[^\s"')>]*|\.\.[^\s"')>]*)""",
    re.IGNORECASE,
)


def from_folder(folder: Path) -> Files:
    """The files of a folder, links left unopened. Raises BadDesign."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.iterdir()):
        if LEFT_OUT.search(path.name):
            continue
        if path.is_symlink() or not path.is_file():
            raise BadDesign(
                Fault(_("This is no file. A design is a folder of files, without folders and links."), path.name)
            )
        _check_name(path.name)
        _check_size(path.name, path.stat().st_size, found)
        found[path.name] = path.read_bytes()
    return found


def from_zip(content: bytes) -> Files:
    """The files of a zip of such a folder, or of its files. Raises BadDesign."""
    if len(content) > LARGEST_ZIP:
        raise BadDesign(Fault(_("The zip is larger than %(size)s MB.", size=LARGEST_ZIP // 1024**2)))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return dict(_members(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        if isinstance(error, BadDesign):
            raise
        raise BadDesign(Fault(_("This is no zip file that can be opened. Make it anew from the folder."))) from error


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    members = [each for each in archive.infolist() if not each.is_dir() and not LEFT_OUT.search(each.filename)]
    tops = {each.filename.partition("/")[0] for each in members if "/" in each.filename}
    whole = len(tops) == 1 and all("/" in each.filename for each in members) and not {"", ".", ".."} & tops
    top = f"{tops.pop()}/" if whole else ""
    found: dict[str, bytes] = {}
    for member in members:
        name = member.filename.removeprefix(top)
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG) or member.flag_bits & 0x1:
            raise BadDesign(Fault(_("This is a link or has a password. Put the file itself there."), _shown(name)))
        _check_name(name)
        if name in found:
            raise BadDesign(Fault(_("The zip holds this file twice."), name))
        _check_size(name, member.file_size, found)
        found[name] = archive.read(member)  # never more than it claims
        yield name, found[name]


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        kinds = "html, css, toml, svg, png, jpg, md, txt"
        sentence = _(
            "A design has no file of this name. Allowed: %(kinds)s, in one folder, named in Latin letters.", kinds=kinds
        )
        raise BadDesign(Fault(sentence, _shown(name)))


def _check_size(name: str, size: int, found: Files) -> None:
    if len(found) >= MOST_FILES:
        raise BadDesign(Fault(_("The folder holds more than %(most)s files.", most=MOST_FILES)))
    if size > LARGEST_FILE:
        raise BadDesign(Fault(_("This file is larger than %(size)s kB.", size=LARGEST_FILE // 1024), name))
    if size + sum(map(len, found.values())) > LARGEST_WHOLE:
        raise BadDesign(Fault(_("Unpacked, the folder is larger than %(size)s MB.", size=LARGEST_WHOLE // 1024**2)))


def looked_through(found: Files) -> Files:
    """The same files with their drawings cleaned. Raises BadDesign with everything that can be told without drawing."""
    faults: list[Fault] = []
    clean: dict[str, bytes] = {}
    for name, content in found.items():
        try:
            clean[name] = _looked_at(name, content)
        except BadPicture as bad:
            faults.append(Fault(bad.sentence, name, bad.line))
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            faults.append(Fault(_("This is not written in UTF-8."), name, line))
        faults += _addresses(name, content)
    own = {} if STRINGS in {fault.file for fault in faults} else _strings(found, faults)
    faults += [Fault(_("This file is missing."), name) for name in _needed(own) if name not in found]
    faults += [fault for name in found if name.endswith(".html") for fault in _syntax(name, found[name])]
    if faults:
        raise BadDesign(*faults)
    try:
        design_folders.read(clean)
    except design.Unreadable as bad:
        sentence = _("“%(key)s” is not as it is to be: %(detail)s.", key=bad.key, detail=bad.detail)
        raise BadDesign(Fault(sentence, STRINGS, _line(found, bad.key))) from bad
    return clean


def _needed(own: dict[str, Any]) -> tuple[str, ...]:
    return () if "like" in own else (PAGE, SHEET)


def _looked_at(name: str, content: bytes) -> bytes:
    if name.endswith(TEXTS):
        content.decode("utf-8")
    elif name.endswith(".svg"):
        return drawings.cleaned(content)
    else:
        drawings.pixels(content)
    return content


def _addresses(name: str, content: bytes) -> Iterator[Fault]:
    if name.endswith((".html", ".css")):
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            for found in ADDRESS.findall(line):
                sentence = _(
                    "“%(what)s” is no file of this folder. A design may show its own pictures and nothing from elsewhere.",
                    what=shortened(found),
                )
                yield Fault(sentence, name, number)


def _syntax(name: str, content: bytes) -> Iterator[Fault]:
    try:
        ImmutableSandboxedEnvironment().parse(content.decode("utf-8", "replace"))
    except TemplateSyntaxError as error:
        yield Fault(_("This is no sentence of the template language: %(what)s", what=error.message), name, error.lineno)


def _strings(found: Files, faults: list[Fault]) -> dict[str, Any]:
    """What design.toml says; what is wrong with it is added to the faults."""
    if STRINGS not in found:
        faults.append(Fault(_("This file is missing."), STRINGS))
        return {}
    try:
        own = tomllib.loads(found[STRINGS].decode("utf-8"))
    except tomllib.TOMLDecodeError as error:
        line = int((re.findall(r"at line (\d+)", str(error)) or ["0"])[0])
        faults.append(Fault(_("This is no TOML: %(what)s", what=str(error)), STRINGS, line))
        return {}
    faults += [Fault(sentence, STRINGS, _line(found, key)) for key, sentence in _wrong(own)]
    return own


def _wrong(own: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(key, sentence) for whatever is not as it should be."""
    if not OWN_NAME.fullmatch(str(own.get("name", ""))):
        yield "name", _("“name” is missing or not in small Latin letters, digits and hyphens.")
    if not isinstance(own.get("version"), str) or not own["version"]:
        yield "version", _("“version” is missing or not a text in quotes.")
    if own.get("kind", design.PROGRAMME) != design.PROGRAMME:
        yield "kind", _('Only designs of certificates can be brought in: kind = "programme".')
    if "like" in own and own["like"] not in [each.name for each in design.designs()]:
        yield "like", _("“like” names no design that comes with the product.")
    for table in ("title", "strings"):
        if not all(_inside(own, table, language) for language in LANGUAGES):
            yield table, _("“%(what)s” is missing or not given in both languages, ko and en.", what=table)
    if not all(isinstance(_inside(own, "title", language), str) for language in LANGUAGES):
        yield "title", _('The title is a text in both languages: title = { ko = "…", en = "…" }.')
    if "like" not in own and not all(map(_is_place, (_inside(own, "places", name) for name in ("first", "second")))):
        yield "places", _("“places” needs “first” and “second”, each with wide, high, leading and a list of sizes.")
    changeable = own.get("changeable", [])
    for key in changeable if isinstance(changeable, list) else ():
        if not any(isinstance(_inside(own, "strings", language, key), str) for language in LANGUAGES):
            yield "changeable", _("“changeable” names “%(what)s”, which is no text of the strings.", what=key)


def _is_place(place: Any) -> bool:
    """Whether these are the measures of a line."""
    try:
        design.Place.read("", place)
    except design.Unreadable:
        return False
    return True


def _inside(own: Any, *path: Any) -> Any:
    """What stands there, whatever else does; None: nothing."""
    for key in path:
        own = own.get(key) if isinstance(own, dict) and isinstance(key, str) else None
    return own


def _line(found: Files, key: str) -> int:
    lines = found[STRINGS].decode("utf-8").splitlines()
    sought = (re.escape(key), re.escape(key.partition(".")[0]))  # the table itself, or where its table begins
    places = ([n for n, line in enumerate(lines, 1) if re.match(rf"\[?\s*{each}\b", line)] for each in sought)
    return next((each[0] for each in places if each), 1)


def _shown(name: str) -> str:
    return shortened("".join(letter if letter.isprintable() else "�" for letter in name))
