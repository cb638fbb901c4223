"""Applications: a draft that is saved as it is, checked as a whole, and sent once."""

import unicodedata
from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.datastructures import FileStorage

from lms.kit import clock, files
from lms.kit.db import new_key, session
from lms.kit.refusal import Refused
from lms.people import audit, consents
from lms.people.models import Person, Role, RoleGrant
from lms.pipeline import letters, profiles, receipts, traineeships
from lms.pipeline.models import Application, ApplicationDocument, Cohort, Lead, Stage

SHORTEST_MOTIVATION, LONGEST_MOTIVATION = 100, 2000
LONGEST_BACKGROUND = 1000
LONGEST_NAME = 100
MOST_DOCUMENTS = 5
LARGEST_DOCUMENT = 10 * 1024 * 1024
DOCUMENT_KINDS = ("pdf", "jpg", "jpeg", "png", "docx", "hwp", "hwpx")
FIELDS = ("name", "latin_name", "background", "motivation")
WITH_DOCUMENTS = (selectinload(Application.documents).joinedload(ApplicationDocument.file),)


def of(person: Person) -> Select[Application]:
    """The person's own applications, drafts too, the latest first."""
    mine = select(Application).where(Application.person_id == person.id)
    return mine.options(joinedload(Application.cohort), joinedload(Application.person)).order_by(
        Application.begun_at.desc()
    )


def led_by(person: Person) -> Select[Application]:
    """What was sent to cohorts that the person leads (an administrator: to any). Drafts are their writers' own."""
    return select(Application).where(_led(person)).options(joinedload(Application.person))


def documents_open_to(person: Person) -> Select[ApplicationDocument]:
    """The documents of one's own applications and of those sent to cohorts that one leads."""
    open_ones = select(Application.id).where(or_(Application.person_id == person.id, _led(person)))
    query = select(ApplicationDocument).where(ApplicationDocument.application_id.in_(open_ones))
    return query.options(joinedload(ApplicationDocument.file))


def _led(person: Person) -> ColumnElement[bool]:
    sent = Application.stage.is_not(None)
    if person.has(Role.ADMIN):
        return sent
    return and_(sent, exists().where(Lead.cohort_id == Application.cohort_id, Lead.person_id == person.id))


def in_cohort(person: Person, cohort: Cohort) -> Application | None:
    """The person's application to this cohort, a draft too."""
    return session.scalar(of(person).where(Application.cohort_id == cohort.id).options(*WITH_DOCUMENTS))


def begin(cohort: Cohort, person: Person) -> Application:
    """The person's draft for this cohort, made if there is none. Raises Refused outside the window."""
    known = in_cohort(person, cohort)
    if known is not None:
        return known
    check_window(cohort)
    if not person.has(Role.TRAINEE):
        person.grants.append(RoleGrant(role=Role.TRAINEE))
    draft = Application(
        id=new_key(), cohort=cohort, person=person, stage=None, name=person.name, latin_name=person.latin_name
    )
    draft.documents = []
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:  # two tabs began at once
        return session.scalars(of(person).where(Application.cohort_id == cohort.id)).one()
    return draft


def check_window(cohort: Cohort) -> None:
    """Raise Refused when the cohort takes no applications now."""
    now = clock.now()
    if now < cohort.opens_at:
        raise Refused(_("Applications to this cohort are not open yet. The cohort's page says from when."))
    if now >= cohort.closes_at:
        raise Refused(
            _("The time for applications to this cohort is over. What you wrote is kept; look for another open cohort.")
        )


def save(application: Application, *, told: profiles.Typed | None = None, **texts: str) -> None:
    """Keep what was typed, finished or not, and what was `told` for statistics.

    Raises Refused once it was sent or the window is closed.
    """
    _check_draft(application)
    check_window(application.cohort)
    for field in FIELDS:
        if field in texts:
            setattr(application, field, unicodedata.normalize("NFC", texts[field]))
    if told is not None:
        profiles.keep(application, told)
    application.saved_at = clock.now()


def add_documents(application: Application, uploads: Iterable[FileStorage], by: Person) -> list[str]:
    """Keep the files that can be taken; returns a sentence for each that cannot."""
    _check_draft(application)
    refused = []
    for upload in uploads:
        try:
            _add_document(application, upload, by)
        except Refused as no:
            refused.append(no.sentence)
    application.saved_at = clock.now()
    session.flush()
    return refused


def remove_document(application: Application, document_id: UUID) -> str | None:
    """Take a document off a draft; returns its name, or None when it was gone already."""
    _check_draft(application)
    found = next((each for each in application.documents if each.id == document_id), None)
    if found is None:
        return None
    application.documents.remove(found)
    application.saved_at = clock.now()
    return found.file.name


def problems(application: Application) -> dict[str, str]:
    """What must be mended before it can be sent: field → sentence."""
    found = {
        "name": _name_problem(application.name),
        "latin_name": _latin_problem(application.latin_name),
        "background": _length_problem(application.background, 0, LONGEST_BACKGROUND),
        "motivation": _length_problem(application.motivation, SHORTEST_MOTIVATION, LONGEST_MOTIVATION),
    }
    mended = {field: sentence for field, sentence in found.items() if sentence}
    return mended | profiles.problems(profiles.typed_in(application))


def send(application: Application, person: Person) -> Application:
    """Hand the draft in: a receipt number, the first line of the ledger, a letter. Sent twice, it is sent once.

    Raises Refused outside the window, with something left to mend, or without the required consent.
    """
    session.refresh(application, ["sent_at", "receipt", "stage"], with_for_update=True)
    if application.sent_at is not None:
        return application
    check_window(application.cohort)
    if problems(application):
        raise Refused(_("Something in the application is still to be mended. Go back to it: each place is marked."))
    if consents.missing(person, [consents.PRIVACY]):
        raise Refused(
            _(
                "Without your agreement to the use of your data we cannot take the application. Tick the required consent."
            )
        )
    _correct_names(application, person)
    profiles.hand_in(application, person)
    now, receipt = clock.now(), receipts.next_number()
    with session.no_autoflush:  # what is sent has a receipt and a stage: they change in one statement
        application.sent_at, application.saved_at, application.receipt = now, now, receipt
        traineeships.advance(application, Stage.APPLIED, by=person)
    letters.received(application)
    return application


def discard(application: Application, by: Person) -> None:
    """Throw a draft away with its documents."""
    _check_draft(application)
    audit.note(by, "application.discarded", application)
    session.delete(application)


def _check_draft(application: Application) -> None:
    if application.sent_at is not None:
        raise Refused(
            _("This application was sent already and can no longer be changed. Its page shows where it stands.")
        )


def _add_document(application: Application, upload: FileStorage, by: Person) -> None:
    name = files.clean_name(upload.filename or "")
    if len(application.documents) >= MOST_DOCUMENTS:
        raise Refused(
            _(
                "%(name)s was not added: %(most)s documents are the most. Remove one first.",
                name=name,
                most=MOST_DOCUMENTS,
            )
        )
    if getattr(upload.stream, "size", 0) > LARGEST_DOCUMENT:
        raise Refused(_("%(name)s is larger than 10 MB. Make it smaller or split it.", name=name))
    stored = files.keep(upload, by=by.id, kinds=DOCUMENT_KINDS)
    if any(each.file.sha256 == stored.sha256 and each.file.name == stored.name for each in application.documents):
        return  # the same file once more: a double click
    application.documents.append(ApplicationDocument(id=new_key(), file=stored))


def _correct_names(application: Application, person: Person) -> None:
    old = {"name": person.name, "latin_name": person.latin_name}
    new = {"name": application.name, "latin_name": application.latin_name}
    if old != new:
        person.name, person.latin_name = application.name, application.latin_name
        audit.note(person, "person.renamed", person, old=dict(old), new=dict(new))


def _name_problem(name: str) -> str | None:
    if not name.strip():
        return _("Write your name as it is to stand on the certificate.")
    if len(name) > LONGEST_NAME:
        return _(
            "Names can have at most %(most)s characters here. Yours has %(now)s.", most=LONGEST_NAME, now=len(name)
        )
    if not any(letter.isalpha() for letter in name):
        return _("A name has letters. Write it as it stands in your passport or identity card.")
    return None


def _latin_problem(name: str) -> str | None:
    if not name.strip():
        return _("Write your name in Latin letters as in your passport, for example HONG GILDONG.")
    if len(name) > LONGEST_NAME:
        return _(
            "Names can have at most %(most)s characters here. Yours has %(now)s.", most=LONGEST_NAME, now=len(name)
        )
    if not all(_is_latin(letter) for letter in name) or not any(letter.isalpha() for letter in name):
        return _("Use Latin letters, spaces, hyphens, full stops and apostrophes only, for example HONG GILDONG.")
    return None


def _is_latin(letter: str) -> bool:
    return letter in " -.'’," or (letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN"))


def _length_problem(text: str, shortest: int, longest: int) -> str | None:
    length = len(text.replace("\r\n", "\n").strip())
    if length < shortest:
        return ngettext(
            "Write at least %(least)s characters. There is %(num)s so far.",
            "Write at least %(least)s characters. There are %(num)s so far.",
            length,
            least=shortest,
        )
    if length > longest:
        return _("Shorten it to %(most)s characters. There are %(now)s now.", most=longest, now=length)
    return None
