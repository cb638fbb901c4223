"""Passwords: Argon2id at OWASP's first recommended setting (19 MiB, 2 passes, 1 lane), about 40 ms each."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

SHORTEST, LONGEST = 10, 256
# What guessing begins with; longer lists help little once ten characters are asked for.
COMMON = frozenset(
    """
    1234567890 0123456789 12345678910 1q2w3e4r5t qwertyuiop password12 password123 passw0rd123 iloveyou12 qwerty1234
    abcdefghij asdfghjkl1 1111111111 0000000000 letmein123 welcome123 administrator qwer1234!@ 1q2w3e4r!@ zaq12wsxcde
    """.split()  # noqa: SIM905  (a list of words reads better than twenty strings)
)
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked when there is no account, so that the answer takes as long as when there is one.
_nobody = _hasher.hash("nobody has this password")


def hash_of(password: str) -> str:
    """The hash to keep. Slow on purpose: never inside a transaction that writes."""
    return _hasher.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether `password` belongs to the kept hash; takes the same time when there is none."""
    try:
        right = _hasher.verify(kept or _nobody, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def weakness(password: str, *, email: str = "") -> str | None:
    """Why a password is refused, as a sentence; None when it will do."""
    if len(password) < SHORTEST:
        return _("Use at least %(count)d characters; a few words in a row are easy to remember.", count=SHORTEST)
    if len(password) > LONGEST:
        return _("Use at most %(count)d characters.", count=LONGEST)
    lower = password.lower()
    if lower in COMMON or len(set(lower)) < 4 or (email and email.partition("@")[0] in lower and len(lower) < 16):
        return _("This one is guessed first. Choose words that are not your address and not in a row on the keyboard.")
    return None
