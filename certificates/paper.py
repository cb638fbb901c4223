"""A long table on A4, set by ourselves: 1,000 rows take a second or two, where a layout engine takes twenty.

Tagged for screen readers and made to be kept (PDF/UA-1, PDF/A-3a). The head of the columns is repeated on each sheet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from certificates.lettering import Lettering, broken, set_in
from certificates.tagged import Element, Tagged

MM = 72 / 25.4
WIDE, HIGH = 841.89, 595.28
LEFT, TOP, BOTTOM = 14 * MM, 18 * MM, 16 * MM
TITLE, TEXT, SMALL = 18.0, 8.5, 7.5
LEADING = 1.4
PAD, GAP = 1.2 * MM, 2 * MM
INK, QUIET, LINE = b"0.118 0.129 0.141", b"0.345 0.380 0.416", b"0.804 0.820 0.835"


@dataclass(frozen=True)
class Column:
    """A head and how wide it is, in millimetres; figures stand at the right."""

    head: str
    width: float
    right: bool = False


@dataclass(frozen=True)
class Cell:
    """A text, and below it a smaller one, which may be in another language ("" for that of the page)."""

    text: str
    more: str = ""
    language: str = ""


@dataclass(frozen=True)
class Sheet:
    """What is to be printed."""

    title: str
    language: str
    made: datetime
    said: str  # below the title
    facts: Sequence[Sequence[tuple[str, str]]]  # lines of labels and texts
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def pdf(sheet: Sheet, identifier: str) -> bytes:
    """The sheet as a file; `identifier`: 32 hexadecimal digits, the same for the same content."""
    return _Printer(sheet).printed(identifier)


class _Printer:
    """Goes down the pages, from line to line."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.file = Tagged(title=sheet.title, language=sheet.language, made=sheet.made, size=(WIDE, HIGH))
        self.drawn: list[list[bytes]] = []
        self.down = 0.0  # of the page that is being filled, from its lower edge

    def printed(self, identifier: str) -> bytes:
        self.turn()
        self.head()
        table = self.file.element("Table", self.file.whole)
        self.columns(self.file.element("TR", table))
        for row in self.sheet.rows:
            self.row(row, table)
        for at in range(len(self.drawn)):
            self.foot(at)
        return self.file.write(identifier)

    def turn(self) -> None:
        """On to the next page. The one before is finished when the number of pages is known."""
        self.file.begin_page()
        self.drawn.append([])
        self.down = HIGH - TOP

    def put(self, content: bytes) -> None:
        self.drawn[-1].append(content)

    def head(self) -> None:
        sheet, whole = self.sheet, self.file.whole
        self.paragraph("H1", sheet.title, TITLE, INK, "strong")
        self.down -= GAP
        self.paragraph("P", sheet.said, TEXT, QUIET, "plain")
        for line in sheet.facts:
            if not line:
                continue
            self.down -= TEXT * LEADING + GAP
            at, made = LEFT, self.file.element("P", whole)
            for label, text in line:
                words = self.line(at, self.down, set_in(label, "plain"), TEXT, QUIET)
                at += set_in(label, "plain").width * TEXT + 1.5 * MM
                words += self.line(at, self.down, set_in(text, "strong"), TEXT, INK)
                at += set_in(text, "strong").width * TEXT + 8 * MM
                self.put(self.file.mark(made, words))
        self.down -= 6 * MM

    def paragraph(self, kind: str, text: str, size: float, colour: bytes, voice: str) -> None:
        made, words = self.file.element(kind, self.file.whole), b""
        for each in broken(text, voice, (WIDE - 2 * LEFT) / size):
            self.down -= size * LEADING
            words += self.line(LEFT, self.down, each, size, colour)
        self.put(self.file.mark(made, words))

    def columns(self, row: Element | None) -> None:
        """The head of the table: of the tree on the first page, a mere repetition on the others."""
        heads = [broken(each.head, "plain", self.room(each) / TEXT) for each in self.sheet.columns]
        most = max(map(len, heads))
        self.down -= most * TEXT * LEADING
        at = LEFT
        for column, lines in zip(self.sheet.columns, heads, strict=True):
            words = b"".join(
                self.line(
                    self.start(column, at, each, TEXT),
                    self.down + (len(lines) - place) * TEXT * LEADING - TEXT,
                    each,
                    TEXT,
                    QUIET,
                )
                for place, each in enumerate(lines)
            )
            own = self.file.element("TH", row, "/A<</O/Table/Scope/Column>>") if row else None
            self.put(self.file.mark(own, words) if own else b"/Artifact BMC\n%s\nEMC\n" % words)
            at += column.width * MM
        self.down -= PAD
        self.rule(INK, 0.85)

    def row(self, cells: Sequence[Cell], table: Element) -> None:
        """One row, never torn apart between two pages."""
        set_cells = [
            (
                broken(cell.text, "plain", self.room(column) / TEXT),
                broken(cell.more, "plain", self.room(column) / SMALL),
            )
            for column, cell in zip(self.sheet.columns, cells, strict=True)
        ]
        high = max(len(text) * TEXT + len(more) * SMALL for text, more in set_cells) * LEADING + 2 * PAD
        if self.down - high < BOTTOM:
            self.turn()
            self.columns(None)
        made, at = self.file.element("TR", table), LEFT
        for place, (column, cell, (text, more)) in enumerate(zip(self.sheet.columns, cells, set_cells, strict=True)):
            kind, about = ("TH", "/A<</O/Table/Scope/Row>>") if not place else ("TD", "")
            self.cell(self.file.element(kind, made, about), column, at, (text, more), cell.language)
            at += column.width * MM
        self.down -= high
        self.rule(LINE, 0.43)

    def cell(
        self,
        made: Element,
        column: Column,
        at: float,
        lines: tuple[tuple[Lettering, ...], tuple[Lettering, ...]],
        language: str,
    ) -> None:
        below, words, small = self.down - PAD, b"", b""
        for each in lines[0]:
            words += self.line(self.start(column, at, each, TEXT), below - TEXT, each, TEXT, INK)
            below -= TEXT * LEADING
        for each in lines[1]:
            small += self.line(self.start(column, at, each, SMALL), below - SMALL, each, SMALL, QUIET)
            below -= SMALL * LEADING
        if small and language:
            small = b"/Span<</Lang(%s)>>BDC\n%sEMC\n" % (language.encode(), small)
        self.put(self.file.mark(made, words + small))

    def foot(self, at: int) -> None:
        """Title and number of the page, which belong to no tree."""
        number = set_in(f"{at + 1} / {len(self.drawn)}", "plain")
        words = self.line(LEFT, 8 * MM, set_in(self.sheet.title, "plain"), 8, QUIET)
        words += self.line(WIDE - LEFT - number.width * 8, 8 * MM, number, 8, QUIET)
        self.file.end_page(at, b"".join(self.drawn[at]) + b"/Artifact BMC\n%sEMC" % words)
        self.drawn[at] = []

    def rule(self, colour: bytes, width: float) -> None:
        there = b"%.2f %.2f m %.2f %.2f l S" % (LEFT, self.down, WIDE - LEFT, self.down)
        self.put(b"/Artifact BMC\n%s RG %g w %s\nEMC\n" % (colour, width, there))

    def line(self, at: float, down: float, each: Lettering, size: float, colour: bytes) -> bytes:
        for face, own in each.meanings:
            self.file.use(face, own)
        return b"BT %s rg 1 0 0 1 %.2f %.2f Tm\n%s\nET\n" % (colour, at, down, each.operators(size))

    def room(self, column: Column) -> float:
        return column.width * MM - (2 * GAP if column.right else GAP)

    def start(self, column: Column, at: float, each: Lettering, size: float) -> float:
        return at + self.room(column) - each.width * size if column.right else at
