"""Marking an answer by its key. Pure: no database, no web; every question is right (all its points) or not (none)."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from decimal import Decimal, InvalidOperation

LONGEST_NUMBER = 40


def chosen_is_right(chosen: Collection[str], correct: Collection[str]) -> bool:
    """Exactly the correct options were chosen: none too few, none too many."""
    return bool(correct) and set(chosen) == set(correct)


def number_is_right(given: str, answer: str, tolerance: str | None) -> bool:
    """`given` lies within `answer` ± `tolerance`, both ends included, in exact decimal arithmetic."""
    value = number_of(given)
    return value is not None and abs(value - Decimal(answer)) <= Decimal(tolerance or "0")


def text_is_right(given: str, accepted: Iterable[str]) -> bool:
    """`given` is one of the accepted texts, capitals, width, spaces and a closing full stop aside."""
    plain = _plain(given)
    return bool(plain) and plain in {_plain(text) for text in accepted}


def number_of(text: str) -> Decimal | None:
    """The number that somebody typed, or None. Full-width digits, spaces, a decimal comma and 1,000-style groups are understood."""
    text = re.sub(r"[\s_]", "", unicodedata.normalize("NFKC", text)).replace("−", "-")
    if not text or len(text) > LONGEST_NUMBER:
        return None
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 30 else None


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(text.split()).rstrip(".。").strip()
