"""Admitting applicants: the page that makes traineeships and enrols them at once."""

from flask import Blueprint

blueprint = Blueprint("admissions", __name__)
