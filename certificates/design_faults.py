"""What is wrong with a design, as a sentence that names the file and the line."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

SECONDS = 5  # of processor time for one page
MEGABYTES = 512


@dataclass(frozen=True)
class Fault:
    """`line` is 0 where it concerns the whole file, `file` "" where it concerns the whole folder."""

    sentence: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        if self.line:
            return _("%(file)s, line %(line)s: %(sentence)s", file=self.file, line=self.line, sentence=self.sentence)
        return f"{self.file}: {self.sentence}" if self.file else self.sentence


class BadDesign(ValueError):
    """A design that is not taken; `faults` say why, at least one."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


def of_attempt(kind: str, detail: str) -> str:
    """The sentence for a kind that ``trying`` knows."""
    return {
        "time": _("This takes more than %(seconds)s seconds of computing and was stopped.", seconds=SECONDS),
        "memory": _("This takes more than %(size)s MB of memory and was stopped.", size=MEGABYTES),
        "crash": _("Drawing this stopped the program that draws. Make the page simpler."),
        "address": _(
            "“%(what)s” is no file of this folder. A design may show its own pictures and nothing from elsewhere.",
            what=detail[:120],
        ),
        "missing": _("“%(what)s” is used here but given nowhere. Add it to the strings in design.toml.", what=detail),
        "pages": _("This comes out as %(count)s pages; a certificate is one.", count=detail),
        "long": _("“%(text)s” does not fit its place even in the smallest letters.", text=shortened(detail)),
        "letters": _(
            "No typeface can print these characters: %(characters)s. Write it without them.", characters=detail
        ),
    }.get(kind) or _("This cannot be drawn: %(detail)s", detail=detail)


def line_of(files: Mapping[str, bytes], needle: str) -> tuple[str, int]:
    """The first file and line in which a text stands; ("", 0) if in none."""
    for name in sorted(files, key=lambda name: (not name.endswith(".html"), name)):
        if name.endswith((".html", ".css", ".toml")):
            for number, line in enumerate(files[name].decode("utf-8", "replace").splitlines(), 1):
                if needle and needle in line:
                    return name, number
    return "", 0


def shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
