"""Reports that are handed over: frozen figures, files that stay byte for byte, and what is refused."""

import contextlib
import hashlib
import io
import re
import zlib
from datetime import date, timedelta

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from lms.kit import clock, files, i18n, jobs
from lms.kit.db import session
from lms.kit.refusal import Conflict, Refused
from lms.kit.words import Words
from lms.pipeline import traineeships
from lms.pipeline.models import Stage
from lms.reporting import definitions, figures, pack_files, packs, targets
from lms.reporting.models import Achievement
from lms.reporting.pack_freezing import Period
from lms.reporting.pack_models import ReportFile, ReportPack
from lms.reporting.pack_reading import Told
from tests import make
from tests.lms.reporting.test_pages import certify, lively

TODAY = clock.today()
YEAR = TODAY.year
WHY = "The second cohort began a month late."


def to_date(programme="", *, first=None, last=None):
    return Period(programme, first or date(YEAR, 1, 1), last or TODAY, clock.now())


def made(lead, *, seen=0, asked=None, explanation=WHY):
    found = packs.hand_over(lead, asked or to_date(), explanation=explanation, seen=seen)
    session.commit()
    return found


def contents(pack):
    session.refresh(pack)
    return {(each.language, each.kind): files.path_of(each.file).read_bytes() for each in pack.files}


def streams(content):
    """What the streams of a PDF hold, not compressed, and what stands between them."""
    for part in re.split(rb"\nendstream", content):
        between, _mark, packed = part.partition(b"\nstream\n")
        yield between
        with contextlib.suppress(zlib.error):
            yield zlib.decompress(packed)


def words_of(content):
    """The words of a PDF, spaces folded."""
    pages = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_a_report_has_files_in_both_languages_that_say_what_was_frozen():
    lead, first, _last = lively()
    pack = made(lead)
    jobs.perform_all()
    found = contents(pack)
    assert set(found) == {(language, kind) for language in i18n.LANGUAGES for kind in ("pdf", "xlsx")}
    assert pack.figures["values"]["experts"][1] == 3
    assert pack.figures["target"] == 500
    said = words_of(found["en", "pdf"])
    for part in (f"Report 1 of {YEAR}", WHY, "3 experts", first.title["en"], "Placed within 6 months", "1 / "):
        assert part in said, part
    assert f"/board/reports/{pack.id}/lists/experts" in said
    spoken = words_of(found["ko", "pdf"])
    for part in (f"{YEAR}년 보고서 1", "전문 인재", first.title["ko"], "정원"):
        assert part in spoken, part


def test_the_pdf_says_that_it_is_archived_and_read_aloud():
    lead, *_rest = lively()
    pack = made(lead)
    jobs.perform_all()
    content = contents(pack)["ko", "pdf"]
    assert pypdfium2.PdfDocument(content).is_tagged()
    claims = b"".join(streams(content))
    assert b'pdfaid:part="3" pdfaid:conformance="A"' in claims
    assert b"<pdfuaid:part>1</pdfuaid:part>" in claims
    assert b"/S /Figure" in claims
    assert claims.count(b"/Subtype /Link") == claims.count(b"/Contents (http") > 30


def test_the_workbook_holds_numbers_with_meaning_day_and_list():
    lead, *_rest = lively()
    pack = made(lead)
    jobs.perform_all()
    book = CalamineWorkbook.from_filelike(io.BytesIO(contents(pack)["en", "xlsx"]))
    head, *rows = book.get_sheet_by_name("What these numbers count").to_python()
    row = dict(zip(head, next(row for row in rows if row[0] == "Experts"), strict=True))
    assert row["At its end"] == 3
    assert row["As of the end of"] == TODAY
    assert row["List"].endswith(f"/board/reports/{pack.id}/lists/experts")
    assert "definition" in row["What it counts"]
    assert all(row[3] for row in rows)


def test_opened_again_later_nothing_of_it_is_different():
    lead, first, last_year = lively()
    pack = made(lead)
    jobs.perform_all()
    before, frozen = contents(pack), dict(pack.figures)
    lead.name, first.title = "Somebody Else", Words(ko="다른 이름", en="Another name")
    first.programme.title, first.ends_on = Words(ko="새 이름", en="New name"), date(YEAR, 3, 1)
    certify(make.traineeship(last_year, stage=Stage.COMPLETED))
    counts = {(first.programme_id, Achievement.COMPLETED)}
    definitions.set_down(first.programme, lead, from_year=YEAR, clauses=counts, reason="Anew.", seen=0)
    targets.promise(first.programme, lead, year=YEAR, number=20, reason="Less.", seen=1)
    session.commit()
    pack_files.make_report_files(str(pack.id))
    jobs.perform_all()
    session.expire_all()
    assert contents(pack) == before
    assert pack.figures == frozen
    assert {each.sha256 for each in pack.files} == {hashlib.sha256(each).hexdigest() for each in before.values()}
    assert Told.of(pack).at_end("experts") == 3


def test_the_next_report_names_what_is_different():
    lead, first, _last = lively()
    one = made(lead, asked=to_date(last=TODAY - timedelta(days=1)))
    certify(make.traineeship(first, stage=Stage.COMPLETED))
    targets.promise(first.programme, lead, year=YEAR, number=400, reason="Less.", seen=1)
    two = made(lead, seen=1)
    assert (two.number, two.previous_id) == (2, one.id)
    row = next(each for each in Told.of(two).rows if each.key == "experts")
    assert (row.told, row.end, row.differs) == (0, 4, 4)
    assert Told.of(two).last.target == 500
    assert Told.of(one).last is None


def test_what_became_known_late_is_told_in_the_next_report():
    lead, first, _last = lively()
    yesterday = clock.now() - timedelta(days=1)
    made(lead, asked=to_date(last=TODAY - timedelta(days=1)))
    late = make.traineeship(first, stage=Stage.COMPLETED)
    make.move(first, late.person, Stage.CERTIFIED, yesterday - timedelta(days=1))
    with clock.at(yesterday - timedelta(days=3)):
        make.application(first)
    two = made(lead, seen=1)
    told = {each["kind"]: each["people"] for each in two.figures["changes"]}
    assert set(told) <= {"late", "revoked", "reopened", "merged", "defined"}
    definitions.set_down(
        first.programme,
        lead,
        from_year=YEAR,
        clauses={(first.programme_id, Achievement.PLACED)},
        reason="Work.",
        seen=0,
    )
    three = made(lead, seen=2)
    assert "defined" in {each["kind"] for each in three.figures["changes"]}
    assert [each["version"] for each in three.figures["definitions"]] == [1]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(YEAR, 2, 2), date(YEAR, 2, 1), "ends before it begins"),
        (date(YEAR, 1, 1), TODAY + timedelta(days=1), "ends in the future"),
        (date(YEAR - 1, 12, 31), date(YEAR, 1, 1), "within one calendar year"),
        (date(1990, 1, 1), date(1990, 2, 1), "within one calendar year"),
        (date(2004, 2, 29), date(2004, 2, 29), "no cohort in 2004"),
    ],
)
def test_a_period_that_cannot_be_reported_is_refused_with_a_sentence(first, last, said):
    lead, *_rest = lively()
    with pytest.raises(Refused, match=said), i18n.speaking("en"):
        made(lead, asked=to_date(first=first, last=last))
    session.rollback()
    assert session.scalars(select(ReportPack)).all() == []


def test_a_programme_of_others_is_refused():
    lead, *_rest = lively()
    others = make.cohort()
    with pytest.raises(Refused, match="no cohort of this programme"), i18n.speaking("en"):
        made(lead, asked=to_date(others.programme.slug))


def test_a_missed_target_must_be_explained():
    lead, first, _last = lively()
    session.commit()
    with pytest.raises(Refused, match="Explain why"), i18n.speaking("en"):
        made(lead, explanation="")
    session.rollback()
    targets.promise(first.programme, lead, year=YEAR, number=2, reason="Less.", seen=1)
    assert made(lead, explanation="").explanation == ""


def test_without_a_target_nothing_needs_to_be_explained():
    cohort = make.cohort()
    assert made(make.lead(cohort), explanation="").figures["target"] is None


def test_the_second_of_two_leads_sees_the_first_report_before():
    lead, first, _last_year = lively()
    other = make.lead(first)
    for each in session.scalars(select(packs.Cohort)):
        if each.programme_id == first.programme_id and each.id != first.id:
            make.add(make.Lead(person_id=other.id, cohort_id=each.id))
    made(lead)
    with pytest.raises(Conflict, match=lead.name), i18n.speaking("en"):
        made(other)
    session.rollback()
    assert made(other, seen=1).number == 2


def test_the_database_keeps_numbers_apart_and_days_in_order():
    lead, *_rest = lively()
    pack = made(lead)
    row = {column.name: getattr(pack, column.name) for column in ReportPack.__table__.columns if column.name != "id"}
    for wrong in ({}, {"number": 2, "first_day": TODAY + timedelta(days=1)}, {"number": 0}, {"number": 2, "year": 1}):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(insert(ReportPack).values(**{**row, **wrong}))
    kept = files.keep_bytes(b"x", name="x.pdf", media_type="application/pdf")
    wrong = {"pack_id": pack.id, "language": "ko", "kind": "doc", "file_id": kept.id, "sha256": ""}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(ReportFile).values(**wrong))


def test_who_does_not_lead_all_of_its_cohorts_does_not_see_it():
    lead, first, _last = lively()
    pack = made(lead)
    assert session.scalars(packs.visible_to(lead)).unique().all() == [pack]
    assert session.scalars(packs.visible_to(make.admin())).unique().all() == [pack]
    assert session.scalars(packs.visible_to(make.lead(first))).unique().all() == []
    assert session.scalars(packs.visible_to(make.lead(make.cohort()))).unique().all() == []


def test_every_figure_of_a_report_is_known_and_has_words():
    lead, *_rest = lively()
    told = Told.of(made(lead))
    assert set(told.shown_keys) <= set(figures.KEYS)
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            assert all(told.words(key) and told.sentence(key) for key in told.shown_keys)


def test_a_cohort_of_nobody_can_be_reported():
    cohort = make.cohort(seats=1)
    pack = made(make.lead(cohort))
    jobs.perform_all()
    assert len(contents(pack)) == 4
    traineeships.advance(make.traineeship(cohort, stage=Stage.TRAINING), Stage.COMPLETED, by=None)
    assert Told.of(pack).at_end("completed") == 0
