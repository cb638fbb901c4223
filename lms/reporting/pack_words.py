"""What a report says in sentences."""

from flask_babel import gettext as _
from flask_babel import ngettext

from lms.kit.i18n import best, day, number, percent
from lms.reporting.pack_reading import Told
from lms.reporting.sentences import month_name


def heading(told: Told) -> str:
    """``Report 2 of 2026``; one that is not made yet has no number."""
    if not told.number:
        return _("New report")
    return _("Report %(number)s of %(year)s", number=told.number, year=told.year)


def period(told: Told) -> str:
    return _("%(first)s to %(last)s", first=day(told.first_day), last=day(told.last_day))


def answer(told: Told) -> str:
    """How the year stood against its target on the last day."""
    pace = told.standing
    said = {"day": day(told.last_day), "people": number(pace.reached), "year": told.year}
    if pace.target is None:
        return _("By %(day)s there were %(people)s experts of %(year)s. No target was set.", **said)
    said |= {"target": number(pace.target), "missing": number(pace.missing)}
    if not pace.missing:
        return _("By %(day)s there were %(people)s experts of %(year)s: the target of %(target)s is reached.", **said)
    if not pace.left:
        return _("%(year)s ended with %(people)s experts, %(missing)s short of the target of %(target)s.", **said)
    even = pace.even or 0
    if pace.reached < even:
        return _(
            "By %(day)s there were %(people)s experts of %(year)s: %(behind)s fewer than an even pace to the target of %(target)s.",
            behind=number(even - pace.reached),
            **said,
        )
    return _(
        "By %(day)s there were %(people)s experts of %(year)s: as many as an even pace to the target of %(target)s, or more.",
        **said,
    )


def compared(told: Told) -> str:
    """What this report and the one before it have to do with each other."""
    last = told.last
    if last is None:
        return _("This is the first report of the year.")
    said = {
        "number": last.number,
        "first": day(last.first_day),
        "last": day(last.last_day),
        "known": day(last.known_at),
    }
    return _("Report %(number)s told of %(first)s to %(last)s, as known on %(known)s.", **said)


def change(kind: str, people: int) -> str:
    """What became known since the last report about days that it told of."""
    if kind == "late":
        return ngettext(
            "%(num)s person has an entry that counts on those days but was recorded later.",
            "%(num)s people have entries that count on those days but were recorded later.",
            people,
        )
    if kind == "revoked":
        return ngettext(
            "%(num)s person lost a certificate that counted then.",
            "%(num)s people lost certificates that counted then.",
            people,
        )
    if kind == "unplaced":
        return ngettext(
            "%(num)s person's placement that counted then was withdrawn as wrong.",
            "%(num)s people's placements that counted then were withdrawn as wrong.",
            people,
        )
    if kind == "reopened":
        return ngettext(
            "%(num)s person who had been declined was looked at again.",
            "%(num)s people who had been declined were looked at again.",
            people,
        )
    if kind == "merged":
        return ngettext(
            "%(num)s person turned out to have had two accounts.",
            "%(num)s people turned out to have had two accounts.",
            people,
        )
    return _("Who counts as an expert was changed.")


def forecast(told: Told) -> str:
    """How the year would probably end, seen from the last day; "" where nothing was forecast."""
    found = told.values["forecast"]
    if found is None:
        return ""
    numbers = {name: number(found[name]) for name in ("median", "low", "high")}
    said = _(
        "Seen from %(day)s, the year probably ends at %(median)s experts: in eight of ten such years between %(low)s and %(high)s.",
        day=day(told.last_day),
        **numbers,
    )
    if found["chance"] is None:
        return said
    chance = _("The target is reached with a probability of %(chance)s.", chance=percent(found["chance"]))
    return f"{said} {chance}"


def definition(found: dict[str, object]) -> str:
    """Which version of a definition was counted by."""
    programme = best(found["programme"])  # type: ignore[arg-type]  # words, as they were written down
    if not found["version"]:
        return _("%(programme)s: no definition was written, so its certificates count.", programme=programme)
    said = {"programme": programme, "version": found["version"], "year": found["from_year"]}
    return _("%(programme)s: version %(version)s, which holds from %(year)s on.", **said)


def described(told: Told) -> str:
    """The chart of the year in words, for those who do not see it."""
    months = [f"{month_name(each.day)} {number(each.people)}" for each in told.months]
    return " ".join([answer(told), _("By the end of each month:"), ", ".join(months)])


def signed(value: int) -> str:
    """A difference with its sign; ``±0`` for none."""
    if not value:
        return "±0"
    return f"+{number(value)}" if value > 0 else f"\u2212{number(-value)}"
