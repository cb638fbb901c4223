"""Markdown to HTML: what a lesson may hold and how it comes out."""

import pytest

from lms.kit.markup.plain import count_words
from lms.kit.markup.rendering import Heading, excerpt, render


def html(source: str, language: str = "en") -> str:
    return render(source, language=language, image=lambda n: f"/files/{n}", link=lambda t: f"/go/{t}").html.strip()


# --- emphasis ---


@pytest.mark.parametrize(
    "source, expected",
    [
        ('**"강조"**는', '<strong>"강조"</strong>는'),
        ("**(Transformer)**를 써요", "<strong>(Transformer)</strong>를 써요"),
        ("이것은**(가)**다", "이것은<strong>(가)</strong>다"),
        ("*‘모델’*이", "<em>‘모델’</em>이"),
        ("**굵게)**가 아니라 **둘**", "<strong>굵게)</strong>가 아니라 <strong>둘</strong>"),
        ("***`코드`***를", "<em><strong><code>코드</code></strong></em>를"),
        ("~~[끝]~~이", "<s>[끝]</s>이"),
        ("별표 * 하나와 2*3*4", "별표 * 하나와 2<em>3</em>4"),
    ],
)
def test_emphasis_closes_before_hangul(source: str, expected: str) -> None:
    assert html(source) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    "source, expected",
    [
        ("a * foo bar*", "a * foo bar*"),
        ('a*"foo"*', 'a*"foo"*'),
        ("foo*bar*", "foo<em>bar</em>"),
        ("_(_foo_)_", "<em>(<em>foo</em>)</em>"),
        ('aa_"bb"_cc', 'aa_"bb"_cc'),
        ('a**"foo"**', 'a**"foo"**'),
        (
            "**Gomphocarpus (*Gomphocarpus physocarpus*)**",
            "<strong>Gomphocarpus (<em>Gomphocarpus physocarpus</em>)</strong>",
        ),
        ("**foo*bar**", "<strong>foo*bar</strong>"),
        ("***foo** bar*", "<em><strong>foo</strong> bar</em>"),
        ("**(**foo)", "**(**foo)"),
    ],
)
def test_english_emphasis_is_that_of_the_specification(source: str, expected: str) -> None:
    assert html(source) == f"<p>{expected}</p>"


# --- headings ---


def test_headings_begin_at_two_and_skip_no_level() -> None:
    outline = render("# One\n\n#### Deep\n\n### Between\n\n# Two\n\n## Three\n").outline
    assert [(h.level, h.text) for h in outline] == [
        (2, "One"),
        (3, "Deep"),
        (3, "Between"),
        (2, "Two"),
        (3, "Three"),
    ]
    assert [h.level for h in render("### a\n\n## b\n\n###### c\n").outline] == [2, 2, 3]


def test_anchors_are_unique_keep_hangul_and_may_be_given() -> None:
    rendered = render(
        "## 질의, 키와 값!\n\n## Set up\n\n## Set up\n\n## Given name[[my-anchor]]\n\n## ***\n\n## $x$ and `y`\n"
    )
    assert [h.anchor for h in rendered.outline] == [
        "h-질의-키와-값",
        "h-set-up",
        "h-set-up-1",
        "h-my-anchor",
        "h-section",
        "h-x-and-y",
    ]
    assert rendered.outline[3] == Heading(2, "Given name", "h-my-anchor")
    assert "[[" not in rendered.html
    for heading in rendered.outline:
        assert f'<h2 id="{heading.anchor}">' in rendered.html


def test_links_within_the_text_find_their_heading() -> None:
    drawn = html("[down](#set-up) [한글](#%EC%A7%88%EC%9D%98) [nowhere](#gone)\n\n## Set up\n\n## 질의\n")
    assert '<a href="#h-set-up">down</a>' in drawn
    assert '<a href="#h-질의">한글</a>' in drawn
    assert '<span class="missing">nowhere</span>' in drawn


# --- formulas ---


@pytest.mark.parametrize("source", ["$a_i$", r"\\(a_i\\)", r"\\( a_i \\)", "$a_i$ ends with 5"])
def test_formulas_in_a_line_become_mathml(source: str) -> None:
    assert '<math alttext="a_i"><mrow><msub><mi>a</mi><mi>i</mi></msub></mrow></math>' in html(source)


@pytest.mark.parametrize(
    "source", ["$$\na = b\n$$", "$$a = b$$", "\\\\[\na = b\n\\\\]", "before\n$$\na = b\n$$\nafter"]
)
def test_formulas_of_their_own_stand_in_a_box_that_can_be_reached(source: str) -> None:
    drawn = html(source, "ko")
    assert (
        '<div class="formula" tabindex="0" role="group" aria-label="수식"><math display="block" alttext="a = b">'
        in drawn
    )
    assert "$$" not in drawn


def test_a_numbered_formula_shows_its_number() -> None:
    drawn = html("$$\n\\begin{aligned} a &= b \\\\ c &= d \\end{aligned} \\tag{3.1}\n$$")
    assert "<span>(3.1)</span></div>" in drawn
    assert 'aria-label="Formula 3.1"' in drawn
    assert drawn.count("<mtr>") == 2
    assert "<mi>&amp;</mi>" not in drawn


@pytest.mark.parametrize(
    "source", ["$5 and $6", "$5와 $6", "책은 $5는 넘고 10$ 아래", "US$ 5 or 6 $", r"\$a\$", "costs $5 and US$ more"]
)
def test_money_is_text(source: str) -> None:
    drawn = html(source)
    assert "<math" not in drawn
    assert drawn == f"<p>{source.replace(chr(92), '')}</p>"


@pytest.mark.parametrize(
    "latex", [r"\frobnicate{x}", r"\frac", "x^2_", "{" * 3000, r"\sqrt{" * 300 + "x" + "}" * 300, r"\left( x", "a & b"]
)
def test_a_formula_that_cannot_be_converted_stays_as_code(latex: str) -> None:
    drawn = html(f"It is ${latex}$ so")
    assert "<math" not in drawn
    assert latex.replace("&", "&amp;") in drawn
    assert "<code>" in html(f"$$\n{latex}\n$$")


# --- tables, figures, code ---


def test_tables_scroll_in_a_named_region() -> None:
    drawn = html("| | a | n |\n|--|:-:|--:|\n| x | *y* | 1 |\n\n|b|\n|-|\n", "ko")
    assert (
        '<div class="table-box table-scroll" tabindex="0" role="region" aria-label="표 1"><table class="table table-stay">'
        in drawn
    )
    assert 'aria-label="표 2"' in drawn
    assert '<td></td>\n<th scope="col">a</th>\n<th class="num" scope="col">n</th>' in drawn
    assert '<td class="num">1</td>' in drawn
    assert "style" not in drawn


def test_a_lone_image_is_a_figure() -> None:
    assert html('![A plot](asset:m/x.png "Fig. 1")') == (
        '<figure><img src="/files/m/x.png" alt="A plot" loading="lazy" decoding="async">'
        "<figcaption>Fig. 1</figcaption></figure>"
    )
    assert html("see ![A plot](asset:x.png)").startswith("<p>see <img")
    assert html("[![A](asset:x.png)](https://a.org)").startswith('<figure><a href="https://a.org" rel="noopener')


def test_images_always_have_their_text_and_sizes_only_if_given() -> None:
    assert 'alt=""' in html("![](asset:x.png)")
    drawn = html('<img src="asset:a&amp;b.png" width="60%" height=20 align=left>')
    assert drawn == '<img src="/files/a&amp;b.png" alt="" height="20" loading="lazy" decoding="async">'


def test_names_are_asked_for_as_written_then_with_percent_signs_read() -> None:
    known = {"한글 이름.png": "/files/1", "a%20b.png": "/files/2"}
    drawn = render(
        "![x](<asset:한글 이름.png>) ![y](asset:a%20b.png) ![z](asset:%ED%95%9C%EA%B8%80%20이름.png)", image=known.get
    ).html
    assert drawn.count("/files/1") == 2
    assert drawn.count("/files/2") == 1


def test_a_remote_image_is_a_link_and_a_missing_one_its_text() -> None:
    rendered = render(
        "![Badge](https://x.org/b.svg) ![Lost](asset:gone.png) ![Rel](../images/a.png)", image=lambda _: None
    )
    assert '<a href="https://x.org/b.svg" rel="noopener noreferrer">Badge</a>' in rendered.html
    assert '<span class="missing">Lost</span> <span class="missing">Rel</span>' in rendered.html
    assert "<img" not in rendered.html


@pytest.mark.parametrize(
    "info", ["python", "Python", "py no-format", "{.python .input}", "{.python .input  n=1}", "python title=x"]
)
def test_code_is_highlighted_in_four_classes(info: str) -> None:
    drawn = html(f'```{info}\nfor x in "<b>": return 1  # no\n```')
    assert '<figcaption class="code-head"><span>Python</span></figcaption>' in drawn
    assert '<pre tabindex="0" role="group" aria-label="Python code"><code>' in drawn
    for name in "ksmc":
        assert f'<span class="{name}">' in drawn
    assert "<b>" not in drawn


@pytest.mark.parametrize("info", ["output", "out", "python out", "py output"])
def test_output_is_told_from_code(info: str) -> None:
    drawn = html(f"```{info}\nfor 1 in 2\n```", "ko")
    assert '<figure class="code" data-kind="output">' in drawn
    assert "<code>for 1 in 2</code>" in drawn
    assert 'aria-label="출력"' in drawn


def test_unknown_languages_are_text() -> None:
    assert '<pre tabindex="0" role="group" aria-label="Code"><code>a &lt; b</code></pre>' in html(
        "```brainfog\na < b\n```"
    )
    assert "<code>x &lt; 1\n\ny</code>" in html("    x < 1\n\n    y\n")


# --- callouts, notes, tasks ---


@pytest.mark.parametrize(
    "source, tone, icon, label",
    [
        ("> [!NOTE]\n> words", "", "info", "참고"),
        ("> [!TIP]\n> words", ' data-tone="good"', "check-circle", "도움말"),
        ("> [!tip] words", ' data-tone="good"', "check-circle", "도움말"),
        ("> [!IMPORTANT]\n> words", "", "info", "중요"),
        ("> **Warning**\n> words", ' data-tone="warn"', "alert", "주의"),
        ("> [!CAUTION]\n> words", ' data-tone="bad"', "alert", "경고"),
    ],
)
def test_callouts_have_a_tone_an_icon_and_a_word(source: str, tone: str, icon: str, label: str) -> None:
    drawn = html(source, "ko")
    mark = f'<svg class="icon" aria-hidden="true"><use href="#i-{icon}"></use></svg>'
    assert drawn.startswith(
        f'<div class="notice" role="note"{tone}>{mark}<p class="notice-label"><strong>{label}</strong></p>'
    )
    assert drawn.endswith("<p>words</p>\n</div>")


@pytest.mark.parametrize("source", ["> 💡 just a quote", "> **Note** in a line", "> [!OTHER]\n> x", "[!TIP] no quote"])
def test_other_quotes_stay_quotes(source: str) -> None:
    assert "notice" not in html(source)


def test_notes_lead_there_and_back() -> None:
    drawn = html("One[^a], two[^b], one again[^a], none[^c].\n\n[^a]: First.\n[^b]: Second $x$.\n", "ko")
    assert '<sup><a href="#note-1" id="ref-1" aria-label="주석 1">1</a></sup>' in drawn
    assert '<sup><a href="#note-1" id="ref-1-2" aria-label="주석 1">1</a></sup>' in drawn
    assert '<section class="notes" aria-label="주석">' in drawn
    assert '<a href="#ref-1">본문으로</a> <a href="#ref-1-2">본문으로 2</a>' in drawn
    assert "[^c]" in drawn


def test_tasks_are_boxes_with_a_name() -> None:
    drawn = html("- [x] read\n- [ ] write\n")
    assert '<li class="task"><input type="checkbox" disabled checked aria-label="Done"> read</li>' in drawn
    assert '<li class="task"><input type="checkbox" disabled aria-label="To do"> write</li>' in drawn


# --- links ---


def test_links_lead_to_activities_files_and_outside() -> None:
    drawn = html(
        "[a](activity:2-reg/1-lin#Set%20up) [f](asset:x.ipynb) [o](https://a.org 'T') <me@a.org> https://b.org/x."
    )
    assert '<a href="/go/activity:2-reg/1-lin#h-set-up">a</a>' in drawn
    assert '<a href="/go/asset:x.ipynb">f</a>' in drawn
    assert '<a href="https://a.org" title="T" rel="noopener noreferrer">o</a>' in drawn
    assert '<a href="mailto:me@a.org">me@a.org</a>' in drawn
    assert '<a href="https://b.org/x" rel="noopener noreferrer">https://b.org/x</a>.' in drawn


@pytest.mark.parametrize(
    "target", ["../x.md", "/sign-out", "//evil.org", "ftp://a.org", "asset:none", "activity:none", "{{site.baseurl}}/x"]
)
def test_what_leads_nowhere_stays_as_text(target: str) -> None:
    assert render(f"[words]({target})").html == '<p><span class="missing">words</span></p>\n'


# --- front matter, words, excerpts ---


def test_front_matter_goes_and_a_first_rule_stays() -> None:
    assert html("---\ntitle: x\ntags:\n  - a\n---\nbody") == "<p>body</p>"
    assert html("---\nwords that are none\n\n---\nbody").startswith("<hr>")
    assert html("---\r\ntitle: x\r\n---\r\nbody\r\n") == "<p>body</p>"


def test_words_are_counted_in_both_languages() -> None:
    assert count_words("It's a well-known 3D model") == 5
    assert count_words("학습했다") == 2
    assert count_words("GPT를 학습했다") == 4
    assert render("# A title\n\nthree *more* words\n\n```\ntwo words\n```\n\n```output\nnot these\n```\n").words == 7


def test_excerpts_are_plain_and_short() -> None:
    source = "# Title\n\n![plot](asset:x.png)\n\nIt is **very** `plain` & $x^2$ [text](https://a.org).\n\n```\ncode\n```\n\nMore."
    assert excerpt(source, 200) == "It is very plain & x^2 text. More."
    assert excerpt(source, 14) == "It is very…"
    assert len(excerpt("가" * 50, 20)) == 20
    assert excerpt("", 10) == ""
