"""Both languages, complete: every word is collected and translated, and no template says anything past the catalogue."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPOKEN = {"alt", "title", "aria-label", "placeholder", "value"}
# Names of things, the same in every language.
NAMES = {"한국어", "English", "PDF", "SHA", "JSON", "XLSX", "CSV", "LinkedIn", "QR", "MB", "kB", "UTC"}


def test_every_word_has_its_korean():
    done = subprocess.run([sys.executable, ROOT / "script" / "words", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[:3000]


class Bare(HTMLParser):
    """Collects letters that stand in a template outside of any expression."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style", "code", "kbd", "symbol"):
            self.skipping += 1
        for name, value in attrs:
            if name in SPOKEN and value and not (name == "value" and tag != "input"):
                self.look(value if name != "value" or dict(attrs).get("type") in ("submit", "button") else "")

    def handle_endtag(self, tag):
        if tag in ("script", "style", "code", "kbd", "symbol"):
            self.skipping -= 1

    def handle_data(self, data):
        if not self.skipping:
            self.look(data)

    def look(self, text: str) -> None:
        text = re.sub(r"\S*[/.]\S+", "", text)  # addresses and file names
        for word in re.findall(r"[^\W\d_]{2,}(?:[ -][^\W\d_]+)*", text):
            if word not in NAMES and not word.startswith("data-"):
                self.found.append(word)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_speaks_past_the_catalogue(path: Path):
    text = re.sub(r"{% block main_class %}.*?{% endblock %}", "", path.read_text())
    tokens = Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).lex(text)
    bare = "".join(value for _line, kind, value in tokens if kind == "data")
    parser = Bare()
    parser.feed(re.sub(r"<svg.*?</svg>", "", bare, flags=re.S))
    assert parser.found == []
