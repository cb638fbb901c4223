"""Transcripts: making and downloading one's own, a lead's for those they lead, and what anybody may verify."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates import addresses, answering, transcripts
from certificates.batch_forms import LANGUAGES
from certificates.transcript_facts import TranscriptFacts
from certificates.transcript_forms import TranscriptForm
from certificates.transcript_models import Transcript
from certificates.views import missing, negotiating
from certificates.views.public import LARGEST_FILE
from certificates.views.room import blueprint
from lms.kit import clock, files, throttle
from lms.kit.db import session
from lms.kit.web import back, is_fragment, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Person, Role


@blueprint.get("/certificates/transcripts")
@access.signed_in
def transcripts_of_mine() -> ResponseReturnValue:
    """One's own transcripts, and making another."""
    return _shown(me())


@blueprint.post("/certificates/transcripts")
@access.signed_in
def make_transcript() -> ResponseReturnValue:
    return _made(me(), url_for("certificates.transcripts_of_mine"))


@blueprint.get("/certificates/people/<uuid:person_id>/transcripts")
@access.only(Role.LEAD, Role.ADMIN)
def transcripts_of(person_id: UUID) -> ResponseReturnValue:
    """Those that a lead made of somebody in their cohorts."""
    return _shown(_subject(person_id))


@blueprint.post("/certificates/people/<uuid:person_id>/transcripts")
@access.only(Role.LEAD, Role.ADMIN)
def make_transcript_of(person_id: UUID) -> ResponseReturnValue:
    return _made(_subject(person_id), url_for("certificates.transcripts_of", person_id=person_id))


@blueprint.get("/certificates/transcripts/<uuid:transcript_id>/document")
@access.signed_in
def transcript_document(transcript_id: UUID) -> ResponseReturnValue:
    """The PDF, bit by bit as it was printed."""
    transcript = one_or_404(transcripts.readable_by(me()).where(Transcript.id == transcript_id))
    if transcript.file is None:
        abort(404)
    return files.send(transcript.file)


@blueprint.post("/certificates/transcripts/<uuid:transcript_id>/withdrawal")
@access.signed_in
def withdraw_transcript(transcript_id: UUID) -> ResponseReturnValue:
    """Let its address open nothing any more. Only the one whom it is about does so."""
    mine = transcripts.of(me(), me()).where(Transcript.id == transcript_id)
    transcripts.withdraw(one_or_404(mine), me())
    said = _("The transcript is withdrawn. Its code and its address open nothing any more.")
    return back(url_for("certificates.transcripts_of_mine"), said)


@blueprint.get("/verify/transcripts/<code>")
@access.public
@throttle.reads("120 per minute")
def transcript_verified(code: str) -> ResponseReturnValue:
    """What was issued under a code: every printed fact, and nothing else of the person; a page, or JSON."""
    found = transcripts.look_up(code)
    if kind := negotiating.machine():
        return negotiating.told(kind, answering.transcribed(found), found)
    return negotiating.shown(_verified(found) if found else missing.code(), found)


def _verified(found: Transcript) -> str:
    return render_template(
        "certificates/transcript_verified.html",
        transcript=found,
        facts=TranscriptFacts.from_json(found.facts),
        same=found.sha256 is not None and request.args.get("file") == found.sha256,
        largest=LARGEST_FILE,
        now=clock.now(),
    )


def _subject(person_id: UUID) -> Person:
    return one_or_404(transcripts.subjects_of(me()).where(Person.id == person_id))


def _made(person: Person, address: str) -> ResponseReturnValue:
    form = TranscriptForm()
    if not form.validate():
        return _page(person, form), 422
    transcripts.issue(person, me(), form.languages.data)
    return back(address, _("The transcript is made. Its PDF is here in a few seconds."))


def _shown(person: Person) -> ResponseReturnValue:
    """The page; nothing to whoever only asks whether another one is printed, and none is."""
    found = session.scalars(transcripts.of(person, me())).all()
    pending = str(len(_pending(found, transcripts.given_up(found))))
    if is_fragment() and request.args.get("pending") == pending:
        return "", 204
    return _page(person, TranscriptForm(formdata=None))


def _pending(found: Sequence[Transcript], failed: set[UUID]) -> list[Transcript]:
    return [each for each in found if each.file_id is None and each.id not in failed]


def _page(person: Person, form: TranscriptForm) -> str:
    found = session.scalars(transcripts.of(person, me())).all()
    failed = transcripts.given_up(found)
    return render_template(
        "certificates/transcripts.html",
        person=person,
        own=person.id == me().id,
        transcripts=[(each, TranscriptFacts.from_json(each.facts)) for each in found],
        failed=failed,
        pending=len(_pending(found, failed)),
        printed_in=LANGUAGES,
        addresses={each.id: addresses.full("certificates.transcript_verified", code=each.code) for each in found},
        form=form,
    )
