"""The facts of a certificate as rows of words, in the languages and in the order of a design."""

from collections.abc import Mapping, Sequence
from typing import Any

from certificates import typesetting
from certificates.facts import Facts
from certificates.typesetting import Rows, TooLong

Row = tuple[str, str, tuple[str, ...]]  # key, voice, one text a language
Strings = Mapping[str, Mapping[str, Any]]
READABLE = 8.0  # points: in smaller type courses are counted rather than named


def fit_facts(
    told: tuple[Facts, Sequence[str], Sequence[str], Strings],
    wide: float,
    wides: Sequence[float],
    high: float,
    sizes: Sequence[float],
    leading: float = 1.4,
    **form: Any,
) -> Rows:
    """The facts of ``tell`` as ``typesetting.fit_rows`` sets them, with the courses named where that leaves them readable."""
    try:
        large = [size for size in sizes if size >= READABLE]
        return typesetting.fit_rows(tell(*told, wide), wides, high, large, leading, **form)
    except TooLong:
        return typesetting.fit_rows(tell(*told, 0), wides, high, sizes, leading, **form)


def tell(facts: Facts, rows: Sequence[str], languages: Sequence[str], strings: Strings, wide: float = 48) -> list[Row]:
    """One row for each fact that there is; the first stands out. Courses are named where they fit ``wide`` em, else counted."""
    found = ((key, tuple(_said(facts, key, each, strings[each], wide) for each in languages)) for key in rows)
    told = [(key, texts) for key, texts in found if all(texts)]
    return [(key, "plain" if place else "strong", texts) for place, (key, texts) in enumerate(told)]


def _said(facts: Facts, key: str, language: str, words: Mapping[str, Any], wide: float) -> str:
    if key == "courses":
        return _courses(facts, language, words, wide)
    if key == "period":
        hours = words["hours"] % {"hours": typesetting.hours_in(language, facts.hours)}
        return f"{typesetting.period_in(language, facts.starts_on, facts.ends_on)} {hours}"
    if key == "completed":
        return typesetting.day_in(language, facts.completed_on)
    if key == "expires":
        last = facts.expires_on
        return words["until"] % {"day": typesetting.day_in(language, last)} if last else ""
    told: Mapping[str, str] | None = {"course": facts.course, "programme": facts.programme, "cohort": facts.cohort}[key]
    return told[language] if told else ""


def _courses(facts: Facts, language: str, words: Mapping[str, Any], wide: float) -> str:
    """Each with its hours in a line of its own where a design says how ("course"), else one after the other."""
    if not facts.courses:
        return ""
    if "course" in words:
        lines = [
            words["course"] % {"title": each.title[language], "hours": typesetting.hours_in(language, each.hours)}
            for each in facts.courses
        ]
        fits = wide > 0
    else:
        lines = [("\n" if len(facts.courses) == 2 else " · ").join(each.title[language] for each in facts.courses)]
        fits = typesetting.measure(lines[0], "plain") <= wide
    return "\n".join(lines) if fits else str(words["more"] % {"count": len(facts.courses)})
