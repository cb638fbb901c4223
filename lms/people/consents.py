"""Consent in versions: which text holds today, and what each person chose about it."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people.consent_texts import shipped
from lms.people.models import ConsentChoice, ConsentText, Person

PRIVACY = "privacy"
OUTCOMES = "outcomes"
STATISTICS = "statistics"

# What a person gives and takes back with one press; the answers for statistics go with their consent, on their own page.
PRESSED = (OUTCOMES,)


def current(kind: str) -> ConsentText:
    """The version of a text that holds today. Before anybody chose about a shipped text it is not a row yet."""
    known = session.scalars(
        select(ConsentText).where(ConsentText.kind == kind, ConsentText.valid_from <= clock.today())
    )
    texts = {text.version: text for text in shipped() if text.kind == kind} | {text.version: text for text in known}
    if not texts:
        raise LookupError(f"There is no consent text of the kind {kind!r}.")
    return texts[max(texts)]


def choose(person: Person, text: ConsentText, agreed: bool, language: str) -> ConsentChoice:
    """Keep one choice about one version, with the language it was read in. An earlier choice stays as it was."""
    choice = ConsentChoice(
        person_id=person.id, text_id=_kept(text).id, agreed=agreed, language=language, chosen_at=clock.now()
    )
    session.add(choice)
    session.flush()
    return choice


def change(person: Person, kind: str, agreed: bool, language: str) -> None:
    """Give or take back an agreement that is nobody's condition. Saying the same again changes nothing."""
    if kind not in PRESSED:
        raise Refused(_("This agreement cannot be changed here."))
    if agreed != agreed_to(person, kind):
        choose(person, current(kind), agreed, language)


def standing(person: Person) -> list[ConsentChoice]:
    """What holds now: of each kind that the person was asked, the latest choice."""
    latest: dict[str, ConsentChoice] = {}
    for choice in history(person):
        latest.setdefault(choice.text.kind, choice)
    return list(latest.values())


def agreed_to(person: Person, kind: str) -> bool:
    """Whether the person's latest choice about the current version is yes."""
    return kind not in missing(person, [kind])


def missing(person: Person, kinds: Iterable[str]) -> list[str]:
    """Those of `kinds` to whose current version the person's latest choice is not yes."""
    texts = {kind: current(kind) for kind in kinds}
    choices = select(ConsentChoice).where(
        ConsentChoice.person_id == person.id, ConsentChoice.text_id.in_([text.id for text in texts.values()])
    )
    latest = {
        choice.text_id: choice.agreed
        for choice in session.scalars(choices.order_by(ConsentChoice.chosen_at, ConsentChoice.id))
    }
    return [kind for kind, text in texts.items() if not latest.get(text.id, False)]


def history(person: Person) -> list[ConsentChoice]:
    """Everything the person chose, the latest first."""
    choices = select(ConsentChoice).where(ConsentChoice.person_id == person.id)
    return list(session.scalars(choices.order_by(ConsentChoice.chosen_at.desc(), ConsentChoice.id.desc())))


def _kept(text: ConsentText) -> ConsentText:
    kept = session.get(ConsentText, text.id)
    if kept is not None:
        return kept
    try:
        with session.begin_nested():
            session.add(text)
    except IntegrityError:  # two first choices met; the other one's row says the same
        return session.get_one(ConsentText, text.id)
    return text
