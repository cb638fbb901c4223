"""PDF/A-3a and PDF/UA-1 in the eyes of veraPDF, which none of us wrote. Needs Java, and the judge (LMS_VERA or the shared tools)."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from certificates.design import COURSE, Drawn, designs
from certificates.sealing import complete
from tests.certificates.make_facts import PLAIN, SINGLE, WORST, facts
from tests.certificates.make_seal import seal, sealed
from tests.certificates.test_rendering import SHARED

JUDGE = os.environ.get("LMS_VERA") or str(SHARED / "tools/verapdf/vera.sh")
PARTS = "/usr/share/java/jaxb-runtime.jar"
PEOPLE = (
    PLAIN,
    WORST,
    facts(name="金俤㬎 (김제현)", latin_name=""),
    facts(name="Ṩḥa\u0331ṣim Ọ̀ṣun Çelikoğlu"),
    facts(name="محمد عبد الرحمن الفارسي"),
    facts(name="श्रीनिवास रामानुजन्"),
)


def assert_standards(paths: list[Path]) -> None:
    """Skips, with its reason, where the judge is not."""
    if not shutil.which("java") or not Path(JUDGE).exists():
        pytest.skip("needs Java and veraPDF (LMS_VERA)")
    if "LMS_VERA" not in os.environ and not Path(PARTS).exists():
        pytest.skip(f"needs {PARTS} (libjaxb-java): script/bootstrap --tests installs it")
    done = subprocess.run([JUDGE, "3a,ua1", *map(str, paths)], capture_output=True, text=True, check=False)
    assert done.stdout.count("PASS\t") == 2 * len(paths), done.stdout + done.stderr


def test_both_standards_hold(tmp_path):
    paths = [tmp_path / f"{number}.pdf" for number in range(len(PEOPLE))]
    for path, person in zip(paths, PEOPLE, strict=True):
        path.write_bytes(sealed(person))
    assert_standards(paths)


def test_both_standards_hold_of_single_courses(tmp_path):
    drawn = [Drawn(each.name, languages) for each in designs(COURSE) for languages in ("ko", "en", "both")]
    paths = [tmp_path / f"{number}.pdf" for number in range(len(drawn))]
    for path, each in zip(paths, drawn, strict=True):
        path.write_bytes(complete(SINGLE, each, seal()))
    assert len(paths) == 6
    assert_standards(paths)
