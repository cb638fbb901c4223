"""Layouts that did not come with the product: what cannot be read is refused with its place, what cannot be printed alone fails."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import select

from certificates import (
    design,
    design_folders,
    design_limits,
    design_proving,
    designing,
    documents,
    issuing_rules,
    previewing,
)
from certificates.design import Drawn
from certificates.design_faults import BadDesign
from certificates.designing import Look
from certificates.enclosing import Enclosure
from certificates.issuing_rules import Choice
from certificates.models import CertificateDocument
from certificates.rendering import render
from certificates.seals import Evidence
from lms.kit import clock, i18n, jobs
from lms.kit.db import session
from lms.kit.jobs import Job
from tests import make
from tests.certificates.make_facts import PLAIN
from tests.certificates.making import all_jobs, issued
from tests.certificates.test_design_limits import PAGE, STRINGS, folder

SLOW = "{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}{% endfor %}{% endfor %}"
ENCLOSED = Enclosure(b"{}", "Hub", datetime(2026, 11, 22, tzinfo=UTC), 4096, Evidence((b"a",), (), (b"c", b"d")))


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("[places.first]", "[places.third]\nwide = 3\n\n[places.first]", "places.third"),
        ("leading = 1.25", "leading = true", "places"),
        ('name = "strange"', 'name = "strange"\nrows = 5', "rows"),
        ('name = "strange"', 'name = "strange"\nrows = [1, 2]', "rows"),
        ('changeable = ["document"]', 'changeable = "document"', "changeable"),
        ('name = "strange"', 'name = "strange"\nlike = ["programme"]', "like"),
        ('name = "strange"', 'name = "strange"\nlike = "no-such"', "like"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(old, new, said):
    assert old in STRINGS
    with i18n.speaking("en"), pytest.raises(BadDesign) as bad:
        design_limits.looked_through(folder(design_toml=STRINGS.replace(old, new, 1)))
    assert any(said in str(fault) and fault.file == "design.toml" and fault.line > 0 for fault in bad.value.faults)


@pytest.mark.parametrize("text", ["like = 'nothing'", "name = 5", "= no toml", 'name = "a"\nversion = "1"\ntitle = 3'])
def test_reading_a_folder_says_no_in_one_way(text, tmp_path):
    (tmp_path / "design.toml").write_text(text)
    with pytest.raises(design.Unreadable, match=r"design\.toml"):
        design.Design.read(tmp_path)


def test_what_is_enclosed_comes_through_the_other_process_as_it_was():
    assert Enclosure.from_json(ENCLOSED.as_json()) == ENCLOSED
    assert Enclosure.from_json(replace(ENCLOSED, evidence=None).as_json()).evidence is None


def test_printed_apart_it_is_the_file_that_is_printed_here(tmp_path):
    design_folders.write(folder(), tmp_path)
    drawn = Drawn(str(tmp_path), "both")
    assert design_proving.printed(drawn, PLAIN, ENCLOSED) == render(PLAIN, drawn, ENCLOSED)


def brought_in(cohort, admin, name, page=PAGE):
    """From now on the cohort's programme prints with this layout, which nobody tried."""
    files = folder(design_toml=STRINGS.replace('name = "strange"', f'name = "{name}"'), certificate_html=page)
    kept = design_folders.keep(files, admin)
    made = designing.begin(cohort.programme, admin, name, Look(folder=kept.name, folder_id=kept.id), reason="Pretty.")
    seen = issuing_rules.of_cohort(cohort.id).version
    chosen = Choice(needs_second_person=False, own_design_id=made.design_id)
    issuing_rules.change(cohort.programme, admin, chosen, reason="Pretty.", seen=seen)


def test_one_that_does_not_end_is_given_up_at_once_and_the_others_are_printed(browser):
    cohort, admin = make.cohort(), make.admin()
    admin.language = "en"
    brought_in(
        cohort, admin, "endless", PAGE.replace("<!-- here -->", "{% if facts.name == 'Ada' %}" + SLOW + "{% endif %}")
    )
    stuck, fine = issued(cohort, admin, name="Ada"), issued(cohort, admin, name="Grace")
    session.commit()
    all_jobs()
    assert session.get(CertificateDocument, fine.id)
    assert session.get(CertificateDocument, stuck.id) is None
    job = session.scalars(select(Job).where(Job.given_up_at.is_not(None))).one()
    assert (job.attempts, job.error.partition(":")[0]) == (1, "Hopeless")
    assert "seconds of computing" in documents.why_not_printed(stuck)
    assert documents.why_not_printed(fine) == ""
    page = browser.sign_in(admin).open("certificates.certificate", certificate_id=stuck.id)
    assert "seconds of computing" in page.text


def test_our_own_layouts_are_printed_here_and_not_apart(monkeypatch):
    def never(*_given):
        raise AssertionError("a process of its own")

    monkeypatch.setattr(design_proving, "printed", never)
    certificate = issued()
    session.commit()
    all_jobs()
    assert session.get(CertificateDocument, certificate.id)


def test_a_job_that_is_hopeless_is_not_done_again():
    @jobs.task
    def no_hope() -> None:
        raise jobs.Hopeless("Nothing helps.")

    jobs.later(no_hope)
    session.commit()
    jobs.perform_all()
    job = session.scalars(select(Job).where(Job.task == "no_hope")).one()
    assert (job.attempts, job.given_up_at is not None, job.error) == (1, True, "Hopeless: Nothing helps.")


def test_previews_go_by_age(app):
    here = Path(current_app.config["DATA_DIR"]).resolve() / "previews" / "a-programme"
    here.mkdir(parents=True)
    now = clock.now()
    for name, days in (("old.png", 31), ("old.seal", 40), ("old.1.part", 40), ("new.png", 29)):
        (here / name).write_bytes(b"x")
        moment = (now - timedelta(days=days)).timestamp()
        os.utime(here / name, (moment, moment))
    previewing.forget_previews()
    assert [path.name for path in here.iterdir()] == ["new.png"]
