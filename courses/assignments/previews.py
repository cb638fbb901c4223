"""Text files of handed-in work as lines to read beside the rubric. Nothing is run, unpacked or rendered."""

import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from lms.kit import files
from lms.kit.files import KINDS
from lms.kit.stored_file import StoredFile

MOST_BYTES = 200_000
MOST_LINES = 2_000
LONGEST_LINE = 2_000
# Characters that HTML cannot hold, or that turn the direction of a line, are shown as their names' pictures or left as marks.
PICTURES = {code: 0x2400 + code for code in range(32) if code not in (9, 10)} | {0x7F: 0x2421}
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFE, 0xFFFF], 0xFFFD)


@dataclass(frozen=True, slots=True)
class Preview:
    """Lines of a text file; `whole` when nothing was left out."""

    lines: list[str]
    whole: bool


def of(stored: StoredFile) -> Preview | None:
    """The beginning of a text file, or None for a file of another kind and for one that is gone."""
    ending = stored.name.rpartition(".")[2].lower()
    if KINDS.get(ending, ()) is not None or stored.forgotten_at:
        return None
    text = _decode(_read(files.path_of(stored)))
    whole = stored.size <= MOST_BYTES
    if ending == "ipynb" and whole:
        text = _cells(text)
    shown = lines(text)
    return Preview(shown[:MOST_LINES], whole and len(shown) <= MOST_LINES)


def lines(text: str) -> list[str]:
    """Lines that are safe to print: none endless, no character that turns the reading direction or cannot be in a page."""
    return [line[:LONGEST_LINE] for line in islice(text.translate(PICTURES | TURNING).split("\n"), MOST_LINES + 1)]


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES)


def _decode(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else the Korean code page; what cannot be read becomes a replacement mark."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            korean = error.start < len(content) - 3  # else the end was cut inside a character
            text = content.decode("cp949" if korean else "utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _cells(text: str) -> str:
    """The sources of a notebook's cells, one below the other; what is no notebook stays as it is."""
    try:
        cells = json.loads(text)["cells"]
        return "\n\n".join(f"# [{_kind(cell)}]\n{_source(cell)}" for cell in cells)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return text


def _kind(cell: Any) -> str:
    return str(cell.get("cell_type", ""))[:20]


def _source(cell: Any) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)
