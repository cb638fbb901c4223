"""Reports that are handed over: frozen figures, files that stay byte for byte, and what is refused."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.kit import clock, files, i18n, jobs
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.words import Words
from lms.people.models import Role
from lms.pipeline import traineeships
from lms.pipeline.models import LeavingReason, Stage
from lms.reporting import definitions, pack_files, packs, targets
from lms.reporting.models import Achievement
from lms.reporting.pack_freezing import Period
from lms.reporting.pack_models import ReportPack
from tests import make
from tests.lms.reporting.test_pages import certify, lively

TODAY = clock.today()
YEAR = TODAY.year
WHY = "The second cohort began a month late."


def to_date(programme="", *, days=0):
    return Period(programme, date(YEAR, 1, 1), TODAY - timedelta(days=days), clock.now())


def made(lead, *, seen=0, asked=None):
    return packs.hand_over(lead, asked or to_date(), explanation=WHY, seen=seen)


def contents(pack):
    session.refresh(pack)
    return {(each.language, each.kind): files.path_of(each.file).read_bytes() for each in pack.files}


def test_a_report_has_four_files_that_say_what_was_frozen():
    lead, *_rest = lively()
    pack = made(lead)
    session.commit()
    jobs.perform_all()
    found = contents(pack)
    assert set(found) == {(language, kind) for language in i18n.LANGUAGES for kind in ("pdf", "xlsx")}
    assert all(content.startswith(b"%PDF-" if kind == "pdf" else b"PK") for (_language, kind), content in found.items())
    assert pack.figures["values"]["experts"][1] == 3
    assert pack.figures["target"] == 500
    assert pack.explanation == WHY
