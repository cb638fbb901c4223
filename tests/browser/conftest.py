"""A real browser before the real server: Chromium by Playwright, the application on a spare port in a thread of this process.

Later work (letters, decisions, certificates) is done by the test itself with ``jobs.perform_all()``, so nothing waits by the clock.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Violations are shown with the elements that have them.
SUMMARY = "results => results.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | '))"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def site(the_app: Flask) -> Iterator[str]:
    """The address of the running application."""
    server = waitress.create_server(the_app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.effective_port}"
    the_app.config["PUBLIC_URL"] = address
    yield address
    server.close()


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

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self.errors.append(f"{page.url}: {said.text}") if said.type == "error" else None)

    def go(self, path: str) -> "Visitor":
        """Open a path of the site and look at it."""
        answer = self.page.goto(path if path.startswith("http") else self.site + path)
        assert answer
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.look()

    def look(self) -> "Visitor":
        """No violation that axe-core finds, wide and narrow; nothing wider than the window; no error in the console."""
        before = self.page.viewport_size or WIDE
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)
            self.page.evaluate(AXE)
            found = self.page.evaluate(f"axe.run(document, {{resultTypes: ['violations']}}).then({SUMMARY})")
            assert found == [], f"{self.page.url} at {size['width']}: {found}"
            spill = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert spill <= 0, f"{self.page.url} at {size['width']} is {spill} px too wide"
        self.page.set_viewport_size(before)
        assert self.errors == []
        return self

    def sign_in(self, email: str, password: str) -> "Visitor":
        self.go("/sign-in")
        self.page.fill("#email", email)
        self.page.fill("#password", password)
        self.press("form[action^='/sign-in'] button[type=submit]")
        return self.look()

    def press(self, selector: str) -> "Visitor":
        """Press what leads to another page, and wait for it."""
        with self.page.expect_navigation():
            self.page.click(selector)
        return self


@pytest.fixture
def visitor(chromium: Browser, site: str):
    """Makes a visitor with a browser of their own: ``visitor(language="ko")``."""
    contexts = []

    def make(language: str = "ko") -> Visitor:
        context = chromium.new_context(locale={"ko": "ko-KR", "en": "en-GB"}[language], viewport=WIDE)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return Visitor(page, site)

    yield make
    for context in contexts:
        context.close()
