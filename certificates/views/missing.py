"""The answers for what is not there, each the same for whoever asks and however it is missing."""

from flask import render_template
from flask_babel import gettext as _


def code() -> str:
    """For every code that stands for nothing of ours."""
    return _page(
        _("This code cannot be confirmed"),
        _("No certificate of ours carries it."),
        _(
            "Look at the code again: it never holds the figures 0 and 1 nor the letters O and I. "
            "If you typed it as it stands there, the certificate was not issued by us."
        ),
    )


def file() -> str:
    """For every file that is none of ours."""
    return _page(
        _("This file cannot be confirmed"),
        _("No certificate that we issued is this file, bit by bit."),
        _(
            "It may have been changed, printed and scanned again, or be no certificate of ours. Type the code that stands on it "
            "to see what we issued, or ask whoever gave it to you for the original."
        ),
    )


def link() -> str:
    """For every link that opens nothing."""
    return _page(
        _("This link opens nothing"),
        _(
            "It was withdrawn, or it was never made. Ask whoever gave it to you for another, or for the code of the certificate."
        ),
    )


def _page(heading: str, said: str, more: str = "") -> str:
    return render_template("certificates/message.html", heading=heading, said=said, more=more)
