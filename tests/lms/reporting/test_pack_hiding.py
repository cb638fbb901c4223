"""What a report's files hide: an attack with both tables of cohorts, all totals and the reasons; and what they show."""

import io
from datetime import UTC, date, datetime
from itertools import product
from random import Random

import pytest
from python_calamine import CalamineWorkbook

from lms.kit import i18n, jobs
from lms.pipeline import traineeships
from lms.pipeline.models import LeavingReason, Stage
from lms.reporting import pack_funnel, pack_hiding
from lms.reporting.pack_hiding import PARTS, SUMS
from lms.reporting.pack_reading import FUNNEL, REASONS, Told
from tests import make
from tests.certificates.test_standards import assert_standards
from tests.lms.reporting.test_hiding import System
from tests.lms.reporting.test_packs import contents, made, words_of
from tests.lms.reporting.test_pages import certify, charts, lively

NOW = datetime(2028, 2, 29, tzinfo=UTC)


def told_of(parts, reasons=()):
    """A report of cohorts of which so many people are in each of `PARTS`."""
    cohorts = []
    for number, own in enumerate(parts):
        values = {key: sum(own[PARTS.index(part)] for part in of) for key, of in SUMS.items()}
        cohorts.append({"id": str(number), "title": {}, "values": {**values, "entered": sum(own)}})
    whole = {key: [0, sum(each["values"][key] for each in cohorts)] for key in (*SUMS, "entered")}
    counts = dict(zip(product(("left", "withdrawn"), REASONS), [*reasons, *[0] * 16], strict=False))
    whole |= {f"{kind}.{reason}": [0, count] for (kind, reason), count in counts.items()}
    values = {"cohorts": cohorts, "values": whole}
    return Told(None, 1, "", date(2028, 1, 1), date(2028, 2, 29), NOW, None, "", "", values)


def random_parts(chance):
    most = chance.choice((4, 12, 40))
    cohorts = chance.randint(1, 4)
    return [[chance.choice((0, 0, chance.randint(0, most))) for _part in PARTS] for _cohort in range(cohorts)]


@pytest.mark.parametrize("seed", range(120))
def test_no_small_number_of_a_cohort_can_be_worked_out(seed):
    parts = random_parts(Random(seed))
    told = pack_hiding.covered(told_of(parts))
    families = [[[PARTS.index(part) for part in of]] for of in SUMS.values()]
    shown = [[[told.cell(key, str(cohort))] for cohort in range(len(parts))] for key in SUMS]
    if len([own for own in parts if any(own)]) < 2:
        assert not [each for each in told.hidden if each[1]], "the only cohort with people is the whole"
        return
    system = System(parts, families, [told.cell("entered", str(cohort)) for cohort in range(len(parts))], shown)
    for number, (key, (column,)) in enumerate(zip(SUMS, families, strict=True)):
        for cohort, own in enumerate(parts):
            true = sum(own[place] for place in column)
            cells = {(cohort, place) for place in column}
            assert shown[number][cohort][0] in (None, true)
            if 0 < true < 5:
                assert shown[number][cohort][0] is None
                assert not system.finds(cells), (key, cohort)
                assert not system.certain(cells), (key, cohort)


@pytest.mark.parametrize("seed", range(60))
def test_no_reason_of_few_can_be_worked_out(seed):
    chance = Random(seed)
    told = pack_hiding.covered(
        told_of([[0] * len(PARTS)], [chance.choice((0, chance.randint(0, 14))) for _each in range(16)])
    )
    table = [[told.at_end(f"{kind}.{reason}") for kind in ("left", "withdrawn")] for reason in REASONS]
    shown = [[[told.cell(f"{kind}.{reason}") for kind in ("left", "withdrawn")] for reason in REASONS]]
    system = System(table, [[{0}, {1}]], [None] * len(REASONS), shown)
    for row, place in product(range(len(REASONS)), range(2)):
        if 0 < table[row][place] < 5:
            assert shown[0][row][place] is None
            assert not system.finds({(row, place)})
            assert not system.certain({(row, place)})
    assert (told.cell("left.employed") is None) is (("left.dropped", "") in told.hidden), "one is the rest of the other"


def test_a_cohort_whose_figures_do_not_add_up_hides_them():
    told = told_of([[30] * len(PARTS), [20] * len(PARTS)])
    assert pack_hiding.covered(told).hidden == frozenset()
    told.values["cohorts"][0]["values"]["placed.6"] = 3
    assert ("placed.6", "0") in pack_hiding.covered(told).hidden


def test_the_files_hide_what_the_page_shows(browser):
    lead, first, _last = lively()
    for _each in range(7):
        certify(make.traineeship(first, stage=Stage.COMPLETED))
    for reason, times in ((LeavingReason.HEALTH, 2), (LeavingReason.TIME, 6)):
        for _each in range(times):
            traineeships.advance(make.traineeship(first, stage=Stage.TRAINING), Stage.LEFT, by=None, reason=reason)
    pack = made(lead)
    jobs.perform_all()
    found = contents(pack)
    assert "Numbers of one to four people by cohort and by reason are hidden" in words_of(found["en", "pdf"])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(found["en", "xlsx"])).get_sheet_by_name("Where people stand")
    cells = [cell for row in sheet.to_python()[1:-1] for cell in row[3:-1]]
    assert "hidden" in cells
    assert [cell for cell in cells if isinstance(cell, float) and 0 < cell < 5] == []
    browser.sign_in(lead).open("reporting.report", pack_id=pack.id)
    assert "hidden" not in [node.text for node in browser.find("span", class_="none")]
    assert "This page shows all." in browser.text


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_way_is_drawn_with_words_and_numbers_and_has_its_table(browser, language):
    lead, *_rest = lively()
    lead.language = language
    browser.sign_in(lead).open("reporting.report", pack_id=made(lead).id)
    drawings = [node for node in charts(browser) if node.get("aria-labelledby").startswith("way")]
    assert len(drawings) == 2
    for drawing in drawings:
        assert len([node for node in drawing.iter() if node.tag.endswith("rect")]) == len(FUNNEL)
        assert drawing.get("role") == "img"
    (section,) = [node for node in browser.find("section") if node.get("aria-labelledby") == "way"]
    assert len([node for node in section.iter() if node.tag.endswith("tr")]) == len(FUNNEL) + 1


@pytest.mark.parametrize("room", [pack_funnel.WIDE, pack_funnel.NARROW])
@pytest.mark.parametrize("people", [0, 1, 100_000])
def test_bars_stay_inside_whoever_applied(room, people):
    told = told_of([[people] * len(PARTS)])
    told.values["values"] |= {"admitted": [0, people], "standing.awarded": [0, people]}
    for bar in pack_funnel.bars(told, room):
        assert 0 <= bar.long <= room.width - room.left - room.right
        assert bar.top + 22 <= room.height
        assert bar.people or not bar.long


def test_the_pdf_keeps_both_standards(tmp_path):
    lead, *_rest = lively()
    pack = made(lead)
    jobs.perform_all()
    paths = []
    for (language, kind), content in contents(pack).items():
        if kind == "pdf":
            paths.append(tmp_path / f"{language}.pdf")
            paths[-1].write_bytes(content)
    assert len(paths) == 2
    assert_standards(paths)
