"""The picture of a seal as a programme gives it: about square, clean, small, kept once."""

from flask_babel import gettext as _

from certificates import drawings
from certificates.drawings import BadPicture
from lms.kit import files
from lms.kit.refusal import Refused
from lms.kit.stored_file import StoredFile
from lms.people.models import Person

LARGEST = 1024 * 1024  # bytes as it is sent
SMALLEST, WIDEST = 200, 2000  # pixels on a side
LONGER = 1.25  # times the other side at most: the place on a certificate is a square of 22 mm
TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def checked(content: bytes) -> bytes:
    """The seal, cleaned. Raises Refused with what to do when it is neither a PNG nor an SVG, too large or too small."""
    if len(content) > LARGEST:
        raise Refused(_("The seal is larger than %(size)s MB. Make it smaller.", size=LARGEST // 1024**2))
    try:
        return _cleaned(content)
    except BadPicture as bad:
        sentence = _("Line %(line)s: %(sentence)s", line=bad.line, sentence=bad.sentence) if bad.line else bad.sentence
        raise Refused(sentence) from bad


def keep(clean: bytes, by: Person) -> StoredFile:
    """Keep what `checked` gave back."""
    kind = "png" if clean.startswith(drawings.PNG) else "svg"
    return files.keep_bytes(clean, name=f"seal.{kind}", media_type=TYPES[kind], by=by.id)


def _cleaned(content: bytes) -> bytes:
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
        clean = drawings.repainted(content)
    elif b"<svg" in content[:4096]:
        clean = drawings.cleaned(content)
        wide, high = map(round, (1000 * side for side in drawings.size_of(clean)))
    else:
        raise BadPicture(_("A seal is a PNG or an SVG. Save it as one of them."))
    if max(wide, high) > LONGER * min(wide, high):
        raise BadPicture(_("The seal is far from square. Cut it so that it is about as high as wide."))
    return clean
