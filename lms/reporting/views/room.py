"""The blueprint of this room, and what several of its pages ask."""

from flask import Blueprint, Response, abort, request

from lms.kit import sheets
from lms.people.access import me
from lms.reporting import exports, filters, intakes, packs, periods, year
from lms.reporting.asof import AsOf
from lms.reporting.exports import Export
from lms.reporting.filters import Filters, Question
from lms.reporting.intakes import Intake
from lms.reporting.year import Year

blueprint = Blueprint("reporting", __name__)


def as_of() -> AsOf:
    """The day and the knowing that the address asks for."""
    return AsOf.of(request.args)


def the_year() -> Year:
    """The year that the address asks for, as of its day."""
    return year.of(me(), periods.year_of(request.args.get("year")), request.args.get("programme", ""), as_of())


def asked() -> tuple[list[Intake], Question]:
    """The cohorts that the reader leads, and the list that the address asks for among them."""
    wanted = Filters.of(request.args)
    led = packs.counted(me(), wanted.pack) if wanted.pack else intakes.led_by(me())
    if led is None:
        abort(404)
    if wanted.cohort and wanted.cohort not in {each.id for each in led}:
        abort(404)
    return led, filters.question(led, wanted, as_of())


def sort() -> str:
    return request.args.get("sort", "name")


def file_format() -> str:
    kind = request.form.get("format", "xlsx")
    return kind if kind in exports.FORMATS else abort(400)


def download(export: Export) -> Response:
    return sheets.download(export.content, export.name, export.media_type)
