"""A transcript of this installation, for the tests of what becomes of one."""

from certificates import issuers, transcripts
from certificates.transcript_models import Transcript
from lms.kit import files
from lms.kit.db import session
from lms.kit.words import Words
from lms.people.models import Role
from lms.pipeline.models import Stage
from tests import make


def transcribed(courses: int = 2, **person: object) -> Transcript:
    """Issued and printed, of somebody with so many completed courses."""
    issuers.appoint(
        Words(ko="허브", en="Hub"), Words(ko="한서윤", en="Han Seoyun"), Words(ko="장", en="Head"), make.admin()
    )
    taking_part = make.traineeship(make.cohort(), make.person(Role.TRAINEE, **person), stage=Stage.COMPLETED)
    for _each in range(courses):
        make.enrolment(make.offering(to=taking_part.cohort), taking_part)
    make.completion(taking_part)
    transcript = transcripts.issue(taking_part.person, taking_part.person, "both")
    session.commit()
    transcripts.print_transcript(str(transcript.id))
    session.refresh(transcript)
    return transcript


def content(transcript: Transcript) -> bytes:
    return files.path_of(transcript.file).read_bytes()
