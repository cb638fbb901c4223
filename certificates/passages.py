"""What the tags of a PDF say of its passages: the language of each, and which are only repeated on every sheet.

WeasyPrint 70 writes the language of the whole document only. It builds one tag for each box of the layout; here the
``lang`` of the box's element goes onto its tag, so that Korean and English are each read aloud as they are. And it marks
as an artifact, which nobody reads aloud, no text outside the margins of a page; here an element says so of itself by
``data-artifact`` ("Header" or "Footer").
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pydyf
from weasyprint.pdf import tags
from weasyprint.pdf.stream import Stream

ARTIFACT = "data-artifact"
KINDS = ("Header", "Footer")
plain = tags._build_box_tree
marked = Stream.marked


def artifact(box: Any) -> str:
    """Which kind of artifact the box's element calls itself; "" for what is to be read."""
    element = getattr(box, "_box", box).element
    kind = None if element is None else element.get(ARTIFACT)
    return kind if kind in KINDS else ""


def speaking(box: Any, *around: Any) -> Iterator[pydyf.Dictionary]:
    """The tags of a box, each with the language that its element names; none of an artifact."""
    if artifact(box):
        return
    element = getattr(box, "_box", box).element
    language = None if element is None else element.get("lang")
    for each in plain(box, *around):
        if language and "Lang" not in each:
            each["Lang"] = pydyf.String(language)
        yield each


def marking(stream: Stream, box: Any, tag: str) -> AbstractContextManager[None]:
    """What is drawn inside belongs to the tag of its box, or to none."""
    kind = artifact(box)
    return repeated(stream, kind) if kind and stream._tags is not None else marked(stream, box, tag)


@contextmanager
def repeated(stream: Stream, kind: str) -> Iterator[None]:
    about = pydyf.Dictionary({"Type": "/Pagination", "Subtype": f"/{kind}"})
    pydyf.Stream.begin_marked_content(stream, "Artifact", about)
    try:
        yield
    finally:
        pydyf.Stream.end_marked_content(stream)


def mend() -> None:
    tags._build_box_tree = speaking
    Stream.marked = marking
