"""The blueprint that the pages of this room hang on."""

from flask import Blueprint

blueprint = Blueprint("pipeline", __name__)
