"""The lead's pages: the board, the list behind each number, one person, one cohort, targets, and files to take along."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from lms.kit import clock, lists, sheets
from lms.kit.db import session
from lms.kit.i18n import number
from lms.kit.refusal import Conflict
from lms.kit.templating import part
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Person, Role
from lms.pipeline import cohorts
from lms.pipeline.models import Cohort, Programme
from lms.reporting import chart, counts, dossier, exports, intakes, needs, periods, roster, sentences, targets, year
from lms.reporting.exports import Export
from lms.reporting.forms import REASONS, RosterForm, TargetForm, YearForm
from lms.reporting.intakes import Intake
from lms.reporting.models import Target
from lms.reporting.roster import Filters
from lms.reporting.year import Year

blueprint = Blueprint("reporting", __name__)


@blueprint.get("/board")
@access.only(Role.LEAD, Role.ADMIN)
def board() -> str:
    """Whether the year is on track, what waits, and how the cohorts stand."""
    seen = _year()
    form = YearForm.showing(seen)
    return render_template("lms/reporting/board.html", seen=seen, form=form, drawn=_drawn(seen), now=clock.now())


@blueprint.post("/board/cohorts/export")
@access.only(Role.LEAD, Role.ADMIN)
def export_cohorts() -> Response:
    """The cohorts of the year as a file."""
    return _download(exports.cohorts(_year(), _format()))


@blueprint.get("/board/people")
@access.only(Role.LEAD, Role.ADMIN)
def people() -> str:
    """The list behind a number, as long as the number."""
    led, asked, ids = _asked()
    find = roster.people if asked.by_person else roster.rows
    query = roster.sorted_by(find(ids, asked), _sort(), by_person=asked.by_person)
    page = lists.page_of(query, scalars=False)
    return render_template(
        "lms/reporting/people.html",
        page=page,
        asked=asked,
        form=RosterForm.showing(asked, led),
        parts=roster.rows_of(ids, asked, [row.person_id for row in page.rows]) if asked.by_person else {},
        sort=_sort(),
        programme=next(
            (each for each in targets.promises(me(), clock.today().year) if each.slug == asked.programme), None
        ),
    )


@blueprint.post("/board/people/export")
@access.only(Role.LEAD, Role.ADMIN)
def export_people() -> Response:
    """The same list as a file; the audit trail keeps that it left."""
    _led, asked, ids = _asked()
    return _download(exports.people(ids, asked, _sort(), me(), _format()))


@blueprint.get("/board/people/<uuid:person_id>")
@access.only(Role.LEAD, Role.ADMIN)
def person(person_id: UUID) -> str:
    """One person: their traineeships and applications, and who moved them when and why."""
    found = one_or_404(dossier.visible_to(me()).where(Person.id == person_id))
    return render_template("lms/reporting/person.html", person=found, parts=dossier.of(found, me()), reasons=REASONS)


@blueprint.get("/board/cohorts/<uuid:cohort_id>")
@access.only(Role.LEAD, Role.ADMIN)
def cohort(cohort_id: UUID) -> str:
    """One cohort: its funnel, its dates and its roster."""
    found = one_or_404(cohorts.led_by(me()).where(Cohort.id == cohort_id))
    asked = Filters(cohort=cohort_id)
    query = roster.sorted_by(roster.rows([cohort_id], asked), _sort(), by_person=False)
    return render_template(
        "lms/reporting/cohort.html",
        cohort=found,
        tally=counts.tallies([cohort_id], clock.day_start(needs.late_before(clock.today())))[cohort_id],
        page=lists.page_of(query, scalars=False),
        sort=_sort(),
        funnel=counts.FUNNEL,
        beside=counts.BESIDE,
        state=found.state_on(clock.today()),
    )


@blueprint.get("/board/targets", endpoint="targets")
@access.only(Role.LEAD, Role.ADMIN)
def target_list() -> str:
    """What was promised, by programme and year, and every earlier version."""
    versions = session.scalars(targets.visible_to(me())).all()
    programmes = session.scalars(targets.led_by(me())).all()
    return render_template("lms/reporting/targets.html", lines=targets.lines(programmes, versions, clock.today().year))


@blueprint.get("/board/targets/<slug>/<int:of_year>")
@access.only(Role.LEAD, Role.ADMIN)
def target(slug: str, of_year: int) -> str:
    """The target of one year, with its history and the form for the next version."""
    programme = _programme(slug, of_year)
    now = targets.newest(programme, of_year)
    return _target_page(programme, of_year, TargetForm(formdata=None, data={"seen": str(now.version if now else 0)}))


@blueprint.post("/board/targets/<slug>/<int:of_year>")
@access.only(Role.LEAD, Role.ADMIN)
def set_target(slug: str, of_year: int) -> ResponseReturnValue:
    """Add a version, unless another lead did in between: then theirs is shown first and nothing typed is lost."""
    programme, form = _programme(slug, of_year), TargetForm()
    if not form.validate():
        return _target_page(programme, of_year, form), 422
    given: dict[str, Any] = {"year": of_year, "number": form.number.data, "reason": form.reason.data}
    try:
        made = targets.promise(programme, me(), **given, seen=int(form.seen.data))
    except Conflict as told:
        form.number.errors = [told.sentence]
        now = targets.newest(programme, of_year)
        form.seen.data = str(now.version if now else 0)
        return _target_page(programme, of_year, form), 409
    return back(url_for("reporting.targets"), _said(made))


def _year() -> Year:
    return year.of(me(), periods.year_of(request.args.get("year")), request.args.get("programme", ""))


def _drawn(seen: Year) -> dict[str, Markup]:
    """The parts of the board, drawn anew when a figure changed or the day."""
    of = f"{clock.today()} {seen!r}"
    more = {"chart": chart, "say": sentences, "patience": needs.PATIENCE}
    return {
        "answer": part("lms/reporting/_answer.html", of, seen=seen, **more),
        "cohorts": part("lms/reporting/_cohorts.html", of, seen=seen),
        "people": part("lms/reporting/_heads.html", of, seen=seen),
    }


def _asked() -> tuple[list[Intake], Filters, list[UUID]]:
    """The cohorts that the reader leads, the filters of the address, and the cohorts that these leave."""
    led, asked = intakes.led_by(me()), Filters.of(request.args)
    if asked.cohort and asked.cohort not in {each.id for each in led}:
        abort(404)
    return led, asked, roster.chosen(led, asked)


def _sort() -> str:
    return request.args.get("sort", "name")


def _format() -> str:
    kind = request.form.get("format", "xlsx")
    return kind if kind in exports.FORMATS else abort(400)


def _download(export: Export) -> Response:
    return sheets.download(export.content, export.name, export.media_type)


def _programme(slug: str, of_year: int) -> Programme:
    if abs(of_year - clock.today().year) > targets.REACH:
        abort(404)
    return one_or_404(targets.led_by(me()).where(Programme.slug == slug))


def _target_page(programme: Programme, of_year: int, form: TargetForm) -> str:
    query = targets.visible_to(me()).where(Target.programme_id == programme.id, Target.year == of_year)
    return render_template(
        "lms/reporting/target.html",
        programme=programme,
        year=of_year,
        versions=session.scalars(query).all(),
        form=form,
    )


def _said(made: Target) -> str:
    """That the target is set, and that it lies below what is reached, if it does."""
    ids = [each.id for each in intakes.led_by(me()) if each.programme_slug == made.programme.slug]
    below = sentences.below_reached(counts.certified(ids, made.year).people, made.number)
    said = _("The target of %(year)s is %(number)s now.", year=made.year, number=number(made.number))
    return f"{said} {below}".strip()
