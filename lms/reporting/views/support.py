"""Who may need help, what was done about it, and the rules of noticing for those who are noticed."""

from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from lms.kit import clock
from lms.kit.db import session
from lms.kit.templating import part
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline import traineeships
from lms.pipeline.models import Cohort, Traineeship
from lms.reporting import risk, risk_list, risk_words, support
from lms.reporting.support_forms import STATES, ContactForm, SupportFilterForm
from lms.reporting.support_models import ContactWay
from lms.reporting.views.room import blueprint

HELPERS = (Role.INSTRUCTOR, Role.LEAD, Role.ADMIN)


@blueprint.get("/support", endpoint="support")
@access.only(*HELPERS)
def support_list() -> str:
    """The list of one's own cohorts, or of one of them."""
    mine = session.scalars(support.cohorts_of(me())).unique().all()
    wanted, state = request.args.get("cohort", ""), request.args.get("state", "")
    chosen = [each for each in mine if wanted in ("", str(each.id))]
    if state not in STATES or (wanted and not chosen):
        abort(404)
    sheet = risk_list.of(chosen, me())
    form = SupportFilterForm.showing(wanted, state, mine)
    shown = sheet.only(state)
    return render_template(
        "lms/reporting/support.html",
        sheet=sheet,
        shown=shown,
        form=form,
        mine=mine,
        say=risk_words,
        leads=bool(me().roles & {Role.LEAD, Role.ADMIN}),
    )


@blueprint.get("/support/<uuid:cohort_id>/<uuid:person_id>")
@access.only(*HELPERS)
def support_of(cohort_id: UUID, person_id: UUID) -> str:
    """One person: the reasons of today, every contact, and the form for the next."""
    form = ContactForm(formdata=None, data={"held_on": clock.today()})
    return _page(_traineeship(cohort_id, person_id), form)


@blueprint.post("/support/<uuid:cohort_id>/<uuid:person_id>/contacts")
@access.only(*HELPERS)
def note_contact(cohort_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Write down that somebody was spoken with."""
    found, form = _traineeship(cohort_id, person_id), ContactForm()
    if not form.validate():
        return _page(found, form), 422
    given = {"held_on": form.held_on.data, "agreed": form.agreed.data, "next_on": form.next_on.data}
    support.note(found, me(), how=ContactWay(form.how.data), **given)
    return back(url_for("reporting.support_of", cohort_id=cohort_id, person_id=person_id), _("Noted."))


@blueprint.get("/support/rules")
@access.signed_in
def support_rules() -> str:
    """How we notice that somebody may need help: for trainees, with what is known of the reader today."""
    today = clock.today()
    own = session.scalars(traineeships.of(me())).all()
    running = [each.cohort for each in own if each.cohort.starts_on <= today <= each.cohort.ends_on + support.TAIL]
    facts = [(cohort, found) for cohort in running if (found := risk_list.facts_of(cohort, me().id))]
    return render_template(
        "lms/reporting/support_rules.html",
        own=[(cohort, risk.reasons(found)) for cohort, found in facts],
        say=risk_words,
        rules=risk,
        learned=risk_list.learned(),
    )


def block(cohort: Cohort) -> Markup:
    """The first few of a cohort, for its page; nothing before its first day and when it is long over."""
    if not cohort.starts_on <= clock.today() <= cohort.ends_on + support.TAIL:
        return Markup()
    sheet = risk_list.of([cohort], me())
    first = sheet.lines[: risk_list.TOP]
    of = [(each.person.id, each.person.name, each.reasons, each.state) for each in first]
    given = {"sheet": sheet, "first": first, "cohort": cohort, "say": risk_words}
    return part("lms/reporting/_risk.html", (cohort.id, len(sheet.lines), tuple(of)), **given)


def _traineeship(cohort_id: UUID, person_id: UUID) -> Traineeship:
    mine = support.visible_to(me())
    return one_or_404(mine.where(Traineeship.cohort_id == cohort_id, Traineeship.person_id == person_id))


def _page(found: Traineeship, form: ContactForm) -> str:
    facts = risk_list.facts_of(found.cohort, found.person_id)
    return render_template(
        "lms/reporting/support_person.html",
        found=found,
        facts=facts,
        reasons=risk.reasons(facts) if facts else (),
        contacts=session.scalars(support.contacts([found.cohort_id], found.person_id)).all(),
        form=form,
        say=risk_words,
        running=clock.today() >= found.cohort.starts_on,
    )
