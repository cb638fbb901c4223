"""What this room forgets when a person was erased: what they wrote and uploaded. Stages and their days stay."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import selectinload

from lms.kit import db, files, jobs
from lms.kit.db import session
from lms.people import audit
from lms.people.erasing import erased
from lms.people.models import Person
from lms.pipeline import traineeships
from lms.pipeline.models import (
    Application,
    ApplicationDocument,
    Lead,
    LeavingReason,
    Profile,
    Stage,
    StageEvent,
    Traineeship,
)


@jobs.on("person_erased")
def erase_in_pipeline(person_id: str) -> None:
    """Empty the applications, let documents go, give up what is still open, take notes out of the ledger."""
    with db.transaction():
        person = erased(person_id)
        applications, documents = _forget_applications(person)
        _give_up(person)
        session.execute(delete(Profile).where(Profile.person_id == person.id))
        session.execute(delete(Lead).where(Lead.person_id == person.id))
        session.execute(update(StageEvent).where(StageEvent.person_id == person.id).values(note=""))
        audit.note(
            None, "person.erased_in_pipeline", person, new={"applications": applications, "documents": documents}
        )
    jobs.committed()


def _forget_applications(person: Person) -> tuple[int, int]:
    """How many applications were emptied, and documents let go."""
    mine = select(Application).where(Application.person_id == person.id)
    whole = mine.options(selectinload(Application.documents).joinedload(ApplicationDocument.file))
    found = session.scalars(whole).all()
    documents = [document for each in found for document in each.documents]
    for document in documents:
        files.forget(document.file)
    for each in found:
        each.name = each.latin_name = each.motivation = each.background = ""
        if each.sent_at is None:
            session.delete(each)
    session.flush()
    return len(found), len(documents)


def _give_up(person: Person) -> None:
    """Nobody can be admitted or trained any more who cannot be written to."""
    applications = session.scalars(select(Application).where(Application.person_id == person.id))
    places = session.scalars(select(Traineeship).where(Traineeship.person_id == person.id))
    open_ones: list[Application | Traineeship] = [*applications, *places]
    for each in open_ones:
        last = Stage.WITHDRAWN if isinstance(each, Application) else Stage.LEFT
        if traineeships.may_follow(each, last):
            traineeships.advance(each, last, by=person, reason=LeavingReason.OTHER)
