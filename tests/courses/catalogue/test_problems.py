"""What readers of course folders say is known here, so that it can be shown in Korean."""

import ast
from pathlib import Path

import pytest

from courses.catalogue import problems
from courses.formats.reading import read_course
from lms.kit import i18n

FORMATS = Path(problems.__file__).parents[1] / "formats"


def sentences() -> list[str]:
    """Every sentence in the readers that ends as one does and is passed on as a problem, gaps as "X"."""
    found: list[str] = []
    for path in sorted(FORMATS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "note":
                found += [text for each in node.args if (text := _text(each))]
            elif (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "message") or (
                isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple)
            ):
                values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                found += [text for each in values if (text := _text(each))]
    return sorted({text for text in found if text.endswith(".") and " " in text})


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "X" for part in node.values)
    return ""


def test_there_are_sentences_to_look_for():
    assert len(sentences()) > 50


@pytest.mark.parametrize("sentence", sentences())
def test_every_sentence_is_known(sentence):
    with i18n.speaking("ko"):
        assert problems.translated(sentence)


def test_gaps_are_translated_too():
    with i18n.speaking("ko"):
        said = problems.translated('The image "a.png" leads to a file that is larger than 20 MB.')
        assert said == "그림 “a.png”: 20MB보다 큰 파일을 가리켜요."
        assert (
            problems.translated("The file is empty (0 bytes) and was left out.")
            == "비어 있는(0바이트) 파일이라서 뺐어요."
        )
        assert problems.translated("Nobody wrote this.") is None
    with i18n.speaking("en"):
        assert problems.translated("Nobody wrote this.") == "Nobody wrote this."


@pytest.mark.parametrize("name", ["ml-for-beginners"])
def test_real_problems_are_told_in_korean(shared, name):
    read = read_course(shared / "courses" / name)
    with i18n.speaking("ko"):
        untold = [problem.message for problem in read.problems if problems.translated(problem.message) is None]
    assert read.problems
    assert untold == []


def test_lines_are_grouped_by_file_and_odd_names_survive():
    groups = problems.by_file(["a b.md:3: One.", "a b.md: Two: three.", "c:d.md:12: Four.", "no colon"])
    assert [(group.file, [(each.line, each.sentence) for each in group.remarks]) for group in groups] == [
        ("a b.md", [(3, "One."), (None, "Two: three.")]),
        ("c:d.md", [(12, "Four.")]),
        ("", [(None, "no colon")]),
    ]
