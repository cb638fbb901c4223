"""The rules of the house: directions, marks, sizes, addresses. Each fails on the first line that breaks it."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from lms.kit import db
from lms.people import access

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("lms", "courses", "certificates")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "versions" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
FORBIDDEN_NAMES = {"utils", "helpers", "misc", "common", "services", "managers", "base"}

# Ground floor first: a table may point to its own room and to those before it.
FLOORS = [
    "lms.kit",
    "lms.people",
    "lms.pipeline",
    "lms.bulk",
    "lms.attendance",
    "lms.placement",
    "lms.surveys",
    "lms.reporting",
    "courses.catalogue",
    "courses.learning",
    "courses.quizzes",
    "courses.assignments",
    "courses.gradebook",
    "courses.importing",
    "certificates",
]

# Whoever adds a page that strangers may open adds it here, on purpose.
OPEN_PAGES = {
    "catalogue.course",
    "certificates.by_hash",
    "certificates.public_keys",
    "certificates.shared",
    "certificates.shared_document",
    "certificates.status_list_of",
    "certificates.transcript_verified",
    "certificates.verified",
    "certificates.verify",
    "learning.cohort",
    "people.begin_account",
    "people.demo_mail",
    "people.enter",
    "people.forgotten",
    "people.health",
    "people.language",
    "people.link",
    "people.look",
    "people.open_link",
    "people.privacy",
    "people.register",
    "people.send_reset",
    "people.sign_in",
    "people.sign_out",
    "people.start",
    "pipeline.catalogue",
}


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_point_down():
    done = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_foreign_keys_point_down(app):
    floor_of = {}
    for mapper in db.Base.registry.mappers:
        room = next(floor for floor in reversed(FLOORS) if mapper.class_.__module__.startswith(floor))
        floor_of[mapper.local_table.name] = FLOORS.index(room)
    for table in db.Base.metadata.tables.values():
        for key in table.foreign_keys:
            target = key.column.table.name
            assert floor_of[target] <= floor_of[table.name], f"{table.name} points up to {target}"


def test_every_view_is_marked_and_the_open_pages_are_these(app: Flask):
    marks = {name: access.mark_of(view) for name, view in app.view_functions.items() if name != "static"}
    assert all(marks.values())
    assert {name for name, mark in marks.items() if mark.open} == OPEN_PAGES


def test_no_file_is_longer_than_300_lines():
    assert {short(path): lines for path in FILES if (lines := path.read_text().count("\n")) > 300} == {}


def test_no_function_is_longer_than_50_lines_and_no_import_hides_in_one():
    long, late = [], []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if (node.end_lineno or 0) - node.lineno > 50:
                    long.append(f"{short(path)}:{node.name}")
                if any(isinstance(inside, ast.Import | ast.ImportFrom) for inside in ast.walk(node)):
                    late.append(f"{short(path)}:{node.name}")
    assert (long, late) == ([], [])


def test_files_are_named_by_their_noun():
    assert [short(path) for path in FILES if path.stem in FORBIDDEN_NAMES] == []


def test_only_one_place_each_commits():
    allowed = {"lms/kit/db.py", "lms/kit/web.py"}
    calls = re.compile(r"\bsession(?:\(\))?\.commit\(|\bconnection\.commit\(")
    assert {short(path) for path in FILES if calls.search(path.read_text())} <= allowed


def test_nothing_is_left_to_do_later():
    words = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError")
    files = [*FILES, *(path for path in TEMPLATES if path.is_file()), *(ROOT / "lms" / "static" / "js").glob("*.js")]
    assert [short(path) for path in files if words.search(path.read_text())] == []


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.is_file()], ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_every_template_compiles(app: Flask, path: Path):
    app.jinja_env.get_template(str(path.relative_to(ROOT / "templates")))


def test_every_link_in_a_template_leads_somewhere(app: Flask):
    lost = set()
    for path in TEMPLATES:
        if path.suffix != ".html":
            continue
        for call in app.jinja_env.parse(path.read_text()).find_all(nodes.Call):
            named = (
                isinstance(call.node, nodes.Name)
                and call.node.name == "url_for"
                and isinstance(call.args[0], nodes.Const)
            )
            if named and call.args[0].value not in app.view_functions:
                lost.add((short(path), call.args[0].value))
    assert lost == set()


def test_every_address_once_published_is_still_there(app: Flask):
    """Addresses are printed on paper and kept in bookmarks. New ones are added to the list, none leaves it."""
    published = (Path(__file__).parent / "addresses.txt").read_text().split("\n")
    now = {rule.rule for rule in app.url_map.iter_rules()}
    assert [rule for rule in published if rule and rule not in now] == []
    assert sorted(rule for rule in now if rule not in published) == []
