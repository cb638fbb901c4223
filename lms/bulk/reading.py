"""Files as tables: XLSX by calamine, CSV in UTF-8 (with or without its mark), UTF-16 or CP949, any usual delimiter.

A spreadsheet is a zip of XML, and both can lie about their size. So a file is measured before it is opened: its parts are
unpacked piece by piece and counted, and the furthest cell is looked for, because a table is laid out in memory up to it.
"""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from python_calamine import CalamineError, CalamineWorkbook

from lms.bulk.columns import COLUMNS, plain
from lms.bulk.models import Kind
from lms.kit import i18n
from lms.kit.refusal import Refused

LARGEST_FILE = 20 * 1024 * 1024  # bytes as sent
LARGEST_WHOLE = 200 * 1024 * 1024  # bytes unpacked
MOST_PARTS = 500
MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
HEAD_WITHIN = 10  # rows: above the head there may be a title
DELIMITERS = (",", ";", "\t", "|")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CHUNK = 1 << 18
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,4})([0-9]{1,10})["']""")
_OVERLAP = 64  # bytes: a place that two chunks share
Cells = Sequence[Any]


@dataclass(frozen=True)
class Table:
    """A head and the rows below it that hold something, each with its number in the file (from 1)."""

    head: Cells
    rows: list[tuple[int, Cells]]


def read(path: Path, ending: str, kind: Kind) -> Table:
    """The table in a kept file. Raises Refused with what to do when there is none, or it is too large to be one."""
    lines = _sheet(path) if ending == "xlsx" else _text(path.read_bytes(), kind)
    table = _table(lines, kind)
    if not table.rows:
        raise Refused(_l("No row stands below the head of this file. Fill it in and send it again."))
    return table


def _table(lines: Iterator[Cells], kind: Kind) -> Table:
    """The head is the one of the first rows that names most columns."""
    above: list[tuple[int, Cells]] = []
    rows: list[tuple[int, Cells]] = []
    for number, cells in enumerate(lines, start=1):
        if number > MOST_ROWS + HEAD_WITHIN:
            raise Refused(_too_many_rows())
        if any(cell is not None and str(cell).strip() for cell in cells):
            (above if number <= HEAD_WITHIN else rows).append((number, cells))
    if not above:
        raise Refused(_l("This file is empty. Download the template, fill it in and send it again."))
    best = max(range(len(above)), key=lambda place: (_known(kind, above[place][1]), -place))
    return Table(above[best][1], above[best + 1 :] + rows)


def _known(kind: Kind, cells: Cells) -> int:
    names = frozenset().union(*(each.names for each in COLUMNS[kind]))
    return sum(plain(str(cell)) in names for cell in cells)


def _sheet(path: Path) -> Iterator[Cells]:
    measure(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheet = book.get_sheet_by_index(0)
            yield from sheet.iter_rows()  # from the first row of the sheet, so that numbers are its own
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise Refused(_no_sheet()) from error


def measure(path: Path) -> None:
    """Raise Refused when a spreadsheet would be too large once it is unpacked, whatever it says about itself."""
    whole = 0
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            members = archive.infolist()
            if len(members) > MOST_PARTS:
                raise Refused(_too_large())
            for member in members:
                tail = b""
                for piece in _unpacked(raw, member):
                    whole += len(piece)
                    if whole > LARGEST_WHOLE:
                        raise Refused(_too_large())
                    _check_places(tail + piece)  # in every part: a sheet may have any name
                    tail = piece[-_OVERLAP:]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError) as error:
        raise Refused(_no_sheet()) from error


def _unpacked(raw: Any, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part, piece by piece, to the end of what is really packed: the size that the zip claims is not asked."""
    if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(_no_sheet())
    raw.seek(member.header_offset + 26)
    lengths = raw.read(4)
    raw.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
    left = member.compress_size
    unpacking = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := raw.read(min(CHUNK, left))):
        left -= len(packed)
        if unpacking is None:
            yield packed
            continue
        while packed:
            yield unpacking.decompress(packed, CHUNK)
            packed = unpacking.unconsumed_tail
        if unpacking.eof:
            return


def _check_places(xml: bytes) -> None:
    for letters, digits in _PLACE.findall(xml):
        if int(digits) > MOST_ROWS + HEAD_WITHIN:
            raise Refused(_too_many_rows())
        if letters and _number_of(letters) > MOST_COLUMNS:
            raise Refused(
                _l(
                    "A cell far to the right of the table holds something (%(place)s). Delete all columns beside it.",
                    place=(letters + digits).decode(),
                )
            )


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _text(content: bytes, kind: Kind) -> Iterator[Cells]:
    text = _decoded(content)
    first, _end, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # what Excel writes for itself
        delimiter, text = first.strip()[4], f"\n{rest}"
    else:
        delimiter = _delimiter(text, kind)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield cells[:MOST_COLUMNS]
    except csv.Error as error:
        raise Refused(
            _l("The text breaks off in line %(line)s: a quotation mark has no end.", line=reader.line_num)
        ) from error


def _decoded(content: bytes) -> str:
    marked = next((encoding for mark, encoding in MARKS if content.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp949"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_l("The letters of this file cannot be read. Save it as “CSV UTF-8” or as XLSX and send it again."))


def _delimiter(text: str, kind: Kind) -> str:
    """The one by which most columns are found in the first lines."""
    lines = [line for line in text[: 1 << 16].splitlines()[:HEAD_WITHIN] if line.strip()]

    def columns(delimiter: str) -> int:
        return max((_known(kind, line.replace('"', "").split(delimiter)) for line in lines), default=0)

    return max(DELIMITERS, key=columns)


def _too_many_rows() -> str:
    return _l(
        "This table has more than %(most)s rows. Split it into smaller files and send them one after the other.",
        most=i18n.number(MOST_ROWS),
    )


def _too_large() -> str:
    return _l(
        "This file is larger than %(most)s once it is unpacked. Copy the table alone into a new sheet and send that.",
        most=i18n.size(LARGEST_WHOLE),
    )


def _no_sheet() -> str:
    return _l(
        "This is no spreadsheet that can be opened. Save it as XLSX without a password, or as CSV, and send it again."
    )
