"""Corrections of a locked name: the person asks with evidence, a lead of one of their cohorts answers."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from certificates import name_letters, names
from certificates.name_models import NameAnswer, NameApproval, NameCorrection, NameEvidence
from lms.kit.db import new_key, session
from lms.kit.refusal import Conflict, Refused
from lms.kit.stored_file import StoredFile
from lms.people import accounts, audit
from lms.people.models import Person, Role
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort, Lead, Traineeship

LONGEST_WORDS = 500
MOST_EVIDENCE = 5
LARGEST_EVIDENCE = 10 * 1024 * 1024
EVIDENCE_KINDS = ("pdf", "png", "jpg", "jpeg")
WHOLE = (joinedload(NameCorrection.answer).joinedload(NameAnswer.by), joinedload(NameCorrection.approval))


def of(person: Person) -> Select[NameCorrection]:
    """The person's own requests, the latest first."""
    mine = select(NameCorrection).where(NameCorrection.person_id == person.id).options(*WHOLE)
    return mine.order_by(NameCorrection.asked_at.desc(), NameCorrection.id.desc())


def answerable_by(person: Person) -> Select[NameCorrection]:
    """The requests of people in the cohorts that the person leads (an administrator: all), the oldest first; never one's own."""
    query = select(NameCorrection).where(NameCorrection.person_id != person.id)
    if not person.has(Role.ADMIN):
        led = cohorts.led_by(person).with_only_columns(Cohort.id)
        query = query.where(
            exists().where(Traineeship.person_id == NameCorrection.person_id, Traineeship.cohort_id.in_(led))
        )
    return query.options(*WHOLE, joinedload(NameCorrection.person)).order_by(NameCorrection.asked_at, NameCorrection.id)


def readable_by(person: Person) -> Select[NameCorrection]:
    """The requests whose evidence the person may open: their own and those that they may answer."""
    answerable = answerable_by(person).with_only_columns(NameCorrection.id).order_by(None)
    return select(NameCorrection).where(
        (NameCorrection.person_id == person.id) | NameCorrection.id.in_(answerable.subquery().select())
    )


def leads_of(person: Person) -> Select[Person]:
    """Who leads a cohort that the person takes part in, the person left out."""
    theirs = select(Lead.person_id).join(Traineeship, Traineeship.cohort_id == Lead.cohort_id)
    found = theirs.where(Traineeship.person_id == person.id, Lead.person_id != person.id)
    return select(Person).where(Person.id.in_(found), Person.closed_at.is_(None)).order_by(Person.id)


def waiting(query: Select[NameCorrection]) -> Select[NameCorrection]:
    """Those of a select that nobody answered yet."""
    return query.where(~exists().where(NameAnswer.correction_id == NameCorrection.id))


def answered(query: Select[NameCorrection]) -> Select[NameCorrection]:
    """Those of a select that were answered."""
    return query.where(exists().where(NameAnswer.correction_id == NameCorrection.id))


def ask(person: Person, name: str, latin_name: str, *, reason: str, evidence: Sequence[StoredFile]) -> NameCorrection:
    """Ask to print other lines.

    Raises Refused when nothing is approved yet or asked already, when nothing would change, when the lines cannot be
    printed, and without a reason or evidence.
    """
    held = _locked(person.id)
    if held is None:
        raise Refused(_("Your name is not approved yet. You can still write it as you want it."))
    if session.scalar(waiting(of(person)).limit(1)):
        raise Conflict(_("You asked for a correction already. Wait for the answer before you ask again."))
    name, latin_name = accounts.tidy_name(name), accounts.tidy_name(latin_name)
    if (name, latin_name) == (held.name, held.latin_name):
        raise Refused(_("This is how your name is printed now. Change what is wrong before you ask."))
    if wrong := names.problems(name, latin_name):
        raise Refused(next(iter(wrong.values())))
    if not reason or not evidence:
        raise Refused(_("Say why the name is wrong, and add a picture or a PDF that shows how it is written."))
    correction = NameCorrection(
        id=new_key(), approval=held, person=person, name=name, latin_name=latin_name, reason=reason
    )
    correction.evidence = [NameEvidence(position=n, file=file) for n, file in enumerate(evidence, 1)]
    session.add(correction)
    session.flush()
    new = {"name": name, "latin_name": latin_name, "evidence": [each.sha256 for each in evidence]}
    audit.note(person, "name.correction_asked", correction, new=new)
    for lead in session.scalars(leads_of(person)):
        name_letters.asked(correction, lead)
    return correction


def accept(correction: NameCorrection, by: Person, words: str = "") -> NameApproval:
    """Print the asked lines from now on, and tell the person. Certificates that were issued keep theirs."""
    held = _open(correction, by)
    approval = names.add(correction.person, correction.name, correction.latin_name, by=by, number=held.number + 1)
    _answer(correction, by, words, approval)
    return approval


def decline(correction: NameCorrection, by: Person, words: str) -> None:
    """Leave the lines as they are, and tell the person why. Raises Refused without words."""
    if not words:
        raise Refused(_("Say why the name stays as it is. The person reads it."))
    _open(correction, by)
    _answer(correction, by, words, None)


def _answer(correction: NameCorrection, by: Person, words: str, approval: NameApproval | None) -> None:
    answer = NameAnswer(id=new_key(), by_id=by.id, words=words, approval_id=approval.id if approval else None)
    correction.answer = answer
    session.flush()
    audit.note(
        by,
        "name.correction_accepted" if approval else "name.correction_declined",
        correction,
        old={"name": correction.approval.name, "latin_name": correction.approval.latin_name},
        new={"name": correction.name, "latin_name": correction.latin_name, "words": words},
    )
    name_letters.answered(correction, answer)


def _open(correction: NameCorrection, by: Person) -> NameApproval:
    """The approval that is to be corrected. Raises Refused for one's own request, Conflict when it was answered."""
    if correction.person_id == by.id:
        raise Refused(_("You cannot answer your own request. Another lead or an administrator can."))
    held = _locked(correction.person_id)
    if session.scalar(select(NameAnswer.id).where(NameAnswer.correction_id == correction.id)) or held is None:
        raise Conflict(_("Somebody answered this request already. Look at it again."))
    return held


def _locked(person_id: UUID) -> NameApproval | None:
    """The approval that holds, locked until the end of the transaction: one request, one answer at a time."""
    mine = select(NameApproval).where(NameApproval.person_id == person_id)
    return session.scalar(mine.order_by(NameApproval.number.desc()).limit(1).with_for_update())
