"""Pages of this room."""

from flask import Blueprint

blueprint = Blueprint("pipeline", __name__)
