"""What joining two persons means in the pipeline: one application and one traineeship in each cohort, with one line of moves."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.kit import i18n
from lms.kit.refusal import Refused
from lms.people import merging
from lms.people.merge_plans import Gone, Kept, Settlement, when_both
from lms.people.merge_rows import Row, table_of
from lms.pipeline.models import Cohort, Stage

merging.count_rows(_l("Applications"), "application")
merging.count_rows(_l("Traineeships"), "traineeship")
merging.count_rows(_l("Stages in the ledger"), "stage_event")

# How far somebody came; whoever left came less far than whoever is still there.
FAR = {
    None: 0, Stage.WITHDRAWN: 1, Stage.DECLINED: 2, Stage.APPLIED: 3, Stage.WAITING: 4, Stage.LEFT: 5, Stage.ADMITTED: 6,
    Stage.TRAINING: 7, Stage.COMPLETED: 8, Stage.CERTIFIED: 9, Stage.PLACED: 10,
}  # fmt: skip


@when_both("application")
@when_both("traineeship")
def in_one_cohort(session: Session, gone: Row, kept: Row) -> Settlement:
    """The one who came further stays in the cohort; the other's row leaves it with the moves that led there.

    Raises Refused when both hold a certificate of it: then one of them has to be revoked first, by whoever knows which.
    """
    far = {person: _standing(session, gone["cohort_id"], person) for person in (gone["person_id"], kept["person_id"])}
    if all(certified for _far, certified in far.values()):
        cohort = session.get_one(Cohort, gone["cohort_id"])
        raise Refused(
            _(
                "Both were certified in “%(cohort)s”. Revoke the certificate that should not be, then join the two.",
                cohort=i18n.best(cohort.title),
            )
        )
    loser = gone if far[gone["person_id"]] <= far[kept["person_id"]] else kept
    moves = _moves(session, loser["cohort_id"], loser["person_id"])
    return Gone(moves) if loser is gone else Kept(moves)


@when_both("profile")
@when_both("profile_draft")
@when_both("progress_mark")
def first_one_stays(_session: Session, _gone: Row, _kept: Row) -> Settlement:
    """What is told once about somebody: the account that stays told it for itself."""
    return Gone()


def _standing(session: Session, cohort_id: Any, person_id: Any) -> tuple[int, bool]:
    applications, places = table_of("application"), table_of("traineeship")
    found: list[tuple[int, bool]] = [(0, False)]
    for table in (applications, places):
        mine = select(table.c.stage).where(table.c.cohort_id == cohort_id, table.c.person_id == person_id)
        for stage in session.connection().execute(mine).scalars():
            found.append((FAR[stage], stage in (Stage.CERTIFIED, Stage.PLACED)))
    if len(found) > 1 and found[-1][0] == FAR[Stage.LEFT]:
        return found[-1]  # the application still says "admitted"
    return max(found)


def _moves(session: Session, cohort_id: Any, person_id: Any) -> tuple[tuple[str, Row], ...]:
    table = table_of("stage_event")
    mine = select(table).where(table.c.cohort_id == cohort_id, table.c.person_id == person_id).order_by(table.c.id)
    return tuple(("stage_event", dict(row)) for row in session.connection().execute(mine).mappings())
