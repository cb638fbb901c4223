"""The typeface files: what each holds, and that a common text reads only what it needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from certificates import faces

ROOT = Path(__file__).resolve().parents[2]


def test_the_korean_face_has_every_syllable_and_the_hanja_stand_apart():
    korean, hanja, rare = (faces.metrics(face) for face in ("Korean", "Hanja", "RareHanja"))
    assert all(chr(code) in korean for code in range(0xAC00, 0xD7A4))
    assert "金" in hanja
    assert "俤" in rare
    assert not {"金", "俤"} & set(korean)
    assert "俤" not in hanja
    assert all(" " in each and "\u00a0" in each for each in (korean, hanja, rare))


@pytest.mark.parametrize("face", faces.FILES)
def test_each_face_is_truetype_and_comes_with_its_licence(face):
    path = faces.FOLDER / faces.FILES[face]
    with TTFont(path, lazy=True) as font:
        assert "glyf" in font
        assert "CFF " not in font
    family = path.name.split("-")[0].split("_")[0]
    assert (faces.FOLDER / f"OFL-{family}.txt").is_file()
    assert path.name in (faces.FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_file_of_the_folder_is_used():
    assert {path.name for path in faces.FOLDER.glob("*.ttf")} == set(faces.FILES.values())


def test_a_common_text_reads_no_face_for_hanja():
    code = (
        "from certificates import faces; from tests.certificates.make_facts import PLAIN;"
        "assert faces.check(PLAIN) == []; print(faces.metrics.cache_info().currsize)"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert int(done.stdout) <= 2
