"""The factory: the only file that knows every part of the product, and it knows them by name."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import import_string

from lms.config import Settings, from_environment
from lms.kit import db, files, i18n, templating, throttle, web
from lms.people import access
from lms.people.models import Role

PACKAGE = Path(__file__).parent


def _(words: str) -> str:
    """Marks words for the catalogue; they are translated when a page is drawn."""
    return words


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
    "courses.quizzes.erasing",
    "courses.assignments.erasing",
    "certificates.erasing",
    "certificates.merging",
    "certificates.forgetting",
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


@dataclass(frozen=True)
class Entry:
    """A link of the frame: where it leads, its words, and for whom (no roles: for everybody, also strangers)."""

    endpoint: str
    label: str
    roles: frozenset[Role] = frozenset()
    stranger: bool = False

    def is_for(self, roles: frozenset[Role] | None) -> bool:
        """Whether somebody with these roles sees it; None: a stranger."""
        if roles is None:
            return self.stranger
        return (not self.roles and not self.stranger) or bool(self.roles & roles)


@dataclass(frozen=True)
class Link:
    """An `Entry` for one reader, ready to print."""

    url: str
    label: str
    current: bool


def _for(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


NAVIGATION = (
    Entry("pipeline.catalogue", _("Open cohorts"), stranger=True),
    Entry("certificates.verify", _("Verify a certificate"), stranger=True),
    Entry("home.home", _("My learning"), _for(Role.TRAINEE)),
    Entry("attendance.mine", _("My attendance"), _for(Role.TRAINEE)),
    Entry("pipeline.mine", _("My applications"), _for(Role.TRAINEE)),
    Entry("certificates.mine", _("My certificates"), _for(Role.TRAINEE)),
    Entry("assignments.queue", _("Marking"), _for(Role.INSTRUCTOR)),
    Entry("reporting.board", _("Board"), _for(Role.LEAD, Role.ADMIN)),
    Entry("pipeline.cohorts", _("Cohorts"), _for(Role.LEAD, Role.ADMIN)),
    Entry("placement.work", _("Placement"), _for(Role.LEAD, Role.ADMIN)),
    Entry("bulk.tables", _("Import"), _for(Role.LEAD, Role.ADMIN)),
    Entry("attendance.waiting", _("Attendance"), _for(Role.INSTRUCTOR, Role.LEAD, Role.ADMIN)),
    Entry("reporting.support", _("Support"), _for(Role.INSTRUCTOR)),
    Entry("learning.offerings", _("Offerings"), _for(Role.INSTRUCTOR, Role.LEAD)),
    Entry("catalogue.courses", _("Courses"), _for(Role.INSTRUCTOR, Role.LEAD, Role.ADMIN)),
    Entry("certificates.register", _("Certificate register"), _for(Role.LEAD, Role.ADMIN)),
    Entry("people.accounts", _("Accounts"), _for(Role.ADMIN)),
)
ACCOUNT = (
    Entry("people.account", _("My account")),
    Entry("pipeline.catalogue", _("Open cohorts")),
    Entry("surveys.mine", _("Surveys"), _for(Role.TRAINEE)),
    Entry("placement.mine", _("After the course"), _for(Role.TRAINEE)),
)
FOOTER = (
    Entry("pipeline.catalogue", _("Open cohorts")),
    Entry("certificates.verify", _("Verify a certificate")),
    Entry("people.privacy", _("Privacy")),
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
        **_menus(person.roles if person else None, request.endpoint or "", language),
    }


@lru_cache(maxsize=4096)
def _menus(roles: frozenset[Role] | None, current: str, language: str) -> dict[str, list[Link]]:
    """The frame's links for one kind of reader on one page; `roles` is None for strangers."""

    def links(entries: Iterable[Entry]) -> list[Link]:
        return [
            Link(url_for(entry.endpoint), i18n.text_in(language, entry.label), entry.endpoint == current)
            for entry in entries
        ]

    return {
        "nav": links(entry for entry in NAVIGATION if entry.is_for(roles)),
        "account_links": links(entry for entry in ACCOUNT if entry.is_for(roles)),
        "footer_links": links(FOOTER),
    }


@cache
def _fingerprint(name: str) -> str:
    path = PACKAGE / "static" / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _static_url(name: str) -> str:
    """The address of a file in `static/`; it changes with the content, so browsers may keep it for a year."""
    return f"/static/{name}?v={_fingerprint(name)}"
