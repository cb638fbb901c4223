"""One attempt to print a design, and what came of it: a picture of the page, or what is wrong and where.

Like ``rendering`` it needs Pango, so it is imported by those only who are about to draw. Speaks no language: what is wrong
is a kind and a detail, and whoever asked makes a sentence of it.
"""

import io
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb

import pypdfium2
from PIL import Image

from certificates import design, faces, rendering
from certificates.design import Drawn
from certificates.enclosing import Enclosure
from certificates.faces import Unprintable
from certificates.facts import Facts
from certificates.typesetting import TooLong

WIDE = 1400  # pixels of a picture
HIGHEST = 2200
LARGEST_SHEET = 1300  # points: A3 is 1191 high
LARGEST_PDF = 2 * 1024 * 1024
_PICTURING = threading.Lock()  # PDFium belongs to one thread at a time
MISSING = re.compile(r"(?:has no attribute|no element) '?([\w.]+)'?|'([\w.]+)' is undefined|^'([\w.]+)'$")


class OutOfTime(RuntimeError):
    """The attempt took more processor time than it may."""


@dataclass(frozen=True)
class Attempt:
    """`picture`: a PNG, or the PDF where it was printed for good; b"" when something is wrong.

    Then `kind` is one of those in ``design_faults`` and `detail` says more.
    """

    picture: bytes = b""
    kind: str = ""
    detail: str = ""
    file: str = ""
    line: int = 0


def attempt(drawn: Drawn, facts: Facts, enclosed: Enclosure | None = None) -> Attempt:
    """Print and picture one page, or print it for good, with what is enclosed. Raises nothing but what stops the process."""
    try:
        if enclosed:
            return Attempt(small_enough(rendering.render(facts, drawn, enclosed)))
        return Attempt(pictured(printed(drawn, facts)))
    except Exception as error:  # whatever a stranger's page does is told, not raised
        return told(error)


def printed(drawn: Drawn, facts: Facts) -> bytes:
    """The page as a PDF, by a press that is not kept: what is tried is seldom tried again."""
    found = design.find(drawn.folder)
    texts = [*facts.texts(), *every_text(found.worded(drawn.wording))]
    if characters := dict.fromkeys(character for text in texts for character in faces.missing(text)):
        raise Unprintable([faces.named(character) for character in characters])
    with rendering.PRINTING:
        press = rendering.Press(found, drawn)
        return press.print(press.page(facts))


def every_text(strings: object) -> Iterator[str]:
    """The texts in a table of tables."""
    if isinstance(strings, str):
        yield strings
    elif isinstance(strings, Mapping):
        for value in strings.values():
            yield from every_text(value)


def pictured(pdf: bytes) -> bytes:
    """The first page as a PNG. Raises ValueError for sheets larger than A3 and files larger than they may be."""
    with _PICTURING:
        document = pypdfium2.PdfDocument(small_enough(pdf))
        try:
            wide, high = document[0].get_size()
            if max(wide, high) > LARGEST_SHEET:
                raise ValueError(f"{wide:.0f} × {high:.0f} pt")
            picture = document[0].render(scale=min(WIDE / wide, HIGHEST / high)).to_pil()
        finally:
            document.close()
    done = io.BytesIO()
    picture.convert("RGB").quantize(128, method=Image.Quantize.FASTOCTREE).save(done, "PNG")
    return done.getvalue()


def small_enough(pdf: bytes) -> bytes:
    """The file, unless it is larger than it may be: then ValueError."""
    if len(pdf) > LARGEST_PDF:
        raise ValueError(f"{len(pdf):,} bytes")
    return pdf


def told(error: BaseException) -> Attempt:
    """What an error says, in our terms."""
    file, line = located(error)
    causes = list(chain(error))
    if found := next((each for each in causes if isinstance(each, OutOfTime)), None):
        return Attempt(kind="time", detail=str(found), file=file, line=line)
    if any(isinstance(each, MemoryError) for each in causes):
        return Attempt(kind="memory", file=file, line=line)
    if isinstance(error, TooLong):
        return Attempt(kind="long", detail=str(error))
    if isinstance(error, Unprintable):
        return Attempt(kind="letters", detail=str(error))
    said = str(error)
    if "not a file of the design: " in said:
        return Attempt(
            kind="address", detail=said.rpartition("not a file of the design: ")[2].removeprefix(rendering.OWN)
        )
    if "pages instead of one" in said:
        return Attempt(kind="pages", detail=(re.findall(r"(\d+) pages", said) or [""])[0])
    if file and (name := MISSING.search(str(causes[-1]))):
        return Attempt(kind="missing", detail=next(filter(None, name.groups())), file=file, line=line)
    return Attempt(kind="error", detail=f"{type(causes[-1]).__name__}: {causes[-1]}"[:300], file=file, line=line)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it, the first cause last."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def located(error: BaseException) -> tuple[str, int]:
    """The innermost line of a template that an error passed through; ("", 0) when it passed none."""
    for each in reversed(list(chain(error))):
        lines = [(frame.f_code.co_filename, line) for frame, line in walk_tb(each.__traceback__)]
        if own := [(Path(name).name, line) for name, line in lines if name.endswith((".html", ".css", ".toml"))]:
            return own[-1]
        if (name := getattr(each, "name", None)) and (line := getattr(each, "lineno", None)):  # a mistake of syntax
            return str(name), int(line)
    return "", 0
