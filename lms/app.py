"""The factory: the only file that knows every part of the product, and it knows them by name."""

import hashlib
import logging
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import import_string

from lms import menus
from lms.config import Settings, from_environment
from lms.kit import db, files, form_words, i18n, templating, throttle, web
from lms.people import access

PACKAGE = Path(__file__).parent


# Every room that has tables, ground floor first. Migrations read it too.
MODELS = (
    "lms.kit.stored_file",
    "lms.kit.jobs",
    "lms.kit.mail",
    "lms.kit.story",
    "lms.people.models",
    "lms.people.merge_models",
    "lms.pipeline.models",
    "lms.pipeline.profile_models",
    "lms.pipeline.progress_marks",
    "lms.bulk.models",
    "lms.attendance.models",
    "lms.placement.models",
    "lms.surveys.models",
    "lms.reporting.models",
    "lms.reporting.support_models",
    "lms.reporting.pack_models",
    "courses.catalogue.models",
    "courses.learning.models",
    "courses.quizzes.models",
    "courses.assignments.models",
    "courses.gradebook.models",
    "courses.importing.models",
    "certificates.design_models",
    "certificates.models",
    "certificates.name_models",
    "certificates.issue_models",
    "certificates.seal_models",
    "certificates.transcript_models",
)

FONTS = "certificates.faces:FOLDER"  # typefaces for documents, whichever room draws them

# What reads the news of lower rooms or works at night, and has no page that would bring it along.
READERS = (
    "lms.pipeline.erasing",
    "lms.pipeline.merging",
    "lms.reporting.counting",
    "lms.reporting.recount",
    "lms.reporting.support_erasing",
    "lms.attendance.erasing",
    "lms.attendance.warning",
    "lms.bulk.work",
    "lms.placement.asking",
    "lms.placement.erasing",
    "lms.attendance.merging",
    "lms.reporting.joining",
    "courses.learning.erasing",
    "courses.learning.grouping",
    "courses.learning.merging",
    "courses.learning.proving",
    "courses.learning.surveying",
    "courses.quizzes.erasing",
    "courses.assignments.erasing",
    "certificates.erasing",
    "certificates.merging",
    "certificates.forgetting",
    "certificates.proving",
)

BLUEPRINTS = (
    "lms.people.views:blueprint",
    "lms.pipeline.views:blueprint",
    "lms.attendance.views:blueprint",
    "lms.bulk.views:blueprint",
    "lms.placement.views:blueprint",
    "lms.surveys.views:blueprint",
    "lms.reporting.views:blueprint",
    "courses.catalogue.views:blueprint",
    "courses.learning.views:blueprint",
    "courses.learning.admissions:blueprint",
    "courses.quizzes.views:blueprint",
    "courses.assignments.views:blueprint",
    "courses.gradebook.views:blueprint",
    "courses.importing.views:blueprint",
    "courses.home.views:blueprint",
    "certificates.views:blueprint",
)


class Site(Flask):
    """Flask with our templates and our way of receiving files."""

    jinja_environment = templating.Pages  # type: ignore[assignment]  # a subclass, told apart by its imports
    request_class = files.HashingRequest


def create_app(settings: Settings | None = None) -> Flask:
    """The application for `settings` (from the environment if none are given)."""
    settings = settings or from_environment()
    app = Site("lms", root_path=str(PACKAGE), template_folder=str(_templates()), static_folder=str(PACKAGE / "static"))
    app.config.update({name.upper(): getattr(settings, name) for name in Settings.__dataclass_fields__})
    app.config.update(
        FONTS=import_string(FONTS),
        MAX_CONTENT_LENGTH=settings.upload_bytes,
        SESSION_COOKIE_NAME="lms",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_REFRESH_EACH_REQUEST=False,  # how long a sign-in lasts stands in its row
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for name in MODELS + READERS:
        import_string(name)
    db.connect(settings.database_url, pool_size=settings.threads + 4)
    i18n.init(app)
    web.init(app)
    access.init(app)
    throttle.init(app)
    form_words.init(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_string(name))
    access.check_marks(app)
    app.context_processor(_frame)
    templating.init(app, _static_url)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    logging.getLogger("lms").setLevel(logging.INFO)
    return app


def _templates() -> Path:
    """Beside the packages in a checkout, inside `lms` when installed from a wheel."""
    beside = PACKAGE.parent / "templates"
    return beside if (beside / "base.html").exists() else PACKAGE / "templates"


def _frame() -> dict[str, Any]:
    """What every page needs for its frame."""
    person = None if g.get("broken") else access.visitor()
    language = i18n.current()
    return {
        "me": person,
        "language": language,
        "product_name": web.setting("product_name"),
        "demo": web.setting("demo"),
        **menus.of(person.roles if person else None, request.endpoint or "", language),
    }


@cache
def _fingerprint(name: str) -> str:
    path = PACKAGE / "static" / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _static_url(name: str) -> str:
    """The address of a file in `static/`; it changes with the content, so browsers may keep it for a year."""
    return f"/static/{name}?v={_fingerprint(name)}"
