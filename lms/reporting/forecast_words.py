"""What the forecast's pages say, in sentences."""

from flask_babel import gettext as _
from flask_babel import ngettext

from lms.kit.i18n import number, percent
from lms.reporting.forecast import Forecast
from lms.reporting.outlook import Line, Outlook

SURE, LIKELY, EVEN = 0.95, 0.75, 0.55  # from which probability on something is called so
CERTAIN = 0.995  # from here on, and below the rest to one, no figure is given


def answer(seen: Outlook) -> str:
    """The one sentence of the forecast."""
    told = {"end": number(seen.forecast.median), "low": number(seen.forecast.low), "high": number(seen.forecast.high)}
    if seen.target is None:
        return _(
            "The year probably ends at %(end)s people: in eight of ten such years between %(low)s and %(high)s.", **told
        )
    target = number(seen.target)
    if seen.forecast.floor >= seen.target:
        return _(
            "The target of %(target)s is reached. The year probably ends at %(end)s people.", target=target, **told
        )
    if seen.short_by:
        return _(
            "The year probably ends at %(end)s people, %(short)s short of the target of %(target)s.",
            short=number(seen.short_by),
            target=target,
            **told,
        )
    return _("The year probably ends at %(end)s people and reaches the target of %(target)s.", target=target, **told)


def chance(probability: float) -> str:
    """A probability in words with its figure."""
    if probability >= CERTAIN:
        return _("as good as certain")
    if probability <= 1 - CERTAIN:
        return _("as good as impossible")
    said = {"share": percent(probability)}
    if probability >= SURE:
        return _("very probable (%(share)s)", **said)
    if probability >= LIKELY:
        return _("probable (%(share)s)", **said)
    if probability >= EVEN:
        return _("rather yes than no (%(share)s)", **said)
    if probability > 1 - EVEN:
        return _("open (%(share)s)", **said)
    if probability > 1 - LIKELY:
        return _("rather no than yes (%(share)s)", **said)
    if probability > 1 - SURE:
        return _("improbable (%(share)s)", **said)
    return _("very improbable (%(share)s)", **said)


def otherwise(target: int, before: float, after: float) -> str:
    """How probable the target would be, if something were otherwise."""
    was, would_be = chance(before), chance(after)
    if was == would_be:
        return _("That %(target)s are reached would stay %(chance)s.", target=number(target), chance=was)
    return _(
        "That %(target)s are reached would be %(chance)s instead of %(before)s.",
        target=number(target),
        chance=would_be,
        before=was,
    )


def learned(forecast: Forecast) -> str:
    """From how much was learned, and what that means for the band."""
    if not forecast.shares:
        return _("No cohort can bring anybody any more this year: the number stays as it is.")
    if not forecast.history:
        return _(
            "No earlier cohort is known yet. The figures rest on assumptions that are written on the method page, so the band is wide."
        )
    if forecast.history < 4:
        return ngettext(
            "It learned from %(num)s earlier cohort only, so the band is wide.",
            "It learned from %(num)s earlier cohorts only, so the band is wide.",
            forecast.history,
        )
    return ngettext(
        "It learned from %(num)s earlier cohort.", "It learned from %(num)s earlier cohorts.", forecast.history
    )


def changed(seen: Outlook) -> str:
    """What is different from a week ago."""
    if seen.before is None:
        return _("A week ago nothing was known that a forecast could be made from.")
    was, now = seen.before.forecast, seen.forecast
    told = {"was": number(was.median), "sure": number(max(0, now.floor - was.floor))}
    difference = now.median - was.median
    if not difference:
        return _("A week ago the forecast was the same, %(was)s. Since then %(sure)s people became certain.", **told)
    if difference > 0:
        return _(
            "A week ago the forecast was %(was)s: %(more)s fewer. Since then %(sure)s people became certain.",
            more=number(difference),
            **told,
        )
    return _(
        "A week ago the forecast was %(was)s: %(more)s more. Since then %(sure)s people became certain.",
        more=number(-difference),
        **told,
    )


def why(line: Line) -> str:
    """Why a cohort may stay below its part: what is known of it, in one line."""
    said = []
    if line.more and line.more.free:
        said.append(ngettext("%(num)s seat is free", "%(num)s seats are free", line.more.free))
    elif line.empty:
        said.append(ngettext("%(num)s seat stayed empty", "%(num)s seats stayed empty", line.empty))
    if line.left:
        said.append(ngettext("%(num)s person left", "%(num)s people left", line.left))
    if line.more and line.more.people:
        said.append(ngettext("%(num)s is on the way", "%(num)s are on the way", line.more.people))
    return " · ".join(said) or _("nobody is on the way any more")


def ending(seen: Outlook) -> str:
    """The forecast with its band, in a sentence."""
    return _(
        "The forecast is %(end)s, and in eight of ten such years the number lies between %(low)s and %(high)s.",
        end=number(seen.forecast.median),
        low=number(seen.forecast.low),
        high=number(seen.forecast.high),
    )


def described(seen: Outlook) -> str:
    """The drawing of the forecast in words, for those who do not see it."""
    said = [_("%(floor)s people are certain.", floor=number(seen.forecast.floor)), ending(seen)]
    if seen.target is not None:
        said.append(_("The target is %(target)s.", target=number(seen.target)))
    return " ".join(said)


def whole(value: float) -> str:
    """An expected number of people: whole, and with one decimal where it is small."""
    return number(round(value)) if value >= 10 or value == 0 else number(value, 1)
