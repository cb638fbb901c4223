"""Pages of surveys: one's own, the lead's, the questions."""

from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.kit import clock, i18n, sheets
from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline import cohorts as pipeline
from lms.pipeline.models import Cohort
from lms.surveys import answering, asking, exports, questions, results
from lms.surveys.forms import QuestionnaireForm, SurveyForm
from lms.surveys.models import Survey

blueprint = Blueprint("surveys", __name__)
staff = access.only(Role.LEAD, Role.ADMIN)


@blueprint.get("/surveys")
@access.signed_in
def mine() -> str:
    """The surveys in which one is asked."""
    today = clock.today()
    found = session.scalars(asking.of(me()).order_by(Survey.closes_on.desc())).all()
    open_ = [each for each in found if each.state_on(today) == "open"]
    return render_template("lms/surveys/mine.html", surveys=open_, answered=asking.answered_by(me()))


@blueprint.get("/surveys/<uuid:survey_id>/answer")
@access.signed_in
def ask(survey_id: UUID) -> str:
    return _asking(_own(survey_id))


@blueprint.post("/surveys/<uuid:survey_id>/answer")
@access.signed_in
def answer(survey_id: UUID) -> ResponseReturnValue:
    """Keep what was said; it cannot be changed afterwards, because nobody knows whose it is."""
    survey = _own(survey_id)
    try:
        answering.answer(survey, me(), request.form)
    except Refused as no:
        return _asking(survey, refused=no.sentence), 422
    return back(url_for("surveys.mine"), _("Thank you. Your answers are kept without your name."))


@blueprint.get("/surveys/cohorts")
@staff
def cohorts() -> str:
    """Every survey of the cohorts that one leads, and the cohorts that were not asked."""
    found = session.scalars(asking.led_by(me()).order_by(Survey.closes_on.desc(), Survey.subject)).all()
    led = session.scalars(pipeline.led_by(me()).order_by(Cohort.starts_on.desc())).all()
    return render_template(
        "lms/surveys/cohorts.html",
        surveys=found,
        turnout=asking.turnout(found),
        results=results.means_of(list(found)),
        cohorts=[each for each in led if each.starts_on <= clock.today()],
        today=clock.today(),
    )


@blueprint.get("/surveys/cohorts/<uuid:cohort_id>")
@staff
def new(cohort_id: UUID) -> str:
    return _new(_led(cohort_id), SurveyForm(formdata=None))


@blueprint.post("/surveys/cohorts/<uuid:cohort_id>")
@staff
def begin(cohort_id: UUID) -> ResponseReturnValue:
    """Ask a cohort."""
    cohort, form = _led(cohort_id), SurveyForm()
    if not form.validate():
        return _new(cohort, form), 422
    try:
        title, days = form.title, {"opens_on": form.opens_on.data, "closes_on": form.closes_on.data}
        survey = asking.begin(cohort, me(), title=title, **days)
    except Refused as no:
        form.closes_on.errors = [no.sentence]
        return _new(cohort, form), 422
    return back(
        url_for("surveys.survey", survey_id=survey.id), _("The survey is ready. Letters leave on its first day.")
    )


@blueprint.get("/surveys/<uuid:survey_id>")
@staff
def survey(survey_id: UUID) -> str:
    """One survey: how many answered; after its end what they said."""
    one = _led_survey(survey_id)
    return render_template(
        "lms/surveys/survey.html",
        survey=one,
        state=one.state_on(clock.today()),
        turnout=asking.turnout([one])[one.id],
        results=results.of(one),
        steps=results.STEPS,
        questions=questions.of(one.questionnaire),
    )


@blueprint.post("/surveys/<uuid:survey_id>/closing")
@staff
def close(survey_id: UUID) -> ResponseReturnValue:
    asking.close(_led_survey(survey_id), me())
    return back(url_for("surveys.survey", survey_id=survey_id), _("The survey is over. These are its results."))


@blueprint.post("/surveys/<uuid:survey_id>/export")
@staff
def export(survey_id: UUID) -> Response:
    """The results as a workbook."""
    one = _led_survey(survey_id)
    found = results.of(one)
    if found is None:
        abort(404)
    name = i18n.best(one.title or one.cohort.title)
    return sheets.download(exports.workbook(one, found, me()), f"{_('Survey')} {name}.xlsx", sheets.XLSX)


@blueprint.get("/surveys/questions")
@staff
def edit() -> str:
    return _editing(QuestionnaireForm(formdata=None).show(None, questions.latest()))


@blueprint.post("/surveys/questions")
@staff
def change() -> ResponseReturnValue:
    """Keep another version of the questions. Surveys that were begun keep theirs."""
    form = QuestionnaireForm().show(request.form, questions.latest())
    if not form.check():
        return _editing(form), 422
    try:
        made = questions.change(me(), form.questions(), reason=form.reason.data, seen=form.seen_number)
    except Refused as no:
        return _editing(form, refused=no.sentence), 409
    return back(url_for("surveys.edit"), _("Version %(number)s is kept. New surveys ask it.", number=made.number))


def _own(survey_id: UUID) -> Survey:
    return one_or_404(asking.of(me()).where(Survey.id == survey_id))


def _led(cohort_id: UUID) -> Cohort:
    return one_or_404(pipeline.led_by(me()).where(Cohort.id == cohort_id))


def _led_survey(survey_id: UUID) -> Survey:
    return one_or_404(asking.led_by(me()).where(Survey.id == survey_id))


def _asking(survey: Survey, refused: str = "") -> str:
    return render_template(
        "lms/surveys/ask.html",
        survey=survey,
        state=survey.state_on(clock.today()),
        answered=survey.id in asking.answered_by(me()),
        questions=questions.of(survey.questionnaire),
        steps=results.STEPS,
        sent=request.form,
        refused=refused,
        longest=answering.LONGEST,
    )


def _new(cohort: Cohort, form: SurveyForm) -> str:
    return render_template("lms/surveys/new.html", cohort=cohort, form=form, latest=questions.latest())


def _editing(form: QuestionnaireForm, refused: str = "") -> str:
    versions = session.scalars(questions.versions()).all()
    return render_template("lms/surveys/questions.html", form=form, refused=refused, versions=versions)
