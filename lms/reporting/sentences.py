"""What the board says about a year, in one sentence."""

from datetime import date

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.kit.i18n import current, number
from lms.reporting.pace import Outlook, Pace


def answer(pace: Pace) -> str:
    """The one sentence beside the number."""
    people, target = number(pace.reached), number(pace.target or 0)
    match pace.outlook:
        case Outlook.NOT_BEGUN if pace.target is None:
            return _("%(year)s has not begun, and no target is set for it.", year=pace.year)
        case Outlook.NOT_BEGUN:
            return _(
                "%(year)s has not begun. The target asks for %(needed)s people a month.",
                year=pace.year,
                needed=number(pace.needed or 0),
            )
        case Outlook.NO_TARGET:
            return _(
                "No target is set for %(year)s. With one, this page tells whether the year is on track.", year=pace.year
            )
        case Outlook.MET:
            return _(
                "%(year)s ended with %(people)s people: the target of %(target)s was met.",
                year=pace.year,
                people=people,
                target=target,
            )
        case Outlook.MISSED:
            return _(
                "%(year)s ended with %(people)s people, %(missing)s short of the target.",
                year=pace.year,
                people=people,
                missing=number(pace.missing),
            )
        case Outlook.REACHED:
            return ngettext(
                "The target is reached, and %(num)s day of the year is left.",
                "The target is reached, and %(num)s days of the year are left.",
                pace.left,
            )
        case Outlook.EARLY:
            return _(
                "It is too early for a straight line. %(needed)s people a month reach the target.",
                needed=number(pace.needed or 0),
            )
        case Outlook.ON_TRACK:
            return _("On track: at this pace the year ends at %(end)s people.", end=number(pace.projected or 0))
        case Outlook.SHORT:
            return _(
                "At this pace the year ends at %(end)s people, %(short)s short of the target.",
                end=number(pace.projected or 0),
                short=number(pace.short_by),
            )


def needed(pace: Pace) -> str:
    """What it takes from now on."""
    if not pace.missing:
        return _("nothing more")
    if pace.needed is not None:
        return _("%(needed)s people a month", needed=number(pace.needed))
    if not pace.left:
        return _("%(missing)s people today", missing=number(pace.missing))
    return ngettext(
        "%(missing)s people in %(num)s day",
        "%(missing)s people in %(num)s days",
        pace.left,
        missing=number(pace.missing),
    )


def against_even(pace: Pace) -> str:
    """How the count stands beside an even pace through the year."""
    gap = pace.reached - (pace.even or 0)
    if not gap:
        return _("exactly there")
    return _("%(gap)s ahead", gap=number(gap)) if gap > 0 else _("%(gap)s behind", gap=number(-gap))


def below_reached(reached: int, target: int) -> str:
    """What is said of a target that is lower than what was reached, which is allowed; "" for any other."""
    if reached <= target:
        return ""
    return _("It lies below the %(reached)s people who are certified already.", reached=number(reached))


def month_name(month: date, *, short: bool = False) -> str:
    """``Sep`` or ``September``; ``9월`` both ways."""
    return format_date(month, "LLL" if short else "LLLL", locale=current())


def described(pace: Pace, told: str = "") -> str:
    """The year's chart in words, for those who do not see it. `told`: what is said of the year's end, else the straight line."""
    said = [
        _("%(people)s people were certified in %(year)s so far.", people=number(pace.reached), year=pace.year)
        if pace.left
        else _("%(people)s people were certified in %(year)s.", people=number(pace.reached), year=pace.year)
    ]
    if pace.target is not None:
        said.append(_("The target is %(target)s.", target=number(pace.target)))
        if pace.left and pace.passed:
            said.append(_("An even pace would stand at %(even)s today.", even=number(pace.even or 0)))
    return " ".join([*said, told or answer(pace)])
