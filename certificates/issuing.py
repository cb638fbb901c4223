"""Issuing: a completed programme, or a completed course, becomes a numbered, frozen certificate, once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from certificates import (
    codes,
    designing,
    documents,
    earned,
    eligibility,
    faces,
    issuers,
    issuing_rules,
    keys,
    letters,
    names,
    serials,
    states,
)
from certificates.design_models import DesignVersion
from certificates.earned import Earned, Given
from certificates.facts import Facts
from certificates.freezing import freeze
from certificates.issue_models import ForCourses, IssuingRule
from certificates.models import Certificate
from certificates.recording import record
from courses.gradebook.models import Completion
from courses.learning.models import Enrolment
from lms.kit import clock, jobs
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person
from lms.pipeline import traineeships
from lms.pipeline.models import Stage


@dataclass(frozen=True)
class Outcome:
    """What came of one person of a batch: a certificate (`new`, or there before), or the sentence of a refusal."""

    earned: Earned
    certificate: Certificate | None
    new: bool = False
    refusal: str = ""


@dataclass(frozen=True)
class Warrant:
    """On whose word a certificate is issued: who asked for it, and who approved (None: nobody was asked).

    `by_rule`: nobody asked for this one; `by` set the rule that whoever completes gets it.
    """

    by: Person
    approved_by: Person | None = None
    by_rule: bool = False


def issue(of: Earned, by: Person, *, approved_by: Person | None = None) -> Certificate:
    """The certificate of a completed traineeship, or of the one course of an enrolment; the one that is there, if it was
    issued before or a moment ago.

    Raises Refused when it is not completed, the person left the programme, the certificate was revoked, a name cannot be
    printed or is not approved, when the programme's rule asks for a second person and nobody else approved, or when it has
    no certificates for courses. Everything printed is frozen here; the PDF is rendered after the commit.
    """
    check_key()
    return _issue(of, Warrant(by, approved_by))[0]


def issue_by_rule(of: Earned, set_by: Person) -> Certificate:
    """The same where nobody asks, because the rule of `set_by` says that whoever completes gets it. Raises what `issue` raises."""
    check_key()
    return _issue(of, Warrant(set_by, by_rule=True))[0]


def check_key() -> None:
    """Raises Refused when nothing can be signed now: then nothing is numbered either."""
    try:
        keys.current()
    except keys.NoKey as no:
        raise Refused(no.sentence) from no


def issue_many(to: Given, chosen: Iterable[Earned], by: Person) -> list[Outcome]:
    """Issue to each of the chosen of one cohort or offering; a refusal for one keeps nobody else from theirs."""
    check_key()
    outcomes = []
    for each in chosen:
        if earned.given(each) != to:
            raise ValueError("A batch is of one cohort or offering.")
        try:
            certificate, new = _issue(each, Warrant(by))
        except Refused as refused:
            outcomes.append(Outcome(each, None, refusal=refused.sentence))
        else:
            outcomes.append(Outcome(each, certificate, new))
    return outcomes


def _issue(of: Earned, warrant: Warrant) -> tuple[Certificate, bool]:
    completion = earned.completion(of)
    if completion is None:
        raise Refused(earned.not_completed(of))
    if there := _there(completion):
        return there, False
    rule = issuing_rules.of(earned.traineeship(of))
    _allow(rule, of, warrant)
    try:
        with session.begin_nested():  # what fails gives its number back
            return _number_and_write(of, completion, rule, warrant)
    except IntegrityError:
        if there := _there(completion):
            return there, False
        raise


def _allow(rule: IssuingRule, of: Earned, warrant: Warrant) -> None:
    """Raises Refused when the programme's rule stands against it."""
    person = of.person
    if isinstance(of, Enrolment) and rule.for_courses is ForCourses.NONE:
        raise Refused(eligibility.none_for_courses())
    if person.erased_at:
        raise Refused(eligibility.was_erased())
    if warrant.approved_by and warrant.approved_by.id == warrant.by.id:
        raise Refused(_("Whoever asks for certificates does not approve them. A second person does."))
    if rule.needs_second_person and warrant.approved_by is None and not _by_itself(rule, of, warrant):
        raise Refused(_("In this programme a second person approves before anything is issued. Ask for it first."))
    if rule.needs_name_approval and not names.printed(person).approved:
        raise Refused(eligibility.name_is_open(person))


def _by_itself(rule: IssuingRule, of: Earned, warrant: Warrant) -> bool:
    """Whether nobody needs to look, because the rule says so and not only whoever calls."""
    says_so = rule.for_courses is ForCourses.AUTOMATIC if isinstance(of, Enrolment) else rule.automatic
    return warrant.by_rule and says_so


def _number_and_write(
    of: Earned, completion: Completion, rule: IssuingRule, warrant: Warrant
) -> tuple[Certificate, bool]:
    counter, moment = serials.locked(clock.now())
    if there := _there(completion):  # issued while we waited
        return there, False
    drawn = None if isinstance(of, Enrolment) else designing.chosen(rule)
    facts = _facts(of, completion, rule, warrant.by, serial=counter.last + 1, moment=moment)
    facts = designing.signed(facts, drawn)
    serials.take(counter, moment)
    certificate = _row(of, completion, facts, rule, drawn, warrant, moment)
    if not isinstance(
        of, Enrolment
    ):  # one course is not the programme: nobody's stage moves, and nobody becomes an expert
        traineeships.advance(of, Stage.CERTIFIED, by=warrant.by)
    audit.note(warrant.by, "certificate.issued", certificate, new={"number": facts.number, "name": facts.name})
    letters.issued(certificate, of.person, facts)
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


def _facts(
    of: Earned, completion: Completion, rule: IssuingRule, by: Person, *, serial: int, moment: datetime
) -> Facts:
    person, day = of.person, moment.astimezone(clock.SEOUL).date()
    cohort, issuer = earned.cohort(earned.given(of)), issuers.for_issue(by)
    facts = freeze(completion, person, cohort, issuer, serial=serial, code=codes.new(), day=day)
    if characters := faces.check(facts):
        raise Refused(eligibility.cannot_print(person, characters))
    return replace(facts, expires_on=states.last_day(day, rule.valid_months))


def _row(
    of: Earned,
    completion: Completion,
    facts: Facts,
    rule: IssuingRule,
    drawn: DesignVersion | None,
    warrant: Warrant,
    moment: datetime,
) -> Certificate:
    folder, folder_version = designing.folder_of(rule, drawn, for_course=isinstance(of, Enrolment))
    certificate = Certificate(
        completion_id=completion.id,
        person_id=of.person_id,
        cohort_id=earned.cohort(earned.given(of)).id,
        design=folder,
        design_version=folder_version,
        drawn=drawn,
        rule_version=completion.rule.version,
        issuing_version=rule.version,
        issued_by_id=warrant.by.id,
        approved_by_id=warrant.approved_by.id if warrant.approved_by else None,
    )
    return record(certificate, facts, moment)
