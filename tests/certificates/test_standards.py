"""PDF/A-3a and PDF/UA-1 in the eyes of veraPDF, which none of us wrote. Needs Java, and the judge (LMS_VERA or the shared tools)."""

import io
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from certificates.design import Drawn, designs
from certificates.sealing import complete
from tests.certificates.make_facts import PLAIN, WORST, facts
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


def test_both_standards_hold(tmp_path):
    judged([sealed(person) for person in PEOPLE], tmp_path)


def test_they_hold_for_every_design_in_every_language(tmp_path):
    lasting = replace(PLAIN, expires_on=date(2029, 11, 21))
    files = [
        complete(facts, Drawn(design.name, languages), seal())
        for design in designs()
        for languages in ("ko", "en", "both")
        for facts in (lasting, WORST)
    ]
    own = b'<svg xmlns="http://www.w3.org/2000/svg" width="22mm" height="22mm" viewBox="0 0 9 9"><path d="M0 0H9V9Z"/></svg>'
    png = io.BytesIO()
    Image.new("RGBA", (300, 300), (200, 40, 40, 128)).save(png, "PNG")
    files += [complete(lasting, Drawn("course", "ko", (), each), seal()) for each in (own, png.getvalue())]
    judged(files, tmp_path)


def judged(files: list[bytes], folder: Path) -> None:
    if not shutil.which("java") or not Path(JUDGE).exists():
        pytest.skip("needs Java and veraPDF (LMS_VERA)")
    if "LMS_VERA" not in os.environ and not Path(PARTS).exists():
        pytest.skip(f"needs {PARTS} (libjaxb-java)")
    paths = [folder / f"{number}.pdf" for number in range(len(files))]
    for path, file in zip(paths, files, strict=True):
        path.write_bytes(file)
    done = subprocess.run([JUDGE, "3a,ua1", *map(str, paths)], capture_output=True, text=True, check=False)
    assert done.stdout.count("PASS\t") == 2 * len(files), done.stdout + done.stderr
