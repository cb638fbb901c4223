"""The rules of courses and programmes: their versions, changing one, what that would do, deciding again."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import selectinload

from courses.catalogue import versions
from courses.catalogue.models import Course
from courses.gradebook import completions, forecasts, rules
from courses.gradebook.forms import NUMBERS, ProgrammeRuleForm, RuleForm, numbers, numbers_are_good
from courses.gradebook.rules import Subject
from courses.gradebook.views import blueprint
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline.models import Programme

RULERS = (Role.LEAD, Role.ADMIN)


@blueprint.get("/courses/<slug>/rule", endpoint="rules", defaults={"kind": "course"})
@blueprint.get("/programmes/<slug>/rule", endpoint="programme_rules", defaults={"kind": "programme"})
@access.only(*RULERS)
def read_rule(kind: str, slug: str) -> str:
    subject = _read_subject(kind, slug)
    asked = "activities_percent" in request.args
    form = _form(subject, formdata=request.args if asked else None)
    looks = asked and numbers_are_good(form)
    return _page(subject, form, numbers(form) if looks else None)


@blueprint.post("/courses/<slug>/rule", endpoint="change", defaults={"kind": "course"})
@blueprint.post("/programmes/<slug>/rule", endpoint="change_programme", defaults={"kind": "programme"})
@access.only(*RULERS)
def change_rule(kind: str, slug: str) -> ResponseReturnValue:
    subject = _subject(kind, slug)
    form = RuleForm() if isinstance(subject, Course) else ProgrammeRuleForm()
    if not form.validate():
        return _page(subject, form, None), 422
    rule = rules.change(subject, me(), **numbers(form), reason=form.reason.data or "", seen=form.seen.data or 0)
    message = _("Version %(version)s holds from now on. Earlier completions keep theirs.", version=rule.version)
    return back(_address(subject), message)


@blueprint.post("/courses/<slug>/rule/decisions", endpoint="decide", defaults={"kind": "course"})
@blueprint.post("/programmes/<slug>/rule/decisions", endpoint="decide_programme", defaults={"kind": "programme"})
@access.only(*RULERS)
def decide(kind: str, slug: str) -> ResponseReturnValue:
    subject = _subject(kind, slug)
    people = completions.decide_again(subject, forecasts.cohorts_of(subject, me()), me())
    message = ngettext(
        "%(num)s person in training is being decided about. Look again in a minute.",
        "%(num)s people in training are being decided about. Look again in a minute.",
        people,
    )
    return back(_address(subject), message)


def _subject(kind: str, slug: str) -> Subject:
    if kind == "programme":
        return one_or_404(rules.programmes_of(me()).where(Programme.slug == slug))
    return one_or_404(rules.courses_of(me()).where(Course.slug == slug).options(selectinload(Course.versions)))


def _read_subject(kind: str, slug: str) -> Subject:
    """Courses belong to the house: whoever leads a cohort may read the rule of each, and change it where it is given to theirs."""
    if kind == "programme":
        return _subject(kind, slug)
    return one_or_404(versions.visible_to(me()).where(Course.slug == slug).options(selectinload(Course.versions)))


def _may_change(subject: Subject) -> bool:
    if not isinstance(subject, Course):
        return True  # nobody else opens its page
    return session.scalar(rules.courses_of(me()).where(Course.id == subject.id)) is not None


def _form(subject: Subject, **more: object) -> FlaskForm:
    """The form with the rule that holds now, or with the numbers whose effect is asked for."""
    rule = rules.newest_or_default(subject)
    kind = RuleForm if isinstance(subject, Course) else ProgrammeRuleForm
    form = kind(**more, data={**{name: getattr(rule, name) for name in NUMBERS}, "seen": rule.version})
    form.seen.data = rule.version
    return form


def _address(subject: Subject) -> str:
    endpoint = "gradebook.rules" if isinstance(subject, Course) else "gradebook.programme_rules"
    return url_for(endpoint, slug=subject.slug)


def _page(subject: Subject, form: FlaskForm, wanted: dict[str, int] | None) -> str:
    own, may_change = isinstance(subject, Course), _may_change(subject)
    return render_template(
        "courses/gradebook/rule.html",
        subject=subject,
        of_course=own,
        title=forecasts.title_of(subject),
        form=form,
        versions=session.scalars(rules.with_setters(rules.history(subject))).all(),
        rule=rules.newest_or_default(subject),
        may_change=may_change,
        outlook=forecasts.outlook(subject, wanted) if may_change else None,
        decide_url=url_for("gradebook.decide" if own else "gradebook.decide_programme", slug=subject.slug),
        here=_address(subject),
    )
