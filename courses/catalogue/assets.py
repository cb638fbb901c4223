"""Pictures and downloads of a version: where they are, who may have them, and how they are handed out.

A version never changes, so neither does what lies at the address of one of its assets.
"""

from urllib.parse import quote
from uuid import UUID

from flask import Response, send_file
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from courses.catalogue import versions
from courses.catalogue.models import Asset, CourseVersion
from lms.kit import files
from lms.people.models import Person

# What browsers may show in place. SVG is among them because the policy below lets nothing in it run.
IMAGES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
FOR_EVER = "private, max-age=31536000, immutable"


def address(version_id: UUID, name: str) -> str:
    """The path of an asset, as texts are rendered with it (also where no request is under way)."""
    return f"/assets/{version_id}/{quote(name)}"


def media_type(name: str) -> str:
    """The type that an asset is kept and answered with."""
    return IMAGES.get(name.rpartition(".")[2].lower()) or files.media_type_of(name)


def visible_to(person: Person) -> Select[Asset]:
    """Assets of published versions for everybody who is signed in; of drafts for those who write courses."""
    query = select(Asset).options(joinedload(Asset.file))
    if person.has(*versions.STAFF):
        return query
    return query.join(CourseVersion, CourseVersion.id == Asset.version_id).where(
        CourseVersion.published_at.is_not(None)
    )


def answer(asset: Asset) -> Response:
    """A picture in place, anything else as a download."""
    if asset.file.media_type in IMAGES.values():
        response = send_file(files.path_of(asset.file), mimetype=asset.file.media_type, etag=asset.file.sha256)
        response.headers["Content-Security-Policy"] = POLICY
    else:
        response = files.send(asset.file)
    response.headers["Cache-Control"] = FOR_EVER
    return response
