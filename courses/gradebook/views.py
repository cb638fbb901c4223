"""Pages of this room."""

from flask import Blueprint

blueprint = Blueprint("gradebook", __name__)
