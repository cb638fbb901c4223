"""The language of each passage in the tags of a PDF, so that Korean and English are each read aloud as they are.

WeasyPrint 70 writes the language of the whole document only. It builds one tag for each box of the layout; here the
``lang`` of the box's element goes onto its tag.
"""

from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint.pdf import tags

plain = tags._build_box_tree


def speaking(box: Any, *around: Any) -> Iterator[pydyf.Dictionary]:
    """The tags of a box, each with the language that its element names."""
    element = getattr(box, "_box", box).element
    language = None if element is None else element.get("lang")
    for each in plain(box, *around):
        if language and "Lang" not in each:
            each["Lang"] = pydyf.String(language)
        yield each


def mend() -> None:
    tags._build_box_tree = speaking
