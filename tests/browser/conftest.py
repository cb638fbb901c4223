"""A real browser before the real server: Chromium by Playwright, the application on a spare port in a thread of this process.

Later work (letters, decisions, certificates) is done by the test itself with ``jobs.perform_all()``, so nothing waits by the clock.
"""

import os
import shutil
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import waitress
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from lms.kit import clock, db
from lms.kit.db import session
from lms.people.models import Device

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOCALES = {"ko": "ko-KR", "en": "en-GB"}
# Violations are shown with the elements that have them. Best practices are held, too. Contrast is what takes axe long.
# What is still fading in has colours of its own, so every movement that ends is waited for.
STILL = """() => Promise.allSettled(document.getAnimations()
    .filter(each => each.effect.getComputedTiming().endTime !== Infinity).map(each => each.finished))"""
RUN = """contrast => axe.run(document, {resultTypes: ['violations'], rules: {'color-contrast': {enabled: contrast}}}).then(results =>
    results.violations.map(each => each.id + ': ' + each.nodes.slice(0, 3).map(node => node.target.join(' ') + ' ' + node.failureSummary).join(' | ')))"""
SPILL = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def server(the_app: Flask) -> Iterator[str]:
    """The address of the running application."""
    running = waitress.create_server(the_app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.effective_port}"
    running.close()


@pytest.fixture
def site(app: Flask, server: str) -> Iterator[str]:
    """The same, for as long as letters and certificates are to name that address."""
    before = app.config["PUBLIC_URL"]
    app.config["PUBLIC_URL"] = server
    db.mean_to_write(False)  # the test looks on while the pages write
    yield server
    app.config["PUBLIC_URL"] = before


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("LMS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """One person at one browser window. `look` holds every page to the rules of accessibility at both widths."""

    def __init__(self, page: Page, site: str, contrast_at: Collection[int] = (390, 1280)) -> None:
        self.page, self.site, self.contrast_at = page, site, contrast_at
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("console", self._hear)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.errors.append(f"{self.page.url}: {said.text} ({said.location.get('url')})")

    def go(self, path: str, *, status: int = 200) -> "Visitor":
        """Open a path of the site and look at it."""
        return self.open(path, status=status).look()

    def open(self, path: str, *, status: int = 200) -> "Visitor":
        """Open a path of the site."""
        got = self.status_of(path)
        assert got == status, f"{path}: {got}"
        if status >= 400:
            self.errors.clear()  # the browser itself says so of each page with such a status
        return self

    def status_of(self, path: str) -> int:
        """Open a path of the site, whatever comes of it."""
        answer = self.page.goto(path if path.startswith("http") else self.site + path)
        assert answer
        return answer.status

    def look(self) -> "Visitor":
        """No violation that axe-core finds, wide and narrow; nothing wider than the window; no error in the console."""
        assert self.faults() == []
        return self

    def faults(self) -> list[str]:
        """What `look` finds wrong with this page."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        found = []
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)
            self.page.evaluate(STILL)
            at = f"{self.page.url} at {size['width']}"
            found += [f"{at}: {each}" for each in self.page.evaluate(RUN, size["width"] in self.contrast_at)]
            if (spill := self.page.evaluate(SPILL)) > 0:
                found.append(f"{at}: {spill} px too wide")
        found += self.errors
        self.errors.clear()
        return found

    def sign_in(self, email: str, password: str) -> "Visitor":
        return self.enter(email, password).look()

    def enter(self, email: str, password: str) -> "Visitor":
        """Sign in without a look at what comes then."""
        self.open("/sign-in")
        self.page.fill("#email", email)
        self.page.fill("#password", password)
        return self.press("form[action^='/sign-in'] button[type=submit]")

    def press(self, selector: str, *, status: int = 200) -> "Visitor":
        """Press what leads to another page, and wait for it."""
        with self.page.expect_navigation() as caught:
            self.page.click(selector)
        answer = caught.value
        assert answer
        assert answer.status == status, f"{selector} led to {answer.url}: {answer.status}"
        if status >= 400:
            self.errors.clear()
        return self

    @contextmanager
    def saving(self, part: str) -> Iterator[None]:
        """Wait inside until the page itself has saved to an address that holds `part`, and says so."""

        def is_it(answer: Response) -> bool:
            return part in answer.url and answer.request.method == "POST"

        with self.page.expect_response(is_it) as caught:
            yield
        assert caught.value.ok, f"{caught.value.url}: {caught.value.status}"
        self.page.wait_for_selector("[data-saved][data-state=saved]")

    @property
    def path(self) -> str:
        """Where we are, without the site's address."""
        return self.page.url.removeprefix(self.site)

    def says(self, *words: str) -> "Visitor":
        """That each of these stands on the page for everybody to see."""
        text = " ".join(self.page.inner_text("body").split())
        for each in words:
            assert each in text, f"{self.page.url} does not say {each!r}: {text}"
        return self


@pytest.fixture
def visitor(chromium: Browser, site: str) -> Iterator[Callable[..., Visitor]]:
    """Makes a visitor with a browser of their own: ``visitor("ko")``; ``like=other`` shares the cookies of another (a second tab)."""
    contexts: list[BrowserContext] = []

    def make(
        language: str = "ko", *, like: Visitor | None = None, contrast_at: Collection[int] = (390, 1280), **more: object
    ) -> Visitor:
        if like:
            context = like.page.context
        else:
            context = chromium.new_context(
                locale=LOCALES[language], viewport=WIDE, timezone_id="Asia/Seoul", reduced_motion="reduce", **more
            )
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return Visitor(page, site, contrast_at)

    yield make
    for context in contexts:
        context.close()


def end_sessions() -> None:
    """What an administrator or the time does: everybody is signed out at the server."""
    for device in session.query(Device).where(Device.ended_at.is_(None)):
        device.ended_at = clock.now()
    session.commit()
