"""Bytes as text in the alphabets that credentials use: base58 (``z…``) and base64url (``u…``)."""

import base64

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"  # how a Multikey of this kind begins


def base58(data: bytes) -> str:
    """With the prefix ``z``."""
    number, out = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        out = ALPHABET[rest] + out
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + out


def unbase58(text: str) -> bytes:
    """Raises ValueError."""
    if not text.startswith("z"):
        raise ValueError("base58 begins with z")
    number = 0
    for letter in text[1:]:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(text) - 1 - len(text[1:].lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url(data: bytes) -> str:
    """With the prefix ``u``, without padding."""
    return "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def unbase64url(text: str) -> bytes:
    """Raises ValueError."""
    if not text.startswith("u"):
        raise ValueError("base64url begins with u")
    return base64.urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4))


def multikey(public: bytes) -> str:
    """An Ed25519 public key as a Multikey."""
    return base58(ED25519 + public)


def unmultikey(text: str) -> bytes:
    """Raises ValueError."""
    data = unbase58(text)
    if len(data) != 34 or not data.startswith(ED25519):
        raise ValueError("no Ed25519 key")
    return data[2:]
