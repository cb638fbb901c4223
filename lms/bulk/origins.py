"""Where moves of the ledger came from that a table brought in."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.bulk import uploads
from lms.bulk.models import BroughtIn, BulkUpload
from lms.kit.db import session
from lms.people.models import Person


def of(moves: Collection[UUID]) -> dict[UUID, BroughtIn]:
    """Move → the row and the table that it came from, of those that a table brought in. One query."""
    whole = joinedload(BroughtIn.upload)
    people = (joinedload(BulkUpload.file), joinedload(BulkUpload.by), joinedload(BulkUpload.confirmed_by))
    query = select(BroughtIn).where(BroughtIn.move_id.in_(moves)).options(*(whole.options(each) for each in people))
    return {each.move_id: each for each in session.scalars(query)}


def visible_to(reader: Person, found: Collection[BroughtIn]) -> set[UUID]:
    """Those of the tables that the reader may open."""
    keys = {each.upload_id for each in found}
    if not keys:
        return set()
    mine = uploads.visible_to(reader).where(BulkUpload.id.in_(keys))
    return set(session.scalars(mine.with_only_columns(BulkUpload.id).order_by(None)))
