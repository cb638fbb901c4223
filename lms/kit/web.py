"""Requests: one transaction each, forgery check, headers, and the pages for what went wrong.

A good POST commits; everything else rolls back. Nothing else commits (jobs and commands apart, through `db.transaction`).
"""

import logging
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from markupsafe import Markup
from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from lms.kit import db, jobs
from lms.kit.refusal import Conflict, Refused

log = logging.getLogger("lms.web")
READS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
csrf = CSRFProtect()
Row = TypeVar("Row")


def init(app: Flask) -> None:
    """Install the transaction, the forgery check, the headers and the error pages."""
    csrf.init_app(app)
    app.jinja_env.globals["csrf"] = csrf_field
    app.before_request(_begin)
    app.after_request(_finish)
    app.after_request(_protect)
    app.teardown_appcontext(_close)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(Exception, _broken)


def one_or_404(query: Select[Row]) -> Row:
    """The row of a select named by the right of the reader. What they may not see is not there."""
    row = db.session.scalars(query).unique().one_or_none()
    if row is None:
        abort(404)
    return row


def back(url: str, message: str = "", category: str = "good") -> BaseResponse:
    """The answer to a good POST: a redirect that says what was done."""
    if message:
        flash(message, category)
    return redirect(url, 303)


def inside(url: str | None, otherwise: str) -> str:
    """`url` if it is a path of this site, else `otherwise`: no redirect leads out."""
    if not url or any(ord(letter) < 33 or letter == "\\" for letter in url):
        return otherwise
    parts = urlsplit(url)
    return (
        url if not parts.scheme and not parts.netloc and url.startswith("/") and not url.startswith("//") else otherwise
    )


def is_fragment() -> bool:
    """Whether htmx asked for a part of the page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def csrf_field() -> Markup:
    """The hidden field with the forgery token; a page has several forms, so it is written once."""
    if "csrf_field" not in g:
        g.csrf_field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    field: Markup = g.csrf_field
    return field


def start_writing() -> None:
    """From here on transactions of this request take the write lock at their first query (writing requests only)."""
    if request.method not in READS:
        db.session.commit()  # ends the guard's look at who is asking; nothing was changed
        db.mean_to_write(True)


def _begin() -> None:
    db.mean_to_write(False)
    if "\0" in request.path or "\0" in "".join(request.args.values()):
        abort(404)  # no address of ours has one, and no database takes one


def _finish(response: Response) -> Response:
    if request.method in READS or response.status_code >= 400:
        db.session.rollback()
        jobs.rolled_back()
        return response
    try:
        db.session.commit()
    except (IntegrityError, StaleDataError) as error:
        return _page_response(_overtaken(error))
    jobs.committed()
    return response


def _protect(response: Response) -> Response:
    there = {name for name, _value in response.headers}
    response.headers.extend([pair for pair in HEADERS.items() if pair[0] not in there])
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _close(_error: BaseException | None) -> None:
    if not g.get("keep_session"):
        db.session.remove()


def error_page(code: int, title: str, text: str, *, url: str = "", label: str = "") -> tuple[str, int]:
    """One of the error pages. It must not need the database: what failed may be the database."""
    db.session.rollback()
    jobs.rolled_back()
    page = render_template(
        "errors/page.html",
        code=code,
        title=title,
        text=text,
        action_url=url or url_for("people.start"),
        action_label=label or _("Go to the first page"),
    )
    return page, code


def _page_response(page: tuple[str, int]) -> Response:
    return Response(page[0], page[1], mimetype="text/html")


def _refused(refused: Refused) -> tuple[str, int]:
    return error_page(
        409,
        _("Somebody was quicker") if isinstance(refused, Conflict) else _("That is not possible now"),
        refused.sentence,
        url=inside(_referrer_path(), url_for("people.start")),
        label=_("Go back"),
    )


def _referrer_path() -> str | None:
    parts = urlsplit(request.referrer or "")
    return parts.path if parts.netloc == request.host else None


def _forged(_error: CSRFError) -> tuple[str, int]:
    return error_page(
        400,
        _("This form is too old"),
        _("You may have signed in or out in another tab. Go back, reload the page and send the form again."),
        url=inside(_referrer_path(), url_for("people.start")),
        label=_("Go back"),
    )


def _overtaken(error: Exception) -> tuple[str, int]:
    log.warning("A write was overtaken: %s", type(error).__name__)
    return error_page(
        409,
        _("Somebody was quicker"),
        _(
            "What you wanted to change was changed at the same moment, or you sent the form twice. Look at it again before you go on."
        ),
        url=inside(_referrer_path(), url_for("people.start")),
        label=_("Go back"),
    )


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    titles = {
        400: (_("This request was not understood"), _("Go back, reload the page and try again.")),
        403: (
            _("This page is not for your role"),
            _("If you need it for your work, ask your administrator for the right."),
        ),
        404: (
            _("This page is not here"),
            _("It may have moved, or it is not open to you. Check the address, or start from the first page."),
        ),
        405: (_("This address takes another kind of request"), _("Go back to the page and use its button.")),
        410: (
            _("This file is gone"),
            _("Its time was over, or its owner had it erased. That it was here and its SHA-256 are still on record."),
        ),
        413: (
            _("That is too large"),
            _("Choose smaller files or send fewer at once. Nothing that you kept before was changed."),
        ),
        429: (_("Too many attempts"), _("Wait a minute, then try again.")),
    }
    title, text = titles.get(code, (_("Something went wrong"), _("Go back and try again.")))
    return error_page(code, title, text)


def _broken(error: Exception) -> tuple[str, int]:
    log.exception("A request failed: %s %s", request.method, request.endpoint)
    db.session.rollback()
    if g.get("raise_errors"):
        raise error
    g.broken = True  # the frame asks the database for nothing
    return error_page(
        500,
        _("Something broke on our side"),
        _("It was noted, and nothing of yours was changed. Try again in a minute."),
    )


def setting(name: str) -> Any:
    """A setting of this installation, e.g. ``setting("public_url")``."""
    return current_app.config[name.upper()]


def public_url(endpoint: str, **values: Any) -> str:
    """The full address of a page, as it goes into letters and onto paper."""
    return f"{setting('public_url')}{url_for(endpoint, **values)}"
