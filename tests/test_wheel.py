"""The product as a package: a wheel built from the repo, installed elsewhere, serves the first page."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = """
import sys
from pathlib import Path
import lms
assert "site" in str(Path(lms.__file__)), lms.__file__
from lms.app import create_app
from lms.config import from_environment
from lms.kit import db, migrating
app = create_app(from_environment({"LMS_DATA_DIR": sys.argv[1]}))
migrating.upgrade(db.engine())
client = app.test_client()
page = client.get("/", headers={"Accept-Language": "ko"})
assert page.status_code == 200, page.text
assert 'lang="ko"' in page.text
assert "모집" in page.text
for address in ("/static/app.css", "/static/vendor/htmx/htmx.min.js", "/verify", "/sign-in"):
    assert client.get(address).status_code == 200, address
from certificates.design import FOLDER as designs
assert any(designs.iterdir())
print("served")
"""


@pytest.mark.xdist_group("wheel")
def test_a_wheel_installed_elsewhere_serves_the_first_page(tmp_path):
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "-w",
            tmp_path / "dist",
            ROOT,
        ],
        check=True,
    )
    wheel = next((tmp_path / "dist").glob("*.whl"))
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
        names = set(archive.namelist())
    for package in ("lms", "courses", "certificates"):
        for path in (ROOT / package).rglob("*.py"):
            assert str(path.relative_to(ROOT)) in names, f"{path.relative_to(ROOT)} is not in the wheel"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(site)!r})\n{PAGE}", tmp_path / "data"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip().endswith("served"), done.stdout + done.stderr
