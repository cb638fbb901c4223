"""A report as a workbook: the same frozen figures, each with what it counts, its day and the address of its list."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _

from lms.kit import i18n, sheets
from lms.kit.sheets import Cell, Sheet
from lms.reporting import pack_funnel, pack_words
from lms.reporting.pack_reading import HRD_NET, STANDING, Told


def workbook(told: Told) -> bytes:
    """The workbook in the language that is spoken now."""
    return sheets.xlsx(
        _report(told),
        _figures(told),
        _funnel(told),
        _cohorts(told, _("Where people stand"), (*STANDING, "entered")),
        _cohorts(told, _("For HRD-Net"), HRD_NET),
        _months(told),
        _reasons(told),
        _meanings(told),
    )


def _report(told: Told) -> Sheet:
    """What the report is and what it says in words."""
    rows: list[list[Cell]] = [
        [_("Reported period"), pack_words.period(told)],
        [_("Programme"), ", ".join(told.titles)],
        [_("As of the end of"), told.last_day],
        [_("As known on"), told.known_at],
        [_("Made"), told.made_at],
        [_("Made by"), told.made_by],
        [_("Experts"), told.at_end("experts")],
        [_("Target"), told.values["target"]],
        [_("Experts and target"), pack_words.answer(told)],
        [_("Explanation"), told.explanation],
        [_("Forecast"), pack_words.forecast(told)],
        [_("Last report"), pack_words.compared(told)],
    ]
    rows += [[_("Since then"), pack_words.change(each["kind"], each["people"])] for each in told.values["changes"]]
    rows += [[_("Who counts as an expert"), pack_words.definition(each)] for each in told.values["definitions"]]
    return Sheet(pack_words.heading(told), [_("What"), _("Value")], rows)


def _figures(told: Told) -> Sheet:
    head = [_("Figure"), _("Before the period"), _("In the period"), _("At its end")]
    head += [_("Report %(number)s", number=told.last.number), _("Difference")] if told.last else []
    head += [_("As of the end of"), _("What it counts"), _("List")]
    rows: list[list[Cell]] = []
    for row in told.rows:
        compared: list[Cell] = [row.told, row.differs] if told.last else []
        more: list[Cell] = [told.last_day, told.sentence(row.key), told.printed_address(row.key)]
        rows.append([told.words(row.key), row.before, row.gained, row.end, *compared, *more])
    return Sheet(_("Figures"), head, rows)


def _funnel(told: Told) -> Sheet:
    rows: list[list[Cell]] = [
        [told.words(each.key), each.people, round(each.share * 100, 1), told.printed_address(each.key)]
        for each in pack_funnel.bars(told, pack_funnel.WIDE)
    ]
    head = [_("Step"), _("Traineeships"), _("Of those who applied, in per cent"), _("List")]
    return Sheet(_("How far people came"), head, rows)


def _cell(told: Told, key: str, cohort: str = "") -> Cell:
    number = told.cell(key, cohort)
    return _("hidden") if number is None else number


def _cohorts(told: Told, title: str, keys: Iterable[str]) -> Sheet:
    named = list(keys)
    head = [_("Cohort"), _("First day"), _("Last day"), *(told.words(key) for key in named), _("List")]
    rows: list[list[Cell]] = []
    for each in told.values["cohorts"]:
        days = [date.fromisoformat(each[name]) for name in ("starts_on", "ends_on")]
        numbers = [_cell(told, key, each["id"]) for key in named]
        rows.append([i18n.best(each["title"]), *days, *numbers, told.printed_address("entered", each["id"])])
    rows.append([_("All cohorts"), None, None, *(told.at_end(key) for key in named), told.printed_address("entered")])
    return Sheet(title, head, rows)


def _months(told: Told) -> Sheet:
    rows: list[list[Cell]] = [[each.day, each.people, each.even] for each in told.months]
    return Sheet(_("Experts by month"), [_("By the end of"), _("Experts"), _("Even pace")], rows)


def _reasons(told: Told) -> Sheet:
    rows: list[list[Cell]] = [
        [told.words(f"left.{each}"), _cell(told, f"left.{each}"), _cell(told, f"withdrawn.{each}")]
        for each in told.reasons
    ]
    return Sheet(_("Why people left"), [_("Reason"), _("Left the course"), _("Withdrew before")], rows)


def _meanings(told: Told) -> Sheet:
    rows: list[list[Cell]] = [
        [told.words(key), _cell(told, key), told.last_day, told.sentence(key), told.printed_address(key)]
        for key in told.shown_keys
    ]
    head = [_("Figure"), _("At its end"), _("As of the end of"), _("What it counts"), _("List")]
    return Sheet(_("What these numbers count"), head, rows)
