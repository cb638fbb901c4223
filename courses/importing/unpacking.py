"""A course folder that comes as a zip file: looked at before it is kept, then unpacked inside one folder and nowhere else.

Bounds hold for what the file claims and, because claims can lie, again for what is written.
"""

import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import unpack
from typing import IO, Any

from flask_babel import gettext as _

from lms.kit.refusal import Refused

MOST_FILES = 5000
LARGEST_WHOLE = 300 * 1024 * 1024  # bytes unpacked
HIGHEST_RATIO = 100  # unpacked to packed; texts come to 4, a file of nothing but zeros to 1000
RATIO_COUNTS_FROM = 10 * 1024 * 1024
LARGEST_DIRECTORY = 8 * 1024 * 1024  # bytes of the list at the zip's end, which is read as a whole
DEEPEST = 20
LONGEST_PART = 200  # bytes: file systems take 255
CHUNK = 1 << 20
DRIVE = re.compile(r"[A-Za-z]:")
Zip = IO[bytes] | Any


def look_through(file: Zip) -> None:
    """Raises Refused with what to do when the zip is none, too large, or not safe to unpack."""
    with _opened(file) as archive:
        _members(archive)


def unpack_into(file: Path, folder: Path) -> None:
    """Write the files of a zip below `folder`. Raises Refused as `look_through` does, and for damage met on the way."""
    written = 0
    with file.open("rb") as stream, _opened(stream) as archive:
        for name, member in _members(archive):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as target:
                for chunk in _chunks(archive, member, name):
                    written += len(chunk)
                    if written > LARGEST_WHOLE:
                        raise Refused(_too_large())
                    target.write(chunk)


def _opened(file: Zip) -> zipfile.ZipFile:
    _check_directory(file)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError) as error:
        raise Refused(_no_zip()) from error


def _check_directory(file: Zip) -> None:
    """How long the list of files claims to be, before it is read."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - (1 << 16) - 22))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise Refused(_no_zip())
    count, size = unpack("<10xHL", tail[at : at + 16])
    if size > LARGEST_DIRECTORY or count == 0xFFFF:
        raise Refused(_too_many())


def _members(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """The files to write, by their clean names."""
    found: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = _name(member)
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if name.endswith("/") or _is_left_out(parts):
            continue
        _check(member, name, parts)
        if found.setdefault("/".join(parts), member) is not member:
            raise Refused(_("The zip holds %(name)s twice. Make it anew.", name="/".join(parts)))
    _check_whole(found, sum(member.compress_size for member in found.values()))
    return list(found.items())


def _check_whole(found: dict[str, zipfile.ZipInfo], packed: int) -> None:
    whole = sum(member.file_size for member in found.values())
    if not found:
        raise Refused(_("The zip holds no files. Put the course folder into it."))
    if len(found) > MOST_FILES:
        raise Refused(_too_many())
    if whole > LARGEST_WHOLE:
        raise Refused(_too_large())
    if whole > RATIO_COUNTS_FROM and whole > HIGHEST_RATIO * packed:
        raise Refused(
            _("The zip unpacks to more than %(ratio)s times its size, which no course does.", ratio=HIGHEST_RATIO)
        )
    folders = {name[:at] for name in found for at, letter in enumerate(name) if letter == "/"}
    if both := folders & found.keys():
        raise Refused(_("The zip holds %(name)s as a file and as a folder. Make it anew.", name=min(both)))


def _name(member: zipfile.ZipInfo) -> str:
    """The path as it was meant: UTF-8 where the zip says so; else what Windows in Korea writes, or older systems."""
    name = member.orig_filename
    if not member.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "cp949"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return unicodedata.normalize("NFC", name).replace("\\", "/")


def _is_left_out(parts: list[str]) -> bool:
    """Hidden files and what a Mac adds are no part of a course."""
    return not parts or any(part.startswith(".") and part != ".." for part in parts) or parts[0] == "__MACOSX"


def _check(member: zipfile.ZipInfo, name: str, parts: list[str]) -> None:
    if name.startswith("/") or ".." in parts or DRIVE.match(name):
        raise Refused(_("%(name)s in the zip leads out of its folder. Take it out.", name=_shown(name)))
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Refused(_("%(name)s in the zip is a link, not a file. Put the file itself there.", name=_shown(name)))
    if member.flag_bits & 0x1:
        raise Refused(_("The zip has a password. Make it without one."))
    long = len(parts) > DEEPEST or any(len(part.encode("utf-8", "replace")) > LONGEST_PART for part in parts)
    if long or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        raise Refused(
            _("The name %(name)s cannot be used for a file. Change it and make the zip anew.", name=_shown(name))
        )


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    try:
        with archive.open(member) as source:
            while chunk := source.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise Refused(_("%(name)s in the zip is damaged. Make the zip anew and send it again.", name=name)) from error


def _shown(name: str) -> str:
    """A name that a page can hold."""
    plain = "".join("�" if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in name)
    return plain if len(plain) <= 80 else f"{plain[:79]}…"


def _no_zip() -> str:
    return _("This is no zip file that can be opened. Make it anew from the course folder.")


def _too_many() -> str:
    return _("The zip holds more than %(most)s files. Leave out what the course does not show.", most=f"{MOST_FILES:,}")


def _too_large() -> str:
    size = LARGEST_WHOLE // 1024**2
    return _("Unpacked, the zip is larger than %(size)s MB. Leave out what the course does not show.", size=size)
