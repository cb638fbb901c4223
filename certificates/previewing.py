"""Looking at a design before it is printed: a picture of the first page with sample facts, and what is wrong with it.

Pictures are kept for a while under the hash of what they show, so that the same look is drawn once.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.utils import import_string

from certificates import design, design_faults, design_folders, design_proving, design_samples, designing, issuers
from certificates.design import Drawn
from certificates.design_faults import Fault
from certificates.design_models import DesignFolder
from certificates.designing import Look
from certificates.facts import Facts
from lms.kit import clock, files, jobs
from lms.kit.db import session
from lms.people.models import Person
from lms.pipeline.models import Cohort, Programme

MOST_KEPT = 200  # pictures of a programme
KEPT_DAYS = 30  # since somebody last looked at it
SHA256 = re.compile("[0-9a-f]{64}")
SPACES = dict.fromkeys(map(ord, "\u2060"))


@dataclass(frozen=True)
class Shown:
    """`picture` is the last part of its address, "" when there is none. Faults stand at their field ("ko.statement"), or
    under "" where they are no field's."""

    picture: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


def facts_of(programme: Programme, wanted: Look, sample: str, by: Person) -> Facts:
    """Sample facts with the programme's own title, its newest cohort, and who would sign now."""
    newest = select(Cohort).where(Cohort.programme_id == programme.id).order_by(Cohort.starts_on.desc()).limit(1)
    cohort, issuer = session.scalar(newest), issuers.for_issue(by)
    like = replace(
        design_samples.PLAIN,
        programme=issuers.whole(programme.title),
        issuer=issuers.whole(issuer.name),
        signatory=wanted.signatory or issuers.whole(issuer.signatory),
        signatory_title=wanted.signatory_title or issuers.whole(issuer.signatory_title),
    )
    return design_samples.facts(sample, replace(like, cohort=issuers.whole(cohort.title)) if cohort else like)


def show(programme: Programme, wanted: Look, facts: Facts, seal_sent: bytes | None = None) -> Shown:
    """Draw it, or say at which field it fails."""
    drawn = designing.drawn(wanted, seal_sent)
    found = design.find(drawn.folder)
    said = json.dumps([drawn.languages, drawn.wording, facts.as_json(), found.name, found.version, str(found.folder)])
    name = hashlib.sha256(said.encode() + (drawn.seal or b"")).hexdigest()[:40]
    place = room(programme) / f"{name}.png"
    if place.exists():
        os.utime(place)
        return Shown(name)
    picture, fault = drawn_picture(drawn, facts, wanted)
    if fault:
        return Shown(faults={fault.file: fault.sentence})
    _keep(place, picture)
    return Shown(name)


def drawn_picture(drawn: Drawn, facts: Facts, wanted: Look) -> tuple[bytes, Fault | None]:
    """A design of strangers is drawn apart. A fault's `file` is the field here, "" when it is none's."""
    if wanted.folder_id:
        kept = session.get_one(DesignFolder, wanted.folder_id)
        own = design_folders.unpack(files.path_of(kept.file).read_bytes())
        trial = design_proving.trials(drawn, [(drawn.languages, facts)], own)[-1]
        return trial.picture, Fault(str(trial.fault)) if trial.fault else None
    try:
        done = import_string("certificates.trying:attempt")(drawn, facts)
    except (ImportError, OSError):
        return b"", Fault(
            _("This machine cannot draw pages, so there is no picture here. Certificates are printed all the same.")
        )
    if not done.kind:
        return done.picture, None
    return b"", Fault(design_faults.of_attempt(done.kind, done.detail), field_of(done.detail, drawn, wanted, facts))


def field_of(detail: str, drawn: Drawn, wanted: Look, facts: Facts) -> str:
    """The field whose text an attempt complains about, as it would be printed; "" if it is none's."""
    said = _plain(detail)
    texts = {f"{language}.{key}": text for language, key, text in drawn.wording}
    if wanted.signatory and wanted.signatory_title:
        texts |= {f"signatory_{language}": text for language, text in wanted.signatory.items()}
        texts |= {f"signatory_title_{language}": text for language, text in wanted.signatory_title.items()}
    texts["sample"] = next((text for text in _of_sample(facts) if _plain(text) in said), "")
    fitting = [name for name, text in texts.items() if text and _plain(_filled(text, name[:2], facts)) in said]
    return max(fitting, key=lambda name: len(texts[name]), default="")


def _of_sample(facts: Facts) -> list[str]:
    return [facts.name, *facts.achieved.values(), *([facts.latin_name] if facts.latin_name else [])]


def _filled(text: str, language: str, facts: Facts) -> str:
    return text.replace("%(issuer)s", facts.issuer.get(language, ""))


def _plain(text: str) -> str:
    return " ".join(text.translate(SPACES).split())


def keep_seal(programme: Programme, clean: bytes) -> str:
    """Put a seal aside while its design is being written; the answer is what `seal_aside` finds it by."""
    name = hashlib.sha256(clean).hexdigest()
    _keep(room(programme) / f"{name}.seal", clean)
    return name


def seal_aside(programme: Programme, name: str) -> bytes | None:
    """A seal that was put aside; None: there is none any more."""
    place = room(programme) / f"{name}.seal"
    return place.read_bytes() if SHA256.fullmatch(name) and place.is_file() else None


def room(programme: Programme) -> Path:
    """Where the pictures of a programme lie."""
    return Path(current_app.config["DATA_DIR"]).resolve() / "previews" / str(programme.id)


@jobs.nightly
def forget_previews() -> None:
    """Pictures and seals put aside that nobody has looked at for a while, and what was left half written."""
    until = (clock.now() - timedelta(days=KEPT_DAYS)).timestamp()
    everything = (Path(current_app.config["DATA_DIR"]).resolve() / "previews").glob("*/*")
    for path in everything:
        with suppress(FileNotFoundError):  # another process may do the same
            if path.is_file() and path.stat().st_mtime < until:
                path.unlink()


def _keep(place: Path, picture: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(picture)
    os.replace(part, place)
    kept = sorted(place.parent.glob(f"*{place.suffix}"), key=lambda path: path.stat().st_mtime)
    for old in kept[:-MOST_KEPT]:
        old.unlink(missing_ok=True)
