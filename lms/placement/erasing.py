"""What this room forgets when a person was erased: titles, notes, evidence. That somebody was placed, and when, stays."""

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from lms.kit import db, files, jobs
from lms.kit.db import session
from lms.people import audit
from lms.people.erasing import erased
from lms.pipeline.models import Traineeship
from lms.placement.models import Contact, FollowUp, Placement, PlacementWithdrawal


@jobs.on("person_erased")
def erase_in_placement(person_id: str) -> None:
    """Empty what was written about somebody's work, and let the files go."""
    with db.transaction():
        person = erased(person_id)
        mine = select(Traineeship.id).where(Traineeship.person_id == person.id)
        found = session.scalars(
            select(Placement).where(Placement.traineeship_id.in_(mine)).options(joinedload(Placement.file))
        ).all()
        for each in found:
            each.title = each.reason = ""
            if each.file:
                files.forget(each.file)
        wrong = PlacementWithdrawal.placement_id.in_([each.id for each in found])
        session.execute(update(PlacementWithdrawal).where(wrong).values(reason=""))
        rounds = select(FollowUp.id).where(FollowUp.traineeship_id.in_(mine))
        session.execute(update(Contact).where(Contact.follow_up_id.in_(rounds)).values(note=""))
        audit.note(None, "person.erased_in_placement", person, new={"placements": len(found)})
    jobs.committed()
