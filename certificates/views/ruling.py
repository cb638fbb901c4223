"""How a programme issues certificates: the rule's page, its versions, and changing it."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates import automatic, design, designing, issuing_rules
from certificates.batch_forms import FOR_COURSES, LANGUAGES, WAYS, IssuingRuleForm, way
from certificates.design_models import CertificateDesign
from certificates.issue_models import IssuingRule
from certificates.views.room import blueprint
from courses.gradebook import rules
from lms.kit import i18n
from lms.kit.db import session
from lms.kit.web import back, one_or_404
from lms.kit.words import Words
from lms.people import access
from lms.people.access import me
from lms.people.models import Role
from lms.pipeline.models import Programme

ISSUED = (design.PROGRAMME, design.COURSE)


@blueprint.get("/programmes/<slug>/issuing")
@access.only(Role.LEAD, Role.ADMIN)
def issuing_rule(slug: str) -> str:
    """How certificates of the programme are issued now, and since when."""
    programme = _programme(slug)
    return _page(programme, _form(programme, issuing_rules.current(programme.id), sent=False))


@blueprint.post("/programmes/<slug>/issuing")
@access.only(Role.LEAD, Role.ADMIN)
def change_issuing_rule(slug: str) -> ResponseReturnValue:
    """One more version of it."""
    programme = _programme(slug)
    before = issuing_rules.current(programme.id)
    form = _form(programme, before, sent=True)
    if not form.validate():
        return _page(programme, form), 422
    rule = issuing_rules.change(programme, me(), form.choice(before), reason=form.reason.data, seen=form.seen.data)
    automatic.catch_up(programme)
    said = _("Version %(version)s holds from now on. What was issued before stays as it is.", version=rule.version)
    return back(url_for("certificates.issuing_rule", slug=slug), said)


def _programme(slug: str) -> Programme:
    return one_or_404(rules.programmes_of(me()).where(Programme.slug == slug))


def _form(programme: Programme, rule: IssuingRule, *, sent: bool) -> IssuingRuleForm:
    own = session.scalars(designing.designs_of(programme).order_by(CertificateDesign.name))
    return IssuingRuleForm.of(rule, {each.id: each.name for each in own}, sent=sent)


def _page(programme: Programme, form: IssuingRuleForm) -> str:
    return render_template(
        "certificates/issuing_rule.html",
        programme=programme,
        form=form,
        rule=issuing_rules.current(programme.id),
        versions=session.scalars(issuing_rules.history(programme)).all(),
        ways=WAYS,
        way=way,
        printed_in=LANGUAGES,
        for_courses=FOR_COURSES,
        layouts={each.name: i18n.best(Words(each.title)) for kind in ISSUED for each in design.designs(kind)},
    )
