"""Long lists: a page of a select, its count, and addresses that keep the filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request
from sqlalchemy import Select, func, select

from lms.kit.db import session

Row = TypeVar("Row")
SIZE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list: its rows, its number (from 1), how many pages and rows there are."""

    rows: Sequence[Row]
    number: int
    count: int
    total: int

    def url(self, number: int) -> str:
        """The address of another page of the same list with the same filters."""
        return here(page=number if number > 1 else None)


def page_of(query: Select[Any], *, size: int = SIZE, scalars: bool = True) -> Page[Any]:
    """The page that the address asks for. Two queries, however long the list."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    count = max(1, -(-total // size))
    asked = request.args.get("page", "1")
    number = min(max(1, int(asked)), count) if asked.isdecimal() and len(asked) < 7 else 1
    found = session.execute(query.limit(size).offset((number - 1) * size))
    rows = found.scalars().unique().all() if scalars else found.all()
    return Page(rows, number, count, total)


def here(**changes: Any) -> str:
    """The address of this page with some of its filters changed (None takes one away). Relative: nothing in it leads elsewhere."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name not in changes and value]
    pairs += [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
    return f"?{urlencode(pairs)}"
