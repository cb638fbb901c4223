"""Keys and names that stay the same from import to import and are safe in an address."""

import hashlib
import re
import unicodedata

_ODD = re.compile(r"[^a-z0-9._-]+")
_NUMBER = re.compile(r"\d+")


def safe_part(name: str) -> str:
    """One part of a key: lower-case ASCII. Where that loses letters, a short hash of the original tells names apart.

    >>> safe_part("3-Linear")
    '3-linear'
    """
    lowered = unicodedata.normalize("NFC", name).lower()
    plain = _ODD.sub("-", lowered).strip("-") if _ODD.search(lowered) else lowered
    if plain == lowered and plain.strip("."):
        return plain
    mark = hashlib.sha1(name.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()[:8]
    stem, dot, extension = plain.rpartition(".")
    if dot and extension:
        return f"{stem}-{mark}.{extension}".lstrip("-")
    return f"{plain.strip('.')}-{mark}".lstrip("-")


def safe_name(path: str) -> str:
    """A relative path with forward slashes, each part made safe."""
    return "/".join(safe_part(part) for part in path.split("/"))


def in_order(name: str) -> tuple[int, str]:
    """Sort key of files and folders: by the number in front, then by name; without a number at the end."""
    number = _NUMBER.match(name)
    return (int(number[0]) if number and len(number[0]) < 10 else 10**9, name)


def words_of_name(name: str) -> str:
    """A title for something that has only a file name: "2-Regression" → "Regression"."""
    words = re.sub(r"^\d+[-_. ]*", "", name).replace("-", " ").replace("_", " ").strip()
    return words or name
