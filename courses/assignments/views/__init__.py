"""Pages of this room: handing in, receipts, marking, releasing."""

from flask import Blueprint

blueprint = Blueprint("assignments", __name__)

from courses.assignments.views import handing_in, marking, receipts, releasing  # noqa: E402

__all__ = ["blueprint", "handing_in", "marking", "receipts", "releasing"]
