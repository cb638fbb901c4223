"""From facts to the bytes of a PDF.

Importing this module loads WeasyPrint and with it Pango, which may be missing on a machine: only the job that renders
and ``lms doctor`` import it, so that everything else runs without.

A design is sandboxed. Its template sees the facts and a few functions and nothing else of the program, and no address
is ever opened: what a design may name is looked up in a list of its own files and the typefaces; anything else stops
the work.
"""

import gc
import hashlib
import io
import json
import logging
import mimetypes
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pydyf
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from weasyprint import CSS, HTML, Document
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from certificates import design as designs_on_disk
from certificates import enclosing, faces, passages, typesetting
from certificates.design import PAGE, SEAL, SHEET, TRANSCRIPT, Design, Drawn, UnknownWording
from certificates.enclosing import Enclosure, prepare
from certificates.faces import Unprintable
from certificates.facts import Printable
from certificates.plates import Plate, Uncut
from certificates.shaping import Tangled
from certificates.slots import Page, Slots
from certificates.squares import square
from certificates.telling import fit_facts
from certificates.transcript_pages import sheets

ROOT = "https://design.invalid/"  # never asked for: the first part of the names in the list
FONTS = ROOT + "fonts/"
OWN = ROOT + "own/"
PARTS = designs_on_disk.FOLDER / "parts"  # of pages that designs of ours share
PICTURES = (".svg", ".png", ".jpg")
TOOLS = (
    *("fit", "fit_in", "fit_rows", "measure", "direction", "shown_address", "grouped", "MM_PER_PT"),
    *("day_in", "day_ko", "day_en", "period_in", "period_ko", "period_en", "short_period", "hours_in", "hours_en"),
)
MADE = {"fit_facts": fit_facts, "sheets": sheets, "square": square}
PLATES = 64  # kept of a design; each takes some 60 kB
PRESSES = 3  # each takes some 17 MB; with them a worker stays under 300
PNG = b"\x89PNG\r\n\x1a\n"
PROGRAMME = Drawn("programme")
# PDF/A wants pictures as they are, not smoothed by whoever shows them.
PLAIN_PICTURES = "* { image-rendering: crisp-edges !important }"
UNNAMED = "0" * 32
passages.mend()
VARIANT = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}


class DesignError(ValueError):
    """A design asks for what it may not have, or does not come out as one page; the message says what."""


class Shelf(URLFetcher):
    """Gives out the files on a list, by their whole address. Opens nothing else, whatever its name."""

    def __init__(self, files: Mapping[str, Path | bytes]) -> None:
        super().__init__(fail_on_errors=True)
        self.files = files

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url not in self.files:
            raise DesignError(f"not a file of the design: {url[:200]}")
        file = self.files[url]
        if isinstance(file, bytes):
            kind = "image/png" if file.startswith(PNG) else "image/svg+xml"
            return URLFetcherResponse(url, file, {"Content-Type": kind})
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})


def shelf(design: Design, seal: bytes | None = None) -> Shelf:
    """The typefaces and the pictures that lie in the design's own folders; links to elsewhere are left out."""
    files: dict[str, Path | bytes] = {FONTS + name: faces.FOLDER / name for name in faces.FILES.values()}
    for path in (*design.page_folder.iterdir(), *design.folder.iterdir()):
        if path.suffix in PICTURES and path.is_file() and not path.is_symlink():
            files[OWN + path.name] = path
    if seal is not None:
        files[OWN + SEAL] = seal
    return Shelf(files)


class Press:
    """One design as it is drawn, ready to print: typefaces, stylesheet, template and pictures are read and kept."""

    def __init__(
        self, design: Design, drawn: Drawn | None = None, enclosing: bool = False, evident: bool = False
    ) -> None:
        self.design = design
        self.drawn = drawn or Drawn(design.name)
        self.enclosing, self.evident = enclosing, evident
        # A design of a stranger may call itself what it likes.
        self.transcript = design.kind == TRANSCRIPT and design.folder.parent == designs_on_disk.FOLDER
        self.fetcher = shelf(design, self.drawn.seal)
        self.fonts = FontConfiguration()
        self.pictures: dict[str, Any] = {}
        self.plates: OrderedDict[str, Plate | None] = OrderedDict()
        sheet = (design.page_folder / SHEET).read_text(encoding="utf-8")
        self.sheets = [self.parsed(f"{faces.stylesheet()}\n{PLAIN_PICTURES}", FONTS), self.parsed(sheet, OWN)]
        ours = [PARTS] if design.page_folder.parent == designs_on_disk.FOLDER else []
        templates = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([design.page_folder, *ours]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        templates.globals = {name: getattr(typesetting, name) for name in TOOLS} | MADE
        try:
            strings = design.worded(self.drawn.wording)
            self.template = templates.get_template(PAGE)
        except TemplateSyntaxError as error:
            raise DesignError(f"{design.name}: {error.name}, line {error.lineno}: {error.message}") from error
        except UnknownWording as error:
            raise DesignError(f"{design.name}: no text of this design: {error}") from error
        self.known = {
            "strings": strings,
            "languages": self.drawn.languages,
            "rows": design.rows,
            "places": design.places,
        }

    def parsed(self, text: str, place: str) -> CSS:
        with inside_the_design():
            return CSS(string=text, base_url=place, font_config=self.fonts, url_fetcher=self.fetcher)

    def page(self, facts: Printable) -> Page:
        slots = Slots()
        marks = {"own": slots.own, "own_line": slots.own_line, "own_square": slots.own_square, "own_day": slots.own_day}
        try:
            skeleton = self.template.render(facts=facts, **self.known, **marks)
        except TemplateError as error:
            raise DesignError(f"{self.design.name}: {error}") from error
        return Page(skeleton, tuple(slots.texts), tuple(slots.squares), slots.day)

    def print(self, page: Page, identifier: str = UNNAMED, enclosed: Enclosure | None = None) -> bytes:
        """The page as a PDF, on a plate where its own texts allow it, else laid out for itself."""
        if page.texts and page.simple and (plate := self.plate(page)):
            try:
                return plate.print(page, identifier, enclosed)
            except Tangled:
                pass
        alone = Page(page.whole())
        try:
            return self.laid_out(alone).print(alone, identifier, enclosed)
        except Uncut as error:
            raise DesignError(f"{self.design.name}: {error}") from error

    def plate(self, page: Page) -> Plate | None:
        """The plate for all pages that differ in their own texts only; None where a fact reads like a blank."""
        if page.skeleton in self.plates:
            self.plates.move_to_end(page.skeleton)
            return self.plates[page.skeleton]
        try:
            plate = self.laid_out(page)
        except Uncut:
            plate = None
        self.plates[page.skeleton] = plate
        if len(self.plates) > PLATES:
            self.plates.popitem(last=False)
        return plate

    def laid_out(self, page: Page) -> Plate:
        made: list[tuple[Document, pydyf.PDF]] = []
        with inside_the_design():
            document = HTML(string=page.holding(), base_url=OWN + PAGE, url_fetcher=self.fetcher).render(
                stylesheets=self.sheets, font_config=self.fonts, cache=self.pictures, **VARIANT
            )
            if len(document.pages) != 1 and not self.transcript:
                raise DesignError(f"{self.design.name}: {len(document.pages)} pages instead of one")
            document.write_pdf(io.BytesIO(), finisher=lambda *both: made.append(both), uncompressed_pdf=True, **VARIANT)
        described = enclosing.TRANSCRIPT if self.transcript else enclosing.DESCRIPTION
        return Plate(*made[0], page, prepare(made[0][1], self.evident, described) if self.enclosing else None)


class Complaints(logging.Handler):
    """What the library only notes down, such as a picture that it leaves out half drawn."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@contextmanager
def inside_the_design() -> Iterator[None]:
    """Turn both ways in which the library says no, a note and an error past ``except Exception``, into our refusal."""
    complaints = Complaints()
    LOGGER.addHandler(complaints)
    try:
        yield
    except FatalURLFetchingError as error:
        raise DesignError(str(error.__cause__ or error)) from error
    finally:
        LOGGER.removeHandler(complaints)
    if complaints.heard:
        raise DesignError("; ".join(complaints.heard))


PRINTING = threading.Lock()  # Pango's font map belongs to one thread at a time


@lru_cache(maxsize=PRESSES)
def press(drawn: Drawn, enclosing: bool = False, evident: bool = False) -> Press:
    gc.collect()  # what was let go refers to itself in circles, and its typefaces would stay in memory
    return Press(designs_on_disk.find(drawn.folder), drawn, enclosing, evident)


def designs() -> list[Design]:
    return list(designs_on_disk.designs())


def render(facts: Printable, drawn: Drawn = PROGRAMME, enclosed: Enclosure | None = None) -> bytes:
    """The PDF, of one page (a transcript of several), PDF/A-3a and tagged; the same facts and enclosure give the same bytes.

    Raises Unprintable (with the characters named), typesetting.TooLong, DesignError.
    """
    if characters := faces.check(facts):
        raise Unprintable(characters)
    with PRINTING:
        machine = press(drawn, enclosed is not None, bool(enclosed and enclosed.evidence))
        return machine.print(machine.page(facts), identity(facts), enclosed)


def identity(facts: Printable) -> str:
    """The file's identifier, from what it says."""
    return hashlib.sha256(json.dumps(facts.as_json(), sort_keys=True).encode()).hexdigest()[:32]
