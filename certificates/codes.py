"""The code of a certificate: 128 random bits that a person can read from paper and type.

Thirty-two letters and figures without look-alikes (no 0 and O, no 1 and I), printed in groups of four.
"""

import secrets
import unicodedata

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 26  # five bits each; the first letter has three, so it is always a figure
LONGEST_TYPED = 200


def new() -> str:
    """A code that nobody can guess."""
    number = secrets.randbits(128)
    return "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def tidy(typed: str) -> str:
    """What somebody typed or scanned as a code is kept: without spaces and dashes, wide letters made narrow, in capitals."""
    narrow = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED])
    return "".join(letter for letter in narrow.upper() if letter.isascii() and letter.isalnum())


def grouped(code: str) -> str:
    """As it is printed: K7M3-Q9XD-2HTV-8RWN-C4PB-J6FA-X3."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
