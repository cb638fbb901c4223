"""The reader's language and time zone, and how moments, days and sizes are written in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from flask import Flask, current_app, g, has_request_context, request
from flask import session as cookie
from flask_babel import Babel, force_locale, get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from lms.kit import clock
from lms.kit.words import Words

LANGUAGES = {"ko": "한국어", "en": "English"}
DEFAULT_LANGUAGE = "ko"
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")  # Hebrew, Arabic and their neighbours
WRITTEN = 8192  # dates and figures kept as they were written: tables show the same ones again and again
ZONES = sorted(
    zone
    for zone in available_timezones()
    if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/"))
)

__all__ = ["DEFAULT_LANGUAGE", "LANGUAGES", "ZONES", "init", "language", "speaking", "zone"]


def init(app: Flask) -> None:
    """Choose language and zone by request and give the templates their filters."""
    app.config.update(BABEL_DEFAULT_LOCALE=DEFAULT_LANGUAGE, BABEL_TRANSLATION_DIRECTORIES="translations")
    Babel(app, locale_selector=language)
    app.before_request(_forget)
    app.teardown_request(_forget)
    app.jinja_env.globals.update(_=text, gettext=text, ngettext=texts)
    app.jinja_env.filters.update(
        words=lambda value: best(value),
        day=day,
        moment=moment,
        time=time,
        until=until,
        number=number,
        percent=percent,
        size=size,
        month=month,
        ago=ago,
        minutes=minutes,
    )
    app.jinja_env.globals.update(languages=LANGUAGES)


@cache
def _catalogue(language: str) -> dict[Any, Markup]:
    """Message → its text as safe markup; for plurals (message, 0 | 1). Read once, looked up some hundred times a page."""
    try:
        with (Path(current_app.root_path) / "translations" / language / "LC_MESSAGES" / "messages.mo").open(
            "rb"
        ) as file:
            kept: dict[Any, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    except FileNotFoundError:  # English is written in the code
        return {}
    return {key: Markup(said) for key, said in kept.items()}  # noqa: S704  (our own translators wrote it)


def text_in(language: str, message: str, /, **values: object) -> Markup:
    """`message` in a language, as safe markup, its values escaped."""
    known = _catalogue(language)  # a word that is also counted somewhere stands under its plural form
    said: Markup = known.get(message) or known.get((message, 0)) or Markup(message)  # noqa: S704  (our templates wrote it)
    return said % _apart(values) if values or "%" in message else said


def _apart(values: dict[str, object]) -> dict[str, object]:
    """The values, each that is written from right to left kept apart, so that it does not turn the sentence around it."""
    if all(not isinstance(value, str) or value.isascii() for value in values.values()):
        return values
    return {
        name: "\u2068" + value + "\u2069" if isinstance(value, str) and RIGHT_TO_LEFT.search(value) else value
        for name, value in values.items()
    }


def text(message: str, /, **values: object) -> Markup:
    """`gettext` for templates: `text_in` the reader's language."""
    return text_in(current(), message, **values)


def texts(one: str, many: str, num: int, /, **values: object) -> Markup:
    """`ngettext` for templates. Korean has one form, English two."""
    message = one if num == 1 else many
    said: Markup = _catalogue(current()).get((one, 0)) or Markup(message)  # noqa: S704
    return said % _apart({"num": number(num), **values})


class Reader(NamedTuple):
    """For whom words, dates and times are written now."""

    language: str
    zone: ZoneInfo


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


def prefer(language_chosen: str | None, time_zone: str | None) -> None:
    """Use what the person who asks chose (None: not signed in) for the rest of this request.

    A page asks for its language some hundred times, so it is worked out once.
    """
    g.language = language_chosen
    _reader.set(Reader(language(), ZoneInfo(time_zone) if time_zone else clock.SEOUL))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write words in `language` inside, e.g. in letters to others."""
    token = _reader.set(Reader(language, zone()))
    try:
        with force_locale(language):
            yield
    finally:
        _reader.reset(token)


def _forget(_error: BaseException | None = None) -> None:
    _reader.set(None)  # the thread serves somebody else next


def language() -> str:
    """The reader's language: the person's, else the one chosen here before, else the browser's, else Korean."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    chosen: str | None = g.get("language") or cookie.get("language")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE


def current() -> str:
    """The language words are written in right now: the reader's, or the one given to `speaking`."""
    if reader := _reader.get():
        return reader.language
    locale = get_locale()
    return str(locale.language) if locale else DEFAULT_LANGUAGE


def zone() -> ZoneInfo:
    """The reader's time zone; Seoul unless they chose another."""
    reader = _reader.get()
    return reader.zone if reader else clock.SEOUL


def best(value: Words | None) -> str:
    """The text of `value` in the reader's language."""
    return Words(value or {}).best(current())


def day(value: date | datetime | None, *, short: bool = False) -> str:
    """``2026. 11. 22.(일)`` and ``22 Nov 2026``."""
    if value is None:
        return ""
    value = value.astimezone(zone()).date() if isinstance(value, datetime) else value
    return _day(value, short, current())


@lru_cache(maxsize=WRITTEN)
def _day(value: date, short: bool, language: str) -> str:
    if language == "ko":
        return format_date(value, "M. d.(E)" if short else "y. M. d.(E)", locale="ko")
    return format_date(value, "d MMM" if short else "d MMM y", locale="en")


def month(value: date) -> str:
    """``2026년 11월`` and ``November 2026``."""
    return _month(value, current())


@lru_cache(maxsize=WRITTEN)
def _month(value: date, language: str) -> str:
    return format_date(value, "y년 M월" if language == "ko" else "MMMM y", locale=language)


def time(value: datetime | None) -> str:
    """``오후 6:00`` and ``18:00``, in the reader's zone."""
    if value is None:
        return ""
    local = value.astimezone(zone())
    if current() == "ko":
        half = "오전" if local.hour < 12 else "오후"
        return f"{half} {local.hour % 12 or 12}:{local.minute:02}"
    return f"{local.hour:02}:{local.minute:02}"


def moment(value: datetime | None) -> str:
    """Day and time together."""
    return f"{day(value)} {time(value)}" if value else ""


def until(value: datetime | None) -> str:
    """A deadline with what is left of it: ``오늘 오후 6:00까지, 3시간 남음``."""
    if value is None:
        return ""
    here, there = clock.now().astimezone(zone()).date(), value.astimezone(zone()).date()
    if there == here:
        when = _("today %(time)s", time=time(value))
    elif there == here + timedelta(days=1):
        when = _("tomorrow %(time)s", time=time(value))
    else:
        when = moment(value)
    left = value - clock.now()
    if left < timedelta():
        return _("until %(when)s, over", when=when)
    return _("until %(when)s, %(rest)s left", when=when, rest=span(left))


def span(length: timedelta) -> str:
    """A length of time in its largest useful unit."""
    if length >= timedelta(days=2):
        return ngettext("%(num)d day", "%(num)d days", length.days)
    if length >= timedelta(hours=2):
        return ngettext("%(num)d hour", "%(num)d hours", int(length.total_seconds() // 3600))
    return minutes(max(1, int(length.total_seconds() // 60)))


def minutes(count: int) -> str:
    return ngettext("%(num)d minute", "%(num)d minutes", count)


def ago(value: datetime | None) -> str:
    """How long since `value`."""
    if value is None:
        return ""
    passed = clock.now() - value
    return _("just now") if passed < timedelta(minutes=1) else _("%(span)s ago", span=span(passed))


def number(value: float, digits: int = 0) -> str:
    return _number(value, digits, current())


@lru_cache(maxsize=WRITTEN)
def _number(value: float, digits: int, language: str) -> str:
    return format_decimal(round(value, digits), locale=language)


def percent(value: float, digits: int = 0) -> str:
    """A share from 0 to 1 as per cent."""
    return _percent(value, digits, current())


@lru_cache(maxsize=WRITTEN)
def _percent(value: float, digits: int, language: str) -> str:
    return format_percent(value, "#,##0." + "0" * digits + "%" if digits else "#,##0%", locale=language)


def size(count: int) -> str:
    """A number of bytes as people read it."""
    for unit, factor in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if count >= factor:
            return f"{number(count / factor, 1)} {unit}"
    return f"{count} B"
