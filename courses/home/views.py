"""Pages of this room."""

from flask import Blueprint

blueprint = Blueprint("home", __name__)
