"""Transcripts: everything that a person has completed, with hours and grades, numbered, frozen and printed once."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from werkzeug.utils import import_string

from certificates import (
    addresses,
    codes,
    design,
    eligibility,
    entries,
    evidence,
    faces,
    issuers,
    issuing,
    names,
    publishing,
)
from certificates.design import TRANSCRIPT, Drawn
from certificates.facts import Words
from certificates.models import Certificate
from certificates.transcript_facts import Part, TranscriptFacts
from certificates.transcript_gathering import parts
from certificates.transcript_models import Transcript
from lms.kit import clock, files, jobs
from lms.kit.db import new_key, session, transaction
from lms.kit.jobs import Job
from lms.kit.refusal import Refused
from lms.people import audit
from lms.people.models import Person
from lms.pipeline import traineeships
from lms.pipeline.models import Traineeship

COMPLETE = "certificates.sealing:complete"
TRIES = 5  # to number it, where others do at the same moment
_OPEN = select(Transcript).where(Transcript.withdrawn_at.is_(None))
_BY_CODE = _OPEN.where(Transcript.code == bindparam("code"))
_BY_HASH = _OPEN.where(Transcript.sha256 == bindparam("sha256")).limit(1)


def of(person: Person, by: Person) -> Select[Transcript]:
    """The transcripts of a person that `by` may see: all of one's own, and those that one made oneself. The latest first."""
    own = select(Transcript).where(Transcript.person_id == person.id).options(joinedload(Transcript.file))
    if by.id != person.id:
        own = own.where(Transcript.issued_by_id == by.id)
    return own.order_by(Transcript.year.desc(), Transcript.serial.desc())


def readable_by(person: Person) -> Select[Transcript]:
    """The transcripts that a person may take home: their own, and those that they made."""
    mine = (Transcript.person_id == person.id) | (Transcript.issued_by_id == person.id)
    return select(Transcript).where(mine).options(joinedload(Transcript.file))


def subjects_of(lead: Person) -> Select[Person]:
    """Those of whom a lead may make a transcript."""
    led = traineeships.led_by(lead).with_only_columns(Traineeship.person_id)
    return select(Person).where(Person.id.in_(led))


def look_up(typed: str) -> Transcript | None:
    """The transcript of a code, however it was typed, unless its person withdrew it."""
    return session.scalar(_BY_CODE, {"code": codes.tidy(typed)})


def of_file(sha256: str) -> Transcript | None:
    return session.scalar(_BY_HASH, {"sha256": sha256.strip().lower()[:65]})


def issue(person: Person, by: Person, languages: str) -> Transcript:
    """Number, freeze and print what the person has completed by now.

    Raises Refused when there is nothing to print, when nobody signs, when a name cannot be printed, and when the newest one
    says the same.
    """
    issuing.check_key()
    found = parts(person, by)
    if not found:
        raise Refused(_("There is no completed course yet. The first one makes a transcript possible."))
    facts = _facts(person, by, found)
    if characters := faces.check(facts):
        raise Refused(eligibility.cannot_print(person, characters))
    _check_new(facts, person, by, languages)
    transcript = _numbered(facts, person, by, languages)
    audit.note(by, "transcript.issued", transcript, new={"number": number(transcript), "person": str(person.id)})
    jobs.later(print_transcript, transcript_id=str(transcript.id))
    return transcript


def withdraw(transcript: Transcript, by: Person) -> None:
    """From now on its code and its address open nothing, and the status list says so. Twice is the same as once."""
    if transcript.withdrawn_at is None:
        transcript.withdrawn_at = clock.now()
        audit.note(by, "transcript.withdrawn", transcript)
        publishing.ask()


@jobs.task
def print_transcript(transcript_id: str) -> None:
    """Print and keep the document, unless there is one."""
    key = uuid.UUID(transcript_id)
    with transaction():
        transcript = session.get(Transcript, key)
        if transcript is None or transcript.file_id:
            return
        facts, seal = TranscriptFacts.from_json(transcript.facts), entries.seal(transcript)
        drawn = Drawn(TRANSCRIPT, transcript.languages)
    # Only here: rendering needs Pango, and pages are to be served on a machine without it.
    content: bytes = import_string(COMPLETE)(facts, drawn, evidence.added(seal))
    with transaction():
        kept = session.scalars(select(Transcript).where(Transcript.id == key).with_for_update()).one()
        if kept.file_id is None:
            stored = files.keep_bytes(content, name=file_name(facts), media_type="application/pdf")
            kept.file_id, kept.sha256, kept.design_version = stored.id, stored.sha256, drawn.shown_version


def file_name(facts: TranscriptFacts) -> str:
    return f"성적증명서-{facts.number}.pdf"


def number(transcript: Transcript) -> str:
    return TranscriptFacts.from_json(transcript.facts).number


def given_up(found: Sequence[Transcript]) -> set[uuid.UUID]:
    """Those whose printing failed for good, in one query."""
    waiting = {str(each.id): each.id for each in found if each.file_id is None}
    if not waiting:
        return set()
    asked = Job.arguments["transcript_id"].as_string()
    tries = select(asked, Job.given_up_at).where(Job.task == print_transcript.__name__, asked.in_(waiting))
    rows = session.execute(tries).all()
    alive = {key for key, given_up_at in rows if given_up_at is None}
    return {waiting[key] for key, _given_up_at in rows if key not in alive}


def _facts(person: Person, by: Person, found: tuple[Part, ...]) -> TranscriptFacts:
    """What is printed, without a number yet."""
    written, day, code = names.printed(person), clock.today(), codes.new()
    issuer, signatory, title = _signed(person, by)
    return TranscriptFacts(
        year=day.year,
        serial=0,
        code=code,
        name=written.name,
        latin_name=written.latin_name,
        parts=found,
        hours=sum(course.hours for part in found for course in part.courses),
        issued_on=day,
        issuer=issuer,
        signatory=signatory,
        signatory_title=title,
        verify_url=addresses.full("certificates.transcript_verified", code=code),
    )


def _signed(person: Person, by: Person) -> tuple[Words, Words, Words]:
    """Issuer, signatory and office: as appointed, else a lead for theirs, else as on the person's last certificate."""
    issuer = issuers.current() or (issuers.for_issue(by) if by.id != person.id else None)
    if issuer:
        return issuers.whole(issuer.name), issuers.whole(issuer.signatory), issuers.whole(issuer.signatory_title)
    mine = select(Certificate.facts).where(Certificate.person_id == person.id).order_by(Certificate.issued_at.desc())
    last = session.scalar(mine.limit(1))
    if last is None:
        raise Refused(_("Nobody is named yet who signs. Ask your programme lead to make the transcript for you."))
    return last["issuer"], last["signatory"], last["signatory_title"]


def _check_new(facts: TranscriptFacts, person: Person, by: Person, languages: str) -> None:
    last = session.scalars(of(person, by).limit(1)).first()
    if last is None or last.withdrawn_at or last.languages != languages or last.issued_on != facts.issued_on:
        return
    before = TranscriptFacts.from_json(last.facts)
    if replace(before, serial=0, code=facts.code, verify_url=facts.verify_url) == facts:
        raise Refused(_("You made this transcript today already, and nothing has changed since. Download that one."))


def _numbered(facts: TranscriptFacts, person: Person, by: Person, languages: str) -> Transcript:
    """The row, under the next number of the year; whoever comes second takes the next but one."""
    for _again in range(TRIES):
        last = session.scalar(select(func.max(Transcript.serial)).where(Transcript.year == facts.year)) or 0
        try:
            with session.begin_nested():
                return _row(replace(facts, serial=last + 1), person, by, languages)
        except IntegrityError:
            continue
    raise Refused(_("Many transcripts are made at this moment. Try again in a minute."))


def _row(facts: TranscriptFacts, person: Person, by: Person, languages: str) -> Transcript:
    transcript = Transcript(
        id=new_key(),
        person_id=person.id,
        issued_by_id=by.id,
        year=facts.year,
        serial=facts.serial,
        code=facts.code,
        facts=facts.as_json(),
        languages=languages,
        design_version=design.find(TRANSCRIPT).version,
        issued_on=facts.issued_on,
        issued_at=clock.now(),
    )
    session.add(transcript)
    session.flush()
    return transcript
