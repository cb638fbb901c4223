"""The visual language keeps its promises: contrast, shipped files, icons, and pages that a strict policy lets through."""

import hashlib
import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from lms.kit.templating import icon

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "lms" / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = ROOT / "templates"
SHEET = re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text("utf-8"), flags=re.DOTALL)
COLOURS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", SHEET)
}
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "mail" not in path.relative_to(TEMPLATES).parts)

TEXT, MARK = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
GROUNDS = ("ground", "ground-soft", "raised")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "text", "quiet", "link") for ground in (*GROUNDS, "tint")),
    *((ink, tint, TEXT) for ink in ("ink", "text") for tint in ("good-tint", "bad-tint", "warn-tint", "info-tint")),
    *((tone, ground, TEXT) for tone in ("good", "bad", "warn", "info") for ground in (*GROUNDS, f"{tone}-tint")),
    *((code, "ground-soft", TEXT) for code in ("code-key", "code-str", "code-num", "code-com")),
    ("ink", "mark-tint", TEXT),
    ("ground", "ink", TEXT),
    *(("white", deed, TEXT) for deed in ("deed", "deed-hover", "deed-press")),
    *((edge, ground, MARK) for edge in ("edge", "mark") for ground in (*GROUNDS, "tint")),
    # A filled control is told by its white sign or words; its fill against the ground is the boundary.
    ("deed", "ground", MARK),
]
# These carry no meaning alone: hairlines, and fills of charts that are labelled or outlined beside.
DECORATION = {"line", "line-soft", "mark-mid"}


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2, of ``#rrggbb``."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colour(name: str, theme: str) -> str:
    return "#ffffff" if name == "white" else COLOURS[name][theme]


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_of_colours_can_be_read(theme: str) -> None:
    weak = [
        f"{front} on {back}: {contrast(colour(front, theme), colour(back, theme)):.2f} < {least}"
        for front, back, least in PAIRS
        if contrast(colour(front, theme), colour(back, theme)) < least
    ]
    assert weak == []


def test_every_colour_of_the_sheet_has_its_pair() -> None:
    judged = {name for front, back, _least in PAIRS for name in (front, back)} - {"white"}
    assert set(COLOURS) == judged | DECORATION


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_rules_that_set_text_and_ground_can_be_read(theme: str) -> None:
    """Pairs that a rule makes by itself, whatever the list above says."""
    weak, seen = [], 0
    for selector, rule in re.findall(r"([^{};]+)\{([^{}]*)\}", SHEET):
        front = re.search(r"(?<![\w-])color:\s*(?:var\(--([\w-]+)\)|(#fff))\s*(?:;|$)", rule)
        back = re.search(r"background(?:-color)?:\s*var\(--([\w-]+)\)", rule)
        if not front or not back or (front[1] and front[1] not in COLOURS) or back[1] not in COLOURS:
            continue
        seen += 1
        ratio = contrast(colour(front[1] or "white", theme), colour(back[1], theme))
        if ratio < TEXT and "svg" not in selector and "icon" not in selector:
            weak.append(f"{selector.strip()}: {ratio:.2f}")
    assert seen > 15
    assert weak == []


def test_the_sheet_keeps_its_own_rules() -> None:
    assert SHEET.count("{") == SHEET.count("}")
    assert "!important" not in SHEET
    assert re.findall(r"(?:^|[\s,>+~])#[A-Za-z][\w-]*(?=[^;{}]*\{)", SHEET) == [], "no selector by id"
    assert "url(http" not in SHEET.replace('"', "")
    used = set(re.findall(r"var\(--([\w-]+)", SHEET))
    defined = set(re.findall(r"--([\w-]+):", SHEET))
    assert used - defined == set()


def test_files_that_the_sheet_names_are_shipped() -> None:
    names = re.findall(r'url\("?([^")]+)"?\)', SHEET)
    assert names
    assert [name for name in names if not (STATIC / name).is_file()] == []
    faces = VENDOR / "pretendard-gov" / "pretendardvariable-gov-dynamic-subset.css"
    slices = re.findall(r"url\(\./([^)]+)\)", faces.read_text("utf-8"))
    assert [name for name in slices if not (faces.parent / name).is_file()] == []
    assert len(slices) == len(list((faces.parent / "woff2-dynamic-subset").iterdir()))


def test_names_of_many_languages_are_in_one_drawing() -> None:
    """A letter without a face of ours falls out of its word: the browser takes it from whatever is installed."""
    sheets = SHEET + (VENDOR / "pretendard-gov" / "pretendardvariable-gov-dynamic-subset.css").read_text("utf-8")
    faces = [face for face in re.findall(r"@font-face\s*{([^}]+)}", sheets) if re.search(r"Pretendard|Inter", face)]
    spans = [
        (int(first, 16), int(last or first, 16))
        for face in faces
        for first, last in re.findall(r"U\+([0-9a-fA-F]+)(?:-([0-9a-fA-F]+))?", face)
    ]
    names = "José Ángel Núñez Ibarra, Nguyễn Thị Lan, Bùi Tuấn Kiệt, Ayşe Yılmaz, Łukasz Żółć, Şerban Țăran, Þórður Ólafsson, 김하늘"
    assert [letter for letter in names if not any(first <= ord(letter) <= last for first, last in spans)] == []


def test_vendored_files_are_what_was_published() -> None:
    lines = (VENDOR / "SHA256SUMS").read_text("utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    there = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert there == listed


def test_every_vendored_thing_has_its_licence_and_its_line() -> None:
    readme = (STATIC / "README.md").read_text("utf-8")
    folders = [path for path in VENDOR.iterdir() if path.is_dir()]
    assert folders
    for folder in folders:
        assert list(folder.glob("LICENSE*")), folder.name
        assert f"`{folder.name}/`" in readme


def names_of_symbols() -> set[str]:
    return set(re.findall(r'<symbol id="i-([\w-]+)"', (TEMPLATES / "macros" / "_sprite.html").read_text("utf-8")))


def test_pages_name_only_icons_that_are_drawn() -> None:
    drawn, unknown = names_of_symbols(), []
    for path in [*PAGES, *sorted((STATIC / "js").glob("*.js"))]:
        source = path.read_text("utf-8")
        named = re.findall(r"\bicon\(\s*[\"']([\w-]+)[\"']", source)
        named += re.findall(r"\bicon_name=[\"']([\w-]+)[\"']", source)
        named += re.findall(r"#i-([a-z][\w-]*)", source)
        unknown += [f"{path.relative_to(ROOT)}: {name}" for name in named if name not in drawn]
    assert unknown == []


def test_the_specimen_page_shows_every_icon() -> None:
    page = (TEMPLATES / "lms" / "kit" / "components.html").read_text("utf-8")
    listed = re.search(r"for name in \[([^\]]+)\]", page)
    assert listed is not None
    assert set(re.findall(r'"([\w-]+)"', listed[1])) == names_of_symbols()


def macros(name: str) -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"])
    environment.globals.update(
        _=lambda message, **values: message % values, csrf=lambda: Markup('<input name="csrf_token">'), icon=icon
    )
    environment.filters.update(percent=lambda share: f"{share:.0%}", number=str, time=str, until=str)
    environment.get_template(f"macros/{name}.html")
    return environment


@pytest.mark.parametrize(
    "stage",
    ["applied", "waiting", "declined", "withdrawn", "admitted", "training", "completed", "certified", "placed", "left"],
)
def test_each_stage_is_word_and_icon(stage: str) -> None:
    source = '{% from "macros/states.html" import stage %}{{ stage(name) }}'
    badge = macros("states").from_string(source).render(name=stage)
    sign = re.search(r"#i-([\w-]+)", badge)
    assert sign is not None
    assert sign[1] in names_of_symbols()
    assert re.sub("<[^>]+>", "", badge).strip() != ""


@pytest.mark.parametrize("tone", ["info", "good", "warn", "bad"])
def test_each_notice_and_toast_has_a_drawn_icon(tone: str) -> None:
    source = (
        '{% from "macros/states.html" import notice, toast %}'
        "{% call notice(tone) %}<p>x</p>{% endcall %}{{ toast(tone, 'y') }}"
    )
    signs = re.findall(r"#i-([\w-]+)", macros("states").from_string(source).render(tone=tone))
    assert len(signs) == 3
    assert set(signs) <= names_of_symbols()


@pytest.mark.parametrize("value, most, shown", [(18, 42, "43%"), (50, 42, "100%"), (-1, 42, "0%"), (0, 0, "0%")])
def test_progress_stays_between_nothing_and_all(value: int, most: int, shown: str) -> None:
    source = '{% from "macros/states.html" import progress %}{{ progress(value, most, "label") }}'
    bar = macros("states").from_string(source).render(value=value, most=most)
    assert f'<span class="figure">{shown}</span>' in bar
    drawn = re.search(r'max="(\d+)" value="(\d+)"', bar)
    assert drawn is not None
    assert 0 <= int(drawn[2]) <= int(drawn[1])


def test_two_deeds_of_one_address_get_two_dialogs() -> None:
    source = (
        '{% from "macros/forms.html" import deed %}'
        '{{ deed("/a/b", "Go", confirm="Sure?") }}{{ deed("/a/b", "Stop", confirm="Sure?", key="-stop") }}'
    )
    page = macros("forms").from_string(source).render()
    ids = re.findall(r'<dialog [^>]*\bid="([^"]+)"', page)
    assert len(set(ids)) == 2
    assert page.count('name="csrf_token"') == 2
    for dialog in ids:
        assert page.count(f'popovertarget="{dialog}"') == 2


def test_pages_name_only_static_files_that_are_there() -> None:
    missing = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in PAGES
        for name in re.findall(r"static_url\(\s*[\"']([^\"']+)[\"']\s*\)", path.read_text("utf-8"))
        if not (STATIC / name).is_file()
    ]
    assert missing == []


def test_modules_import_only_modules_that_are_there() -> None:
    missing = [
        f"{path.name}: {name}"
        for path in (STATIC / "js").glob("*.js")
        for name in re.findall(r"(?:from|import)\s+[\"']([^\"']+)[\"']", path.read_text("utf-8"))
        if not (path.parent / name).is_file()
    ]
    assert missing == []


FORBIDDEN = {
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "handler attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "data address": re.compile(r"(?:src|href)\s*=\s*[\"']data:", re.IGNORECASE),
    "file from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_holds_what_the_policy_forbids(what: str) -> None:
    assert len(PAGES) > 5
    found = [
        f"{path.relative_to(ROOT)}: {match[0][:80]}"
        for path in PAGES
        for match in FORBIDDEN[what].finditer(re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL))
    ]
    assert found == []


def test_what_the_policy_forbids_would_be_found() -> None:
    bad = {
        "style attribute": '<p class="a" style="color: red">',
        "style element": "<style>p {}</style>",
        "handler attribute": '<button type="button" onclick="go()">',
        "inline script": "<script>go()</script>",
        "javascript address": '<a href="javascript:go()">',
        "data address": '<img src="data:image/png;base64,AA">',
        "file from elsewhere": '<script src="https://elsewhere.example/a.js"></script>',
    }
    assert set(bad) == set(FORBIDDEN)
    for what, source in bad.items():
        assert FORBIDDEN[what].search(source), what
