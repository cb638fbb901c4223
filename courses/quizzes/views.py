"""Pages of this room."""

from flask import Blueprint

blueprint = Blueprint("quizzes", __name__)
