"""Designs from people we do not know: what they may not do is refused with the file and the line, and does no harm."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import func, select

from certificates import design_folders, design_limits, design_proving, design_samples, designing, issuing_rules
from certificates.cli import group
from certificates.design import Drawn
from certificates.design_faults import BadDesign
from certificates.design_models import DesignFolder
from certificates.designing import Look
from certificates.issuing_rules import Choice
from certificates.models import CertificateDocument
from lms.kit import i18n
from lms.kit.db import session
from lms.kit.refusal import Refused
from tests import make
from tests.certificates.making import all_jobs, issued

OURS = Path(__file__).resolve().parents[2] / "certificates/designs/programme"
STRINGS = """name = "strange"
version = "1"
title = { ko = "낯선 수료증", en = "Strange certificate" }
changeable = ["document"]
[places.first]
wide = 200
high = 40
leading = 1.25
sizes = [40, 20, 10]
[places.second]
wide = 200
high = 20
leading = 1.25
sizes = [20, 10]
[strings.ko]
document = "수료증"
[strings.en]
document = "Certificate"
"""
PAGE = """{% set qr = own_square(facts.verify_url) %}
<!doctype html>
<html lang="ko" class="plain">
<head><meta charset="utf-8"><title>{{ strings.ko.document }} {{ own(facts.number) }}</title></head>
<body>
<h1>{{ strings.ko.document }}</h1>
<p>{{ own(fit(facts.name, 200, 40, (40, 20, 10, 6))) }}</p>
<svg viewBox="0 0 {{ qr.modules }} {{ qr.modules }}"><title>QR</title><path fill-rule="evenodd" d="{{ qr.path }}"/></svg>
<!-- here -->
</body>
</html>
"""
SHEET = "@page { size: A4 landscape; margin: 10mm }\nsvg { width: 26mm; height: 26mm }\nbody { white-space: nowrap }\n"
HERE = "<!-- here -->"


def folder(**own):
    """The files of a small design that can be printed, with these over it: page_html is "page.html"."""
    files = {"design.toml": STRINGS, "certificate.html": PAGE, "certificate.css": SHEET}
    files |= {name.replace("_", "."): content for name, content in own.items()}
    return {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}


def page(with_this):
    return folder(certificate_html=PAGE.replace(HERE, with_this))


def tried(files, tmp_path):
    """What looking through or drawing one page says; "" when nothing is wrong."""
    try:
        clean = design_limits.looked_through(files)
    except BadDesign as bad:
        return "\n".join(map(str, bad.faults))
    design_folders.write(clean, tmp_path)
    (trial,) = design_proving.trials(Drawn(str(tmp_path)), [("both", design_samples.facts("plain"))], clean)
    assert (trial.fault is None) == trial.picture.startswith(b"\x89PNG")
    return str(trial.fault or "")


def png(wide, high):
    done = io.BytesIO()
    Image.new("1", (wide, high)).save(done, "PNG")
    return done.getvalue()


def zipped(files, **how):
    done = io.BytesIO()
    with zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content, **how)
    return done.getvalue()


@pytest.fixture(autouse=True)
def speaking_english(app):
    with i18n.speaking("en"):
        yield


def test_a_good_design_is_drawn_in_every_case_and_language():
    files = folder()
    assert design_proving.prove(files) == files


@pytest.mark.parametrize(
    "files, place, said",
    [
        (
            page("{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}{% endfor %}{% endfor %}"),
            "certificate.html, line 9",
            "seconds",
        ),
        (
            page("{% for a in 'x' * 9999 %}{% for b in 'x' * 999 %}{{ 'x' * 9999 }}{% endfor %}{% endfor %}"),
            "certificate.html",
            "stopped",
        ),
        (page("\n{{ 'x' * 2000000000 }}"), "certificate.html, line 10", "memory"),
        (page("{{ strings.ko.signed }}"), "certificate.html, line 9", "“signed”"),
        (page("\n\n{{ nothing }}"), "certificate.html, line 11", "“nothing”"),
        (page("{% if %}"), "certificate.html, line 9", "template language"),
        (page("{{ ''.__class__.__mro__ }}"), "certificate.html, line 9", ""),
        (page("{% include '../../../etc/passwd' %}"), "certificate.html, line 9", ""),
        (page("{{ 1 / 0 }}"), "certificate.html, line 9", "ZeroDivisionError"),
        (page("<p>" * 20000), "certificate.html", ""),
        (
            page("<div class=tall></div>") | {"certificate.css": (SHEET + ".tall { height: 900mm }").encode()},
            "certificate.html",
            "pages",
        ),
        (
            page("") | {"certificate.css": b"@page { size: 9000mm 9000mm } svg { width: 26mm; height: 26mm }"},
            "certificate.html",
            "pt",
        ),
        (page("<img src=file:///etc/passwd alt=''>"), "certificate.html, line 9", "file:///etc/passwd"),
        (page("<img src='http://127.0.0.1/a.png' alt=''>"), "certificate.html, line 9", "http://127.0.0.1"),
        (page("<img src='../course/seal.svg' alt=''>"), "certificate.html, line 9", "../course"),
        (page("<img src='//host/seal.svg' alt=''>"), "certificate.html, line 9", "//host"),
        (page("<iframe src='data:text/html,<p>hello'></iframe>"), "certificate.html, line 9", "data:"),
        (page("<img src='seal2.svg' alt=''>"), "certificate.html, line 9", "seal2.svg"),
        (page("<img src='{{ 'fi' ~ 'le:///etc/passwd' }}' alt=''>"), "", "file:///etc/passwd"),
        (page("<link rel=attachment href='{{ 'file' ~ ':///etc/passwd' }}'>"), "", "file:///etc/passwd"),
        (folder(certificate_css=SHEET + "@import 'http://host/a.css';"), "certificate.css, line 4", "http://host"),
        (
            folder(certificate_css=SHEET + "body { background: url(/etc/passwd) }"),
            "certificate.css, line 4",
            "/etc/passwd",
        ),
        (folder(design_toml=STRINGS.replace("[strings.ko]", "[strings.ko")), "design.toml, line 15", "TOML"),
        (folder(design_toml=STRINGS.replace('name = "strange"', 'name = "../x"')), "design.toml, line 1", "name"),
        (folder(design_toml=STRINGS.replace('["document"]', '["signed"]')), "design.toml, line 4", "signed"),
        (folder(design_toml=STRINGS.replace('document = "수료증"', 'document = "수료증 😀"')), "", "U+1F600"),
        (folder(design_toml=b"\xff\xfe"), "design.toml, line 1", "UTF-8"),
        (folder(seal_png=png(4000, 4000)), "seal.png", "pixels"),
        (folder(seal_png=b"\x89PNG\r\n\x1a\nnothing"), "seal.png", "opened"),
        (
            folder(seal_svg="<svg xmlns='http://www.w3.org/2000/svg'>\n<image href='file:///etc/passwd'/></svg>"),
            "seal.svg, line 2",
            "image",
        ),
        (
            folder(seal_svg="<!DOCTYPE svg [<!ENTITY a 'aaaa'>]>\n<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "seal.svg, line 1",
            "DOCTYPE",
        ),
        (
            folder(seal_svg="<svg xmlns='http://www.w3.org/2000/svg'><path fill='url(http://h/a)' d='M0 0'/></svg>"),
            "seal.svg, line 1",
            "http://h",
        ),
    ],
)
def test_what_a_design_may_not_do_is_refused_with_its_place(tmp_path, files, place, said):
    answer = tried(files, tmp_path)
    assert answer.startswith(place), answer
    assert said in answer
    assert answer


def test_the_process_that_tries_sees_nothing_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("LMS_SECRET_KEY", "not for strangers")
    files = page("{{ self.__init__.__globals__ }}")
    assert "not for strangers" not in tried(files, tmp_path)
    (tmp_path / "passwd.html").symlink_to("/etc/passwd")
    with pytest.raises(BadDesign, match="links"):
        design_limits.from_folder(tmp_path)


@pytest.mark.parametrize(
    "content, said",
    [
        (zipped({"../certificate.html": b"x"}), "certificate.html"),
        (zipped({"/etc/passwd.html": b"x"}), "passwd.html"),
        (zipped({"C:\\a.html": b"x"}), "a.html"),
        (zipped({"a/b/c.html": b"x", "d.html": b"y"}), "a/b/c.html"),
        (zipped({"run.py": b"x"}), "run.py"),
        (zipped({".hidden.html": b"x"}), ".hidden.html"),
        (zipped({"big.html": b"0" * 600_000}), "big.html"),
        (zipped({f"a{number}.html": b"0" * 500_000 for number in range(8)}), "MB"),
        (zipped({f"a{number}.html": b"0" for number in range(40)}), "30"),
        (b"PK\x03\x04 nothing of a zip", "zip"),
        (b"", "zip"),
        (b"0" * 3_000_000, "MB"),
    ],
)
def test_a_zip_plays_no_tricks(content, said):
    with pytest.raises(BadDesign) as caught:
        design_limits.from_zip(content)
    assert said in str(caught.value)


def test_a_link_or_a_file_twice_in_a_zip_is_refused():
    link = zipfile.ZipInfo("a.html")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    done = io.BytesIO()
    with zipfile.ZipFile(done, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(BadDesign, match=r"a\.html"):
        design_limits.from_zip(done.getvalue())
    twice = zipped({"a.html": "1", "b.html": "2"}).replace(b"b.html", b"a.html")
    with pytest.raises(BadDesign, match="twice"):
        design_limits.from_zip(twice)


def test_a_lie_about_the_size_is_found():
    content = bytearray(zipped({"a.html": b"0" * 300_000}))
    for at in range(len(content) - 4):
        if content[at : at + 4] == (300_000).to_bytes(4, "little"):
            content[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(BadDesign, match="zip"):
        design_limits.from_zip(bytes(content))


def test_an_administrator_brings_one_in_and_a_programme_prints_it(browser):
    cohort, admin = make.cohort(), make.admin()
    browser.sign_in(admin).open("certificates.layouts")
    upload = (io.BytesIO(zipped({f"strange/{name}": text for name, text in folder().items()})), "strange.zip")
    browser.post("certificates.bring_layout", {"file": upload}).follow()
    assert "Strange certificate" in browser.text
    kept = session.scalars(select(DesignFolder)).one()
    look = Look(folder=kept.name, folder_id=kept.id, languages="ko", wording={"ko": {"document": "이수증"}})
    made = designing.begin(cohort.programme, admin, "Strange", look, reason="Pretty.")
    chosen = Choice(needs_second_person=False, own_design_id=made.design_id)
    issuing_rules.change(cohort.programme, admin, chosen, reason="Pretty.", seen=0)
    certificate = issued(cohort, admin)
    session.commit()
    all_jobs()
    assert (certificate.design, certificate.drawn_id) == ("strange", made.id)
    assert session.get(CertificateDocument, certificate.id)


def test_a_bad_one_leaves_nothing_and_says_where(browser):
    browser.sign_in(make.admin())
    files = page("{{ strings.ko.signed }}")
    upload = (io.BytesIO(zipped(files)), "strange.zip")
    browser.post("certificates.bring_layout", {"file": upload}, status=422)
    assert "certificate.html, line 9" in browser.text
    assert session.scalar(select(func.count(DesignFolder.id))) == 0
    browser.sign_in(make.lead(make.cohort())).open("certificates.layouts", status=403)


def test_folders_are_numbered_and_kept_once():
    first = design_folders.keep(folder(), None)
    with pytest.raises(Refused, match="already"):
        design_folders.keep(folder(), None)
    second = design_folders.keep(page("<p>more</p>"), None)
    assert (first.number, second.number) == (1, 2)
    assert [each.id for each in design_folders.newest()] == [second.id]
    place = Path(design_folders.place(first))
    assert {path.name: path.read_bytes() for path in place.iterdir()} == folder()
    with pytest.raises(Refused, match="programme"):
        design_folders.keep(folder(design_toml=STRINGS.replace('"strange"', '"programme"')), None)


def test_the_command_says_yes_or_no_with_its_exit_code(tmp_path):
    design_folders.write(folder(), tmp_path)
    good = CliRunner().invoke(group, ["design", "check", str(tmp_path)])
    assert (good.exit_code, "✓" in good.output) == (0, True)
    design_folders.write(page("{{ nothing }}"), tmp_path)
    bad = CliRunner().invoke(group, ["design", "check", str(tmp_path)])
    assert (bad.exit_code, "certificate.html, line 9" in bad.output) == (1, True)
