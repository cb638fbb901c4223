"""Pages of admitting: who applied, one application, and the decision about one or many."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from sqlalchemy import Select, and_, func, or_, select
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length

from courses.learning import admitting
from courses.learning.admitting import Deed
from lms.kit.db import session
from lms.kit.lists import page_of
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import AuditEntry, Person, Role
from lms.pipeline import admissions, applications, cohorts, overlaps, traineeships
from lms.pipeline.forms import REASONS, WithdrawalForm, keepable, strip
from lms.pipeline.models import Application, Cohort, LeavingReason, Stage, Traineeship

blueprint = Blueprint("admissions", __name__)

STAGES = (Stage.APPLIED, Stage.WAITING, Stage.ADMITTED, Stage.DECLINED, Stage.WITHDRAWN)
MOST_AT_ONCE = 200
ORDERS = {
    "name": (Person.name, Application.id),
    "-name": (Person.name.desc(), Application.id),
    "sent": (Application.sent_at, Application.id),
    "-sent": (Application.sent_at.desc(), Application.id),
    "waiting": (Application.waiting_since, Application.sent_at),
    "-waiting": (Application.waiting_since.desc(), Application.sent_at),
}


SHOWN = {
    "": _l("All"),
    "applied": _l("Applied"),
    "waiting": _l("On the waiting list"),
    "admitted": _l("Admitted"),
    "declined": _l("Declined"),
    "withdrawn": _l("Withdrawn"),
}


class FilterForm(FlaskForm):
    """Which applications the list shows; it stands in the address."""

    class Meta:
        csrf = False

    q = StringField(_l("Name, e-mail or receipt"), filters=[strip])
    stage = SelectField(_l("Stage"), choices=[SelectChoice(value, label) for value, label in SHOWN.items()])


class DecisionForm(FlaskForm):
    """One deed about the chosen applications, with a message to all of them."""

    deed = HiddenField(validators=[AnyOf([deed.value for deed in Deed])])
    message = TextAreaField(_l("Message to them"), filters=[strip], validators=[Length(max=2000), keepable])


@blueprint.get("/cohorts/<uuid:cohort_id>/admissions")
@access.only(Role.LEAD, Role.ADMIN)
def page(cohort_id: UUID) -> str:
    """Who applied to one cohort."""
    cohort = _led(cohort_id)
    form = FilterForm(formdata=request.args)
    sort = request.args.get("sort", "sent")
    found = page_of(
        _listed(cohort, form.q.data or "", form.stage.data or "").order_by(*ORDERS.get(sort, ORDERS["sent"]))
    )
    counted = select(Application.stage, func.count()).where(
        Application.cohort_id == cohort.id, Application.stage.is_not(None)
    )
    counts = {row[0]: row[1] for row in session.execute(counted.group_by(Application.stage))}
    return render_template(
        "courses/learning/admissions.html",
        cohort=cohort,
        page=found,
        form=form,
        sort=sort,
        counts=counts,
        stages=STAGES,
        left=cohorts.seats_left(cohort),
    )


@blueprint.get("/cohorts/<uuid:cohort_id>/admissions/decision")
@access.only(Role.LEAD, Role.ADMIN)
def ask(cohort_id: UUID) -> ResponseReturnValue:
    """The chosen people, the seats, a message: the last look before a decision."""
    cohort = _led(cohort_id)
    chosen = _chosen(cohort, request.args.getlist("chosen"))
    if not chosen:
        return back(url_for("admissions.page", cohort_id=cohort_id), _("Choose at least one person first."), "warn")
    form = DecisionForm(formdata=None, data={"deed": request.args.get("deed")})
    return _ask(cohort, chosen, form)


@blueprint.post("/cohorts/<uuid:cohort_id>/admissions/decision")
@access.only(Role.LEAD, Role.ADMIN)
def decide(cohort_id: UUID) -> ResponseReturnValue:
    """Decide about the chosen ones; what was refused is told by name."""
    cohort = _led(cohort_id)
    chosen = _chosen(cohort, request.form.getlist("chosen"))
    form = DecisionForm()
    if not chosen or not form.validate():
        return _ask(cohort, chosen, form), 422
    deed = Deed(form.deed.data)
    outcome = admitting.decide(chosen, deed, me(), form.message.data)
    said = _said(deed, len(outcome.done))
    if not outcome.refused:
        return back(url_for("admissions.page", cohort_id=cohort_id), said)
    return render_template(
        "courses/learning/admissions_outcome.html", cohort=cohort, outcome=outcome, said=said, deed=deed
    )


@blueprint.get("/cohorts/<uuid:cohort_id>/admissions/<uuid:application_id>")
@access.only(Role.LEAD, Role.ADMIN)
def application(cohort_id: UUID, application_id: UUID) -> str:
    """One application with its documents and what was done about it."""
    return _one(_application(cohort_id, application_id), WithdrawalForm(formdata=None))


@blueprint.post("/cohorts/<uuid:cohort_id>/admissions/<uuid:application_id>/leaving")
@access.only(Role.LEAD, Role.ADMIN)
def leave(cohort_id: UUID, application_id: UUID) -> ResponseReturnValue:
    """Note that an admitted person dropped out; the next in line moves up."""
    sent = _application(cohort_id, application_id)
    traineeship = one_or_404(traineeships.led_by(me()).where(Traineeship.application_id == sent.id))
    form = WithdrawalForm()
    if not form.validate():
        return _one(sent, form), 422
    admissions.leave(traineeship, me(), LeavingReason(form.reason.data), form.note.data)
    address = url_for("admissions.application", cohort_id=cohort_id, application_id=application_id)
    return back(
        address, _("%(name)s has left. The seat went to the next in line, if there was one.", name=sent.person.name)
    )


def _led(cohort_id: UUID) -> Cohort:
    return one_or_404(cohorts.led_by(me()).where(Cohort.id == cohort_id))


def _application(cohort_id: UUID, application_id: UUID) -> Application:
    led = applications.led_by(me()).where(Application.cohort_id == cohort_id, Application.id == application_id)
    return one_or_404(led.options(*applications.WITH_DOCUMENTS))


def _listed(cohort: Cohort, words: str, stage: str) -> Select[Application]:
    query = applications.led_by(me()).join(Application.person).where(Application.cohort_id == cohort.id)
    if stage in STAGES:
        query = query.where(Application.stage == Stage(stage))
    for word in words.split()[:5]:
        fits = [
            column.icontains(word, autoescape=True)
            for column in (Person.name, Person.latin_name, Person.email, Application.receipt)
        ]
        query = query.where(or_(*fits))
    return query


def _chosen(cohort: Cohort, keys: Sequence[str]) -> list[Application]:
    wanted = [UUID(key) for key in keys[:MOST_AT_ONCE] if len(key) == 36 and key.replace("-", "").isalnum()]
    query = applications.led_by(me()).where(and_(Application.cohort_id == cohort.id, Application.id.in_(wanted)))
    return list(session.scalars(query.order_by(Application.sent_at, Application.id)))


def _ask(cohort: Cohort, chosen: list[Application], form: DecisionForm) -> str:
    deed = Deed(form.deed.data) if form.deed.data in set(Deed) else Deed.ADMIT
    form.deed.data = deed.value
    return render_template(
        "courses/learning/admissions_decision.html",
        cohort=cohort,
        chosen=chosen,
        form=form,
        deed=deed,
        left=cohorts.seats_left(cohort),
        beside=overlaps.told_to(me(), cohort, [each.person_id for each in chosen]) if deed is Deed.ADMIT else {},
    )


def _one(sent: Application, form: WithdrawalForm) -> str:
    traineeship = session.scalar(select(Traineeship).where(Traineeship.application_id == sent.id))
    entries = select(AuditEntry).where(AuditEntry.subject_id == sent.id).order_by(AuditEntry.happened_at)
    return render_template(
        "courses/learning/admissions_application.html",
        application=sent,
        cohort=_led(sent.cohort_id),
        form=form,
        reasons=REASONS,
        stage=traineeship.stage if traineeship else sent.stage,
        entries=session.scalars(entries).all(),
        moves=session.scalars(traineeships.ledger(sent.cohort_id, sent.person_id)).all(),
        place=admissions.place_in_line(sent),
        deeds=[deed for deed in Deed if traineeships.may_follow(sent, TO[deed])],
        leaves=traineeship is not None and traineeships.may_follow(traineeship, Stage.LEFT),
    )


TO = {Deed.ADMIT: Stage.ADMITTED, Deed.WAIT: Stage.WAITING, Deed.DECLINE: Stage.DECLINED}


def _said(deed: Deed, count: int) -> str:
    if deed == Deed.ADMIT:
        return ngettext(
            "%(num)s person was admitted and told by mail.", "%(num)s people were admitted and told by mail.", count
        )
    if deed == Deed.WAIT:
        return ngettext(
            "%(num)s person is on the waiting list now and was told by mail.",
            "%(num)s people are on the waiting list now and were told by mail.",
            count,
        )
    return ngettext(
        "%(num)s person was declined and told by mail.", "%(num)s people were declined and told by mail.", count
    )
