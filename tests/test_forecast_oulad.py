"""The forecast on real learner records (read from the folder beside the project, or where LMS_SHARED says)."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("LMS_SHARED") or ROOT.parent / "shared")
DATA = SHARED / "data" / "oulad"

pytestmark = pytest.mark.skipif(
    not (DATA / "courses.csv").exists(), reason="the Open University records are not beside the project (LMS_SHARED)"
)


def run(data, out, *more):
    command = [sys.executable, ROOT / "benchmarks" / "forecast_oulad.py", data, "--history", DATA, "--out", out, *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    with out.open(encoding="utf-8") as file:
        rows = {(row["module"], row["pres"], row["f"]): row for row in csv.DictReader(file)}
    return rows, json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return run(DATA, tmp_path_factory.mktemp("oulad") / "told.csv", "--only", "2013B,2013J")[0]


def test_presentations_of_which_nothing_earlier_is_known_are_left_out(told):
    assert {name for _module, name, _share in told} == {"2013J"}
    assert len(told) == 5 * 3


def test_a_module_with_history_is_near_the_truth(told):
    """BBB, DDD and FFF in 2013J, from one earlier time each."""
    truth = {"BBB": 1072, "DDD": 829, "FFF": 1095}
    for module, passed in truth.items():
        for share, most in (("0.25", 0.1), ("0.5", 0.1), ("0.75", 0.06)):
            row = told[module, "2013J", share]
            assert abs(int(row["forecast"]) - passed) / passed < most
            assert int(row["lo"]) <= passed <= int(row["hi"])


def test_only_what_was_known_on_the_day_is_read(told, tmp_path):
    """The same forecast from rows that were cut at the day, without results."""
    cut = tmp_path / "cut"
    command = [sys.executable, SHARED / "data" / "tools" / "asof.py", DATA, "FFF", "2013J", "0.5", cut]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    assert "final_result" not in (cut / "studentInfo.csv").read_text(encoding="utf-8").partition("\n")[0]
    rows, _figures = run(cut, tmp_path / "cut.csv")
    assert rows == {("FFF", "2013J", "0.5"): told["FFF", "2013J", "0.5"]}
