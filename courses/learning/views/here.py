"""Where the links inside texts lead: a text is the same for everybody, so the reader's own enrolment is found when it is followed."""

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from courses.catalogue.models import Activity
from courses.learning import activities, enrolments
from courses.learning.models import Enrolment
from courses.learning.views import blueprint
from lms.kit.web import one_or_404
from lms.people import access
from lms.people.access import me


@blueprint.get("/learn/here/<uuid:activity_id>")
@access.signed_in
def here(activity_id: UUID) -> ResponseReturnValue:
    """The activity in the reader's own, newest enrolment on the version that the link stands in."""
    own = (
        enrolments.of(me())
        .join(Activity, Activity.version_id == Enrolment.version_id)
        .where(Activity.id == activity_id)
    )
    enrolment = one_or_404(own.order_by(Enrolment.enrolled_at.desc()).limit(1))
    _enrolment, activity = activities.in_enrolment(me(), enrolment.id, activity_id)
    return redirect(url_for(activities.PAGES[activity.kind], enrolment_id=enrolment.id, activity_id=activity.id), 303)
