"""What a table of each kind holds: its columns under their Korean and English heads, which are both understood."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from flask_babel import gettext as _

from lms.bulk.models import Kind
from lms.kit import i18n
from lms.kit.words import Words

_BESIDE_LETTERS = re.compile(r"[\s_*·.:()/\-]+")


class Holds(StrEnum):
    """What is written in the cells of a column."""

    TEXT = "text"
    LONG = "long"
    NAME = "name"
    LATIN = "latin"
    EMAIL = "email"
    LANGUAGE = "language"
    DAY = "day"
    NUMBER = "number"
    STAGE = "stage"
    REASON = "reason"


@dataclass(frozen=True)
class Column:
    """One column. `also`: other heads that are understood. `example`: what a cell of it looks like."""

    key: str
    head: Words
    holds: Holds
    required: bool = False
    example: str = ""
    also: tuple[str, ...] = ()
    names: frozenset[str] = field(default=frozenset(), compare=False)

    def __post_init__(self) -> None:
        heads = (self.key, *self.head.values(), *self.also)
        object.__setattr__(self, "names", frozenset(plain(head) for head in heads))

    @property
    def label(self) -> str:
        return self.head.best(i18n.current())


def plain(head: str) -> str:
    """A head as it is compared: full-width letters, capitals, spaces and marks make no difference."""
    return _BESIDE_LETTERS.sub("", unicodedata.normalize("NFKC", head).casefold())


def _column(key: str, ko: str, en: str, holds: Holds, example: str = "", *also: str, required: bool = False) -> Column:
    return Column(key, Words(ko=ko, en=en), holds, required, example, also)


_EMAIL = _column(
    "email", "이메일", "E-mail", Holds.EMAIL, "haneul@example.org", "메일", "mail", "이메일주소", required=True
)
_NAME = _column("name", "이름", "Name", Holds.NAME, "김하늘", "성명", "full name", required=True)
_NAME_OF_NEW = _column("name", "이름", "Name", Holds.NAME, "김하늘", "성명", "full name")
_LATIN = _column("latin_name", "영문 이름", "Name in Latin letters", Holds.LATIN, "KIM HANEUL", "영문명", "영문성명")
_COHORT = _column("cohort", "기수", "Cohort", Holds.TEXT, "LLM 엔지니어링 6기", "기수명", "cohort name", required=True)
_REASON = _column("reason", "사유", "Reason", Holds.REASON, "취업", "이탈사유", "leaving reason")
_NOTE = _column("note", "메모", "Note", Holds.LONG, "", "비고", "remarks")


def _day(key: str, ko: str, en: str, example: str, *also: str, required: bool = False) -> Column:
    return _column(key, ko, en, Holds.DAY, example, *also, required=required)


COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.PEOPLE: (
        _EMAIL,
        _NAME,
        _LATIN,
        _column("language", "언어", "Language", Holds.LANGUAGE, "ko"),
    ),
    Kind.APPLICATIONS: (
        _COHORT,
        _EMAIL,
        _NAME_OF_NEW,
        _LATIN,
        _day("applied_on", "지원일", "Applied on", "2026-02-02", "접수일", required=True),
        _column("background", "경력과 배경", "Background", Holds.LONG, "", "경력"),
        _column("motivation", "지원 동기", "Motivation", Holds.LONG),
    ),
    Kind.RESULTS: (
        _COHORT,
        _EMAIL,
        _column("stage", "단계", "Stage", Holds.STAGE, "수료", "결과", "result", required=True),
        _day("happened_on", "날짜", "Happened on", "2026-06-26", "일자", "date", "day", required=True),
        _REASON,
        _NOTE,
    ),
    Kind.COHORTS: (
        _column("programme", "프로그램", "Programme", Holds.TEXT, "AI 전문 인재", "program", required=True),
        _COHORT,
        _column("cohort_en", "기수 영문명", "Cohort in English", Holds.TEXT, "LLM Engineering 6"),
        _day("starts_on", "기수 시작일", "Cohort starts on", "2025-03-03", "개강일", required=True),
        _day("ends_on", "기수 종료일", "Cohort ends on", "2025-06-27", "종강일", required=True),
        _column("seats", "정원", "Seats", Holds.NUMBER, "30"),
        _column("track", "트랙", "Track", Holds.TEXT, "LLM"),
        _EMAIL,
        _NAME_OF_NEW,
        _LATIN,
        _day("applied", "지원일", "Applied on", "2025-01-20", "접수일", required=True),
        _day("waiting", "대기일", "Waiting since", ""),
        _day("declined", "불합격일", "Declined on", ""),
        _day("withdrawn", "지원 취소일", "Withdrawn on", ""),
        _day("admitted", "선발일", "Admitted on", "2025-02-14", "합격일"),
        _day("training", "교육 시작일", "Training since", "2025-03-03"),
        _day("completed", "수료일", "Completed on", "2025-06-27"),
        _day("certified", "수료증 발급일", "Certified on", "2025-06-30", "발급일"),
        _day("placed", "취업일", "Placed on", ""),
        _day("left", "중단일", "Left on", "", "중도탈락일"),
        _REASON,
        _NOTE,
    ),
}


def title(kind: Kind) -> str:
    """What a table of this kind is called."""
    return {
        Kind.PEOPLE: _("List of people"),
        Kind.APPLICATIONS: _("Applications"),
        Kind.RESULTS: _("Results"),
        Kind.COHORTS: _("Past cohorts"),
    }[kind]


def column(kind: Kind, key: str) -> Column:
    return next(each for each in COLUMNS[kind] if each.key == key)


@dataclass(frozen=True)
class Heads:
    """Which column of the file is which: key → its place; and what of the head could not be used."""

    places: dict[str, int]
    missing: tuple[Column, ...]
    unknown: tuple[str, ...]
    twice: tuple[Column, ...]


def match(kind: Kind, head: Sequence[object]) -> Heads:
    """Find the columns of `kind` in the first row of a file."""
    places: dict[str, int] = {}
    unknown: list[str] = []
    twice: list[Column] = []
    for place, cell in enumerate(head):
        text = str(cell).strip()
        if not text:
            continue
        found = next((each for each in COLUMNS[kind] if plain(text) in each.names), None)
        if found is None:
            unknown.append(text[:60])
        elif found.key in places:
            twice.append(found)
        else:
            places[found.key] = place
    missing = tuple(each for each in COLUMNS[kind] if each.required and each.key not in places)
    return Heads(places, missing, tuple(unknown), tuple(twice))
