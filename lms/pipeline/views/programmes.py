"""The administrator's programmes."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from lms.kit.db import session
from lms.kit.refusal import Refused
from lms.kit.web import back, one_or_404
from lms.kit.words import Words
from lms.people import access, audit
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline import cohorts as rules
from lms.pipeline.forms import ProgrammeForm
from lms.pipeline.models import Cohort, Programme
from lms.pipeline.views.room import blueprint


@blueprint.get("/programmes")
@access.only(Role.ADMIN)
def programmes() -> str:
    counted = select(Cohort.programme_id, func.count()).group_by(Cohort.programme_id)
    found = session.scalars(select(Programme).order_by(Programme.made_at)).all()
    counts = {row[0]: row[1] for row in session.execute(counted)}
    return render_template("lms/pipeline/programmes.html", programmes=found, counts=counts)


@blueprint.get("/programmes/new")
@access.only(Role.ADMIN)
def new_programme() -> str:
    return render_template("lms/pipeline/programme_form.html", form=ProgrammeForm(), programme=None)


@blueprint.post("/programmes")
@access.only(Role.ADMIN)
def create_programme() -> ResponseReturnValue:
    form = ProgrammeForm()
    if form.validate():
        try:
            rules.create_programme(form.fill(Programme()), me())
        except Refused as no:
            form.title_en.errors = [no.sentence]
        else:
            return back(url_for("pipeline.programmes"), _("The programme is made. Now give it a cohort."))
    return render_template("lms/pipeline/programme_form.html", form=form, programme=None), 422


@blueprint.get("/programmes/<uuid:programme_id>")
@access.only(Role.ADMIN)
def edit_programme(programme_id: UUID) -> str:
    programme = one_or_404(select(Programme).where(Programme.id == programme_id))
    return render_template(
        "lms/pipeline/programme_form.html", form=ProgrammeForm.showing(programme), programme=programme
    )


@blueprint.post("/programmes/<uuid:programme_id>")
@access.only(Role.ADMIN)
def change_programme(programme_id: UUID) -> ResponseReturnValue:
    """Save, unless somebody saved something else in between: then theirs is shown and nothing typed is lost."""
    programme = one_or_404(select(Programme).where(Programme.id == programme_id).with_for_update())
    form = ProgrammeForm()
    differences = form.overtaken(programme) if form.validate() else []
    if form.errors or differences:
        shown = {"form": form, "programme": programme, "differences": differences}
        return render_template("lms/pipeline/programme_form.html", **shown), 409 if differences else 422
    old = _texts(programme)
    audit.note(me(), "programme.changed", programme, old=old, new=_texts(form.fill(programme)))
    return back(
        url_for("pipeline.programmes"), _("%(title)s is saved.", title=Words(programme.title).best(me().language))
    )


def _texts(programme: Programme) -> dict[str, object]:
    return {"title": dict(programme.title), "summary": dict(programme.summary)}
