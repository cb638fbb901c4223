"""The rounds in which people are asked: after 3, 6 and 12 months, then every six until two years have passed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from lms.kit import clock
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import consents
from lms.people.models import ConsentChoice, Person
from lms.pipeline import traineeships
from lms.pipeline.models import Cohort, Stage, Traineeship
from lms.placement import placements
from lms.placement.arithmetic import months_after
from lms.placement.models import Contact, FollowUp
from lms.placement.placements import Told
from lms.placement.terms import AT_WORK, ROUNDS, Evidence, Outcome

ASKED = (Stage.COMPLETED, Stage.CERTIFIED, Stage.PLACED)
LAST = 30  # months after the end in which the last round may still be answered
SHORTEST, LONGEST = timedelta(days=85), timedelta(days=930)  # wider than 3 and 30 months: `round_on` is exact


@dataclass(frozen=True)
class Due:
    """Somebody who is to be contacted. `tried`: the contacts of this round so far, the latest last."""

    traineeship: Traineeship
    months: int
    since: date
    asked_at: datetime | None
    tried: Sequence[Contact]
    may_ask: bool

    @property
    def last_tried(self) -> datetime | None:
        return self.tried[-1].at if self.tried else None


def round_on(end: date, today: date) -> int | None:
    """The round that has come for a cohort whose last day was `end`; None before the first and after the last."""
    if today >= months_after(end, LAST):
        return None
    return next((months for months in reversed(ROUNDS) if months_after(end, months) <= today), None)


def due(person: Person, cohort: Cohort | None = None) -> list[Due]:
    """Who of the cohorts that the person leads is to be contacted now: never tried first, then longest untried."""
    today = clock.today()
    query = (
        traineeships.led_by(person)
        .join(Traineeship.cohort)
        .where(
            Traineeship.stage.in_(ASKED),
            Cohort.ends_on < today - SHORTEST,
            Cohort.ends_on > today - LONGEST,
        )
    )
    if cohort:
        query = query.where(Traineeship.cohort_id == cohort.id)
    found = session.scalars(query.options(joinedload(Traineeship.cohort), joinedload(Traineeship.person))).all()
    waiting = [each for each in _rounds(found, today) if not answer(each.tried)]
    return sorted(
        waiting, key=lambda each: (each.last_tried is not None, each.last_tried or clock.day_start(each.since))
    )


def _rounds(found: Sequence[Traineeship], today: date) -> list[Due]:
    """The round of each traineeship that has one, with what came of it so far: two queries."""
    living = [(each, months) for each in found if (months := round_on(each.cohort.ends_on, today))]
    known = follow_ups([each.id for each, _months in living])
    agreed = who_agreed([each.person_id for each, _months in living])
    rounds = []
    for each, months in living:
        follow_up = known.get((each.id, months))
        since = months_after(each.cohort.ends_on, months)
        tried = follow_up.contacts if follow_up else []
        rounds.append(
            Due(each, months, since, follow_up.asked_at if follow_up else None, tried, each.person_id in agreed)
        )
    return rounds


def of(traineeship: Traineeship) -> Due | None:
    """The round in which one person is now; None where nobody is asked."""
    if traineeship.stage not in ASKED:
        return None
    return next(iter(_rounds([traineeship], clock.today())), None)


def follow_ups(ids: Iterable[UUID]) -> dict[tuple[UUID, int], FollowUp]:
    """(Traineeship, months) → its follow-up with what came of it."""
    query = (
        select(FollowUp)
        .where(FollowUp.traineeship_id.in_(list(ids)))
        .options(selectinload(FollowUp.contacts).joinedload(Contact.by))
    )
    return {(each.traineeship_id, each.months): each for each in session.scalars(query)}


def answer(tried: Iterable[Contact]) -> Contact | None:
    """The answer that holds: the latest that reached somebody."""
    return next((each for each in reversed(list(tried)) if each.outcome is not Outcome.NOT_REACHED), None)


def who_agreed(people: Iterable[UUID]) -> set[UUID]:
    """Those whose latest choice about being contacted is yes."""
    text = consents.current(consents.OUTCOMES)
    choices = select(ConsentChoice.person_id, ConsentChoice.agreed).where(
        ConsentChoice.text_id == text.id, ConsentChoice.person_id.in_(list(people))
    )
    latest = dict(session.execute(choices.order_by(ConsentChoice.chosen_at, ConsentChoice.id)).all())
    return {person_id for person_id, agreed in latest.items() if agreed}


def begin(traineeship: Traineeship, months: int) -> FollowUp:
    """The follow-up of this round, made now if there is none."""
    mine = select(FollowUp).where(FollowUp.traineeship_id == traineeship.id, FollowUp.months == months)
    found = session.scalar(mine.options(selectinload(FollowUp.contacts)))
    if found is None:
        found = FollowUp(traineeship=traineeship, months=months)
        session.add(found)
        session.flush()
    return found


def log(
    traineeship: Traineeship,
    by: Person,
    outcome: Outcome,
    evidence: Evidence,
    *,
    note: str = "",
    work: Told | None = None,
) -> Contact:
    """Keep what came of asking somebody in the round that is on; work that was not known yet is recorded with it.

    Raises Refused before the first round, for calls to people who did not agree to be asked, and for work without its facts.
    """
    now = of(traineeship)
    if now is None:
        raise Refused(_("Nobody is asked now: rounds begin three months after the last day, for those who completed."))
    if by.id != traineeship.person_id and not now.may_ask and evidence is Evidence.PHONE:
        raise Refused(
            _(
                "This person did not agree to be contacted about employment. Record only what reaches you by a letter or a record."
            )
        )
    if outcome in AT_WORK and placements.at_work(traineeship) is None:
        if work is None:
            raise Refused(_("Give the employer and the first day, so that the placement can be recorded."))
        placements.record(traineeship, by, work)
    round_ = begin(traineeship, now.months)
    contact = Contact(follow_up=round_, outcome=outcome, evidence=evidence, note=note, at=clock.now(), by_id=by.id)
    session.add(contact)
    session.flush()
    return contact
