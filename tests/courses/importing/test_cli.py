"""The commands: what they print and with which code they end."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from courses.catalogue.models import Course, CourseVersion
from courses.importing.cli import group
from lms.kit.db import session

COURSE = """slug = "tiny"
hours = 1
licence = "MIT"
source = "Made for a test"
[title]
en = "Tiny"
ko = "작은 강좌"
[summary]
en = "One lesson."
ko = "수업 하나."
"""


def run(*arguments: object, code: int = 0) -> Result:
    session.commit()
    result = CliRunner().invoke(group, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    course = tmp_path / "tiny"
    module = course / "01-first"
    module.mkdir(parents=True)
    (course / "course.toml").write_text(COURSE)
    (module / "module.toml").write_text('[title]\nen = "First"\nko = "첫째"\n')
    (module / "01-start.lesson.en.md").write_text("# Start\n\nText with ![a picture](missing.png).\n")
    (module / "01-start.lesson.ko.md").write_text("# 시작\n\n글.\n")
    return course


def version() -> CourseVersion:
    return session.scalars(select(CourseVersion).order_by(CourseVersion.number.desc()).limit(1)).one()


def test_import_reports_and_is_a_draft(folder):
    said = run("import", folder).output
    assert "tiny: version 1 imported (draft)." in said
    assert "1 modules, 1 lessons, 0 quizzes with 0 questions, 0 assignments, 0 files." in said
    assert "01-first/01-start.lesson.en.md:3: " in said
    assert version().published_at is None


def test_second_import_says_that_nothing_has_changed(folder):
    run("import", folder)
    assert "nothing has changed since version 1" in run("import", folder).output
    assert "version 1 (published" in run("import", folder, "--publish").output
    assert version().published_at is not None


def test_import_under_another_name(folder):
    run("import", folder, "--publish", "--slug", "another")
    assert session.scalars(select(Course.slug)).all() == ["another"]
    assert version().published_at is not None


@pytest.mark.parametrize("slug", ["Has Spaces", "../up", "a--b", "", "x" * 81])
def test_a_bad_name_is_a_mistake_of_use(folder, slug):
    assert "takes small letters" in run("import", folder, "--slug", slug, code=2).output
    assert session.scalar(select(func.count()).select_from(Course)) == 0


def test_what_is_no_course_ends_with_one(tmp_path):
    (tmp_path / "empty").mkdir()
    assert "is empty" in run("import", tmp_path / "empty", code=1).output
    assert "There is no folder" in run("check", tmp_path / "nowhere", code=1).output
    assert run("import", code=2).output


def test_check_keeps_nothing(folder):
    said = run("check", folder).output
    assert "Tiny / 작은 강좌" in said
    assert "could not be resolved" in said
    assert session.scalar(select(func.count()).select_from(Course)) == 0


def test_list_and_publish(folder):
    assert "There is no course yet" in run("list").output
    run("import", folder)
    assert "draft" in run("list").output
    assert "version 1 is published" in run("publish", "tiny").output
    assert "published" in run("list").output
    assert "is published" in run("publish", "tiny", code=1).output
    assert "has no version 7" in run("publish", "tiny", 7, code=1).output
    assert "There is no course other" in run("publish", "other", code=1).output
