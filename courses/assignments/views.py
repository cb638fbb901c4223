"""Pages of this room."""

from flask import Blueprint

blueprint = Blueprint("assignments", __name__)
