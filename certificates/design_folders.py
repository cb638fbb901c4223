"""Folders of designs that did not come with the product: kept as one file by content, unpacked where they are printed.

Every process unpacks for itself, under the hash of the content, so what is printed later is printed from the same files.
"""

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from certificates import design
from certificates.design_models import DesignFolder
from lms.kit import files
from lms.kit.db import new_key, session
from lms.kit.refusal import Refused
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person

Files = Mapping[str, bytes]  # of a folder, by name
EPOCH = (1980, 1, 1, 0, 0, 0)


def newest() -> Sequence[DesignFolder]:
    """Of each folder that was brought in the last one, by name."""
    last = select(DesignFolder.name, func.max(DesignFolder.number).label("last")).group_by(DesignFolder.name).subquery()
    rows = select(DesignFolder).join(last, (last.c.name == DesignFolder.name) & (last.c.last == DesignFolder.number))
    whole = rows.options(joinedload(DesignFolder.brought_by).lazyload(Person.grants))
    return session.scalars(whole.order_by(DesignFolder.name)).all()


def keep(found: Files, by: Person | None) -> DesignFolder:
    """Keep the files of a folder that was looked through. Raises Refused for a name of ours, and for what is here already."""
    packed = pack(found)
    digest = hashlib.sha256(packed).hexdigest()
    own = read(found)
    if own.name in {each.name for each in design.designs()}:
        raise Refused(
            _(
                "design.toml: “%(name)s” is the name of a design that comes with the product. Give it another.",
                name=own.name,
            )
        )
    if session.scalar(select(DesignFolder.id).where(DesignFolder.sha256 == digest)):
        raise Refused(_("Exactly this folder is here already. Change something in it first."))
    last = session.scalar(select(func.max(DesignFolder.number)).where(DesignFolder.name == own.name)) or 0
    stored = files.keep_bytes(packed, name=f"{own.name}.zip", media_type="application/zip", by=by.id if by else None)
    folder = DesignFolder(
        id=new_key(),
        name=own.name,
        number=last + 1,
        version=own.version,
        title=Words(own.title),
        file_id=stored.id,
        sha256=digest,
        brought_by_id=by.id if by else None,
    )
    session.add(folder)
    session.flush()
    audit.note(
        by, "design_folder.brought_in", folder, new={"name": own.name, "number": folder.number, "sha256": digest}
    )
    return folder


def place(folder: DesignFolder) -> str:
    """Where the folder lies unpacked on this machine, as a ``Drawn`` names it."""
    room = Path(current_app.config["DATA_DIR"]).resolve() / "designs"
    there = room / folder.sha256
    if not there.is_dir():
        room.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=room, prefix="half-"))
        try:
            write(unpack(files.path_of(folder.file).read_bytes()), half)
            os.rename(half, there)
        except OSError:
            if not there.is_dir():  # else somebody else was quicker
                raise
        finally:
            shutil.rmtree(half, ignore_errors=True)
    return str(there)


def read(found: Files) -> design.Design:
    """The design that these files are."""
    with tempfile.TemporaryDirectory() as folder:
        write(found, Path(folder))
        return design.Design.read(Path(folder))


def write(found: Files, folder: Path) -> None:
    for name, content in found.items():
        (folder / name).write_bytes(content)


def pack(found: Files) -> bytes:
    """A zip that is the same for the same files."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(found):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), found[name])
    return whole.getvalue()


def unpack(packed: bytes) -> Files:
    """What `pack` packed."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def one(key: UUID) -> DesignFolder:
    return session.get_one(DesignFolder, key)
