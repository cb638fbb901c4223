"""The picture of a seal as a programme gives it: about square, clean, small, kept once."""

from flask_babel import gettext as _

from certificates import drawings
from certificates.drawings import BadPicture
from lms.kit import files
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.stored_file import StoredFile
from lms.people.models import Person

LARGEST = 1024 * 1024  # bytes as it is sent
SMALLEST, WIDEST = 200, 2000  # pixels on a side
LONGER = 1.25  # times the other side at most: the place on a certificate is a square of 22 mm
TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def keep(content: bytes, by: Person) -> StoredFile:
    """Keep a seal, cleaned. Raises Refused with what to do when it is neither a PNG nor an SVG, too large or too small."""
    if len(content) > LARGEST:
        raise Refused(_("The seal is larger than %(size)s MB. Make it smaller.", size=LARGEST // 1024**2))
    try:
        kind, clean = _checked(content)
    except BadPicture as bad:
        where = _("Line %(line)s: ", line=bad.line) if bad.line else ""
        raise Refused(where + bad.sentence) from bad
    return files.keep_bytes(clean, name=f"seal.{kind}", media_type=TYPES[kind], by=by.id)


def mine(key: object, by: Person) -> StoredFile | None:
    """A seal that `by` sent before, by what a hidden field said."""
    stored = session.get(StoredFile, key) if key else None
    if stored and stored.kept_by_id == by.id and stored.media_type in TYPES.values():
        return stored
    return None


def _checked(content: bytes) -> tuple[str, bytes]:
    if content.startswith(drawings.PNG):
        wide, high = drawings.pixels(content)
        if min(wide, high) < SMALLEST or max(wide, high) > WIDEST:
            raise BadPicture(
                _(
                    "The seal has %(wide)s × %(high)s pixels. Each side needs %(least)s to %(most)s.",
                    wide=wide,
                    high=high,
                    least=SMALLEST,
                    most=f"{WIDEST:,}",
                )
            )
        kind, clean = "png", drawings.repainted(content)
    elif b"<svg" in content[:4096]:
        kind, clean = "svg", drawings.cleaned(content)
        wide, high = map(round, (1000 * side for side in drawings.size_of(clean)))
    else:
        raise BadPicture(_("A seal is a PNG or an SVG. Save it as one of them."))
    if max(wide, high) > LONGER * min(wide, high):
        raise BadPicture(_("The seal is far from square. Cut it so that it is about as high as wide."))
    return kind, clean
