"""Issuing: a completed traineeship becomes a numbered, frozen certificate, once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from certificates import codes, design, documents, eligibility, faces, issuers, letters, serials
from certificates.facts import Facts
from certificates.freezing import freeze
from certificates.models import Certificate
from courses.gradebook.models import Completion
from lms.kit import clock, jobs
from lms.kit.db import new_key, session
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person
from lms.pipeline import traineeships
from lms.pipeline.models import Cohort, Stage, Traineeship

DESIGN = "programme"


@dataclass(frozen=True)
class Outcome:
    """What came of one person of a batch: a certificate (`new`, or there before), or the sentence of a refusal."""

    traineeship: Traineeship
    certificate: Certificate | None
    new: bool = False
    refusal: str = ""


def issue(traineeship: Traineeship, by: Person) -> Certificate:
    """The certificate of a completed traineeship; the one that is there, if it was issued before or a moment ago.

    Raises Refused when the programme is not completed, the person left, the certificate was revoked, or a name cannot be
    printed. Everything printed is frozen here; the PDF is rendered after the commit.
    """
    return _issue(traineeship, by)[0]


def issue_many(cohort: Cohort, chosen: Iterable[Traineeship], by: Person) -> list[Outcome]:
    """Issue to each of the chosen of one cohort; a refusal for one keeps nobody else from theirs."""
    outcomes = []
    for traineeship in chosen:
        if traineeship.cohort_id != cohort.id:
            raise ValueError("A batch is of one cohort.")
        try:
            certificate, new = _issue(traineeship, by)
        except Refused as refused:
            outcomes.append(Outcome(traineeship, None, refusal=refused.sentence))
        else:
            outcomes.append(Outcome(traineeship, certificate, new))
    return outcomes


def _issue(traineeship: Traineeship, by: Person) -> tuple[Certificate, bool]:
    mine = select(Completion).where(Completion.traineeship_id == traineeship.id).options(joinedload(Completion.rule))
    completion = session.scalar(mine)
    if completion is None:
        raise Refused(_("%(name)s has not completed the programme yet.", name=traineeship.person.name))
    try:
        with session.begin_nested():  # what fails gives its number back
            return _number_and_write(traineeship, completion, by)
    except IntegrityError:
        if there := _there(completion):
            return there, False
        raise


def _number_and_write(traineeship: Traineeship, completion: Completion, by: Person) -> tuple[Certificate, bool]:
    if there := _there(completion):
        return there, False
    day = clock.today()
    counter = serials.locked(day.year)
    if there := _there(completion):  # issued while we waited
        return there, False
    facts = _facts(traineeship, completion, by, serial=counter.last + 1, day=day)
    counter.last = facts.serial
    certificate = _row(traineeship, completion, facts, by)
    traineeships.advance(traineeship, Stage.CERTIFIED, by=by)
    audit.note(by, "certificate.issued", certificate, new={"number": facts.number, "name": facts.name})
    letters.issued(certificate, traineeship.person, facts)
    jobs.later(documents.render_certificate, certificate_id=str(certificate.id))
    return certificate, True


def _there(completion: Completion) -> Certificate | None:
    """The certificate of a completion; raises Refused when it was revoked."""
    issued = (
        select(Certificate).where(Certificate.completion_id == completion.id).order_by(Certificate.issued_at.desc())
    )
    whole = issued.options(joinedload(Certificate.revocation)).execution_options(populate_existing=True)
    certificate = session.scalar(whole.limit(1))
    if certificate and certificate.revocation:
        raise Refused(
            _(
                "The certificate %(number)s for this completion was revoked. It is not issued a second time.",
                number=Facts.from_json(certificate.facts).number,
            )
        )
    return certificate


def _facts(traineeship: Traineeship, completion: Completion, by: Person, *, serial: int, day: date) -> Facts:
    person = traineeship.person
    facts = freeze(
        completion, person, traineeship.cohort, issuers.for_issue(by), serial=serial, code=codes.new(), day=day
    )
    if characters := faces.check(facts):
        raise Refused(eligibility.cannot_print(person, characters))
    return facts


def _row(traineeship: Traineeship, completion: Completion, facts: Facts, by: Person) -> Certificate:
    drawn = design.find(DESIGN)
    certificate = Certificate(
        id=new_key(),
        completion_id=completion.id,
        person_id=traineeship.person_id,
        cohort_id=traineeship.cohort_id,
        year=facts.year,
        serial=facts.serial,
        code=facts.code,
        facts=facts.as_json(),
        design=drawn.name,
        design_version=drawn.version,
        rule_version=completion.rule.version,
        issued_on=facts.issued_on,
        issued_at=clock.now(),
        issued_by_id=by.id,
    )
    session.add(certificate)
    session.flush()
    return certificate
