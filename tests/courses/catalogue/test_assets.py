"""Pictures and downloads of a version: headers that let nothing run, and who may have them."""

import pytest

from courses.catalogue import assets
from courses.catalogue.models import Asset, CourseVersion
from lms.kit import files
from lms.people.models import Role
from tests import make

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def asset(of: CourseVersion, name: str, content: bytes = b"x") -> Asset:
    kept = files.keep_bytes(content, name=name, media_type=assets.media_type(name))
    return make.add(Asset(version_id=of.id, name=name, file=kept))


@pytest.mark.parametrize(
    "name, kind",
    [("a/b.PNG", "image/png"), ("그림 1.jpg", "image/jpeg"), ("x.svg", "image/svg+xml"), ("x.webp", "image/webp")],
)
def test_pictures_are_shown_in_place_and_cannot_run(browser, name, kind):
    version = make.course()
    asset(version, name, SVG)
    browser.sign_in(make.person(Role.TRAINEE)).open(assets.address(version.id, name), inspect=False)
    headers = browser.response.headers
    assert browser.response.mimetype == kind
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "attachment" not in headers.get("Content-Disposition", "")
    assert browser.response.data == SVG


@pytest.mark.parametrize("name", ["notebook.ipynb", "data.csv", "page.html", "app.js", "x.svg.gz", "noending"])
def test_everything_else_is_a_download(browser, name):
    version = make.course()
    asset(version, name, b"<script>alert(1)</script>")
    browser.sign_in(make.person(Role.TRAINEE)).open("catalogue.asset", version_id=version.id, name=name, inspect=False)
    headers = browser.response.headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert browser.response.mimetype in ("text/plain", "application/octet-stream")
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_picture_is_sent_once(browser):
    version = make.course()
    asset(version, "x.png")
    browser.sign_in(make.person(Role.TRAINEE)).open("catalogue.asset", version_id=version.id, name="x.png")
    etag = browser.response.headers["ETag"]
    again = browser._apart(browser.client.get, assets.address(version.id, "x.png"), headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert again.headers["Content-Security-Policy"] == assets.POLICY


def test_who_may_have_them(browser):
    open_, draft = make.course(), make.course(published=False)
    for version in (open_, draft):
        asset(version, "x.png")
    browser.open("catalogue.asset", version_id=open_.id, name="x.png", status=303)
    browser.sign_in(make.person(Role.TRAINEE))
    browser.open("catalogue.asset", version_id=open_.id, name="x.png")
    browser.open("catalogue.asset", version_id=draft.id, name="x.png", status=404)
    browser.sign_out().sign_in(make.person(Role.INSTRUCTOR))
    browser.open("catalogue.asset", version_id=draft.id, name="x.png")


@pytest.mark.parametrize("name", ["y.png", "../x.png", "%2e%2e/x.png", "a/../x.png", "x.png/", ""])
def test_other_names_are_not_there(browser, name):
    version = make.course()
    asset(version, "x.png")
    browser.sign_in(make.admin()).open(f"/assets/{version.id}/{name}", status=404)


def test_address_leads_to_the_asset(browser):
    version = make.course()
    browser.sign_in(make.person(Role.TRAINEE))
    for name in ("a/b c.png", "그림#1?.png", "x&y'\".svg", "100%.png"):
        asset(version, name, name.encode())
        browser.open(assets.address(version.id, name), inspect=False)
        assert browser.response.data.decode() == name
