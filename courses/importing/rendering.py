"""Texts of a course turned into safe HTML once, with the addresses that its pictures and activities will have."""

import re
from collections.abc import Collection, Mapping
from uuid import UUID

from courses.catalogue import assets
from courses.formats import shapes
from lms.kit.markup.rendering import Rendered, render
from lms.kit.words import Words

ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\s*", re.DOTALL)


def activity_address(activity_id: UUID) -> str:
    """Where texts link to: the text belongs to a version, so the reader's own enrolment is found when they follow it."""
    return f"/learn/here/{activity_id}"


def cleaned(text: str) -> str:
    """Without what no database keeps: NUL and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def words(texts: shapes.Words) -> Words:
    """Plain words in all their languages."""
    return Words({language: cleaned(text) for language, text in texts.items()})


class Renderer:
    """Renders the texts of one version."""

    def __init__(self, version_id: UUID, names: Collection[str], activities: Mapping[str, UUID]) -> None:
        self.version_id = version_id
        self.names = names
        self.activities = activities

    def text(self, source: str, language: str) -> Rendered:
        """A whole text with its outline."""
        return render(source, language=language, image=self._asset, link=self._link)

    def passages(self, texts: shapes.Words) -> Words:
        """Short texts (a question, an explanation) that may hold several paragraphs."""
        return Words({language: self.text(text, language).html.strip() for language, text in texts.items()})

    def lines(self, texts: shapes.Words) -> Words:
        """Short texts that stand within a line (an answer to choose): a single paragraph loses its frame."""
        return Words({language: _unframed(html) for language, html in self.passages(texts).items()})

    def _asset(self, name: str) -> str | None:
        return assets.address(self.version_id, name) if name in self.names else None

    def _link(self, target: str) -> str | None:
        kind, _colon, name = target.partition(":")
        if kind == "asset":
            return self._asset(name)
        activity_id = self.activities.get(name)
        return activity_address(activity_id) if activity_id else None


def _unframed(html: str) -> str:
    whole = ONE_PARAGRAPH.fullmatch(html)
    return whole[1] if whole else html
