"""One cell as what it means. What cannot be read is told with what stands there."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from email_validator import EmailNotValidError, validate_email

from lms.bulk.columns import Holds, plain
from lms.bulk.findings import Wrong
from lms.bulk.reading import LONGEST_CELL
from lms.kit import clock
from lms.people.accounts import tidy_email, tidy_name
from lms.pipeline.models import LeavingReason, Stage

LONGEST_NAME = 100
LONGEST_TITLE = 200
LONGEST_TEXT = 2000
LONGEST_EMAIL = 200
MOST = 10_000
SHOWN = 60  # characters of a cell that a sentence repeats
_DAY = re.compile(
    r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?\s*(?:\([^)]*\))?(?:[T ]00:00(?::00)?)?"
)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PLAIN_EMAIL = (
    re.compile(  # what nearly all are: the library, which knows all the others, takes a hundred times as long
        r"[a-z0-9](?:[a-z0-9._+-]{0,60}[a-z0-9])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
        r"(?!local$|test$|invalid$|onion$|arpa$|localhost$)[a-z]{2,20}"
    )
)
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ'’.,\- ]*")
_LATIN_LETTER = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]")

STAGES: dict[str, Stage] = {
    **{each.value: each for each in Stage},
    **dict.fromkeys(("지원", "접수", "application"), Stage.APPLIED),
    **dict.fromkeys(("대기", "예비", "waitinglist", "onthewaitinglist"), Stage.WAITING),
    **dict.fromkeys(("불합격", "탈락", "미선발", "rejected"), Stage.DECLINED),
    **dict.fromkeys(("지원취소", "지원철회", "철회"), Stage.WITHDRAWN),
    **dict.fromkeys(("선발", "합격", "accepted"), Stage.ADMITTED),
    **dict.fromkeys(("교육", "교육중", "교육시작", "intraining", "started"), Stage.TRAINING),
    **dict.fromkeys(("수료", "completion"), Stage.COMPLETED),
    **dict.fromkeys(("발급", "수료증발급", "certificate"), Stage.CERTIFIED),
    **dict.fromkeys(("취업", "employed"), Stage.PLACED),
    **dict.fromkeys(("중단", "이탈", "중도탈락", "droppedout"), Stage.LEFT),
}
REASONS: dict[str, LeavingReason] = {
    **{each.value: each for each in LeavingReason},
    **dict.fromkeys(("취업", "조기취업", "foundwork"), LeavingReason.EMPLOYED),
    **dict.fromkeys(("건강", "질병"), LeavingReason.HEALTH),
    **dict.fromkeys(("시간", "시간부족", "notenoughtime"), LeavingReason.TIME),
    **dict.fromkeys(("수준", "난이도", "thelevel", "theleveldidnotsuit"), LeavingReason.LEVEL),
    **dict.fromkeys(("이사", "movedaway"), LeavingReason.MOVED),
    **dict.fromkeys(("규정", "규정위반", "제적", "ruleswerenotkept"), LeavingReason.RULES),
    **dict.fromkeys(("기타", "anotherreason"), LeavingReason.OTHER),
}
LANGUAGES = {
    "ko": "ko",
    "en": "en",
    "한국어": "ko",
    "korean": "ko",
    "영어": "en",
    "english": "en",
    "국문": "ko",
    "영문": "en",
}


def value(holds: Holds, cell: Any) -> Any:
    """What a cell means, None when it is empty. Raises Wrong."""
    text = _text(cell)
    if not text:
        return None
    if len(text) > LONGEST_CELL:
        raise Wrong("long", now=len(text), most=LONGEST_TEXT)
    if holds is Holds.DAY:
        return _day(cell, text)
    return READERS[holds](text)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # spreadsheets keep every number as a fraction
    return tidy(str(cell))


def tidy(text: str) -> str:
    """Composed letters, no control characters but line ends, nothing at either end."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\ufeff", ""))
    return "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "Cf")
    ).strip()


def _day(cell: Any, text: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not _DIGITS.fullmatch(text):
        raise Wrong("day_number", text=text[:SHOWN])
    found = _day_of(unicodedata.normalize("NFKC", text))
    if found is None:
        raise Wrong("day", text=text[:SHOWN])
    return found


@lru_cache(maxsize=4096)
def _day_of(text: str) -> date | None:
    found = _DAY.fullmatch(text) or _DIGITS.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:  # 30 February
        return None


def _email(text: str) -> str:
    address = tidy_email(text)
    if len(address) > LONGEST_EMAIL:
        raise Wrong("email", text=text[:SHOWN])
    if _PLAIN_EMAIL.fullmatch(address) and ".." not in address:
        return address
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Wrong("email", text=text[:SHOWN]) from None
    return address


def _name(text: str) -> str:
    name = tidy_name(text)
    if len(name) > LONGEST_NAME:
        raise Wrong("long", now=len(name), most=LONGEST_NAME)
    if not any(letter.isalpha() for letter in name):
        raise Wrong("name", text=text[:SHOWN])
    return name


def _latin(text: str) -> str:
    name = tidy_name(unicodedata.normalize("NFKC", text))
    if len(name) > LONGEST_NAME:
        raise Wrong("long", now=len(name), most=LONGEST_NAME)
    if not _LATIN.fullmatch(name) or not _LATIN_LETTER.search(name):
        raise Wrong("latin", text=text[:SHOWN])
    return name


def _title(text: str) -> str:
    if len(text) > LONGEST_TITLE:
        raise Wrong("long", now=len(text), most=LONGEST_TITLE)
    return tidy_name(text)


def _long(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Wrong("long", now=len(text), most=LONGEST_TEXT)
    return text


def _number(text: str) -> int:
    digits = unicodedata.normalize("NFKC", text).replace(",", "")
    if not digits.isdecimal() or len(digits) > 9 or not 0 < int(digits) <= MOST:
        raise Wrong("number", text=text[:SHOWN], most=MOST)
    return int(digits)


def _one_of(code: str, known: dict[str, Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        found = known.get(plain(text))
        if found is None:
            raise Wrong(code, text=text[:SHOWN])
        return found

    return read


READERS: dict[Holds, Callable[[str], Any]] = {
    Holds.TEXT: _title,
    Holds.LONG: _long,
    Holds.NAME: _name,
    Holds.LATIN: _latin,
    Holds.EMAIL: _email,
    Holds.LANGUAGE: _one_of("language", LANGUAGES),
    Holds.NUMBER: _number,
    Holds.STAGE: _one_of("stage", STAGES),
    Holds.REASON: _one_of("reason", REASONS),
}


def in_future(day: date) -> bool:
    return day > clock.today()
