"""The text of an activity in the language that its reader wants, or in another when there is none."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import bindparam, select

from courses.catalogue.models import ActivityText
from lms.kit.db import session
from lms.kit.words import Words

TEXTS_KEPT = 512  # some twenty kilobytes each
DEEPEST = 3  # headings below this one are not in the outline
TEXTS = (
    select(ActivityText.language, ActivityText.html, ActivityText.outline)
    .where(ActivityText.activity_id == bindparam("activity_id"))
    .order_by(ActivityText.language)
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the text; `level` 2 is the highest."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it is shown. `others` are the languages that it exists in besides; `wanted` is what was asked for."""

    language: str
    wanted: str
    html: Markup
    headings: list[Heading]
    others: list[str]

    @property
    def missing(self) -> bool:
        return self.language != self.wanted

    def heading(self, anchor: str) -> Heading | None:
        return next((heading for heading in self.headings if heading.anchor == anchor), None)


def read(activity_id: UUID, wanted: str) -> Text:
    """The text in `wanted`, else in English, else in Korean, else in any language; an empty one when there is none."""
    try:
        return _written(activity_id, wanted)
    except LookupError:
        return Text(wanted, wanted, Markup(), [], [])


@lru_cache(maxsize=TEXTS_KEPT)
def _written(activity_id: UUID, wanted: str) -> Text:
    """A text never changes once it is written (another import makes another version). Raises LookupError when there is none."""
    rows = {row.language: row for row in session.execute(TEXTS, {"activity_id": activity_id})}
    if not rows:
        raise LookupError(activity_id)
    language = Words(dict.fromkeys(rows, "there")).language(wanted)
    row = rows[language]
    headings = [Heading(*each) for each in row.outline.get("headings", ()) if each[0] <= DEEPEST]
    others = [code for code in rows if code != language]
    return Text(language, wanted, Markup(row.html), headings, others)  # noqa: S704  (sanitised when it was rendered)
