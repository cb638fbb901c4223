"""Spreadsheets that leave this room: an empty table to fill in, and a table with what became of each row."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _

from lms.bulk import uploads
from lms.bulk.cells import STAGES
from lms.bulk.columns import COLUMNS, Column, Holds, title
from lms.bulk.findings import Finding, place, sentence
from lms.bulk.models import BulkUpload, Kind, UploadState
from lms.bulk.plans import Outcome
from lms.bulk.reading import Table
from lms.kit import i18n, sheets
from lms.kit.sheets import Cell, Sheet
from lms.pipeline.models import LeavingReason

LANGUAGES_OF_HEAD = ("ko", "en")


def template(kind: Kind) -> bytes:
    """An empty table with its head in the reader's language, and a sheet that explains each column."""
    columns = COLUMNS[kind]
    empty = Sheet(title(kind), [each.label for each in columns], [])
    explained = Sheet(
        _("About the columns"),
        [_("Column in Korean"), _("Column in English"), _("Needed"), _("Example"), _("What it holds")],
        [
            [each.head["ko"], each.head["en"], _("yes") if each.required else "", each.example, _holds(each)]
            for each in columns
        ],
    )
    return sheets.xlsx(empty, explained)


def result(upload: BulkUpload, table: Table, findings: Sequence[Finding]) -> bytes:
    """The rows that were sent, each with what became of it. No cell of it can run: text is written as text."""
    said: dict[int, list[str]] = defaultdict(list)
    for each in findings:
        where = place(each, upload.kind)
        said[each.row].append(f"{where}: {sentence(each, upload.kind)}" if where else sentence(each, upload.kind))
    done = upload.state is UploadState.DONE
    head = [_("Row"), _("What became of it") if done else _("What would become of it"), _("To know")]
    heads = [str(cell) for cell in table.head]
    words = {letter: outcome(letter, done) for letter in (*uploads.LETTERS, "")}
    rows: list[list[Cell]] = []
    if 0 in said:
        rows.append([0, "", " ".join(said[0]), *[""] * len(heads)])
    for number, cells in table.rows:
        letter = upload.marks.get(str(number), "")[:1]
        kept = [_cell(cells[place]) if place < len(cells) else "" for place in range(len(heads))]
        rows.append([number, words[letter], " ".join(said[number]), *kept])
    return sheets.xlsx(Sheet(title(upload.kind), [*head, *heads], rows))


def result_name(upload: BulkUpload) -> str:
    """After the file that was sent."""
    stem = upload.file.name.rpartition(".")[0] or upload.file.name
    return f"{stem} - {_('result') if upload.state is UploadState.DONE else _('check')}.xlsx"


def outcome(letter: str, done: bool) -> str:
    """A word for what becomes (or became) of a row; "" when it could not be read."""
    found = uploads.LETTERS.get(letter)
    if done:
        return {
            Outcome.MADE: _("made"),
            Outcome.CHANGED: _("changed"),
            Outcome.SAME: _("left alone"),
            Outcome.WRONG: _("not brought in"),
            None: "",
        }[found]
    return {
        Outcome.MADE: _("would be made"),
        Outcome.CHANGED: _("would be changed"),
        Outcome.SAME: _("stays as it is"),
        Outcome.WRONG: _("to be mended"),
        None: _("to be mended"),
    }[found]


def _cell(cell: object) -> Cell:
    if cell is None or isinstance(cell, str | int | float | bool):
        return cell
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute) else f"{cell:%Y-%m-%d %H:%M}"
    return cell if isinstance(cell, date) else str(cell)


def _holds(column: Column) -> str:
    """What is understood in the cells of a column."""
    ours = i18n.current()
    match column.holds:
        case Holds.DAY:
            return _("A day, like 2026-03-02 or 2026. 3. 2.")
        case Holds.EMAIL:
            return _("The address by which a person is known; the same address is the same person.")
        case Holds.STAGE:
            return ", ".join(word for word in STAGES if word.isascii() == (ours != "ko"))
        case Holds.REASON:
            return ", ".join(each.value for each in LeavingReason)
        case Holds.LANGUAGE:
            return "ko, en"
        case Holds.NUMBER:
            return _("A whole number")
        case Holds.LATIN:
            return _("As in the passport, in Latin letters")
    return _("Text")
