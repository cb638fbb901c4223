"""What the rules of one rendering share."""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Resolver = Callable[[str], str | None]

FORMULAS = 2000  # converted in one text; the rest stay visible as code
LISTED = 200_000  # characters highlighted in one text; the rest stay plain

LABELS = {
    "en": {
        "table": "Table",
        "formula": "Formula",
        "code": "Code",
        "output": "Output",
        "image": "Image",
        "video": "Open the embedded page",
        "notes": "Notes",
        "note": "Note",
        "back": "Back to text",
        "done": "Done",
        "open": "To do",
        "NOTE": "Note",
        "TIP": "Tip",
        "IMPORTANT": "Important",
        "WARNING": "Warning",
        "CAUTION": "Caution",
    },
    "ko": {
        "table": "표",
        "formula": "수식",
        "code": "코드",
        "output": "출력",
        "image": "그림",
        "video": "첨부된 페이지 열기",
        "notes": "주석",
        "note": "주석",
        "back": "본문으로",
        "done": "마침",
        "open": "할 일",
        "NOTE": "참고",
        "TIP": "도움말",
        "IMPORTANT": "중요",
        "WARNING": "주의",
        "CAUTION": "경고",
    },
}


@dataclass(frozen=True)
class Heading:
    """One line of the outline; ``level`` is 2 to 6, ``anchor`` the id that the heading has."""

    level: int
    text: str
    anchor: str


@dataclass
class Passage:
    """One rendering under way."""

    language: str = "en"
    image: Resolver | None = None
    link: Resolver | None = None
    outline: list[Heading] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    tables: int = 0
    formulas: int = 0
    listed: int = 0
    marks: int = 0

    def label(self, name: str) -> str:
        """A word in the language of the text, English where we have no other."""
        return LABELS.get(self.language[:2], LABELS["en"])[name]


def passage_of(env: MutableMapping[str, Any]) -> Passage:
    """The passage that the parser was started with."""
    passage = env["passage"]
    assert isinstance(passage, Passage)
    return passage
