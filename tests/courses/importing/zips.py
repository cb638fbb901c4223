"""Small zip files, good and bad."""

import io
import zipfile
from pathlib import Path

LINK = 0o120777 << 16
COURSE = {
    "course.toml": 'slug = "small"\nhours = 2\n[title]\nen = "Small"\nko = "작은 강좌"\n',
    "01-start/module.toml": '[title]\nen = "Start"\nko = "시작"\n',
    "01-start/01-first.lesson.en.md": "# First\n\nText with [a link](nowhere.md).\n",
    "01-start/01-first.lesson.ko.md": "# 처음\n\n글이에요.\n",
}


def zipped(files: dict[str, str | bytes], *, top: str = "", compressed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these files, below the folder `top` if there is one."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compressed) as archive:
        for name, content in files.items():
            archive.writestr(f"{top}/{name}" if top else name, content)
    return written.getvalue()


def entry(name: str, content: bytes = b"x", *, attributes: int = 0, flags: int = 0) -> bytes:
    """A zip with one entry of any name and kind."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        member = zipfile.ZipInfo(name)
        member.external_attr = attributes
        archive.writestr(member, content)
    made = bytearray(written.getvalue())
    if flags:
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = made.index(mark) + place
            made[at] |= flags
    return bytes(made)


def renamed(name: bytes) -> bytes:
    """A zip whose one entry has these bytes as its name and does not say in which encoding."""
    return entry("n" * len(name)).replace(b"n" * len(name), name)


def of_folder(folder: Path, top: str = "") -> bytes:
    return zipped(
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
        top=top,
    )
