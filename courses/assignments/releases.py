"""Releasing: all marks of an assignment in an offering are shown in one step; a correction needs a release of its own."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from courses.assignments import markings, submissions
from courses.assignments.models import Marking, Release, ReleasedMarking, Submission
from courses.catalogue.models import Activity
from courses.learning import progress
from courses.learning.models import Enrolment, Offering
from lms.kit import clock, i18n, jobs, mail
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import public_url
from lms.people import audit
from lms.people.models import Person


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a release would show now, in people: ready (of whom passed), still unmarked, shown already."""

    ready: int
    passed: int
    unmarked: int
    shown: int


def ready(offering: Offering, activity: Activity) -> Select[Marking]:
    """Of each person the marking that counts, of the newest version that was marked, if it was not released yet."""
    newer, same, its_marking = aliased(Submission), aliased(Activity), aliased(Marking)
    a_newer_marked_version = exists().where(
        newer.enrolment_id == Submission.enrolment_id,
        newer.number > Submission.number,
        same.id == newer.activity_id,
        same.key == Activity.key,
        exists().where(its_marking.submission_id == newer.id),
    )
    return (
        select(Marking)
        .join(Submission, Submission.id == Marking.submission_id)
        .join(Activity, Activity.id == Submission.activity_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(
            Enrolment.offering_id == offering.id,
            Enrolment.ended_at.is_(None),
            Activity.key == activity.key,
            markings.IS_NEWEST,
            ~a_newer_marked_version,
            ~exists().where(ReleasedMarking.marking_id == Marking.id),
        )
        .order_by(Submission.handed_in_at, Submission.id)
    )


def outlook(offering: Offering, activity: Activity) -> Outlook:
    """The counts behind the question "release now?". Two queries."""
    waiting = ready(offering, activity).order_by(None).with_only_columns(Marking.passed).subquery()
    count, passed = session.execute(
        select(func.count(), func.count().filter(waiting.c.passed)).select_from(waiting)
    ).one()
    marked = exists().where(Marking.submission_id == Submission.id)
    shown = exists().where(Marking.submission_id == Submission.id, ReleasedMarking.marking_id == Marking.id)
    unmarked, shown_count = session.execute(
        select(func.count().filter(~marked), func.count().filter(shown))
        .select_from(Submission)
        .join(Activity, Activity.id == Submission.activity_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(
            Enrolment.offering_id == offering.id,
            Enrolment.ended_at.is_(None),
            Activity.key == activity.key,
            submissions.IS_NEWEST,
        )
    ).one()
    return Outlook(count, passed, unmarked, shown_count)


def earlier(offering: Offering, activity: Activity) -> Select[Release, int]:
    """The releases so far, newest first, each with how many marks it showed."""
    count = select(func.count()).where(ReleasedMarking.release_id == Release.id).scalar_subquery()
    return (
        select(Release, count)
        .join(Activity, Activity.id == Release.activity_id)
        .where(Release.offering_id == offering.id, Activity.key == activity.key)
        .order_by(Release.released_at.desc(), Release.id.desc())
        .options(joinedload(Release.by).lazyload(Person.grants))
    )


def release(offering: Offering, activity: Activity, by: Person) -> tuple[Release, int]:
    """Show everything that is ready; returns the release and how many people it reaches.

    Each gets one letter; who passed has the activity done; "work_changed" is announced for all. Raises Refused when
    nothing is ready. Two releases at once: the database lets no marking be released twice.
    """
    owner = joinedload(Marking.submission).joinedload(Submission.enrolment).joinedload(Enrolment.person)
    shown = session.scalars(ready(offering, activity).options(owner.lazyload(Person.grants))).unique().all()
    if not shown:
        raise Refused(_("No marks are waiting to be released. Mark some work first."))
    made = Release(offering_id=offering.id, activity_id=activity.id, by_id=by.id, released_at=clock.now())
    session.add(made)
    session.flush()
    session.add_all(ReleasedMarking(marking_id=marking.id, release_id=made.id) for marking in shown)
    session.flush()
    now = _activities_now(offering, activity.key)
    for marking in shown:
        enrolment = marking.submission.enrolment
        current = now.get(enrolment.version_id, activity)
        if marking.passed:
            progress.finish(enrolment, current)
        jobs.announce("work_changed", enrolment_id=str(enrolment.id))
        _tell(enrolment, current)
    audit.note(
        by, "marks.released", made, new={"offering": str(offering.id), "activity": activity.key, "people": len(shown)}
    )
    return made, len(shown)


def _activities_now(offering: Offering, key: str) -> dict[object, Activity]:
    """Course version → this assignment in it, for every version that somebody in the offering is on."""
    on = select(Enrolment.version_id).where(Enrolment.offering_id == offering.id)
    found = session.scalars(select(Activity).where(Activity.key == key, Activity.version_id.in_(on)))
    return {each.version_id: each for each in found}


def _tell(enrolment: Enrolment, activity: Activity) -> None:
    person = enrolment.person
    with i18n.speaking(person.language):
        title = i18n.best(activity.title)
        url = public_url("assignments.read", enrolment_id=enrolment.id, activity_id=activity.id)
        subject = _("Your work is marked: %(title)s", title=title)
        text = _(
            "Hello %(name)s,\n\nyour marks for “%(title)s” are there, with a comment for each criterion. Read them here:\n\n"
            "%(url)s\n\nThe same page says whom you may ask about them.",
            name=person.name,
            title=title,
            url=url,
        )
    mail.post(person.email, person.name, subject, text)
