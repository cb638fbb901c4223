"""Trying and printing designs that did not come with the product, in a process of its own: see ``design_trial`` for its limits."""

import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from certificates import design_faults, design_folders, design_limits, design_samples
from certificates.design import Drawn
from certificates.design_faults import MEGABYTES, SECONDS, BadDesign, Fault
from certificates.design_folders import Files
from certificates.enclosing import Enclosure
from certificates.facts import LANGUAGES, Facts

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 6  # times the processor time that a page may take by the clock, for processors that others use too
LARGEST_ANSWER = 24 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Trial:
    """What came of one page: a PNG (the PDF where it was printed for good), or a fault."""

    picture: bytes = b""
    fault: Fault | None = None


def prove(found: Files) -> Files:
    """The files as they may be kept: looked through, cleaned, and drawn in each language with the samples.

    Raises BadDesign with the first faults that were found.
    """
    clean = design_limits.looked_through(found)
    pages = [("both", each) for each in design_samples.all_facts()]
    pages += [(language, design_samples.facts(key)) for language in LANGUAGES for key in ("plain", "long", "programme")]
    with tempfile.TemporaryDirectory(prefix="design-") as folder:
        design_folders.write(clean, Path(folder))
        faults = [trial.fault for trial in trials(Drawn(folder), pages, clean) if trial.fault]
    if faults:
        raise BadDesign(*dict.fromkeys(faults))
    return clean


def printed(drawn: Drawn, facts: Facts, enclosed: Enclosure) -> bytes:
    """The PDF of a design that did not come with the product, made under the limits of its trial. Raises BadDesign.

    What was drawn with the samples in time may still not be with other facts.
    """
    files = {path.name: path.read_bytes() for path in Path(drawn.folder).iterdir()}
    trial = trials(drawn, [(drawn.languages, facts)], files, enclosed)[-1]
    if trial.fault:
        raise BadDesign(trial.fault)
    return trial.picture


def trials(
    drawn: Drawn, pages: Sequence[tuple[str, Facts]], files: Files, enclosed: Enclosure | None = None
) -> list[Trial]:
    """Print and picture these facts, each in its languages, one after the other in a child process, until one fails."""
    asked = {
        "folder": drawn.folder,
        "wording": drawn.wording,
        "seal": base64.b64encode(drawn.seal).decode() if drawn.seal else "",
        "pages": [(languages, each.as_json()) for languages, each in pages],
        "seconds": SECONDS,
        "megabytes": MEGABYTES,
        "enclosed": enclosed.as_json() if enclosed else None,
    }
    done = [_trial(answer, files) for answer in _answers(asked)]
    if len(done) < len(pages) and not (done and done[-1].fault):  # the process ended before its time
        done.append(_trial({"kind": "crash"}, files))
    return done


def _answers(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="trial-") as room, tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [sys.executable, "-m", "certificates.design_trial"],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.DEVNULL,
            cwd=room,
            env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, "HOME": room, "TMPDIR": room, "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        try:
            child.communicate(json.dumps(asked).encode(), timeout=PATIENCE * SECONDS + 5 * len(asked["pages"]))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        said.seek(0)
        lines = said.read(LARGEST_ANSWER).split(b"\n")
    yield from (json.loads(line) for line in lines[:-1])
    if child.returncode in (-signal.SIGKILL, -signal.SIGXCPU):
        yield {"kind": "time"}


def _trial(answer: dict[str, Any], files: Files) -> Trial:
    if not answer.get("kind"):
        return Trial(picture=base64.b64decode(answer["picture"]))
    return Trial(
        fault=fault(answer["kind"], answer.get("detail", ""), answer.get("file", ""), answer.get("line", 0), files)
    )


def fault(kind: str, detail: str, file: str, line: int, files: Files) -> Fault:
    """A sentence with the place: as the attempt knew it, else where the detail stands in the folder."""
    if not line and kind == "address":
        file, line = design_faults.line_of(files, detail)
    if not line and kind in ("pages", "error", "crash", "time", "memory"):
        file = file or "certificate.html"
    if kind == "long":
        sentence = design_faults.of_attempt(kind, detail)
        return Fault(
            _("%(sentence)s Give its place more room or smaller sizes.", sentence=sentence), "certificate.html"
        )
    return Fault(design_faults.of_attempt(kind, detail), file, line)
