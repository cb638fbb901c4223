"""The designs of a programme, in versions: the newest is printed next, what was printed keeps its own."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from certificates import design, design_folders, issuing_rules
from certificates.design import Drawn
from certificates.design_models import CertificateDesign, DesignFolder, DesignVersion
from certificates.facts import Facts
from certificates.issue_models import IssuingRule
from certificates.models import Certificate
from lms.kit import clock, files
from lms.kit.db import new_key, session
from lms.kit.refusal import Conflict, Refused
from lms.kit.stored_file import StoredFile
from lms.kit.words import Words
from lms.people import audit
from lms.people.models import Person
from lms.pipeline.models import Cohort, Programme

Wording = Mapping[str, Mapping[str, str]]  # language → key → text


@dataclass(frozen=True)
class Look:
    """What a version says: see ``DesignVersion``."""

    folder: str = "programme"
    folder_id: uuid.UUID | None = None
    languages: str = "both"
    wording: Wording = field(default_factory=dict)
    signatory: Words | None = None
    signatory_title: Words | None = None
    seal_id: uuid.UUID | None = None


def of_programme(programme: Programme) -> Sequence[DesignVersion]:
    """The newest version of each design, by name."""
    last = (
        select(DesignVersion.design_id, func.max(DesignVersion.version).label("last"))
        .join(CertificateDesign)
        .where(CertificateDesign.programme_id == programme.id)
        .group_by(DesignVersion.design_id)
        .subquery()
    )
    rows = (
        select(DesignVersion)
        .join(last, (last.c.design_id == DesignVersion.design_id) & (last.c.last == DesignVersion.version))
        .join(DesignVersion.design)
        .options(joinedload(DesignVersion.design), joinedload(DesignVersion.set_by).lazyload(Person.grants))
    )
    return session.scalars(rows.order_by(CertificateDesign.name)).all()


def designs_of(programme: Programme) -> Select[CertificateDesign]:
    return select(CertificateDesign).where(CertificateDesign.programme_id == programme.id)


def history(of: CertificateDesign) -> Select[DesignVersion]:
    """Every version, the newest first."""
    own = select(DesignVersion).where(DesignVersion.design_id == of.id).order_by(DesignVersion.version.desc())
    return own.options(joinedload(DesignVersion.set_by).lazyload(Person.grants))


def newest_of(of: CertificateDesign) -> DesignVersion:
    return session.scalars(history(of).limit(1)).one()


def newest(programme: Programme) -> DesignVersion | None:
    """What certificates of the programme are printed with from now on; None: a folder as it comes."""
    return chosen(issuing_rules.current(programme.id))


def chosen(rule: IssuingRule) -> DesignVersion | None:
    """The newest version of the design that a rule says."""
    if rule.own_design_id is None:
        return None
    own = select(DesignVersion).where(DesignVersion.design_id == rule.own_design_id)
    return session.scalars(own.order_by(DesignVersion.version.desc()).limit(1)).one()


def look(version: DesignVersion) -> Look:
    """What a version says, without who set it and when."""
    return Look(**{name: getattr(version, name) for name in Look.__dataclass_fields__})


def begin(programme: Programme, by: Person | None, name: str, wanted: Look, *, reason: str) -> DesignVersion:
    """A new design with its version 1. Raises Refused when there is one of that name."""
    if session.scalar(designs_of(programme).where(CertificateDesign.name == name)):
        raise Refused(
            _("This programme has a design of that name already. Choose another name, or change that design.")
        )
    made = CertificateDesign(id=new_key(), programme_id=programme.id, name=name)
    session.add(made)
    session.flush()
    return _add(made, by, wanted, reason, 1, None)


def change(of: CertificateDesign, by: Person, wanted: Look, *, reason: str, seen: int) -> DesignVersion:
    """Add a version. `seen` is the version that the change was made from; when there is another by now it is a Conflict.

    Raises Refused when nothing would change or the reason is missing.
    """
    before = newest_of(of)
    if before.version != seen:
        raise overtaken()
    if look(before) == wanted:
        raise Refused(_("Nothing would change. Change something first, or leave it as it is."))
    return _add(of, by, wanted, reason, seen + 1, look(before))


def _add(
    of: CertificateDesign, by: Person | None, wanted: Look, reason: str, number: int, before: Look | None
) -> DesignVersion:
    if not reason.strip():
        raise Refused(_("Say why it looks like this. Everybody who reads the versions sees the reason."))
    said: dict[str, Any] = {name: getattr(wanted, name) for name in Look.__dataclass_fields__}
    version = DesignVersion(
        id=new_key(),
        design_id=of.id,
        version=number,
        reason=reason.strip(),
        set_by_id=by.id if by else None,
        set_at=clock.now(),
        **said | {"wording": {language: dict(own) for language, own in wanted.wording.items() if own}},
    )
    try:
        with session.begin_nested():
            session.add(version)
            session.flush()
    except IntegrityError as error:
        raise overtaken() from error
    new = told(wanted) | {"version": number, "reason": version.reason}
    audit.note(by, "certificate_design.changed", of, old=told(before) if before else None, new=new)
    return version


def told(wanted: Look) -> dict[str, Any]:
    """A look as plain values."""
    said = {name: getattr(wanted, name) for name in Look.__dataclass_fields__}
    return {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in said.items()}


def drawn(wanted: Look, seal_sent: bytes | None = None) -> Drawn:
    """What the press is given; with a seal that is not kept yet."""
    kept = session.get_one(DesignFolder, wanted.folder_id) if wanted.folder_id else None
    seal = session.get_one(StoredFile, wanted.seal_id) if wanted.seal_id else None
    words = ((language, key, text) for language, own in wanted.wording.items() for key, text in own.items())
    return Drawn(
        design_folders.place(kept) if kept else wanted.folder,
        wanted.languages,
        tuple(sorted(words)),
        seal_sent or (files.path_of(seal).read_bytes() if seal else None),
    )


def drawn_for(certificate: Certificate) -> Drawn:
    """How an issued certificate is drawn: from the rows that were written with it, so that it is the same on any day."""
    if certificate.drawn:
        return drawn(look(certificate.drawn))
    first = certificate
    while first.replaces:  # a correction looks like the first
        first = first.replaces
    said = (
        select(IssuingRule.languages)
        .join(Cohort, Cohort.programme_id == IssuingRule.programme_id)
        .where(Cohort.id == first.cohort_id, IssuingRule.version == first.issuing_version)
    )
    return Drawn(certificate.design, session.scalar(said) or "both")


def signed(facts: Facts, version: DesignVersion | None) -> Facts:
    """The facts with the signatory of a design, where it has its own."""
    if version is None or version.signatory is None or version.signatory_title is None:
        return facts
    return replace(facts, signatory=version.signatory, signatory_title=version.signatory_title)


def folder_of(rule: IssuingRule, version: DesignVersion | None, *, for_course: bool = False) -> tuple[str, str]:
    """Name and version of the folder that a certificate is printed with now."""
    if version is None:
        folder = rule.course_design if for_course else rule.design
        return folder, design.find(folder).version
    if version.kept_folder:
        return version.folder, version.kept_folder.version
    return version.folder, design.find(version.folder).version


def overtaken() -> Conflict:
    return Conflict(_("Somebody changed this design a moment ago. Look at it as it is now before you change it."))
