"""The rule of admitting: a seat and the enrolments that go with it, in one transaction; one applicant or many."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from courses.learning import enrolments
from lms.kit import jobs
from lms.kit.db import session, transaction
from lms.kit.refusal import Refused
from lms.people.models import Person
from lms.pipeline import admissions
from lms.pipeline.models import Application, Traineeship


class Deed(StrEnum):
    """What a lead can decide about applications."""

    ADMIT = "admit"
    WAIT = "wait"
    DECLINE = "decline"


@dataclass
class Outcome:
    """What became of many decisions: done, and refused with the sentence why."""

    done: list[Application] = field(default_factory=list)
    refused: list[tuple[Application, str]] = field(default_factory=list)


def admit(application: Application, by: Person, message: str = "") -> Traineeship:
    """Give a seat and enrol in every course of the cohort. Raises what `admissions.admit` raises."""
    traineeship = admissions.admit(application, by, message)
    enrolments.enrol(traineeship)
    return traineeship


DEEDS: dict[Deed, Callable[[Application, Person, str], object]] = {
    Deed.ADMIT: admit,
    Deed.WAIT: admissions.wait,
    Deed.DECLINE: admissions.decline,
}


def decide(applications: Sequence[Application], deed: Deed, by: Person, message: str = "") -> Outcome:
    """Decide about each, who sent first comes first. Once the seats have run out, none of the rest is admitted."""
    outcome, full = Outcome(), ""
    for application in sorted(applications, key=lambda each: (each.sent_at, each.id)):
        if full:
            outcome.refused.append((application, full))
            continue
        try:
            DEEDS[deed](application, by, message)
        except Refused as no:
            full = no.sentence if isinstance(no, admissions.Full) else ""
            outcome.refused.append((application, no.sentence))
        else:
            outcome.done.append(application)
    return outcome


@jobs.on("admitted")
def enrol_admitted(traineeship_id: str) -> None:
    """Enrol whoever was admitted by any way, also those who moved up from the waiting list by themselves."""
    with transaction():
        traineeship = session.get(Traineeship, uuid.UUID(traineeship_id))
        if traineeship is not None:
            enrolments.enrol(traineeship)
