"""What belongs to every page: the first address, the language, privacy, and what only a demo has."""

from flask import abort, redirect, render_template, request, url_for
from flask import session as cookie
from sqlalchemy import select, text
from werkzeug.wrappers import Response

from lms.kit import i18n, lists, web
from lms.kit.db import session
from lms.kit.mail import Letter
from lms.people import access
from lms.people.access import visitor
from lms.people.models import Role
from lms.people.views.room import blueprint

# Where each role begins its day; the first that a person has.
FIRST_PAGE = (
    (Role.LEAD, "reporting.board"),
    (Role.INSTRUCTOR, "assignments.queue"),
    (Role.ADMIN, "people.accounts"),
    (Role.TRAINEE, "home.home"),
)


@blueprint.get("/start")
@access.public
def start() -> Response:
    person = visitor()
    endpoint = next((page for role, page in FIRST_PAGE if person and person.has(role)), "pipeline.catalogue")
    return redirect(url_for(endpoint), 303)


@blueprint.post("/language")
@access.public
def language() -> Response:
    chosen = request.form.get("language", "")
    if chosen not in i18n.LANGUAGES:
        abort(400)
    cookie["language"] = chosen
    if person := visitor():
        person.language = chosen
    return redirect(web.inside(request.form.get("next"), url_for("people.start")), 303)


@blueprint.get("/privacy")
@access.public
def privacy() -> str:
    return render_template("lms/people/privacy.html")


@blueprint.get("/health")
@access.public
def health() -> Response:
    """For whoever watches the server: answers when the database does."""
    session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/demo/mail")
@access.public
def demo_mail() -> str:
    _only_in_a_demo()
    letters = lists.page_of(select(Letter).order_by(Letter.written_at.desc(), Letter.id.desc()), size=20)
    return render_template("lms/people/demo_mail.html", letters=letters)


@blueprint.get("/look")
@access.public
def look() -> str:
    _only_in_a_demo()
    return render_template("lms/kit/components.html")


def _only_in_a_demo() -> None:
    if not web.setting("demo"):
        abort(404)
