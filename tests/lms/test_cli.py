"""The `lms` command as a person uses it: each call is a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LMS = Path(sys.executable).parent / "lms"


@pytest.fixture
def lms(tmp_path):
    def run(*arguments, code=0, **environment):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        done = subprocess.run(
            [LMS, *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=120,
            env={**kept, "LMS_DATA_DIR": str(tmp_path / "data"), **environment},
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def test_help_names_every_command(lms):
    said = lms("--help")
    for command in ("serve", "worker", "init", "demo", "doctor", "course", "admin", "backup", "restore"):
        assert command in said
        assert lms(command, "--help")


def test_an_empty_system_is_made_examined_copied_and_restored(lms, tmp_path):
    assert "lms init" in lms("doctor", code=1)
    assert "lms init" in lms("worker", "--once", code=1)
    assert "ready" in lms("init")
    assert "up to date" in lms("init")
    assert "no administrator" in lms("doctor")
    assert "/links/" in lms("admin", "root@example.org", "--name", "남궁 슬기")
    assert "no administrator" not in lms("doctor")
    assert "No difference" in lms("pipeline", "check", "--days-again")
    lms("backup", str(tmp_path / "copy"))
    assert "not empty" in lms("backup", str(tmp_path / "copy"), code=1)
    assert "database already" in lms("restore", str(tmp_path / "copy"), code=1)
    lms("restore", str(tmp_path / "copy"), LMS_DATA_DIR=str(tmp_path / "other"))
    assert "no administrator" not in lms("doctor", LMS_DATA_DIR=str(tmp_path / "other"))


def test_a_bad_setting_ends_every_command_with_a_sentence(lms):
    assert "LMS_BIND" in lms("serve", code=1, LMS_BIND="nowhere")
    assert "LMS_BIND" in lms("doctor", code=1, LMS_BIND="nowhere")


def test_a_database_that_is_away_is_said(lms):
    assert "does not answer" in lms("doctor", code=1, LMS_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
