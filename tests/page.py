"""A browser for tests: opens pages by endpoint, posts forms as a person would, and inspects every page it gets."""

import re
from contextvars import copy_context
from datetime import timedelta
from typing import Any
from uuid import UUID

import html5lib
from flask import Flask
from flask import globals as flask_globals
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from lms.kit import clock, db
from lms.people.models import Device, Person

RAW_TOKEN = "t" * 40
XHTML = "{http://www.w3.org/1999/xhtml}"


class Browser:
    """One person's (or a stranger's) browser. After `open` and `post`: `response`, `html`, `tree`."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.response: TestResponse
        self.html = ""
        self.tree: Any = None

    def sign_in(self, person: Person) -> "Browser":
        """Sign in without the page (that one has tests of its own)."""
        device = Device(person_id=person.id, expires_at=clock.now() + timedelta(days=1))
        db.session.add(device)
        db.session.commit()
        self._apart(self._remember, _user_id=str(device.id), _fresh=True)
        return self

    def sign_out(self) -> "Browser":
        self.client = self.app.test_client()
        return self

    def speak(self, language: str) -> "Browser":
        """Choose a language as a stranger does (a signed-in person's own language wins)."""
        self._apart(self._remember, language=language)
        return self

    def open(
        self,
        endpoint: str,
        *,
        status: int = 200,
        inspect: bool = True,
        query: dict[str, Any] | None = None,
        **values: Any,
    ) -> "Browser":
        """GET a page by endpoint (or path) and inspect it."""
        return self._send("GET", self._address(endpoint, values), status, inspect, query_string=query)

    def post(
        self,
        endpoint: str,
        data: dict[str, Any] | None = None,
        *,
        status: int = 303,
        inspect: bool = True,
        token: bool = True,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> "Browser":
        """POST a form by endpoint (or path) with the forgery token."""
        form = dict(data or {})
        if token:
            self._apart(self._remember, csrf_token=RAW_TOKEN)
            form["csrf_token"] = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(RAW_TOKEN)
        return self._send("POST", self._address(endpoint, values), status, inspect, data=form, headers=headers)

    def follow(self, *, status: int = 200) -> "Browser":
        """Open the page that the last answer redirects to."""
        assert self.response.location, "the last answer was no redirect"
        return self._send("GET", self.response.location, status, True)

    @property
    def text(self) -> str:
        """The words of the page, spaces folded."""
        return " ".join("".join(self.tree.itertext()).split())

    def find(self, tag: str, **attributes: str) -> list[Any]:
        """Elements by tag and attributes (``data_key="x"`` for data-key)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [node for node in self.tree.iter(f"{XHTML}{tag}") if all(node.get(k) == v for k, v in wanted.items())]

    def links(self) -> list[str]:
        return [node.get("href") for node in self.find("a") if node.get("href")]

    def _address(self, endpoint: str, values: dict[str, Any]) -> str:
        if endpoint.startswith(("/", "http")):
            return endpoint
        with self.app.test_request_context():
            return self.app.url_for(
                endpoint, **{key: str(value) if isinstance(value, UUID) else value for key, value in values.items()}
            )

    def _remember(self, **values: Any) -> None:
        with self.client.session_transaction() as cookie:
            cookie.update(values)

    def _apart(self, deed: Any, *arguments: Any, **named: Any) -> Any:
        """Do something as a request does it: outside the test's application context and with a session of its own."""

        def run() -> Any:
            flask_globals._cv_app.set(None)
            with db.elsewhere("request"):
                return deed(*arguments, **named)

        db.session.commit()
        try:
            return copy_context().run(run)
        finally:
            db.session.rollback()
            db.session.expire_all()  # the test's rows are read anew when next looked at

    def _send(self, method: str, url: str, status: int, inspect: bool, **options: Any) -> "Browser":
        self.response = self._apart(self.client.open, url, method=method, **options)
        kind = self.response.mimetype
        self.html = (
            self.response.get_data(as_text=True) if kind.startswith("text/") or kind == "application/json" else ""
        )
        assert self.response.status_code == status, (
            f"{method} {url}: {self.response.status} -> {self.response.location}\n{_short(self.html)}"
        )
        if kind == "text/html" and (status < 300 or status >= 400):
            self.tree = html5lib.parse(self.html, treebuilder="etree")
            if inspect:
                _inspect(self, url)
        return self


def _short(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<svg class=\"sprite\".*?</svg>|<[^>]+>", " ", html, flags=re.S))[:1500]


def _inspect(browser: Browser, url: str) -> None:
    """Strict HTML5, one h1, a title that begins with it, labels, unique ids, a language, no inline script or style."""
    if "<html" in browser.html:
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
        parser.parse(browser.html)
        assert not parser.errors, (
            f"{url} is not valid HTML: {[(where, kind, more) for where, kind, more in parser.errors[:3]]}"
        )
        headings = browser.find("h1")
        assert len(headings) == 1, f"{url} has {len(headings)} h1"
        title = "".join(browser.find("title")[0].itertext()).strip()
        heading = " ".join("".join(headings[0].itertext()).split())
        assert title.startswith(heading[:40]), f"{url}: title {title!r} does not begin with the h1 {heading!r}"
        assert browser.find("html")[0].get("lang") in ("ko", "en"), f"{url} names no language"
    ids = [node.get("id") for node in browser.tree.iter() if node.get("id")]
    doubled = {name for name in ids if ids.count(name) > 1}
    assert not doubled, f"{url} has ids twice: {doubled}"
    _inspect_labels(browser, url)
    for node in browser.tree.iter():
        if isinstance(node.tag, str):
            assert not node.get("style"), f"{url}: inline style on {node.tag}"
            assert not any(name.startswith("on") for name in node.attrib), f"{url}: inline handler on {node.tag}"
    assert all(node.get("src") for node in browser.find("script")), f"{url} has an inline script"


def _inspect_labels(browser: Browser, url: str) -> None:
    named = {node.get("for") for node in browser.find("label")}
    inside = {id(child) for label in browser.find("label") for child in label.iter()}
    for tag in ("input", "select", "textarea"):
        for node in browser.find(tag):
            if (
                node.get("type") in ("hidden", "submit", "button")
                or node.get("aria-label")
                or node.get("aria-labelledby")
            ):
                continue
            assert node.get("id") in named or id(node) in inside, f"{url}: {tag} {node.get('name')} has no label"
