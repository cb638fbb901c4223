"""A report as a PDF on A4: our own template, our own sheet, the typefaces of certificates; no address is ever opened.

Importing this module loads WeasyPrint and with it Pango; only jobs that print do.
"""

from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from certificates import faces
from certificates.rendering import FONTS, Shelf

SHEET = Path(__file__).resolve().parent / "prints" / "register.css"


def pdf(html: str) -> bytes:
    """The page laid out over as many sheets as it takes, its head repeated on each; tagged for screen readers."""
    fonts = FontConfiguration()
    shelf = Shelf({FONTS + name: faces.FOLDER / name for name in faces.FILES.values()})
    sheets = [
        CSS(string=text, base_url=FONTS, font_config=fonts, url_fetcher=shelf)
        for text in (faces.stylesheet(), SHEET.read_text(encoding="utf-8"))
    ]
    document = HTML(string=html, base_url=FONTS, url_fetcher=shelf)
    made: bytes = document.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True)
    return made
