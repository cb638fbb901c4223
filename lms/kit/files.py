"""Files that people hand in: kept once by content, named by whoever kept them.

The bytes of an upload are hashed while they arrive, before any transaction begins; keeping one is then a rename. A file's
address on disk is its SHA-256, so the same bytes are stored once and what a receipt says can be checked for ever.
"""

import hashlib
import os
import tempfile
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from flask import Request, Response, abort, current_app, send_file
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from lms.kit import clock, jobs
from lms.kit.db import session, transaction
from lms.kit.refusal import Refused
from lms.kit.stored_file import StoredFile

LONGEST_NAME = 120

# What may be handed in: ending → how such a file begins (any of them); None: must be readable text.
KINDS: dict[str, tuple[bytes, ...] | None] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "pptx": (b"PK\x03\x04",),
    "hwpx": (b"PK\x03\x04",),
    "hwp": (b"\xd0\xcf\x11\xe0",),
    "ipynb": None,
    "py": None,
    "csv": None,
    "json": None,
    "md": None,
    "txt": None,
}


@dataclass
class Arriving:
    """A temporary file that hashes what is written into it."""

    file: IO[bytes]
    digest: Any
    size: int = 0

    def write(self, chunk: bytes) -> int:
        self.digest.update(chunk)
        self.size += len(chunk)
        return self.file.write(chunk)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


class HashingRequest(Request):
    """A request whose uploads are hashed as they arrive."""

    max_form_parts = 5000
    max_form_memory_size = 8 * 1024 * 1024

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        folder = _root() / "arriving"
        folder.mkdir(parents=True, exist_ok=True)
        return cast(IO[bytes], Arriving(tempfile.NamedTemporaryFile(dir=folder, suffix=".part"), hashlib.sha256()))


def keep(upload: FileStorage, *, by: uuid.UUID | None, kinds: Iterable[str] | None = None) -> StoredFile:
    """Keep an uploaded file; raises Refused when it is empty, not of a kind that is taken, or not what its name says."""
    name = clean_name(upload.filename or "")
    _check_kind(name, upload, kinds)
    stream = upload.stream
    assert isinstance(stream, Arriving)
    if stream.size == 0:
        raise Refused(_("%(name)s is empty. Choose the file again.", name=name))
    stream.file.flush()
    os.fsync(stream.file.fileno())
    digest = stream.digest.hexdigest()
    _put(stream, _place(digest))
    stored = _row(name, media_type_of(name), stream.size, digest, by)
    _put(stream, _place(digest))  # equal content may have been let go before our row was there to hold it
    return stored


def keep_bytes(content: bytes, *, name: str, media_type: str, by: uuid.UUID | None = None) -> StoredFile:
    """Keep bytes that we made or read ourselves."""
    digest = hashlib.sha256(content).hexdigest()
    _write(content, _place(digest))
    stored = _row(clean_name(name), media_type, len(content), digest, by)
    _write(content, _place(digest))  # see `keep`
    return stored


def forget(stored: StoredFile) -> None:
    """Let the content go after this transaction; that the file was there, its size and its SHA-256 stay."""
    if stored.forgotten_at is None:
        stored.forgotten_at = clock.now()
        stored.name = f"file.{stored.name.rpartition('.')[2]}"  # people write their names into those of files
        jobs.later(drop_content, sha256=stored.sha256)


@jobs.task
def drop_content(sha256: str) -> None:
    """Delete what lies under this hash, unless somebody else kept equal content."""
    with transaction() as now:
        living = select(StoredFile.id).where(StoredFile.sha256 == sha256, StoredFile.forgotten_at.is_(None))
        if now.scalar(living.limit(1)) is None:
            _place(sha256).unlink(missing_ok=True)


def path_of(stored: StoredFile) -> Path:
    """Where the content of a kept file lies on disk."""
    return _place(stored.sha256)


def send(stored: StoredFile, *, name: str | None = None) -> Response:
    """The file as a download: never shown in our origin, never executed. A forgotten one is gone (410)."""
    if stored.forgotten_at:
        abort(410)
    response = send_file(
        path_of(stored),
        mimetype=stored.media_type,
        as_attachment=True,
        download_name=name or stored.name,
        etag=stored.sha256,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def clean_name(name: str) -> str:
    """The last part of a path, composed (NFC), without control or direction marks, at most 120 characters with its ending."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(
        letter for letter in name if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    ).strip(" .")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if dot else name[:LONGEST_NAME] or "file"


def media_type_of(name: str) -> str:
    """A type that is safe to answer with: text stays plain, whatever it calls itself."""
    ending = name.rpartition(".")[2].lower()
    known = {
        "pdf": "application/pdf",
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "zip": "application/zip",
    }
    if ending in known:
        return known[ending]
    return "text/plain; charset=utf-8" if KINDS.get(ending, ()) is None else "application/octet-stream"


def _check_kind(name: str, upload: FileStorage, kinds: Iterable[str] | None) -> None:
    allowed = sorted(set(kinds or KINDS))
    ending = name.rpartition(".")[2].lower()
    if ending not in allowed:
        raise Refused(_("%(name)s cannot be taken. Files may be: %(kinds)s.", name=name, kinds=", ".join(allowed)))
    upload.stream.seek(0)
    beginning = upload.stream.read(4096)
    upload.stream.seek(0)
    starts = KINDS[ending]
    honest = _is_text(beginning) if starts is None else beginning.startswith(starts)
    if beginning and not honest:
        raise Refused(
            _(
                "%(name)s is not a real %(kind)s file. Save it again in that format and choose it once more.",
                name=name,
                kind=ending.upper(),
            )
        )


def _is_text(beginning: bytes) -> bool:
    if b"\x00" in beginning:
        return beginning[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-8", "cp949"):
        try:
            beginning.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start >= len(beginning) - 3:
                return True  # the sample ends inside a character
        else:
            return True
    return False


def _row(name: str, media_type: str, size: int, digest: str, by: uuid.UUID | None) -> StoredFile:
    stored = StoredFile(name=name, media_type=media_type, size=size, sha256=digest, kept_by_id=by)
    session.add(stored)
    session.flush()
    return stored


def _put(stream: Arriving, place: Path) -> None:
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        os.link(stream.file.name, place.with_suffix(".part"))
        os.replace(place.with_suffix(".part"), place)


def _write(content: bytes, place: Path) -> None:
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, suffix=".part", delete=False) as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        os.replace(part.name, place)


def _root() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "files"


def _place(digest: str) -> Path:
    return _root() / digest[:2] / digest[2:]
