"""How a programme issues certificates, in versions. The newest holds; a change adds one and touches nothing that was issued."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from certificates import design
from certificates.design_models import CertificateDesign
from certificates.issue_models import ForCourses, IssuingRule
from lms.kit import clock
from lms.kit.db import new_key, session
from lms.kit.refusal import Conflict, Refused
from lms.people import audit
from lms.people.models import Person, Role
from lms.pipeline.models import Cohort, Programme, Traineeship

LONGEST_VALIDITY = 600  # months
_NEWEST = (
    select(IssuingRule)
    .where(IssuingRule.programme_id == bindparam("programme_id"))
    .order_by(IssuingRule.version.desc())
    .limit(1)
)
_NEWEST_OF_COHORT = (
    select(IssuingRule)
    .join(Cohort, Cohort.programme_id == IssuingRule.programme_id)
    .where(Cohort.id == bindparam("cohort_id"))
    .order_by(IssuingRule.version.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Choice:
    """What a version says. A programme about which nobody has decided yet issues like this."""

    needs_name_approval: bool = False
    needs_second_person: bool = True
    automatic: bool = False
    valid_months: int | None = None
    design: str = "programme"
    languages: str = "both"
    own_design_id: UUID | None = None
    for_courses: ForCourses = ForCourses.NONE
    course_design: str = "one-course"


def history(programme: Programme) -> Select[IssuingRule]:
    """Every version, the newest first."""
    own = select(IssuingRule).where(IssuingRule.programme_id == programme.id)
    return own.options(joinedload(IssuingRule.set_by).lazyload(Person.grants)).order_by(IssuingRule.version.desc())


def current(programme_id: UUID) -> IssuingRule:
    """The rule that holds now. Where nobody has decided it is version 0, which is in no table."""
    return session.scalar(_NEWEST, {"programme_id": programme_id}) or _unwritten()


def of_cohort(cohort_id: UUID) -> IssuingRule:
    """The rule that holds now for a cohort's programme."""
    return session.scalar(_NEWEST_OF_COHORT, {"cohort_id": cohort_id}) or _unwritten()


def of(traineeship: Traineeship) -> IssuingRule:
    """The rule that holds now for a person in a cohort."""
    return of_cohort(traineeship.cohort_id)


def choice(rule: IssuingRule) -> Choice:
    """What a rule says, without who set it and when."""
    return Choice(**{name: getattr(rule, name) for name in Choice.__dataclass_fields__})


def change(programme: Programme, by: Person, wanted: Choice, *, reason: str, seen: int) -> IssuingRule:
    """Add a version. `seen` is the version that the change was made from; when another holds by now it is a Conflict.

    Raises Refused when nothing would change, the reason is missing, the choice is impossible, or when somebody other than
    an administrator would do without the second person.
    """
    before = current(programme.id)
    if before.version != seen:
        raise _overtaken()
    old = choice(before)
    _check(old, wanted, by)
    _check_design(programme, wanted)
    if not reason.strip():
        raise Refused(_("Say why this changes. Everybody who reads the rule sees the reason."))
    rule = IssuingRule(
        id=new_key(),
        programme_id=programme.id,
        version=before.version + 1,
        set_by_id=by.id,
        set_at=clock.now(),
        reason=reason.strip(),
        **asdict(wanted),
    )
    try:
        with session.begin_nested():
            session.add(rule)
            session.flush()
    except IntegrityError as error:
        raise _overtaken() from error
    audit.note(by, "issuing_rule.changed", rule, old=_told(old), new={**_told(wanted), "reason": rule.reason})
    return rule


def _check(old: Choice, wanted: Choice, by: Person) -> None:
    if wanted == old:
        raise Refused(_("Nothing would change. Change something first, or leave it as it is."))
    if wanted.automatic and wanted.needs_second_person:
        raise Refused(_("Automatic issue leaves nobody to approve. Choose one of the two."))
    if old.needs_second_person and not wanted.needs_second_person and not by.has(Role.ADMIN):
        raise Refused(_("Only an administrator can do without the second person. Ask one to change this."))
    if wanted.automatic and not old.automatic and not by.has(Role.ADMIN):
        raise Refused(_only_an_administrator())
    for_courses = ForCourses.AUTOMATIC
    if wanted.for_courses is for_courses is not old.for_courses and not by.has(Role.ADMIN):
        raise Refused(_only_an_administrator())


def _check_design(programme: Programme, wanted: Choice) -> None:
    own = select(CertificateDesign.id).where(
        CertificateDesign.id == wanted.own_design_id, CertificateDesign.programme_id == programme.id
    )
    known = wanted.own_design_id is None or session.scalar(own)
    courses = {each.name for each in design.designs(design.COURSE)}
    if (
        not known
        or wanted.design not in {each.name for each in design.designs()}
        or wanted.course_design not in courses
    ):
        raise Refused(_("This design is not here any more. Choose another one."))


def _only_an_administrator() -> str:
    return _("Only an administrator can switch automatic issue on. Ask one to change this.")


def _told(said: Choice) -> dict[str, Any]:
    """A choice as plain values."""
    return {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(said).items()}


def _unwritten() -> IssuingRule:
    return IssuingRule(version=0, reason="", **asdict(Choice()))


def _overtaken() -> Conflict:
    return Conflict(_("Somebody changed this rule a moment ago. Look at the rule as it is now before you change it."))
