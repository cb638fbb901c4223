"""A report as a PDF: PDF/A-3a and PDF/UA-1, readable in black and white.

Importing this module loads WeasyPrint and with it Pango: only the job that makes the files does.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import pydyf
from flask import current_app
from jinja2 import Template
from markupsafe import Markup
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from lms.kit import i18n
from lms.reporting import chart, pack_funnel, pack_words, sentences
from lms.reporting.forms import ACHIEVEMENTS
from lms.reporting.models import Achievement
from lms.reporting.pack_reading import Told

PLACE = "https://report.invalid/"  # never asked for: the first part of the names in the list
FACES = (
    ("Report", 400, "Pretendard-Regular.ttf"),
    ("Report", 600, "Pretendard-SemiBold.ttf"),
    ("Hanja", 400, "NotoSerifKR-Hanja.ttf"),
)
TEXT = re.compile(r">[^<]+<")
WORD = re.compile(r"[^\s<>]{0,12}[가-힣][^\s<>]{0,12}")
VARIANT = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}
# Says that PDF/UA-1 holds too, with the description that PDF/A asks for of a name that is not its own.
UNIVERSAL = """<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates which part of ISO 14289 is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


class Shelf(URLFetcher):
    """Gives out typefaces and the drawings of this report. Opens nothing else."""

    def __init__(self, drawings: Mapping[str, bytes]) -> None:
        super().__init__(fail_on_errors=True)
        self.drawings = drawings

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        name = url.removeprefix(PLACE)
        if name in self.drawings:
            return URLFetcherResponse(url, self.drawings[name], {"Content-Type": "image/svg+xml"})
        if name in {file for _family, _weight, file in FACES}:
            return URLFetcherResponse(url, (Path(current_app.config["FONTS"]) / name).read_bytes())
        raise ValueError(f"not a part of the report: {url[:200]}")


def pdf(told: Told) -> bytes:
    """The report in the language that is spoken now."""
    shown = {"told": told, "say": pack_words, "chart": chart, "sentences": sentences, "language": i18n.current()}
    shown |= {"achievements": ACHIEVEMENTS, "achievement": Achievement, "address": told.printed_address}
    shown |= {"funnel": pack_funnel, "product": current_app.config["PRODUCT_NAME"]}
    drawings = {
        file: _alone(_template(template).render(**shown, on_paper=True))
        for file, template in (("year.svg", "_pack_chart.html"), ("way.svg", "_pack_funnel.html"))
    }
    drawn, way = _drawing("year.svg", pack_words.described(told)), _drawing("way.svg", pack_funnel.described(told))
    page = _template("pack_printed.html").render(**shown, drawn=drawn, way=way)
    fonts, shelf = FontConfiguration(), Shelf(drawings)
    sheet = CSS(string=_stylesheet(), base_url=PLACE, font_config=fonts, url_fetcher=shelf)
    document = HTML(string=_whole_words(page), base_url=PLACE, url_fetcher=shelf).render(
        stylesheets=[sheet], font_config=fonts, **VARIANT
    )
    assert told.id is not None
    content: bytes = document.write_pdf(finisher=_claim, pdf_identifier=told.id.bytes, **VARIANT)
    return content


def _drawing(file: str, said: str) -> Markup:
    return Markup(_template("_pack_drawing.html").render(file=file, said=said))  # noqa: S704  (the template has escaped it)


def _whole_words(page: str) -> str:
    """The page with Korean words that no line may tear: the layout engine knows no ``keep-all``."""
    head, body, rest = page.partition("<body>")
    return head + body + TEXT.sub(lambda found: WORD.sub(r'<span class="word">\g<0></span>', found[0]), rest)


def _template(name: str) -> Template:
    return current_app.jinja_env.get_template(f"lms/reporting/{name}")


def _stylesheet() -> str:
    faces = [
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{file}") }}'
        for family, weight, file in FACES
    ]
    sheet = (Path(current_app.root_path) / "static" / "report.css").read_text(encoding="utf-8")
    return "\n".join([*faces, sheet])


def _alone(drawing: str) -> bytes:
    """A drawing of a page as a file of its own, with the ink of paper."""
    ink = (Path(current_app.root_path) / "static" / "report-chart.css").read_text(encoding="utf-8")
    begin = drawing.index("<svg")
    start = drawing.index(">", begin) + 1
    head = drawing[begin:start].replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
    return f"{head}<style>{ink}</style>{drawing[start:]}".strip().encode()


def _claim(_document: Document, made: pydyf.PDF) -> None:
    """Say what the file follows, and where its links lead, for those who only hear it."""
    for each in made.objects:
        if isinstance(each, pydyf.Dictionary) and each.get("Subtype") == "/Link" and "A" in each:
            each["Contents"] = each["A"]["URI"]
    claims = made.objects[int(made.catalog["Metadata"].split()[0])]
    claims.stream = [part.replace(b"</rdf:RDF>", UNIVERSAL.encode()) for part in claims.stream]
